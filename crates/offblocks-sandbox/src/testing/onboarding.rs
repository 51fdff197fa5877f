//! What most tests need before they begin: a customer, an account and a card that are active.

use std::fmt::Display;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use offblocks_types::{
    Account, AccountId, AccountStatus, AccountType, Address, Card, CardId, CardStatus, CardType,
    CreateAccountCardRequest, CreateCustomerAccountRequest, CreateCustomerRequest, Customer,
    CustomerId, CustomerStatus, Decimal, SimulateCardAuthorisationRequest, Transaction,
    TransactionStatus,
};
use offblocks_wallet::LocalWallet;

use super::start::TestSandbox;

/// How many times steps are let happen, at most, until what they lead to is there.
const STEPS: usize = 4;

/// The wallets made here have numbers above this one, so that a test can use the small ones.
const WALLETS: u32 = 1 << 31;

impl TestSandbox {
    /// A new customer that is active. The first one is `test-customer-1`, and so on; each has a
    /// wallet of its own.
    ///
    /// # Panics
    /// When the sandbox rejects a step.
    pub async fn active_customer(&self) -> Customer {
        let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        let (client, wallet) = (self.client(), LocalWallet::numbered(WALLETS + number));
        let request = CreateCustomerRequest::new(wallet.owner(), format!("test-customer-{number}"));
        let customer = done(
            "createCustomer",
            client.create_customer(request).send().await,
        );
        let id = customer.id;
        let proof = wallet
            .prove(&customer.challenge)
            .expect("the sandbox sends challenges");
        self.wallets().insert(id, wallet);
        let signed = client.sign_customer_challenge(id, proof).send().await;
        done("signCustomerChallenge", signed);
        self.settle().await;
        let verified = client.simulate_verify_customer(id).send().await;
        done("simulateVerifyCustomer", verified);
        let customer = done("getCustomer", client.get_customer(id).send().await);
        assert_eq!(customer.status, CustomerStatus::Active, "the customer {id}");
        customer.into_inner()
    }

    /// The wallet of a customer that was made here.
    ///
    /// # Panics
    /// When the customer was made elsewhere.
    pub fn wallet(&self, customer: CustomerId) -> LocalWallet {
        let wallets = self.wallets();
        let wallet = wallets.get(&customer).cloned();
        wallet.unwrap_or_else(|| {
            panic!("the wallet of {customer} is not known: make the customer with active_customer")
        })
    }

    /// A new account that is active, of a new customer.
    ///
    /// # Panics
    /// When the sandbox rejects a step.
    pub async fn active_account(&self) -> Account {
        let customer = self.active_customer().await;
        self.active_account_of(customer.id).await
    }

    /// A new account that is active, of a customer that was made here.
    ///
    /// # Panics
    /// When the sandbox rejects a step, or the customer was made elsewhere.
    pub async fn active_account_of(&self, customer: CustomerId) -> Account {
        let (client, wallet) = (self.client(), self.wallet(customer));
        let currencies = vec![self.sandbox().world.settings.currency.clone()];
        let request = CreateCustomerAccountRequest::new(AccountType::CardAccount, currencies);
        let made = client.create_customer_account(customer, request).send();
        let account = done("createCustomerAccount", made.await);
        let proof = wallet.prove(&account.challenge);
        let (id, proof) = (account.id, proof.expect("the sandbox sends challenges"));
        let signed = client.sign_account_challenge(id, proof).send().await;
        done("signAccountChallenge", signed);
        self.settle().await;
        let account = done("getAccount", client.get_account(id).send().await);
        assert_eq!(account.status, AccountStatus::Active, "the account {id}");
        account.into_inner()
    }

    /// A new card that is active, with a customer and an account of its own.
    ///
    /// # Panics
    /// When the sandbox rejects a step.
    pub async fn active_card(&self) -> Card {
        let account = self.active_account().await;
        self.active_card_on(account.id).await
    }

    /// A new card that is active, on an account.
    ///
    /// # Panics
    /// When the sandbox rejects a step.
    pub async fn active_card_on(&self, account: AccountId) -> Card {
        let client = self.client();
        let request = client.create_account_card(account, virtual_card());
        let id = done("createAccountCard", request.send().await).id;
        let issued = client.simulate_issue_card(id).send().await;
        done("simulateIssueCard", issued);
        self.settle().await;
        let card = done("getCard", client.get_card(id).send().await);
        assert_eq!(card.status, CardStatus::Active, "the card {id}");
        card.into_inner()
    }

    /// Pays with a card, in the account's currency, and returns the transaction once it is processed.
    ///
    /// # Panics
    /// When the payment is declined or the sandbox rejects a step.
    pub async fn paid(&self, card: CardId, amount: Decimal) -> Transaction {
        let client = self.client();
        let currency = self.sandbox().world.settings.currency.clone();
        let request = SimulateCardAuthorisationRequest::new(amount, currency, true);
        let call = client.simulate_card_authorisation(card, request);
        let authorisation = done("simulateCardAuthorisation", call.send().await).id;
        for _ in 0..STEPS {
            self.settle().await;
            let listed = client.get_card_transactions(card).send().await;
            let mut listed = done("getCardTransactions", listed).into_inner().into_iter();
            let settled = |transaction: &Transaction| {
                transaction.authorisation_id == Some(authorisation)
                    && transaction.status == TransactionStatus::Processed
            };
            if let Some(transaction) = listed.find(settled) {
                return transaction;
            }
        }
        panic!("the authorisation {authorisation} was not captured and processed")
    }

    fn wallets(
        &self,
    ) -> std::sync::MutexGuard<'_, std::collections::HashMap<CustomerId, LocalWallet>> {
        self.wallets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request for a virtual card.
fn virtual_card() -> CreateAccountCardRequest {
    let address = Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN");
    CreateAccountCardRequest::new(CardType::Virtual, address)
}

fn done<T, E: Display>(operation: &str, outcome: Result<T, E>) -> T {
    outcome.unwrap_or_else(|error| panic!("{operation} fails: {error}"))
}
