//! A sandbox over real HTTP, and a caller that signs.

mod caller;
mod database;
mod raw;
mod receiver;
mod walk;
mod wallet;

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use offblocks_sandbox::{
    Clock, Database, ManualClock, Reached, Sandbox, SandboxHandle, SeededRandom, Settings,
    Surroundings,
};

pub use caller::{Answer, Caller};
pub use database::{Direct, chosen, everything_in, new_schema, skips, url_of};
pub use raw::{Raw, status};
pub use receiver::{ALL, PublicKey, Received, Receiver};
pub use walk::{card, decode, encode, signed, text};
pub use wallet::Wallet;

/// 2026-01-02T03:04:05.123456789Z
const START: (i64, u32) = (1_767_323_045, 123_456_789);

/// A running sandbox whose clock stands still, and a caller it knows.
pub struct Stage {
    pub caller: Caller,
    pub clock: ManualClock,
    pub sandbox: Sandbox,
    handle: SandboxHandle,
}

/// The clock of a sandbox, wherever the control plane has set it.
#[derive(Debug)]
struct ClockOf(Sandbox);

impl Clock for ClockOf {
    fn now(&self) -> DateTime<Utc> {
        self.0.clock().now
    }

    fn reaches(&self, _: DateTime<Utc>) -> Reached<'_> {
        unreachable!("a caller waits for nothing")
    }
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
        let clock = ManualClock::new(DateTime::from_timestamp(START.0, START.1).unwrap());
        let sandbox = build(clock.clone(), change).await;
        let handle = sandbox.clone().start().await.unwrap();
        let caller = Caller::known_to(handle.base_url(), ClockOf(sandbox.clone())).await;
        Self {
            caller,
            clock,
            sandbox,
            handle,
        }
    }

    pub async fn stop(self) {
        self.handle.stop().await.unwrap();
    }
}

async fn build(clock: ManualClock, change: impl FnOnce(&mut Settings)) -> Sandbox {
    let mut settings = Settings::default();
    settings.follow_up_delay = Duration::ZERO;
    change(&mut settings);
    settings.database = chosen(settings.database);
    let surroundings = Surroundings::new(clock, SeededRandom::new(1));
    Sandbox::builder(surroundings)
        .settings(settings)
        .build()
        .await
        .unwrap()
}
