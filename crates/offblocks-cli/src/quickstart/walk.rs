//! The card issuance guide to its first payment, one function for each step.

use offblocks_cards::{
    ActiveCard, CardAuthorisation, Cards, InactiveCard, LocalWallet, PendingCard, TokioTimer,
};
use offblocks_client::Client;
use offblocks_types::{
    AccountId, AccountStatus, AccountType, Address, Base64, CardType, ChainTransaction,
    CreateAccountCardRequest, CreateCustomerAccountRequest, CreateCustomerRequest, CustomerId,
    CustomerStatus, DeleteSigningKeyRequest, Fee, OwnerSignature, SimulateCardAuthorisationRequest,
    UpdateSigningKeyRequest,
};

use super::record::Recorder;
use super::report::Values;
use super::target::Target;
use super::wait::Wait;
use crate::failure::{Failure, chain};
use crate::listen::Receiving;
use crate::wallet;

pub(super) type Step = Result<Values, Failure>;

/// A walk and what it has made so far.
pub(crate) struct Walk<'a> {
    pub(super) target: &'a Target,
    pub(super) recorder: Recorder,
    wallet: LocalWallet,
    cards: Cards,
    challenge: Option<Base64>,
    customer: Option<CustomerId>,
    account: Option<AccountId>,
    pending: Option<PendingCard>,
    pub(super) card: Option<ActiveCard>,
    pub(super) inactive: Option<InactiveCard>,
    pub(super) authorisation: Option<CardAuthorisation>,
    pub(super) receiving: Option<Receiving>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(target: &'a Target, recorder: Recorder) -> Result<Self, Failure> {
        let timer = std::sync::Arc::new(TokioTimer::new());
        Ok(Self {
            cards: Cards::with_timer(target.client.clone(), timer, target.policy),
            target,
            recorder,
            wallet: wallet::new()?,
            challenge: None,
            customer: None,
            account: None,
            pending: None,
            card: None,
            inactive: None,
            authorisation: None,
            receiving: None,
        })
    }

    /// The client fetches a token by itself, for its first call.
    pub(crate) async fn register_key(&mut self) -> Step {
        let Target {
            key,
            key_id,
            api_key,
            ..
        } = self.target;
        let public = Base64::from(key.public_key().to_spki_pem().into_bytes());
        let request = UpdateSigningKeyRequest::new(*key_id, public);
        self.client()
            .update_signing_key(request)
            .send()
            .await
            .map_err(failed)?;
        let made = if self.target.fresh_key {
            "made for this walk"
        } else {
            "yours"
        };
        Ok(vec![
            ("apiKey", api_key.to_string()),
            ("signingKeyId", key_id.to_string()),
            ("signingKey", format!("ECDSA on P-384, {made}")),
        ])
    }

    pub(crate) async fn create_customer(&mut self) -> Step {
        let external_id = format!("quickstart-{}", self.wallet.address());
        let request = CreateCustomerRequest::new(self.wallet.owner(), external_id);
        let customer = self
            .client()
            .create_customer(request)
            .send()
            .await
            .map_err(failed)?;
        self.recorder.learn("customerId", customer.id);
        self.customer = Some(customer.id);
        self.challenge = Some(customer.challenge.clone());
        Ok(vec![
            ("id", customer.id.to_string()),
            ("chainId", customer.chain_id.to_string()),
            ("status", customer.status.to_string()),
        ])
    }

    pub(crate) async fn sign_customer_challenge(&mut self) -> Step {
        let (id, signature) = (made(self.customer)?, self.sign()?);
        let challenge = first_line(&signature.challenge);
        self.client()
            .sign_customer_challenge(id, signature)
            .send()
            .await
            .map_err(failed)?;
        let status = self
            .wait_for_customer(id, CustomerStatus::Verifying)
            .await?;
        Ok(vec![
            ("challenge", challenge),
            ("status", status.to_string()),
        ])
    }

    pub(crate) async fn verify_customer(&mut self) -> Step {
        let id = made(self.customer)?;
        self.client()
            .simulate_verify_customer(id)
            .send()
            .await
            .map_err(failed)?;
        let status = self.wait_for_customer(id, CustomerStatus::Active).await?;
        Ok(vec![("status", status.to_string())])
    }

    pub(crate) async fn create_account(&mut self) -> Step {
        let request =
            CreateCustomerAccountRequest::new(AccountType::CardAccount, vec!["EUR".to_owned()]);
        let call = self
            .client()
            .create_customer_account(made(self.customer)?, request);
        let account = call.send().await.map_err(failed)?;
        self.recorder.learn("accountId", account.id);
        self.account = Some(account.id);
        self.challenge = Some(account.challenge.clone());
        Ok(vec![
            ("id", account.id.to_string()),
            (
                "currencies",
                account.currencies.iter().flatten().cloned().collect(),
            ),
            ("status", account.status.to_string()),
        ])
    }

    pub(crate) async fn sign_account_challenge(&mut self) -> Step {
        let (id, signature) = (made(self.account)?, self.sign()?);
        self.client()
            .sign_account_challenge(id, signature)
            .send()
            .await
            .map_err(failed)?;
        let mut wait = Wait::new(self.target.policy);
        loop {
            let account = self.client().get_account(id).send().await.map_err(failed)?;
            match &account.status {
                AccountStatus::Active => {
                    let chain_id = account.chain_id.as_ref().map(ToString::to_string);
                    let chain_id = chain_id.unwrap_or_default();
                    return Ok(vec![
                        ("chainId", chain_id),
                        ("status", account.status.to_string()),
                    ]);
                }
                AccountStatus::Pending | AccountStatus::Initiating => {
                    wait.a_while("the account", &account.status).await?;
                }
                other => return Err(Failure::because(format!("the account is {other}"))),
            }
        }
    }

    pub(crate) async fn order_card(&mut self) -> Step {
        let address = Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN");
        let order = CreateAccountCardRequest::new(CardType::Virtual, address);
        let pending = self.cards.issue(made(self.account)?, order).await;
        let pending = pending.map_err(failed)?;
        self.recorder.learn("cardId", pending.id());
        let card = pending.card();
        let values = vec![
            ("id", card.id.to_string()),
            ("type", card.r#type.to_string()),
            ("status", card.status.to_string()),
        ];
        self.pending = Some(pending);
        Ok(values)
    }

    pub(crate) async fn issue_card(&mut self) -> Step {
        let pending = made(self.pending.take())?;
        let issued = pending.simulate_issue().await;
        issued.map_err(failed)?;
        let active = pending.wait_until_active().await;
        let active = active.map_err(failed)?;
        let card = active.card();
        let mut values = vec![("status", card.status.to_string())];
        values.extend(card.masked_pan.clone().map(|pan| ("maskedPan", pan)));
        values.extend(
            card.network
                .as_ref()
                .map(|network| ("network", network.to_string())),
        );
        values.extend(
            card.expiration_date
                .clone()
                .map(|date| ("expirationDate", date)),
        );
        self.card = Some(active);
        Ok(values)
    }

    pub(crate) async fn authorise(&mut self) -> Step {
        self.authorise_with(true).await
    }

    /// A payment that is captured by itself, or one that waits.
    pub(crate) async fn authorise_with(&mut self, capture: bool) -> Step {
        let card = made(self.card.as_ref())?;
        let amount = "20.0"
            .parse()
            .map_err(|error| Failure::new("the amount cannot be read", error))?;
        let request = SimulateCardAuthorisationRequest::new(amount, "EUR", capture);
        let made = card.simulate_authorisation(request).await;
        let made = made.map_err(failed)?;
        self.recorder.learn("authorisationId", made.id());
        let authorisation = made.authorisation();
        let amount = format!("{} {}", authorisation.amount, authorisation.currency);
        let merchant = &authorisation.merchant;
        let values = vec![
            ("id", authorisation.id.to_string()),
            ("amount", amount),
            ("merchant", format!("{}, {}", merchant.name, merchant.city)),
            ("status", authorisation.status.to_string()),
        ];
        self.authorisation = Some(made);
        Ok(values)
    }

    pub(crate) async fn settle(&mut self) -> Step {
        let captured = made(self.authorisation.take())?.wait_until_captured().await;
        let captured = captured.map_err(failed)?;
        Ok(vec![("status", captured.status().to_string())])
    }

    pub(crate) async fn read_transaction(&mut self) -> Step {
        let card = made(self.card.as_ref())?;
        let mut wait = Wait::new(self.target.policy);
        loop {
            let listed = card.transactions().await.map_err(failed)?;
            match listed.first() {
                Some(transaction) if !transaction.chain_transactions.is_empty() => {
                    return Ok(shown(transaction));
                }
                Some(transaction) => wait.a_while("the transaction", &transaction.status).await?,
                None => wait.a_while("the transaction", &"not there").await?,
            }
        }
    }

    /// Rejects the customer, as when screening fails.
    pub(crate) async fn reject_customer(&self) -> Step {
        let call = self.client().simulate_reject_customer(made(self.customer)?);
        call.send().await.map_err(failed)?;
        Ok(Vec::new())
    }

    /// Lets the card's issuance fail.
    pub(crate) async fn fail_card(&self) -> Step {
        let failed_card = made(self.pending.as_ref())?.simulate_failure().await;
        failed_card.map_err(failed)?;
        Ok(Vec::new())
    }

    /// Lets the merchant release the payment that waits.
    pub(crate) async fn release(&self) -> Step {
        let released = made(self.authorisation.as_ref())?.simulate_release().await;
        released.map_err(failed)?;
        Ok(Vec::new())
    }

    /// Removes the key: a key that is discarded must not stay valid.
    pub(crate) async fn remove_key(&mut self) -> Step {
        let request = DeleteSigningKeyRequest::new(self.target.key_id);
        self.client()
            .delete_signing_key(request)
            .send()
            .await
            .map_err(failed)?;
        Ok(vec![("signingKeyId", self.target.key_id.to_string())])
    }

    pub(super) fn client(&self) -> &'a Client {
        &self.target.client
    }

    /// The wallet's signature under the challenge that came last.
    fn sign(&mut self) -> Result<OwnerSignature, Failure> {
        let challenge = made(self.challenge.take())?;
        let proof = self.wallet.prove(&challenge);
        proof.map_err(|error| Failure::new("the wallet cannot sign", error))
    }

    async fn wait_for_customer(
        &self,
        id: CustomerId,
        wanted: CustomerStatus,
    ) -> Result<CustomerStatus, Failure> {
        let mut wait = Wait::new(self.target.policy);
        loop {
            let status = self
                .client()
                .get_customer(id)
                .send()
                .await
                .map_err(failed)?
                .status
                .clone();
            match status {
                status if status == wanted || status == CustomerStatus::Active => {
                    return Ok(status);
                }
                CustomerStatus::Rejected => {
                    return Err(Failure::because("the customer was rejected"));
                }
                other => wait.a_while("the customer", &other).await?,
            }
        }
    }
}

fn shown(transaction: &offblocks_types::Transaction) -> Values {
    let mut values = vec![
        ("id", transaction.id.to_string()),
        ("direction", transaction.direction.to_string()),
        (
            "amount",
            format!("{} {}", transaction.amount, transaction.currency),
        ),
        ("tokenAmount", transaction.token_amount.to_string()),
        ("token", transaction.token.to_string()),
    ];
    let fee = |fee: &Fee| format!("{} ({})", fee.token_amount, fee.r#type);
    let link = |link: &ChainTransaction| link.chain_id.to_string();
    values.push(("fees", listed(&transaction.fees, fee)));
    values.push(("chainId", listed(&transaction.chain_transactions, link)));
    values.push(("status", transaction.status.to_string()));
    values
}

fn listed<T>(things: &[T], show: impl Fn(&T) -> String) -> String {
    things.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn first_line(challenge: &Base64) -> String {
    let text = String::from_utf8_lossy(challenge.as_bytes());
    text.lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches(':')
        .to_owned()
}

/// What an earlier step made.
pub(super) fn made<T>(value: Option<T>) -> Result<T, Failure> {
    value.ok_or_else(|| Failure::because("an earlier step did not create what this step needs"))
}

pub(super) fn failed(error: impl std::error::Error) -> Failure {
    Failure::because(chain(&error))
}
