//! What a commit shows to tasks that wait for something to do.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::sql::{self, Connection, Query, Row};
use super::{control, rows};

/// What there is to do, as of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    /// When the next scheduled step is due.
    pub(super) next_due: Option<DateTime<Utc>>,
    /// The last delivery of a webhook.
    pub(super) last_delivery: Option<i64>,
    /// The revision of what the control plane keeps.
    pub(super) control: i64,
    /// The revision of who may call.
    pub(super) access: i64,
}

/// Changes whenever there may be something to deliver.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Deliveries {
    last: Option<i64>,
    /// How often deliveries became free that another process had claimed.
    released: u64,
}

impl Marks {
    /// As of this transaction.
    pub(super) async fn read(conn: &mut Connection) -> Result<Self, sqlx::Error> {
        Self::of(&Self::query().fetch_one(conn).await?)
    }

    /// As of this transaction, which ends.
    pub(super) async fn read_and_commit(conn: &mut Connection) -> Result<Self, sqlx::Error> {
        Self::of(&Self::query().fetch_one_and_commit(conn).await?)
    }

    fn query() -> Query {
        sql::query(
            "SELECT (SELECT due_at FROM scheduled_steps \
             WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1) AS due_at, \
             (SELECT max(seq) FROM deliveries) AS delivery, \
             (SELECT value FROM control WHERE name = 'revision') AS control, \
             (SELECT value FROM control WHERE name = 'access') AS access",
        )
    }

    fn of(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            next_due: rows::instant_option(row, "due_at")?,
            last_delivery: row.try_get("delivery")?,
            control: control::number(row.try_get("control")?),
            access: control::number(row.try_get("access")?),
        })
    }
}

/// Where the marks are shown.
#[derive(Debug)]
pub(super) struct Shown {
    next_due: watch::Sender<Option<DateTime<Utc>>>,
    deliveries: watch::Sender<Deliveries>,
    control: watch::Sender<i64>,
    access: AtomicI64,
    /// Raised when a commit of this process begins, and again when it has ended.
    version: AtomicU64,
    /// How often the process's own commits were shown.
    commits: Mutex<u64>,
}

impl Shown {
    pub(super) fn new(marks: Marks) -> Self {
        let deliveries = Deliveries {
            last: marks.last_delivery,
            released: 0,
        };
        Self {
            next_due: watch::Sender::new(marks.next_due),
            deliveries: watch::Sender::new(deliveries),
            control: watch::Sender::new(marks.control),
            access: AtomicI64::new(marks.access),
            version: AtomicU64::new(0),
            commits: Mutex::default(),
        }
    }

    pub(super) fn next_due(&self) -> watch::Receiver<Option<DateTime<Utc>>> {
        self.next_due.subscribe()
    }

    pub(super) fn deliveries(&self) -> watch::Receiver<Deliveries> {
        self.deliveries.subscribe()
    }

    pub(super) fn control(&self) -> watch::Receiver<i64> {
        self.control.subscribe()
    }

    /// The revision of who may call, as of the last commit of this process.
    pub(super) fn access(&self) -> i64 {
        self.access.load(Ordering::Acquire)
    }

    /// Whether something is due at this instant.
    pub(super) fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.next_due.borrow().is_some_and(|due| due <= now)
    }

    /// Which commits of this process there were; `None` while one is under way.
    pub(super) fn version(&self) -> Option<u64> {
        let version = self.version.load(Ordering::SeqCst);
        version.is_multiple_of(2).then_some(version)
    }

    /// A commit is under way until what this returns is dropped.
    pub(super) fn committing(self: &Arc<Self>) -> Committing {
        self.version.fetch_add(1, Ordering::SeqCst);
        Committing(Arc::clone(self))
    }

    /// Whether showing these would change anything.
    pub(super) fn differs(&self, marks: Marks) -> bool {
        *self.next_due.borrow() != marks.next_due
            || self.deliveries.borrow().last != marks.last_delivery
            || *self.control.borrow() != marks.control
    }

    /// Shows these, which this process committed, and notifies those that wait for one that changed.
    pub(super) fn show(&self, marks: Marks) {
        let mut commits = self.commits();
        *commits += 1;
        self.replace(marks);
    }

    /// Shows what there is to do now. A commit of this process that is shown meanwhile is newer.
    pub(super) async fn look(&self, conn: &mut Connection) -> Result<Marks, sqlx::Error> {
        loop {
            let before = *self.commits();
            let marks = Marks::read(conn).await?;
            let commits = self.commits();
            if *commits == before {
                self.replace(marks);
                return Ok(marks);
            }
        }
    }

    /// Says that deliveries which another process had claimed are free.
    pub(super) fn released(&self) {
        self.deliveries
            .send_modify(|deliveries| deliveries.released += 1);
    }

    fn replace(&self, marks: Marks) {
        replace(&self.next_due, marks.next_due, |due| due);
        replace(&self.deliveries, marks.last_delivery, |shown| {
            &mut shown.last
        });
        replace(&self.control, marks.control, |revision| revision);
        self.access.store(marks.access, Ordering::Release);
    }

    fn commits(&self) -> std::sync::MutexGuard<'_, u64> {
        self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A commit that is under way.
#[must_use]
#[derive(Debug)]
pub(super) struct Committing(Arc<Shown>);

impl Drop for Committing {
    fn drop(&mut self) {
        self.0.version.fetch_add(1, Ordering::SeqCst);
    }
}

fn replace<S, T: PartialEq>(shown: &watch::Sender<S>, mark: T, part: fn(&mut S) -> &mut T) {
    shown.send_if_modified(|shown| {
        let present = part(shown);
        let changed = *present != mark;
        *present = mark;
        changed
    });
}
