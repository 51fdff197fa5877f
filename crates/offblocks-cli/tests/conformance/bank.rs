//! A small right server on the generated traits, and how it is started.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use offblocks_server::*;
use offblocks_signature::{KeyId, Verifier, VerifyingKey};
use offblocks_types::*;
use serde_json::json;
use uuid::Uuid;

/// The one token there is.
pub const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJiYW5rIn0.c2lnbmF0dXJl";

/// The one card there is.
pub const CARD: Uuid = Uuid::from_u128(0xca4d);

/// Customers who are verified at once, one card, one transaction.
#[derive(Default)]
pub struct Bank {
    customers: Mutex<Vec<Customer>>,
    keys: Mutex<HashMap<String, VerifyingKey>>,
    responses: Mutex<HashMap<Uuid, (Fingerprint, StoredResponse)>>,
}

/// The response to everything else is 501.
pub fn router(bank: &Arc<Bank>) -> Router {
    let verifier = Verifier::builder().scheme(http::uri::Scheme::HTTP).build();
    let clock = now;
    authentication_router(bank.clone())
        .merge(engine_router(bank.clone()))
        .merge(customers_router(bank.clone()))
        .merge(cards_router(bank.clone()))
        .merge(transactions_router(bank.clone()))
        .merge(NotImplemented::everything())
        .layer(IdempotencyLayer::new(Arc::new(Responses(bank.clone()))))
        .layer(VerificationLayer::new(
            OneToken,
            Registered(bank.clone()),
            verifier,
            clock,
        ))
        .base_path("/v1")
        .into_router()
}

/// Serves on a free port until the process ends; the base URL.
pub fn serve(router: impl FnOnce(SocketAddr) -> Router + Send + 'static) -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            sender.send(address).unwrap();
            axum::serve(listener, router(address)).await.unwrap();
        });
    });
    format!("http://{}/v1", receiver.recv().unwrap())
}

fn now() -> std::time::SystemTime {
    #[expect(clippy::disallowed_methods, reason = "signatures are made now")]
    std::time::SystemTime::now()
}

struct OneToken;

impl Tokens for OneToken {
    async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        match token == TOKEN {
            true => Ok(Principal::new("bank")),
            false => Err(TokenError::Unknown),
        }
    }
}

struct Registered(Arc<Bank>);

impl Keys for Registered {
    async fn find(
        &self,
        _: Option<&Principal>,
        id: &KeyId,
    ) -> Result<Option<VerifyingKey>, Unavailable> {
        Ok(self.0.keys.lock().unwrap().get(id.as_str()).cloned())
    }
}

struct Responses(Arc<Bank>);

impl IdempotencyStore for Responses {
    type Transaction = Arc<Claim>;
    type Error = Infallible;

    async fn begin(&self, claim: Claim) -> Result<Begin<Arc<Claim>>, Infallible> {
        Ok(match self.0.responses.lock().unwrap().get(&claim.key) {
            None => Begin::Fresh(Arc::new(claim)),
            Some((known, _)) if *known != claim.fingerprint => Begin::Mismatch,
            Some((_, response)) => Begin::Replay(response.clone()),
        })
    }

    async fn finish(&self, claim: Arc<Claim>, response: &StoredResponse) -> Result<(), Infallible> {
        let stored = (claim.fingerprint.clone(), response.clone());
        self.0.responses.lock().unwrap().insert(claim.key, stored);
        Ok(())
    }

    async fn abandon(&self, _: Arc<Claim>) -> Result<(), Infallible> {
        Ok(())
    }
}

impl AuthenticationApi for Bank {
    async fn get_token(
        &self,
        _: RequestContext,
        body: GetTokenRequest,
    ) -> Result<Authentication, GetTokenError> {
        if body.api_secret.expose() == "wrong" {
            let problem = Problem::unauthorised("no such credentials");
            return Err(GetTokenError::Unauthorised(problem));
        }
        Ok(Authentication::new(TOKEN, 4_000_000_000, "Bearer"))
    }

    async fn update_signing_key(
        &self,
        _: RequestContext,
        body: UpdateSigningKeyRequest,
    ) -> Result<(), UpdateSigningKeyError> {
        let key = VerifyingKey::from_base64_pem(&body.signing_key.to_string()).unwrap();
        let mut keys = self.keys.lock().unwrap();
        keys.insert(body.signing_key_id.to_string(), key);
        Ok(())
    }

    async fn delete_signing_key(
        &self,
        _: RequestContext,
        _: DeleteSigningKeyRequest,
    ) -> Result<(), DeleteSigningKeyError> {
        Ok(())
    }

    async fn update_credentials(
        &self,
        _: RequestContext,
        _: UpdateCredentialsRequest,
    ) -> Result<(), UpdateCredentialsError> {
        panic!("credentials must be left alone");
    }

    async fn delete_credentials(
        &self,
        _: RequestContext,
        _: DeleteCredentialsRequest,
    ) -> Result<(), DeleteCredentialsError> {
        panic!("credentials must be left alone");
    }
}

impl EngineApi for Bank {
    async fn get_chains(&self, _: RequestContext) -> Result<Vec<Blockchain>, GetChainsError> {
        Ok(read(
            json!([{"id": "eip155:300", "name": "zkSync Era Sepolia"}]),
        ))
    }

    async fn get_assets(
        &self,
        _: RequestContext,
        _: Option<String>,
    ) -> Result<Vec<Asset>, GetAssetsError> {
        Ok(Vec::new())
    }
}

impl CustomersApi for Bank {
    async fn create_customer(
        &self,
        _: RequestContext,
        body: CreateCustomerRequest,
    ) -> Result<CreateCustomerResponse, CreateCustomerError> {
        let mut customers = self.customers.lock().unwrap();
        if customers
            .iter()
            .any(|it| it.external_id == body.external_id)
        {
            let problem = Problem::conflict("this external id is taken");
            return Err(CreateCustomerError::Conflict(problem));
        }
        let challenge = challenge(body.chain_id.as_ref());
        let then = "2024-03-05T09:41:07.218364509Z";
        let id = Uuid::from_u128(customers.len() as u128 + 1);
        let mut customer = json!({
            "id": id, "externalId": body.external_id, "chainId": body.chain_id,
            "status": "active", "createdAt": then, "updatedAt": then,
        });
        customers.push(read(customer.clone()));
        customer["challenge"] = json!(challenge);
        Ok(read(customer))
    }

    async fn get_customers(&self, _: RequestContext) -> Result<Vec<Customer>, GetCustomersError> {
        Ok(self.customers.lock().unwrap().clone())
    }

    async fn get_customer(
        &self,
        _: RequestContext,
        id: CustomerId,
    ) -> Result<Customer, GetCustomerError> {
        self.find(id).map_err(GetCustomerError::NotFound)
    }

    async fn get_customer_challenge(
        &self,
        _: RequestContext,
        id: CustomerId,
    ) -> Result<OwnerChallenge, GetCustomerChallengeError> {
        let found = self.find(id).map_err(GetCustomerChallengeError::NotFound);
        let challenge = challenge(found?.chain_id.as_ref());
        Ok(OwnerChallenge::new(challenge))
    }

    async fn sign_customer_challenge(
        &self,
        _: RequestContext,
        id: CustomerId,
        _: OwnerSignature,
    ) -> Result<(), SignCustomerChallengeError> {
        let found = self.find(id).map_err(SignCustomerChallengeError::NotFound);
        found.map(drop)
    }

    async fn deactivate_customer(
        &self,
        _: RequestContext,
        id: CustomerId,
    ) -> Result<Customer, DeactivateCustomerError> {
        self.turn(id, CustomerStatus::Inactive)
            .map_err(|problem| DeactivateCustomerError::from_problem(problem).unwrap())
    }

    async fn activate_customer(
        &self,
        _: RequestContext,
        id: CustomerId,
    ) -> Result<Customer, ActivateCustomerError> {
        self.turn(id, CustomerStatus::Active)
            .map_err(|problem| ActivateCustomerError::from_problem(problem).unwrap())
    }
}

impl CardsApi for Bank {
    async fn create_account_card(
        &self,
        _: RequestContext,
        _: AccountId,
        _: CreateAccountCardRequest,
    ) -> Result<Card, CreateAccountCardError> {
        let problem = Problem::not_found("no such account");
        Err(CreateAccountCardError::NotFound(problem))
    }

    async fn get_account_cards(
        &self,
        _: RequestContext,
        id: AccountId,
    ) -> Result<Vec<Card>, GetAccountCardsError> {
        match id.0 == CARD {
            true => Ok(vec![card()]),
            false => Err(GetAccountCardsError::NotFound(Problem::not_found("no"))),
        }
    }

    async fn get_cards(&self, _: RequestContext) -> Result<Vec<Card>, GetCardsError> {
        Ok(vec![card()])
    }

    async fn get_card(&self, _: RequestContext, id: CardId) -> Result<Card, GetCardError> {
        known(id.0).map(|()| card()).map_err(GetCardError::NotFound)
    }

    async fn delete_card(&self, _: RequestContext, id: CardId) -> Result<(), DeleteCardError> {
        known(id.0).map_err(DeleteCardError::NotFound)
    }

    async fn deactivate_card(
        &self,
        _: RequestContext,
        id: CardId,
    ) -> Result<Card, DeactivateCardError> {
        known(id.0)
            .map(|()| card())
            .map_err(DeactivateCardError::NotFound)
    }

    async fn activate_card(
        &self,
        _: RequestContext,
        id: CardId,
    ) -> Result<Card, ActivateCardError> {
        known(id.0)
            .map(|()| card())
            .map_err(ActivateCardError::NotFound)
    }
}

impl TransactionsApi for Bank {
    async fn get_account_transactions(
        &self,
        _: RequestContext,
        id: AccountId,
    ) -> Result<Vec<Transaction>, GetAccountTransactionsError> {
        let found = known(id.0).map(|()| vec![transaction()]);
        found.map_err(GetAccountTransactionsError::NotFound)
    }

    async fn get_card_transactions(
        &self,
        _: RequestContext,
        id: CardId,
    ) -> Result<Vec<Transaction>, GetCardTransactionsError> {
        let found = known(id.0).map(|()| vec![transaction()]);
        found.map_err(GetCardTransactionsError::NotFound)
    }

    async fn get_transaction_details(
        &self,
        _: RequestContext,
        id: TransactionId,
    ) -> Result<Transaction, GetTransactionDetailsError> {
        let found = known(id.0).map(|()| transaction());
        found.map_err(GetTransactionDetailsError::NotFound)
    }
}

impl Bank {
    /// Knows a key from the start.
    pub fn register(&self, id: &str, key: VerifyingKey) {
        self.keys.lock().unwrap().insert(id.to_owned(), key);
    }

    fn find(&self, id: CustomerId) -> Result<Customer, Problem> {
        let customers = self.customers.lock().unwrap();
        let found = customers.iter().find(|customer| customer.id == id);
        found
            .cloned()
            .ok_or_else(|| Problem::not_found("no such customer"))
    }

    fn turn(&self, id: CustomerId, status: CustomerStatus) -> Result<Customer, Problem> {
        self.find(id)?;
        let mut customers = self.customers.lock().unwrap();
        let mut customers = customers.iter_mut();
        let customer = customers.find(|customer| customer.id == id).unwrap();
        if customer.status == status {
            return Err(Problem::conflict("it is that already"));
        }
        customer.status = status;
        Ok(customer.clone())
    }
}

fn known(id: Uuid) -> Result<(), Problem> {
    match id == CARD {
        true => Ok(()),
        false => Err(Problem::not_found("it does not exist")),
    }
}

fn card() -> Card {
    let then = "2024-03-05T09:41:07.218364509Z";
    read(json!({
        "id": CARD, "accountId": CARD, "type": "virtual", "status": "active", "name": "Ada Penrose",
        "createdAt": then, "updatedAt": then,
    }))
}

fn transaction() -> Transaction {
    let then = "2024-03-05T09:44:52.730915Z";
    read(json!({
        "id": CARD, "accountId": CARD, "cardId": CARD, "status": "processed", "direction": "debit",
        "amount": "23.5", "currency": "EUR", "merchantAmount": "20", "merchantCurrency": "GBP",
        "exchangeRate": "1.175", "tokenAmount": "25.61", "fees": [], "chainTransactions": [],
        "merchant": {"id": "M", "name": "Books", "mcc": 5942, "country": "GB", "city": "Bristol"},
        "token": "eip155:300/erc20:0x3C469E9d6C5875D37a43f353D4F88E61FcF812C6",
        "createdAt": then, "updatedAt": then,
    }))
}

/// What a wallet on an EVM chain signs.
fn challenge(owner: &str) -> Base64 {
    let address = owner.rsplit(':').next().unwrap();
    let text = format!(
        "bank.test wants you to sign in with your Ethereum account:\n{address}\n\nTest.\n\n\
         URI: https://bank.test\nVersion: 1\nChain ID: 300\nNonce: abcdefgh1\n\
         Issued At: 2026-01-02T03:04:05Z"
    );
    Base64::from(text.into_bytes())
}

fn read<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}
