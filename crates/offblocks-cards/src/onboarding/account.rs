//! An account, from its creation until it is active.

use std::future::IntoFuture;
use std::pin::Pin;

use offblocks_types::uuid::Uuid;
use offblocks_types::{
    Account, AccountId, AccountType, Base64, CreateCustomerAccountRequest, CustomerId,
};

use super::error::OnboardingError;
use super::signer::{WalletSigner, prove_ownership, usable};
use crate::Cards;
use crate::polling::PollingPolicy;
use crate::rules::AccountState;

/// An account that is being opened, made by [`Cards::open_account`]. Await it for the active account.
#[must_use = "opening starts when this is awaited"]
#[derive(Debug)]
pub struct AccountOpening<'a, W> {
    cards: Cards,
    wallet: &'a W,
    what: What,
    key: Option<Uuid>,
    policy: PollingPolicy,
}

#[derive(Debug)]
enum What {
    New {
        customer: CustomerId,
        currency: String,
    },
    Known(AccountId),
}

impl Cards {
    /// Opens an account for an active customer: creates it (`POST /customers/{customerId}/accounts`),
    /// has the wallet sign the challenge, and waits until it is deployed on chain.
    ///
    /// `currency` is one of ISO 4217, such as `EUR`.
    pub fn open_account<'a, W: WalletSigner>(
        &self,
        customer: CustomerId,
        wallet: &'a W,
        currency: impl Into<String>,
    ) -> AccountOpening<'a, W> {
        let currency = currency.into();
        AccountOpening::new(self, wallet, What::New { customer, currency })
    }

    /// Continues with an account that exists and is not active yet, from any state.
    pub fn resume_opening<'a, W: WalletSigner>(
        &self,
        account: AccountId,
        wallet: &'a W,
    ) -> AccountOpening<'a, W> {
        AccountOpening::new(self, wallet, What::Known(account))
    }
}

impl<'a, W: WalletSigner> AccountOpening<'a, W> {
    fn new(cards: &Cards, wallet: &'a W, what: What) -> Self {
        Self {
            policy: cards.polling_policy(),
            cards: cards.clone(),
            wallet,
            what,
            key: None,
        }
    }

    /// Creates the account under an idempotency key of your own. Store the key before the call. After a
    /// crash, the same call continues with the same account, within the hour for which keys are valid. The
    /// key has no effect for an account that exists.
    pub fn key(self, key: Uuid) -> Self {
        let key = Some(key);
        Self { key, ..self }
    }

    /// Waits by this policy for the deployment.
    pub fn policy(self, policy: PollingPolicy) -> Self {
        Self { policy, ..self }
    }

    async fn run(self) -> Result<Account, OnboardingError> {
        let (id, challenge) = match &self.what {
            What::New { customer, currency } => {
                let request =
                    CreateCustomerAccountRequest::new(AccountType::CardAccount, [currency]);
                let client = self.cards.client();
                let mut call = client.create_customer_account(*customer, request);
                if let Some(key) = self.key {
                    call = call.idempotency_key(key);
                }
                let created = call.send().await?;
                (created.id, usable(self.key, &created.challenge))
            }
            What::Known(id) => (*id, None),
        };
        let active = self.activate(id, challenge).await;
        active.map_err(|error| OnboardingError::Account {
            account: id,
            error: error.into(),
        })
    }

    async fn activate(
        &self,
        id: AccountId,
        challenge: Option<Base64>,
    ) -> Result<Account, OnboardingError> {
        let sign = |proof| self.cards.client().sign_account_challenge(id, proof).send();
        prove_ownership(self.wallet, challenge, self.challenge(id), sign).await?;
        let wait = self.cards.wait_for::<Account>(id).policy(self.policy);
        Ok(wait.until(AccountState::Active).await?)
    }

    /// The challenge that is not signed yet.
    async fn challenge(&self, id: AccountId) -> Result<Option<Base64>, OnboardingError> {
        let client = self.cards.client();
        let account = client.get_account(id).send().await?;
        if AccountState::try_from(&account.status) != Ok(AccountState::Initiating) {
            return Ok(None);
        }
        let fetched = client.get_account_challenge(id).send().await?;
        Ok(Some(fetched.into_inner().challenge))
    }
}

impl<'a, W: WalletSigner> IntoFuture for AccountOpening<'a, W> {
    type Output = Result<Account, OnboardingError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
