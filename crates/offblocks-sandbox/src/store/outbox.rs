//! Events and their deliveries: those that wait, their outcomes, and the log of attempts.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use offblocks_types::{WebhookId, WebhookType};
use url::Url;
use uuid::Uuid;

use super::sql::{self, AssertSqlSafe, Connection, Row};
use super::{StoreError, rows};
use crate::deliveries::{Attempt, AttemptOutcome};

/// Something that is delivered to subscriptions.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) id: Uuid,
    pub(crate) kind: WebhookType,
    /// The delivery's body.
    pub(crate) body: String,
}

/// A delivery whose time has come.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub(crate) seq: i64,
    pub(crate) webhook_id: WebhookId,
    /// The URL of the subscription now.
    pub(crate) url: Url,
    pub(crate) event_seq: i64,
    pub(crate) event_id: Uuid,
    pub(crate) body: String,
    /// How often it was tried before.
    pub(crate) attempts: u32,
    /// When the time during which it is retried began.
    pub(crate) since: DateTime<Utc>,
}

/// What happens to a delivery after an attempt.
#[derive(Debug, Clone)]
pub(crate) enum Decision {
    Delivered,
    Retry {
        due_at: DateTime<Utc>,
    },
    Discarded {
        reason: String,
    },
    /// It was not its time yet; nothing was sent.
    Postponed {
        due_at: DateTime<Utc>,
    },
}

impl Decision {
    /// When its next turn is, where it has one.
    pub(crate) const fn due_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Retry { due_at } | Self::Postponed { due_at } => Some(*due_at),
            Self::Delivered | Self::Discarded { .. } => None,
        }
    }
}

/// Whether any subscription is for events of this type.
pub(crate) async fn is_wanted(
    conn: &mut Connection,
    kind: &WebhookType,
) -> Result<bool, StoreError> {
    let is_among = |types: &[String]| types.iter().any(|wanted| wanted == kind.as_str());
    let kept = conn.kept().and_then(|kept| kept.wanted.as_deref());
    if let Some(types) = kept {
        return Ok(is_among(types));
    }
    let query = sql::query("SELECT DISTINCT type FROM webhook_types");
    let types = rows::all(conn, query, |row| row.try_get("type")).await?;
    let is_wanted = is_among(&types);
    if let Some(kept) = conn.kept() {
        kept.wanted = Some(types);
    }
    Ok(is_wanted)
}

/// Writes an event, with a delivery for each subscription to its type.
pub(crate) async fn publish(
    conn: &mut Connection,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sql::query("INSERT INTO webhook_events (id, type, body, created_at) VALUES ($1, $2, $3, $4)")
        .bind(event.id.to_string())
        .bind(event.kind.as_str())
        .bind(&event.body)
        .bind(rows::micros(now))
        .write(&mut *conn)
        .await?;
    sql::query(
        "INSERT INTO deliveries \
         (event_seq, webhook_id, status, attempts, since, due_at, updated_at) \
         SELECT e.seq, t.webhook_id, 'waiting', 0, e.created_at, e.created_at, e.created_at \
         FROM webhook_events AS e JOIN webhook_types AS t ON t.type = e.type \
         WHERE e.id = $1 ORDER BY t.seq",
    )
    .bind(event.id.to_string())
    .write(conn)
    .await?;
    Ok(())
}

/// The subscriptions that have deliveries due which no process has claimed.
pub(crate) async fn webhooks_with_due(
    conn: &mut Connection,
    now: DateTime<Utc>,
) -> Result<Vec<WebhookId>, StoreError> {
    let query = sql::query(
        "SELECT id FROM webhooks WHERE EXISTS \
         (SELECT 1 FROM deliveries WHERE webhook_id = webhooks.id AND due_at <= $1 \
          AND claimed_by IS NULL) ORDER BY seq",
    );
    rows::all(conn, query.bind(rows::micros(now)), |row| {
        rows::parsed(row, "id")
    })
    .await
}

/// A subscription's first deliveries that are due and not claimed, `limit` of them at most.
pub(crate) async fn due(
    conn: &mut Connection,
    webhook_id: WebhookId,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<Due>, StoreError> {
    let query = sql::query(
        "SELECT d.seq, d.webhook_id, w.callback_url, d.event_seq, e.id AS event_id, e.body, \
         d.attempts, d.since FROM deliveries AS d \
         JOIN webhook_events AS e ON e.seq = d.event_seq \
         JOIN webhooks AS w ON w.id = d.webhook_id \
         WHERE d.webhook_id = $1 AND d.due_at <= $2 AND d.claimed_by IS NULL \
         ORDER BY d.due_at, d.seq LIMIT $3",
    )
    .bind(webhook_id.to_string())
    .bind(rows::micros(now))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX));
    rows::all(conn, query, |row| {
        Ok(Due {
            seq: row.try_get("seq")?,
            webhook_id: rows::parsed(row, "webhook_id")?,
            url: rows::parsed(row, "callback_url")?,
            event_seq: row.try_get("event_seq")?,
            event_id: rows::parsed(row, "event_id")?,
            body: row.try_get("body")?,
            attempts: row.try_get("attempts")?,
            since: rows::instant(row, "since")?,
        })
    })
    .await
}

/// Claims deliveries for a process. Returns those that no other one has claimed.
///
/// This is one statement, and does not wait for others. Deliveries that another process claims at the
/// same time are left to that process.
pub(crate) async fn claim(
    conn: &mut Connection,
    wanted: &[i64],
    instance: i64,
) -> Result<HashSet<i64>, StoreError> {
    let query = sql::query(AssertSqlSafe(format!(
        "UPDATE deliveries SET claimed_by = $1 WHERE seq IN \
         (SELECT seq FROM deliveries WHERE seq IN ({}) AND due_at IS NOT NULL \
          AND claimed_by IS NULL ORDER BY seq{}) RETURNING seq",
        numbers(wanted),
        conn.dialect().take()
    )));
    let claimed = rows::all(conn, query.bind(instance), |row| row.try_get("seq")).await?;
    Ok(claimed.into_iter().collect())
}

/// Frees what a process had claimed. Returns how many deliveries that were.
pub(super) async fn free(conn: &mut Connection, instance: i64) -> Result<u64, StoreError> {
    let query = sql::query("UPDATE deliveries SET claimed_by = NULL WHERE claimed_by = $1");
    Ok(query.bind(instance).execute(conn).await?.rows_affected())
}

/// Frees what processes had claimed whose sessions have ended. Returns how many deliveries that
/// were. Only PostgreSQL has several processes.
pub(super) async fn free_abandoned(conn: &mut Connection) -> Result<u64, StoreError> {
    let query = sql::query(
        "UPDATE deliveries SET claimed_by = NULL WHERE claimed_by IS NOT NULL AND claimed_by NOT IN \
         (SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted \
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
          AND classid = hashtext('offblocks instance ' || current_schema())::oid AND objsubid = 2)",
    );
    Ok(query.execute(conn).await?.rows_affected())
}

/// When the next delivery after `now` is due.
pub(crate) async fn next_due(
    conn: &mut Connection,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let query = sql::query("SELECT min(due_at) AS due_at FROM deliveries WHERE due_at > $1");
    let row = query.bind(rows::micros(now)).fetch_one(conn).await?;
    Ok(rows::instant_option(&row, "due_at")?)
}

/// Records the outcome of a delivery. If the delivery was settled meanwhile, because its subscription was
/// deleted, only an acknowledgement is recorded: a receiver may delete its subscription before it has
/// acknowledged the last delivery.
pub(crate) async fn decide(
    conn: &mut Connection,
    seq: i64,
    decision: &Decision,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (status, reason, due_at, tried) = match decision {
        Decision::Delivered => ("delivered", None, None, 1),
        Decision::Retry { due_at } => ("waiting", None, Some(*due_at), 1),
        Decision::Discarded { reason } => ("discarded", Some(reason), None, 1),
        Decision::Postponed { due_at } => ("waiting", None, Some(*due_at), 0),
    };
    sql::query(
        "UPDATE deliveries SET status = $1, reason = $2, due_at = $3, attempts = attempts + $4, \
         updated_at = $5, claimed_by = NULL \
         WHERE seq = $6 AND (due_at IS NOT NULL OR $1 = 'delivered')",
    )
    .bind(status)
    .bind(reason)
    .bind(due_at.map(rows::micros))
    .bind(tried)
    .bind(rows::micros(now))
    .bind(seq)
    .write(conn)
    .await?;
    Ok(())
}

/// Adds an attempt to the log. One whose delivery has left the log meanwhile is not kept.
pub(crate) async fn log(
    conn: &mut Connection,
    seq: i64,
    attempt: &Attempt,
) -> Result<(), StoreError> {
    let (status, excerpt, failure) = match &attempt.outcome {
        AttemptOutcome::Response { status, excerpt } => (Some(*status), Some(excerpt), None),
        AttemptOutcome::Failed { reason } => (None, None, Some(reason)),
    };
    let micros = i64::try_from(attempt.duration.as_micros()).unwrap_or(i64::MAX);
    sql::query(
        "INSERT INTO delivery_attempts \
         (delivery_seq, attempted_at, url, headers, status, excerpt, failure, duration, modes, body, \
         response_headers) \
         SELECT seq, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM deliveries WHERE seq = $11",
    )
    .bind(rows::micros(attempt.attempted_at))
    .bind(attempt.url.as_str())
    .bind(rows::to_json(&attempt.headers))
    .bind(status)
    .bind(excerpt)
    .bind(failure)
    .bind(micros)
    .bind(attempt.modes.as_ref().map(rows::to_json))
    .bind(attempt.body.as_ref())
    .bind(rows::to_json(&attempt.response_headers))
    .bind(seq)
    .write(conn)
    .await?;
    Ok(())
}

/// Discards what waits for a subscription.
pub(crate) async fn discard_waiting(
    conn: &mut Connection,
    id: WebhookId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sql::query(
        "UPDATE deliveries SET status = 'discarded', reason = $1, due_at = NULL, updated_at = $2, \
         claimed_by = NULL WHERE webhook_id = $3 AND due_at IS NOT NULL",
    )
    .bind(reason)
    .bind(rows::micros(now))
    .bind(id.to_string())
    .write(conn)
    .await?;
    Ok(())
}

/// The subscription that a delivery is for.
pub(crate) async fn webhook_of(
    conn: &mut Connection,
    seq: i64,
) -> Result<Option<WebhookId>, StoreError> {
    let query = sql::query("SELECT webhook_id FROM deliveries WHERE seq = $1").bind(seq);
    rows::one(conn, query, |row| rows::parsed(row, "webhook_id")).await
}

/// Makes a delivery due now, with all of its retries before it.
pub(crate) async fn send_again(
    conn: &mut Connection,
    seq: i64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sql::query(
        "UPDATE deliveries SET status = 'waiting', reason = NULL, attempts = 0, since = $1, \
         due_at = $1, updated_at = $1, claimed_by = NULL WHERE seq = $2",
    )
    .bind(rows::micros(now))
    .bind(seq)
    .write(conn)
    .await?;
    Ok(())
}

/// Makes each discarded delivery whose subscription still exists, and each that waits for a
/// retry, due now. Returns how many.
pub(crate) async fn send_failed_again(
    conn: &mut Connection,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let done = sql::query(
        "UPDATE deliveries SET status = 'waiting', reason = NULL, attempts = 0, since = $1, \
         due_at = $1, updated_at = $1, claimed_by = NULL \
         WHERE (status = 'discarded' OR (due_at IS NOT NULL AND attempts > 0)) \
         AND webhook_id IN (SELECT id FROM webhooks)",
    )
    .bind(rows::micros(now))
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Forgets settled deliveries: of each status all but the latest `keep`, with their attempts and
/// the events that nothing else needs.
pub(crate) async fn prune(
    conn: &mut Connection,
    status: &str,
    keep: u32,
) -> Result<(), StoreError> {
    let query = sql::query(
        "DELETE FROM deliveries WHERE due_at IS NULL AND status = $1 AND seq <= \
         (SELECT seq FROM deliveries WHERE due_at IS NULL AND status = $1 \
          ORDER BY seq DESC LIMIT 1 OFFSET $2) RETURNING event_seq",
    );
    let forgotten = rows::all(&mut *conn, query.bind(status).bind(keep), |row| {
        row.try_get::<i64>("event_seq")
    })
    .await?;
    for event in forgotten {
        sql::query(
            "DELETE FROM webhook_events WHERE seq = $1 \
             AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_seq = $1)",
        )
        .bind(event)
        .write(&mut *conn)
        .await?;
    }
    Ok(())
}

/// A delivery as it is kept, its attempts aside.
pub(crate) struct Kept {
    pub(crate) seq: i64,
    pub(crate) webhook_id: WebhookId,
    pub(crate) event_id: Uuid,
    pub(crate) kind: WebhookType,
    pub(crate) body: String,
    pub(crate) reason: Option<String>,
    pub(crate) due_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// The latest deliveries, `limit` of them at most, the oldest first.
pub(crate) async fn latest(conn: &mut Connection, limit: u32) -> Result<Vec<Kept>, StoreError> {
    let query = sql::query(
        "SELECT d.seq, d.webhook_id, e.id AS event_id, e.type, e.body, d.reason, d.due_at, \
         e.created_at, d.updated_at FROM deliveries AS d \
         JOIN webhook_events AS e ON e.seq = d.event_seq ORDER BY d.seq DESC LIMIT $1",
    );
    let mut kept = rows::all(conn, query.bind(limit), kept).await?;
    kept.reverse();
    Ok(kept)
}

/// A row of deliveries joined with their events.
pub(super) fn kept(row: &Row) -> Result<Kept, sqlx::Error> {
    Ok(Kept {
        seq: row.try_get("seq")?,
        webhook_id: rows::parsed(row, "webhook_id")?,
        event_id: rows::parsed(row, "event_id")?,
        kind: rows::parsed(row, "type")?,
        body: row.try_get("body")?,
        reason: row.try_get("reason")?,
        due_at: rows::instant_option(row, "due_at")?,
        created_at: rows::instant(row, "created_at")?,
        updated_at: rows::instant(row, "updated_at")?,
    })
}

/// The attempts at deliveries from this one on, with whose they are, in their order.
pub(crate) async fn attempts_from(
    conn: &mut Connection,
    first: i64,
) -> Result<Vec<(i64, Attempt)>, StoreError> {
    let query = sql::query("SELECT * FROM delivery_attempts WHERE delivery_seq >= $1 ORDER BY seq");
    rows::all(conn, query.bind(first), |row| {
        Ok((row.try_get("delivery_seq")?, attempt(row)?))
    })
    .await
}

/// As they are written in a list. The number of arguments of a query is limited and part of its
/// text.
fn numbers(wanted: &[i64]) -> String {
    let texts: Vec<_> = wanted.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

pub(super) fn attempt(row: &Row) -> Result<Attempt, sqlx::Error> {
    let outcome = match row.try_get("status")? {
        Some(status) => AttemptOutcome::Response {
            status,
            excerpt: row
                .try_get::<Option<String>>("excerpt")?
                .unwrap_or_default(),
        },
        None => AttemptOutcome::Failed {
            reason: row
                .try_get::<Option<String>>("failure")?
                .unwrap_or_default(),
        },
    };
    let micros: i64 = row.try_get("duration")?;
    Ok(Attempt {
        attempted_at: rows::instant(row, "attempted_at")?,
        url: rows::parsed(row, "url")?,
        headers: rows::json(row, "headers")?,
        modes: rows::json_option(row, "modes")?,
        body: row.try_get("body")?,
        response_headers: rows::json_option(row, "response_headers")?.unwrap_or_default(),
        outcome,
        duration: std::time::Duration::from_micros(micros.unsigned_abs()),
    })
}
