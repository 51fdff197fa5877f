//! A customer, from its creation until it is active.

use std::future::IntoFuture;
use std::pin::Pin;

use offblocks_types::uuid::Uuid;
use offblocks_types::{Base64, CreateCustomerRequest, Customer, CustomerId};

use super::error::OnboardingError;
use super::signer::{WalletSigner, prove_ownership, usable};
use crate::Cards;
use crate::polling::PollingPolicy;
use crate::rules::CustomerState;

/// A customer that is being onboarded, made by [`Cards::onboard`]. Await it for the active customer.
#[must_use = "onboarding starts when this is awaited"]
#[derive(Debug)]
pub struct Onboarding<'a, W> {
    cards: Cards,
    wallet: &'a W,
    who: Who,
    key: Option<Uuid>,
    policy: PollingPolicy,
    simulate: bool,
}

#[derive(Debug)]
enum Who {
    New { external_id: String },
    Known(CustomerId),
}

impl Cards {
    /// Onboards a customer who owns this wallet: creates it (`POST /customers`), has the wallet sign
    /// the challenge, and waits until OffBlocks has screened and verified it.
    ///
    /// `external_id` is your own name for the customer.
    pub fn onboard<'a, W: WalletSigner>(
        &self,
        wallet: &'a W,
        external_id: impl Into<String>,
    ) -> Onboarding<'a, W> {
        let external_id = external_id.into();
        Onboarding::new(self, wallet, Who::New { external_id })
    }

    /// Continues with a customer who exists and is not active yet, from any state.
    pub fn resume_onboarding<'a, W: WalletSigner>(
        &self,
        wallet: &'a W,
        customer: CustomerId,
    ) -> Onboarding<'a, W> {
        Onboarding::new(self, wallet, Who::Known(customer))
    }
}

impl<'a, W: WalletSigner> Onboarding<'a, W> {
    fn new(cards: &Cards, wallet: &'a W, who: Who) -> Self {
        Self {
            policy: cards.polling_policy(),
            cards: cards.clone(),
            wallet,
            who,
            key: None,
            simulate: false,
        }
    }

    /// Creates the customer under an idempotency key of your own. Store the key before the call. After a
    /// crash, the same call continues with the same customer, within the hour for which keys are valid. The
    /// key has no effect for a customer who exists.
    pub fn key(self, key: Uuid) -> Self {
        let key = Some(key);
        Self { key, ..self }
    }

    /// Has the sandbox's simulator verify the customer. Elsewhere OffBlocks does.
    pub fn simulate_verification(self) -> Self {
        Self {
            simulate: true,
            ..self
        }
    }

    /// Waits by this policy for each of the two steps: screening and verification.
    pub fn policy(self, policy: PollingPolicy) -> Self {
        Self { policy, ..self }
    }

    async fn run(self) -> Result<Customer, OnboardingError> {
        let (id, challenge) = match &self.who {
            Who::New { external_id } => {
                let request = CreateCustomerRequest::new(self.wallet.owner(), external_id.clone());
                let mut call = self.cards.client().create_customer(request);
                if let Some(key) = self.key {
                    call = call.idempotency_key(key);
                }
                let created = call.send().await?;
                (created.id, usable(self.key, &created.challenge))
            }
            Who::Known(id) => (*id, None),
        };
        let active = self.activate(id, challenge).await;
        active.map_err(|error| OnboardingError::Customer {
            customer: id,
            error: error.into(),
        })
    }

    async fn activate(
        &self,
        id: CustomerId,
        challenge: Option<Base64>,
    ) -> Result<Customer, OnboardingError> {
        let sign = |proof| {
            self.cards
                .client()
                .sign_customer_challenge(id, proof)
                .send()
        };
        prove_ownership(self.wallet, challenge, self.challenge(id), sign).await?;
        if self.simulate {
            self.simulate(id).await?;
        }
        Ok(self.wait(id).until(CustomerState::Active).await?)
    }

    /// The challenge that is not signed yet.
    async fn challenge(&self, id: CustomerId) -> Result<Option<Base64>, OnboardingError> {
        let client = self.cards.client();
        let customer = client.get_customer(id).send().await?;
        if CustomerState::try_from(&customer.status) != Ok(CustomerState::Initiating) {
            return Ok(None);
        }
        let fetched = client.get_customer_challenge(id).send().await?;
        Ok(Some(fetched.into_inner().challenge))
    }

    async fn simulate(&self, id: CustomerId) -> Result<(), OnboardingError> {
        let screened = self.wait(id).until(CustomerState::Verifying);
        let customer = screened.until(CustomerState::Active).await?;
        if CustomerState::try_from(&customer.status) == Ok(CustomerState::Verifying) {
            let call = self.cards.client().simulate_verify_customer(id);
            call.send().await?;
        }
        Ok(())
    }

    fn wait(&self, id: CustomerId) -> crate::Wait<'static, Customer> {
        self.cards.wait_for(id).policy(self.policy)
    }
}

impl<'a, W: WalletSigner> IntoFuture for Onboarding<'a, W> {
    type Output = Result<Customer, OnboardingError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
