//! A sandbox over real HTTP, and a caller that signs.

mod caller;
mod database;
mod raw;
mod receiver;
mod walk;

use std::path::Path;

use offblocks_sandbox::testing::{self, TestSandbox};
use offblocks_sandbox::{Database, ManualClock, Sandbox, Settings};

pub use caller::{Call, Caller, Response};
pub use database::{Direct, chosen, everything_in, new_schema, skips, url_of};
pub use offblocks_sandbox::testing::{Inbox as Receiver, LocalWallet, Received};
pub use raw::{Raw, status};
pub use receiver::ALL;
pub use walk::{card, decode, encode, forged, signed, text};

/// A running sandbox whose clock stands still, and a caller it knows.
pub struct Stage {
    pub caller: Caller,
    pub clock: ManualClock,
    pub sandbox: Sandbox,
    test: TestSandbox,
}

impl Stage {
    /// In memory, with everything happening at once that happens by itself.
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// On a file.
    pub async fn on_file(path: &Path) -> Self {
        Self::with(|settings| settings.database = Database::File(path.to_owned())).await
    }

    /// With other settings than the usual ones of tests.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let builder = testing::builder().settings(|settings| {
            change(settings);
            settings.database = chosen(settings.database.clone());
        });
        let test = builder.start().await;
        let clock = test.clock().clone();
        let caller = Caller::known_to(test.base_url(), clock.clone()).await;
        Self {
            caller,
            clock,
            sandbox: test.sandbox().clone(),
            test,
        }
    }

    pub async fn stop(self) {
        self.test.stop().await;
    }
}
