//! Steps that become due between calls.
//!
//! The task waits until the next step is due. The store notifies it when a commit changes the next step.
//! The wait ends when the clock reaches that instant, also when the clock is moved by hand. An idle
//! sandbox reads neither the database nor the clock.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::failure::Failure;
use crate::world::World;

/// How long to wait after a failure; twice as long after each further one, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

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

/// Lets happen what is due, until the store closes.
async fn tick(world: Arc<World>) {
    let mut next_due = world.store.next_due();
    let mut pause = FIRST_PAUSE;
    loop {
        let due = *next_due.borrow_and_update();
        tokio::select! {
            () = reached(&*world.surroundings.clock, due) => {}
            changed = next_due.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
        }
        let Err(failure) = settle(&world).await else {
            pause = FIRST_PAUSE;
            continue;
        };
        report(&failure);
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = (2 * pause).min(LONGEST_PAUSE),
            // Somebody else could write meanwhile.
            changed = next_due.changed() => match changed {
                Ok(()) => pause = FIRST_PAUSE,
                Err(_) => return,
            },
        }
    }
}

async fn reached(clock: &dyn Clock, due: Option<DateTime<Utc>>) {
    match due {
        Some(due) => clock.reaches(due).await,
        None => std::future::pending().await,
    }
}

async fn settle(world: &World) -> Result<(), Failure> {
    let _turn = world.travelling.lock().await;
    let settling = world.clone();
    world
        .run(async move { settling.settle().await.map(drop) })
        .await
}

fn report(failure: &Failure) {
    failure.log("scheduled steps cannot be applied");
}
