//! Why a customer or an account did not become active.

use offblocks_client::Error;
use offblocks_types::{Account, AccountId, Customer, CustomerId};

use crate::waiting::WaitError;

/// Why a customer or an account did not become active. What was created stays, and the error names it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OnboardingError {
    /// A call failed before anything was created.
    #[error(transparent)]
    Call(#[from] Error),
    /// The wallet did not sign.
    #[error("the wallet did not sign the challenge: {0}")]
    Wallet(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The customer exists, and a later step failed: remove the cause and continue with
    /// [`Cards::resume_onboarding`](crate::Cards::resume_onboarding).
    #[error("the customer {customer} is not active yet: {error}; resume its onboarding")]
    Customer {
        /// The customer.
        customer: CustomerId,
        /// What failed.
        #[source]
        error: Box<OnboardingError>,
    },
    /// The account exists, and a later step failed: remove the cause and continue with
    /// [`Cards::resume_opening`](crate::Cards::resume_opening).
    #[error("the account {account} is not active yet: {error}; resume its opening")]
    Account {
        /// The account.
        account: AccountId,
        /// What failed.
        #[source]
        error: Box<OnboardingError>,
    },
    /// The customer was rejected, or did not become active in time.
    #[error(transparent)]
    CustomerState(#[from] WaitError<Customer>),
    /// The account failed, or did not become active in time.
    #[error(transparent)]
    AccountState(#[from] WaitError<Account>),
}
