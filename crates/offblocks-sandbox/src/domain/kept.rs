//! What the control plane keeps in the database: the clock, and when steps happen.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::steps::{Step, StepRule};
use crate::clock::Hands;
use crate::store::{Connection, StoreError, control};

const CLOCK: &str = "clock";
const PROGRESSION: &str = "progression";

/// A clock as it is written. One that shows the system's time is not.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Clock {
    /// Nanoseconds ahead of the clock beneath.
    Running(i64),
    Frozen(DateTime<Utc>),
}

/// How the clock stood.
pub(crate) async fn clock(conn: &mut Connection) -> Result<Hands, StoreError> {
    Ok(match read(conn, CLOCK).await? {
        None => Hands::SYSTEM,
        Some(Clock::Frozen(at)) => Hands::Frozen { at },
        Some(Clock::Running(nanoseconds)) => Hands::Running {
            ahead: TimeDelta::nanoseconds(nanoseconds),
        },
    })
}

/// Keeps how the clock stands.
pub(crate) async fn keep_clock(conn: &mut Connection, hands: Hands) -> Result<(), StoreError> {
    let clock = match hands {
        Hands::SYSTEM => None,
        Hands::Frozen { at } => Some(Clock::Frozen(at)),
        // Centuries fit, and no clock is moved further.
        Hands::Running { ahead } => ahead.num_nanoseconds().map(Clock::Running),
    };
    write(conn, CLOCK, clock.as_ref()).await
}

/// When steps happen, as far as somebody has said so.
pub(crate) async fn rules(conn: &mut Connection) -> Result<BTreeMap<Step, StepRule>, StoreError> {
    Ok(read(conn, PROGRESSION).await?.unwrap_or_default())
}

/// Keeps when steps happen.
pub(crate) async fn keep_rules(
    conn: &mut Connection,
    rules: &BTreeMap<Step, StepRule>,
) -> Result<(), StoreError> {
    write(conn, PROGRESSION, Some(rules)).await
}

/// What is kept under a name. What another version wrote and this one cannot read counts as
/// nothing.
async fn read<T: DeserializeOwned>(
    conn: &mut Connection,
    name: &str,
) -> Result<Option<T>, StoreError> {
    let text = control::get(conn, name).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

async fn write(
    conn: &mut Connection,
    name: &str,
    value: Option<&impl Serialize>,
) -> Result<(), StoreError> {
    match value {
        Some(value) => {
            let text = serde_json::to_string(value).expect("names, numbers and instants are JSON");
            control::put(conn, name, &text).await
        }
        None => control::remove(conn, name).await,
    }
}
