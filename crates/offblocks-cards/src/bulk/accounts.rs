//! Rows of one account are worked on one after the other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use offblocks_types::AccountId;
use tokio::sync::OwnedMutexGuard;

type Turn = Arc<tokio::sync::Mutex<()>>;

/// The accounts that rows are being worked on for.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    busy: Mutex<HashMap<AccountId, Turn>>,
}

impl Accounts {
    /// Waits until no other row of the account is worked on. The next row waits until the guard is dropped.
    pub(crate) async fn enter(&self, account: AccountId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
            // A lock that only the map holds belongs to an account without a row in work.
            if busy.len() > 1024 {
                busy.retain(|_, turn| Arc::strong_count(turn) > 1);
            }
            Arc::clone(busy.entry(account).or_default())
        };
        turn.lock_owned().await
    }
}
