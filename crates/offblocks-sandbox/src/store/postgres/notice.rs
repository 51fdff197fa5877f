//! Notices between processes on one schema, with `NOTIFY`.
//!
//! A commit that changes what there is to do sends a notice, and the other processes look. So no process
//! polls the database, and what becomes due by a commit in one process happens in another one without
//! delay. A notice can be lost with a connection, so [`super::Session`] also looks from time to time.

use super::instance::Instance;
use crate::store::sql::{self, Connection};

/// Why others should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Notice {
    /// Something else is due next, or there are new deliveries.
    Changed,
    /// Deliveries that a process had claimed are free again.
    Released,
}

impl Notice {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Released => "released",
        }
    }

    /// What a payload says, unless it comes from this process itself.
    pub(super) fn read(payload: &str, own: &Instance) -> Option<Self> {
        let (kind, from) = payload.split_once(' ')?;
        if from.parse().ok() == own.number() {
            return None;
        }
        let all = [Self::Changed, Self::Released];
        all.into_iter().find(|notice| notice.as_str() == kind)
    }
}

/// The channel of a schema.
pub(super) fn channel(schema: &str) -> String {
    format!("offblocks_{schema}")
}

/// Tells the other processes, once the transaction is committed.
pub(in crate::store) async fn notify(
    conn: &mut Connection,
    notice: Notice,
    from: &Instance,
) -> Result<(), sqlx::Error> {
    let payload = format!("{} {}", notice.as_str(), from.number().unwrap_or_default());
    let query = sql::query("SELECT pg_notify('offblocks_' || current_schema(), $1)");
    query.bind(payload).execute(conn).await.map(drop)
}
