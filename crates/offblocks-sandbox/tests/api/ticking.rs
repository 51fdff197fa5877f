//! What happens while nobody calls.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use offblocks_sandbox::{
    Clock, Database, ManualClock, Reached, Sandbox, SeededRandom, Settings, Surroundings,
};

use crate::common::{Direct, LocalWallet, Stage, chosen, signed, text};

#[tokio::test]
async fn steps_happen_by_themselves_when_the_clock_gets_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let slow = |settings: &mut Settings| {
        settings.database = Database::File(file.clone());
        settings.follow_up_delay = Duration::from_secs(60);
    };
    let stage = Stage::with(slow).await;
    let wallet = LocalWallet::numbered(1);
    let customer = stage.caller.new_customer(&wallet, "customer-1").await;
    let path = format!("/customers/{}/challenge/sign", text(&customer, "id"));
    let body = signed(&wallet, &customer);
    stage.caller.post(&path, body).await.expect(204);
    stage.clock.advance(Duration::from_secs(59));
    assert_eq!(status(&file).await, "screening");
    stage.clock.advance(Duration::from_secs(1));
    // Nobody asks the sandbox.
    for _ in 0..1_000 {
        if status(&file).await == "verifying" {
            stage.stop().await;
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the ticker did not notice that the clock moved: does Clock::reaches complete?");
}

/// The only customer's status, read from the database.
async fn status(file: &Path) -> String {
    let mut reader = Direct::to(&chosen(Database::File(file.to_owned()))).await;
    reader.texts("SELECT status FROM customers").await.remove(0)
}

/// Counts how often it is asked.
#[derive(Debug, Clone)]
struct Counted {
    clock: ManualClock,
    asked: Arc<AtomicUsize>,
}

impl Clock for Counted {
    fn now(&self) -> DateTime<Utc> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.clock.now()
    }

    fn reaches(&self, instant: DateTime<Utc>) -> Reached<'_> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.clock.reaches(instant)
    }
}

#[tokio::test]
async fn an_idle_sandbox_asks_nothing() {
    let asked = Arc::new(AtomicUsize::new(0));
    let clock = Counted {
        clock: ManualClock::new(DateTime::UNIX_EPOCH),
        asked: Arc::clone(&asked),
    };
    let sandbox = Sandbox::builder(Surroundings::new(clock, SeededRandom::new(1)))
        .build()
        .await
        .unwrap();
    let handle = sandbox.start().await.unwrap();
    tokio::task::yield_now().await;
    let before = asked.load(Ordering::Relaxed);
    tokio::time::pause();
    for _ in 0..60 {
        tokio::time::advance(Duration::from_secs(60)).await;
    }
    tokio::time::resume();
    let times = asked.load(Ordering::Relaxed) - before;
    assert_eq!(times, 0, "asked the clock {times} times in an idle hour");
    handle.stop().await.unwrap();
}
