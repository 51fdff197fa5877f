//! What happens while nobody calls.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::world::World;

/// How often the sandbox looks whether something is due while nobody calls.
const TICK: Duration = Duration::from_millis(20);

/// Ends the ticker when serving does, however it does.
pub(crate) struct Ticker(JoinHandle<()>);

impl Ticker {
    pub(crate) fn start(world: Arc<World>) -> Self {
        Self(tokio::spawn(tick(world)))
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Lets happen what is due even when nobody asks.
async fn tick(world: Arc<World>) {
    let mut interval = tokio::time::interval(TICK);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if let Err(failure) = world.settle().await {
            tracing::error!(error = %failure, "scheduled steps cannot be applied");
        }
    }
}
