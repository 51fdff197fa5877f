//! Decisions of OffBlocks about customers, accounts and cards that the contract's simulator does not
//! offer.

use offblocks_types::{Account, AccountId, Card, CardId, Customer, CustomerId};

use crate::Sandbox;
use crate::control_error::ControlError;
use crate::domain::{accounts, cards, customers};
use crate::units::writing;

impl Sandbox {
    /// Rejects a customer, as when screening, verification or a later check fails. If the customer was
    /// active, its accounts and cards are deactivated.
    ///
    /// # Errors
    /// When the customer does not exist, its state is not `screening`, `verifying` or `active`, or the
    /// database fails.
    pub async fn reject_customer(&self, customer: CustomerId) -> Result<Customer, ControlError> {
        Ok(writing!(&self.world, |work| {
            customers::reject_for_offblocks(work, customer)
        })?)
    }

    /// Fails the validation of an account that is `initiating`.
    ///
    /// # Errors
    /// When there is no such account, it is in another state, or the database fails.
    pub async fn fail_account(&self, account: AccountId) -> Result<Account, ControlError> {
        Ok(writing!(&self.world, |work| accounts::fail(work, account))?)
    }

    /// Suspends an active card: misuse is suspected.
    ///
    /// # Errors
    /// When there is no such card, it is in another state, or the database fails.
    pub async fn suspend_card(&self, card: CardId) -> Result<Card, ControlError> {
        Ok(writing!(&self.world, |work| cards::suspend(work, card))?)
    }

    /// Makes a suspended card active again: the suspicion was unfounded.
    ///
    /// # Errors
    /// When there is no such card, it is in another state, its account is not active, or the
    /// database fails.
    pub async fn reinstate_card(&self, card: CardId) -> Result<Card, ControlError> {
        Ok(writing!(&self.world, |work| cards::reinstate(work, card))?)
    }

    /// Blocks an active or suspended card permanently: there is evidence of misuse.
    ///
    /// # Errors
    /// When there is no such card, it is in another state, or the database fails.
    pub async fn block_card(&self, card: CardId) -> Result<Card, ControlError> {
        Ok(writing!(&self.world, |work| cards::block(work, card))?)
    }
}
