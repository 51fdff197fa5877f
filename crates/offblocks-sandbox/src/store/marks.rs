//! What a commit tells those who sleep until there is something to do.

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::rows;
use super::sql::{self, Connection};

/// What there is to do, as of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    /// When the next scheduled step is due.
    pub(super) next_due: Option<DateTime<Utc>>,
    /// The last delivery of a webhook.
    pub(super) last_delivery: Option<i64>,
}

impl Marks {
    pub(super) async fn read(conn: &mut Connection) -> Result<Self, sqlx::Error> {
        let query = sql::query(
            "SELECT (SELECT due_at FROM scheduled_steps ORDER BY due_at LIMIT 1) AS due_at, \
             (SELECT max(seq) FROM deliveries) AS delivery",
        );
        let row = query.fetch_one(conn).await?;
        Ok(Self {
            next_due: rows::instant_option(&row, "due_at")?,
            last_delivery: row.try_get("delivery")?,
        })
    }
}

/// Where the marks are shown.
#[derive(Debug)]
pub(super) struct Shown {
    next_due: watch::Sender<Option<DateTime<Utc>>>,
    last_delivery: watch::Sender<Option<i64>>,
}

impl Shown {
    pub(super) fn new(marks: Marks) -> Self {
        Self {
            next_due: watch::Sender::new(marks.next_due),
            last_delivery: watch::Sender::new(marks.last_delivery),
        }
    }

    pub(super) fn next_due(&self) -> watch::Receiver<Option<DateTime<Utc>>> {
        self.next_due.subscribe()
    }

    pub(super) fn last_delivery(&self) -> watch::Receiver<Option<i64>> {
        self.last_delivery.subscribe()
    }

    /// Shows these, and wakes whoever waits for one that changed.
    pub(super) fn show(&self, marks: Marks) {
        replace(&self.next_due, marks.next_due);
        replace(&self.last_delivery, marks.last_delivery);
    }
}

fn replace<T: PartialEq>(shown: &watch::Sender<T>, mark: T) {
    shown.send_if_modified(|present| {
        let changed = *present != mark;
        *present = mark;
        changed
    });
}
