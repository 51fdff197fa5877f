//! Finds an entity by its id, for the modules of the entities that belong to it.
//!
//! An account needs its customer, and the customer's module changes its accounts. So the customer is
//! found here, below both modules. The same holds for an account and its cards.

use offblocks_types::{AccountId, Customer, CustomerId};

use super::Work;
use crate::failure::Failure;
use crate::store::accounts::{self, AccountRecord};
use crate::store::customers;

/// A customer.
pub(super) async fn customer(work: &mut Work<'_>, id: CustomerId) -> Result<Customer, Failure> {
    customers::find(work.conn, id)
        .await?
        .ok_or_else(|| Failure::missing("customer", id))
}

/// An account, with what only the sandbox stores of it.
pub(super) async fn account(work: &mut Work<'_>, id: AccountId) -> Result<AccountRecord, Failure> {
    accounts::find(work.conn, id)
        .await?
        .ok_or_else(|| Failure::missing("account", id))
}
