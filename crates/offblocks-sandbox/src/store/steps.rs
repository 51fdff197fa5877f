//! What will happen by itself, and when.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::sql::{self, AssertSqlSafe, Connection};
use super::{StoreError, rows};

/// A step that waits for its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScheduledStep {
    pub(crate) due_at: DateTime<Utc>,
    /// The step's name; [`crate::domain::Step`] knows them.
    pub(crate) step: String,
    pub(crate) entity_id: Uuid,
}

pub(crate) async fn schedule(
    conn: &mut Connection,
    step: &ScheduledStep,
) -> Result<(), StoreError> {
    sql::query("INSERT INTO scheduled_steps (due_at, step, entity_id) VALUES ($1, $2, $3)")
        .bind(rows::micros(step.due_at))
        .bind(&step.step)
        .bind(step.entity_id.to_string())
        .execute(conn)
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

/// Takes the next due step off the list.
pub(crate) async fn take_due(
    conn: &mut Connection,
    now: DateTime<Utc>,
) -> Result<Option<ScheduledStep>, StoreError> {
    let query = sql::query(AssertSqlSafe(format!(
        "DELETE FROM scheduled_steps WHERE seq = \
         (SELECT seq FROM scheduled_steps WHERE due_at <= $1 ORDER BY due_at, seq LIMIT 1{}) \
         RETURNING due_at, step, entity_id",
        conn.dialect().take()
    )));
    let Some(row) = query.bind(rows::micros(now)).fetch_optional(conn).await? else {
        return Ok(None);
    };
    Ok(Some(ScheduledStep {
        due_at: rows::instant(&row, "due_at")?,
        step: row.try_get("step")?,
        entity_id: rows::parsed(&row, "entity_id")?,
    }))
}
