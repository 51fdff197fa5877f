//! What will happen by itself, and when.

use std::fmt;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::sql::{self, AssertSqlSafe, Connection, Row};
use super::{StoreError, rows};

/// Names a step that waits, within one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct StepId(i64);

impl StepId {
    /// The step of this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A step that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScheduledStep {
    /// The database gives it.
    pub(crate) id: StepId,
    /// When it happens; `None` where it waits for the control plane.
    pub(crate) due_at: Option<DateTime<Utc>>,
    /// The step's name; [`crate::domain::Step`] knows them.
    pub(crate) step: String,
    pub(crate) entity_id: Uuid,
}

pub(crate) async fn schedule(
    conn: &mut Connection,
    step: &ScheduledStep,
) -> Result<(), StoreError> {
    sql::query("INSERT INTO scheduled_steps (due_at, step, entity_id) VALUES ($1, $2, $3)")
        .bind(step.due_at.map(rows::micros))
        .bind(&step.step)
        .bind(step.entity_id.to_string())
        .write(conn)
        .await?;
    Ok(())
}

/// The name of the step that waits for an entity, if one does.
pub(crate) async fn waiting(
    conn: &mut Connection,
    entity_id: Uuid,
) -> Result<Option<String>, StoreError> {
    let query = sql::query("SELECT step FROM scheduled_steps WHERE entity_id = $1 LIMIT 1");
    let row = query.bind(entity_id.to_string()).fetch_optional(conn);
    Ok(row.await?.map(|row| row.try_get("step")).transpose()?)
}

/// Lets the steps of an entity that are due before `until` wait for the control plane.
pub(crate) async fn hold(
    conn: &mut Connection,
    entity_id: Uuid,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    sql::query("UPDATE scheduled_steps SET due_at = NULL WHERE entity_id = $1 AND due_at < $2")
        .bind(entity_id.to_string())
        .bind(rows::micros(until))
        .write(conn)
        .await?;
    Ok(())
}

/// Takes all steps of an entity off the list.
pub(crate) async fn delete_of(conn: &mut Connection, entity_id: Uuid) -> Result<(), StoreError> {
    sql::query("DELETE FROM scheduled_steps WHERE entity_id = $1")
        .bind(entity_id.to_string())
        .write(conn)
        .await?;
    Ok(())
}

/// Takes the next due step off the list.
pub(crate) async fn take_due(
    conn: &mut Connection,
    now: DateTime<Utc>,
) -> Result<Option<ScheduledStep>, StoreError> {
    let query = sql::query(AssertSqlSafe(format!(
        "DELETE FROM scheduled_steps WHERE seq = \
         (SELECT seq FROM scheduled_steps WHERE due_at <= $1 ORDER BY due_at, seq LIMIT 1{}) \
         RETURNING seq, due_at, step, entity_id",
        conn.dialect().take()
    )));
    rows::one(conn, query.bind(rows::micros(now)), step).await
}

/// Takes a step off the list, whatever it waits for.
pub(crate) async fn take(
    conn: &mut Connection,
    id: StepId,
) -> Result<Option<ScheduledStep>, StoreError> {
    let query = sql::query(
        "DELETE FROM scheduled_steps WHERE seq = $1 RETURNING seq, due_at, step, entity_id",
    );
    rows::one(conn, query.bind(id.number()), step).await
}

/// Takes the steps that wait for the control plane off the list, in their order; with `kind`, only those of
/// that name.
pub(crate) async fn take_held(
    conn: &mut Connection,
    kind: Option<&str>,
) -> Result<Vec<ScheduledStep>, StoreError> {
    let query = sql::query(
        "DELETE FROM scheduled_steps WHERE due_at IS NULL AND (step = $1 OR CAST($1 AS TEXT) IS NULL) \
         RETURNING seq, due_at, step, entity_id",
    );
    let mut taken = rows::all(conn, query.bind(kind), step).await?;
    // Rows come back in any order.
    taken.sort_by_key(|step| step.id);
    Ok(taken)
}

/// The steps that wait, `limit` of them at most: those with a time first, in their order.
pub(crate) async fn list(
    conn: &mut Connection,
    limit: u32,
) -> Result<Vec<ScheduledStep>, StoreError> {
    let query = sql::query(
        "SELECT seq, due_at, step, entity_id FROM scheduled_steps \
         ORDER BY due_at IS NULL, due_at, seq LIMIT $1",
    );
    rows::all(conn, query.bind(limit), step).await
}

fn step(row: &Row) -> Result<ScheduledStep, sqlx::Error> {
    Ok(ScheduledStep {
        id: StepId(row.try_get("seq")?),
        due_at: rows::instant_option(row, "due_at")?,
        step: row.try_get("step")?,
        entity_id: rows::parsed(row, "entity_id")?,
    })
}
