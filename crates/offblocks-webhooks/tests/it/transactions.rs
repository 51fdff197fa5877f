//! Marking an event in the transaction that does what it asks for.

use offblocks_webhooks::{
    Claim, Inbox, Lease, Mark, PostgresStore, ReplayError, ReplayStore as _, SqliteStore,
};

use crate::common::{SqliteFile, TestClock, event_id, postgres, seconds};

/// The same tests for both databases, whose types differ.
macro_rules! suite {
    ($store:ident, $pool:ty) => {
        /// Nothing is marked without a commit, and everything with one.
        async fn follows_the_commit(pool: &$pool, store: &$store) {
            let now = TestClock::new().now();
            for _ in 0..3 {
                let mut transaction = pool.begin().await.unwrap();
                let mark = store.mark_done(&mut transaction, event_id(1), now).await;
                assert_eq!(mark.unwrap(), Mark::First);
                transaction.rollback().await.unwrap();
            }
            let mut transaction = pool.begin().await.unwrap();
            let mark = store.mark_done(&mut transaction, event_id(1), now).await;
            assert_eq!(mark.unwrap(), Mark::First);
            let twice = store.mark_done(&mut transaction, event_id(1), now).await;
            assert!(twice.unwrap().is_duplicate());
            transaction.commit().await.unwrap();
            let mut transaction = pool.begin().await.unwrap();
            let mark = store.mark_done(&mut transaction, event_id(1), now).await;
            assert_eq!(mark.unwrap(), Mark::Duplicate);
            transaction.commit().await.unwrap();
            assert_eq!(
                store.claim(event_id(1), now, now).await.unwrap(),
                Claim::Done
            );
            assert_eq!(store.prune(now + seconds(1)).await.unwrap(), 1);
        }

        /// A lease of `Inbox` and a mark in a transaction respect each other.
        async fn respects_leases(pool: &$pool, store: &$store) {
            let clock = TestClock::new();
            let (now, until) = (clock.now(), clock.now() + seconds(30));
            let Claim::Claimed(lease) = store.claim(event_id(2), now, until).await.unwrap() else {
                panic!("nobody has it")
            };
            let mut transaction = pool.begin().await.unwrap();
            let mark = store.mark_done(&mut transaction, event_id(2), now).await;
            assert!(
                matches!(mark, Err(ReplayError::InProgress { .. })),
                "{mark:?}"
            );
            transaction.rollback().await.unwrap();
            let mut transaction = pool.begin().await.unwrap();
            let mark = store.mark_done(&mut transaction, event_id(2), until).await;
            assert_eq!(mark.unwrap(), Mark::First);
            transaction.commit().await.unwrap();
            assert!(!store.complete(&lease, until).await.unwrap());
        }

        /// `complete_in` marks the event with the handler's transaction, or not at all.
        async fn completes_in_the_handlers_transaction(pool: &$pool, store: &$store) {
            let clock = TestClock::new();
            let inbox = Inbox::builder(store.clone()).clock(clock.clone()).build();
            let handle = |lease: Lease, commits: bool| {
                let (pool, store, now) = (pool.clone(), store.clone(), clock.now());
                async move {
                    let mut transaction = pool.begin().await.map_err(ReplayError::store)?;
                    assert!(store.complete_in(&mut transaction, &lease, now).await?);
                    if !commits {
                        return Err(ReplayError::store("rolled back"));
                    }
                    transaction.commit().await.map_err(ReplayError::store)
                }
            };
            for commits in [false, true] {
                let outcome = inbox
                    .handle(event_id(3), |lease| handle(lease, commits))
                    .await;
                assert_eq!(outcome.is_ok(), commits, "{outcome:?}");
            }
            let claim = store.claim(event_id(3), clock.now(), clock.now()).await;
            assert_eq!(claim.unwrap(), Claim::Done);
            let lost = Lease::new(event_id(3), 0);
            let mut transaction = pool.begin().await.unwrap();
            let completed = store
                .complete_in(&mut transaction, &lost, clock.now())
                .await;
            assert!(!completed.unwrap());
        }

        async fn suite(pool: &$pool, store: &$store) {
            follows_the_commit(pool, store).await;
            respects_leases(pool, store).await;
            completes_in_the_handlers_transaction(pool, store).await;
        }
    };
}

mod on_sqlite {
    use super::*;

    suite!(SqliteStore, sqlx::SqlitePool);

    #[tokio::test]
    async fn marks_follow_the_transaction() {
        let file = SqliteFile::new().await;
        suite(&file.pool, &file.store().await).await;
    }

    /// The second one waits for the first one's transaction, and then sees what came of it.
    #[tokio::test]
    async fn a_concurrent_duplicate_waits() {
        for commits in [true, false] {
            let file = SqliteFile::new().await;
            let (store, now) = (file.store().await, TestClock::new().now());
            let mut first = file.pool.begin().await.unwrap();
            let mark = store.mark_done(&mut first, event_id(1), now).await;
            assert_eq!(mark.unwrap(), Mark::First);
            let second = tokio::spawn({
                let (pool, store) = (file.pool.clone(), store.clone());
                async move {
                    let mut second = pool.begin().await.unwrap();
                    let mark = store.mark_done(&mut second, event_id(1), now).await;
                    second.rollback().await.unwrap();
                    mark.unwrap()
                }
            });
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            assert!(!second.is_finished(), "it waits");
            let expected = if commits {
                first.commit().await.unwrap();
                Mark::Duplicate
            } else {
                first.rollback().await.unwrap();
                Mark::First
            };
            assert_eq!(second.await.unwrap(), expected);
        }
    }
}

mod on_postgresql {
    use super::*;

    suite!(PostgresStore, sqlx::PgPool);

    #[tokio::test]
    async fn marks_follow_the_transaction() {
        if let Some((pool, store)) = postgres().await {
            suite(&pool, &store).await;
        }
    }

    /// The second one does not wait for the first one's transaction.
    #[tokio::test]
    async fn a_concurrent_duplicate_is_to_come_later() {
        let Some((pool, store)) = postgres().await else {
            return;
        };
        let now = TestClock::new().now();
        let mut first = pool.begin().await.unwrap();
        let mark = store.mark_done(&mut first, event_id(1), now).await;
        assert_eq!(mark.unwrap(), Mark::First);
        let mut second = pool.begin().await.unwrap();
        let mark = store.mark_done(&mut second, event_id(1), now).await;
        assert!(
            matches!(mark, Err(ReplayError::InProgress { .. })),
            "{mark:?}"
        );
        let other = store.mark_done(&mut second, event_id(2), now).await;
        assert_eq!(other.unwrap(), Mark::First, "other events are free");
        // They end without a commit, as those of a process that dies.
        drop((first, second));
        let mut third = pool.begin().await.unwrap();
        let mark = store.mark_done(&mut third, event_id(1), now).await;
        assert_eq!(mark.unwrap(), Mark::First);
    }

    #[tokio::test]
    async fn a_snapshot_that_is_too_old_is_busy() {
        let Some((pool, store)) = postgres().await else {
            return;
        };
        let now = TestClock::new().now();
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ";
        let mut old = pool.begin_with(begin).await.unwrap();
        sqlx::query("SELECT 1 FROM offblocks_webhook_events LIMIT 1")
            .execute(&mut *old)
            .await
            .unwrap();
        let mut first = pool.begin().await.unwrap();
        let mark = store.mark_done(&mut first, event_id(1), now).await;
        assert_eq!(mark.unwrap(), Mark::First);
        first.commit().await.unwrap();
        let mark = store.mark_done(&mut old, event_id(1), now).await;
        assert!(matches!(mark, Err(ReplayError::Busy(_))), "{mark:?}");
    }

    /// A process that starts while a handler's transaction is open does not block others.
    #[tokio::test]
    async fn making_the_table_again_waits_for_no_transaction() {
        let Some((pool, store)) = postgres().await else {
            return;
        };
        let now = TestClock::new().now();
        let mut open = pool.begin().await.unwrap();
        let mark = store.mark_done(&mut open, event_id(1), now).await;
        assert_eq!(mark.unwrap(), Mark::First);
        let limit = std::time::Duration::from_secs(30);
        let made = tokio::time::timeout(limit, store.create_table()).await;
        made.expect("it waits for the open transaction: look for the index first")
            .unwrap();
        open.commit().await.unwrap();
    }

    /// Many processes that start at once make one table.
    #[tokio::test]
    async fn the_table_is_made_once() {
        let Some((pool, store)) = postgres().await else {
            return;
        };
        let made = (0..8).map(|_| store.create_table());
        for outcome in futures_util::future::join_all(made).await {
            outcome.unwrap();
        }
        drop(pool);
    }
}
