//! All stores, held to one suite.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use offblocks_webhooks::{
    Claim, HandleError, Handled, Inbox, Lease, MemoryStore, ReplayError, ReplayStore,
};
use tokio::sync::Semaphore;

use crate::common::{SqliteFile, TestClock, event_id, postgres, seconds};

#[tokio::test]
async fn memory() {
    suite(|| async { MemoryStore::new() }).await;
}

#[tokio::test]
async fn sqlite() {
    let file = SqliteFile::new().await;
    let number = AtomicUsize::new(0);
    suite(|| async {
        let consumer = number.fetch_add(1, Ordering::SeqCst).to_string();
        file.store().await.for_consumer(consumer)
    })
    .await;
}

#[tokio::test]
async fn postgresql() {
    if postgres().await.is_some() {
        suite(|| async { postgres().await.unwrap().1 }).await;
    }
}

/// Everything that is promised of a store. Each part gets a new one.
async fn suite<S: ReplayStore, F: Future<Output = S>>(make: impl Fn() -> F) {
    claims(&make().await).await;
    leases(&make().await).await;
    numbers(&make().await).await;
    concurrent_claims(make().await).await;
    retention(&make().await).await;
    handlers(make().await).await;
    renewal(make().await).await;
    lost_lease(make().await).await;
    one_at_a_time(make().await).await;
}

async fn claim(store: &impl ReplayStore, clock: &TestClock) -> Claim {
    let now = clock.now();
    store
        .claim(event_id(1), now, now + seconds(30))
        .await
        .unwrap()
}

async fn claimed(store: &impl ReplayStore, clock: &TestClock) -> Lease {
    match claim(store, clock).await {
        Claim::Claimed(lease) => lease,
        other => panic!("{other:?}"),
    }
}

async fn claims(store: &impl ReplayStore) {
    let clock = TestClock::new();
    let lease = claimed(store, &clock).await;
    let until = clock.now() + seconds(30);
    assert_eq!(claim(store, &clock).await, Claim::InProgress { until });
    assert!(store.complete(&lease, clock.now()).await.unwrap());
    assert_eq!(claim(store, &clock).await, Claim::Done);
    assert!(store.complete(&lease, clock.now()).await.unwrap(), "again");
    store.release(&lease).await.unwrap();
    assert!(!store.renew(&lease, until).await.unwrap());
    clock.advance(seconds(100_000));
    assert_eq!(claim(store, &clock).await, Claim::Done);
    let other = store.claim(event_id(2), clock.now(), clock.now()).await;
    assert!(matches!(other.unwrap(), Claim::Claimed(_)));
}

async fn leases(store: &impl ReplayStore) {
    let clock = TestClock::new();
    let first = claimed(store, &clock).await;
    clock.advance(seconds(20));
    assert!(
        store
            .renew(&first, clock.now() + seconds(30))
            .await
            .unwrap()
    );
    clock.advance(seconds(29));
    assert!(matches!(
        claim(store, &clock).await,
        Claim::InProgress { .. }
    ));
    clock.advance(seconds(1));
    let second = claimed(store, &clock).await;
    assert_ne!(first, second);
    assert!(
        !store
            .renew(&first, clock.now() + seconds(99))
            .await
            .unwrap()
    );
    assert!(!store.complete(&first, clock.now()).await.unwrap());
    store.release(&first).await.unwrap();
    assert!(matches!(
        claim(store, &clock).await,
        Claim::InProgress { .. }
    ));
    store.release(&second).await.unwrap();
    let third = claimed(store, &clock).await;
    assert!(store.complete(&third, clock.now()).await.unwrap());
    assert!(!store.complete(&second, clock.now()).await.unwrap());
}

/// A lease is never taken for an older or a later one of the same event.
async fn numbers(store: &impl ReplayStore) {
    let clock = TestClock::new();
    let mut seen = Vec::new();
    for _ in 0..5 {
        let lease = claimed(store, &clock).await;
        assert!(!seen.contains(&lease.number()), "{seen:?} {lease:?}");
        seen.push(lease.number());
        store.release(&lease).await.unwrap();
    }
    assert!(seen.is_sorted());
}

async fn concurrent_claims(store: impl ReplayStore) {
    let clock = TestClock::new();
    let all = join_all((0..20).map(|_| claim(&store, &clock))).await;
    let won = all.iter().filter(|it| matches!(it, Claim::Claimed(_)));
    assert_eq!(won.count(), 1, "{all:?}");
}

async fn retention(store: &impl ReplayStore) {
    let clock = TestClock::new();
    let begin = clock.now();
    let lease = claimed(store, &clock).await;
    store.complete(&lease, begin).await.unwrap();
    assert_eq!(store.prune(begin).await.unwrap(), 0);
    assert_eq!(claim(store, &clock).await, Claim::Done);
    clock.advance(seconds(1));
    assert_eq!(store.prune(clock.now()).await.unwrap(), 1);
    let again = claimed(store, &clock).await;
    // What is being handled stays, and what a dead process left goes.
    assert_eq!(store.prune(clock.now() + seconds(29)).await.unwrap(), 0);
    assert_eq!(store.prune(clock.now() + seconds(31)).await.unwrap(), 1);
    assert!(!store.complete(&again, clock.now()).await.unwrap());
}

/// A timer that only rings when told to.
#[derive(Clone)]
struct Bell(Arc<Semaphore>);

impl offblocks_webhooks::Timer for Bell {
    fn sleep(
        &self,
        _: std::time::Duration,
    ) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async { self.0.acquire().await.unwrap().forget() })
    }
}

fn inbox<S: ReplayStore>(store: S, clock: &TestClock) -> (Inbox<S>, Bell) {
    let bell = Bell(Arc::new(Semaphore::new(0)));
    let inbox = Inbox::builder(store)
        .clock(clock.clone())
        .timer(bell.clone());
    (inbox.build(), bell)
}

async fn handlers(store: impl ReplayStore) {
    let (clock, runs) = (TestClock::new(), AtomicUsize::new(0));
    let (inbox, _) = inbox(store, &clock);
    let run = |outcome: Result<&'static str, std::io::Error>| {
        runs.fetch_add(1, Ordering::SeqCst);
        async { outcome }
    };
    let failed = || std::io::Error::other("half-way");
    for expected in 1..=2 {
        let outcome = inbox.handle(event_id(7), |_| run(Err(failed()))).await;
        assert!(
            matches!(outcome, Err(HandleError::Handler(_))),
            "{outcome:?}"
        );
        assert_eq!(outcome.unwrap_err().status(), 500);
        assert_eq!(runs.load(Ordering::SeqCst), expected);
    }
    let done = inbox
        .handle(event_id(7), |_| run(Ok("done")))
        .await
        .unwrap();
    assert_eq!(
        (done, runs.load(Ordering::SeqCst)),
        (Handled::Now("done"), 3)
    );
    for _ in 0..3 {
        let before = inbox
            .handle(event_id(7), |_| run(Ok("again")))
            .await
            .unwrap();
        assert_eq!((before, runs.load(Ordering::SeqCst)), (Handled::Before, 3));
    }
    let cut_off = inbox.handle(event_id(8), |_| {
        std::future::pending::<Result<(), ReplayError>>()
    });
    assert!(futures_util::FutureExt::now_or_never(cut_off).is_none());
    clock.advance(seconds(30));
    let outcome = inbox
        .handle(event_id(8), |_| run(Ok("later")))
        .await
        .unwrap();
    assert_eq!(outcome, Handled::Now("later"));
}

/// A handler that takes long keeps its lease.
async fn renewal(store: impl ReplayStore) {
    let clock = TestClock::new();
    let (inbox, bell) = inbox(store, &clock);
    let (begun, end) = (Semaphore::new(0), Semaphore::new(0));
    let long = inbox.handle(event_id(1), |_| async {
        begun.add_permits(1);
        end.acquire().await.unwrap().forget();
        Ok::<_, ReplayError>(())
    });
    let others = async {
        begun.acquire().await.unwrap().forget();
        for _ in 0..5 {
            clock.advance(seconds(20));
            bell.0.add_permits(1);
            // The renewal is done when the bell is waited for again.
            while inbox_is_free(&inbox, &clock).await {
                tokio::task::yield_now().await;
            }
        }
        end.add_permits(1);
    };
    let (outcome, ()) = tokio::join!(long, others);
    assert_eq!(outcome.unwrap(), Handled::Now(()));
    assert_eq!(claim(inbox.store(), &clock).await, Claim::Done);
}

/// Whether the lease of the first event ends within 20 seconds, without taking it.
async fn inbox_is_free<S: ReplayStore>(inbox: &Inbox<S>, clock: &TestClock) -> bool {
    let now = clock.now();
    match inbox.store().claim(event_id(1), now, now).await.unwrap() {
        Claim::InProgress { until } => until <= now + seconds(20),
        other => panic!("the lease was lost: {other:?}"),
    }
}

/// A handler whose lease is taken over is dropped, and does not mark the event.
async fn lost_lease(store: impl ReplayStore) {
    let clock = TestClock::new();
    let (inbox, bell) = inbox(store, &clock);
    let begun = Semaphore::new(0);
    let slow = inbox.handle(event_id(1), |_| {
        begun.add_permits(1);
        std::future::pending::<Result<(), ReplayError>>()
    });
    let taking_over = async {
        begun.acquire().await.unwrap().forget();
        clock.advance(seconds(31));
        let lease = claimed(inbox.store(), &clock).await;
        bell.0.add_permits(1);
        lease
    };
    let (outcome, lease) = tokio::join!(slow, taking_over);
    assert!(
        matches!(outcome, Err(HandleError::LeaseLost)),
        "{outcome:?}"
    );
    assert!(inbox.store().complete(&lease, clock.now()).await.unwrap());
}

/// Duplicates at the same time: one runs, the others are told to come later.
async fn one_at_a_time(store: impl ReplayStore) {
    let clock = TestClock::new();
    let (inbox, _) = inbox(store, &clock);
    let (begun, end) = (Semaphore::new(0), Semaphore::new(0));
    let first = inbox.handle(event_id(1), |_| async {
        begun.add_permits(1);
        end.acquire().await.unwrap().forget();
        Ok::<_, ReplayError>("first")
    });
    let duplicate = async {
        begun.acquire().await.unwrap().forget();
        let run = |_| async { panic!("two handlers run") };
        let outcome = inbox
            .handle::<(), ReplayError, _, _>(event_id(1), run)
            .await;
        end.add_permits(1);
        outcome.unwrap_err()
    };
    let (first, duplicate) = tokio::join!(first, duplicate);
    assert_eq!(first.unwrap(), Handled::Now("first"));
    assert_eq!(duplicate.status(), 503);
    let response = duplicate.to_response();
    assert_eq!(response.headers()["retry-after"], "30");
}

#[tokio::test]
async fn the_store_in_memory_is_bounded() {
    let (store, clock) = (MemoryStore::with_capacity(10), TestClock::new());
    for number in 0..100 {
        let now = clock.now();
        let claim = store.claim(event_id(number), now, now + seconds(30)).await;
        let Claim::Claimed(lease) = claim.unwrap() else {
            panic!("each is new")
        };
        store.complete(&lease, now).await.unwrap();
    }
    assert_eq!((store.len(), store.forgotten_early()), (10, 90));
}

#[tokio::test]
async fn a_handler_that_is_cut_off_frees_its_event_in_memory() {
    let clock = TestClock::new();
    let (inbox, _) = inbox(MemoryStore::new(), &clock);
    let cut_off = inbox.handle(event_id(1), |_| {
        std::future::pending::<Result<(), ReplayError>>()
    });
    assert!(futures_util::FutureExt::now_or_never(cut_off).is_none());
    assert!(inbox.store().is_empty());
}

#[tokio::test]
async fn each_consumer_handles_each_event() {
    let file = SqliteFile::new().await;
    let clock = TestClock::new();
    for name in ["ledger", "notifications"] {
        let store = file.store().await.for_consumer(name);
        let lease = claimed(&store, &clock).await;
        store.complete(&lease, clock.now()).await.unwrap();
        assert_eq!(claim(&store, &clock).await, Claim::Done);
    }
}
