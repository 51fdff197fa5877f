//! What the control plane keeps in the database: the clock, when steps happen, and the modes of
//! deliveries.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use offblocks_types::WebhookId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::steps::{Step, StepRule};
use crate::clock::Hands;
use crate::deliveries::DeliveryModes;
use crate::store::{Connection, StoreError, control};

const CLOCK: &str = "clock";
const PROGRESSION: &str = "progression";
const MODES: &str = "delivery_modes";

/// How the clock stands, among all processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeptClock {
    At(Hands),
    /// A process moves it, and lets happen what falls due on the way.
    Moving {
        target: DateTime<Utc>,
    },
}

impl KeptClock {
    /// What a clock shows that goes by it. One that was being moved stands where it was to go: what
    /// was written on the way is not in its future then.
    pub(crate) const fn hands(self) -> Hands {
        match self {
            Self::At(hands) => hands,
            Self::Moving { target } => Hands::Frozen { at: target },
        }
    }
}

/// A clock as it is written. One that shows the system's time is not.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Clock {
    /// Nanoseconds ahead of the clock beneath.
    Running(i64),
    Frozen(DateTime<Utc>),
    /// On its way there.
    Moving(DateTime<Utc>),
}

/// How the clock stands.
pub(crate) async fn clock(conn: &mut Connection) -> Result<KeptClock, StoreError> {
    Ok(KeptClock::At(match read(conn, CLOCK).await? {
        None => Hands::SYSTEM,
        Some(Clock::Frozen(at)) => Hands::Frozen { at },
        Some(Clock::Running(nanoseconds)) => Hands::Running {
            ahead: TimeDelta::nanoseconds(nanoseconds),
        },
        Some(Clock::Moving(target)) => return Ok(KeptClock::Moving { target }),
    }))
}

/// Keeps how the clock stands.
pub(crate) async fn keep_clock(conn: &mut Connection, stands: KeptClock) -> Result<(), StoreError> {
    let clock = match stands {
        KeptClock::At(Hands::SYSTEM) => None,
        KeptClock::At(Hands::Frozen { at }) => Some(Clock::Frozen(at)),
        // Centuries fit, and no clock is moved further.
        KeptClock::At(Hands::Running { ahead }) => ahead.num_nanoseconds().map(Clock::Running),
        KeptClock::Moving { target } => Some(Clock::Moving(target)),
    };
    write(conn, CLOCK, clock.as_ref()).await
}

/// How deliveries are made worse on purpose: all of them, and those of some subscriptions.
pub(crate) type Modes = (DeliveryModes, Vec<(WebhookId, DeliveryModes)>);

/// The modes of deliveries.
pub(crate) async fn modes(conn: &mut Connection) -> Result<Modes, StoreError> {
    Ok(read(conn, MODES).await?.unwrap_or_default())
}

/// Keeps the modes of deliveries.
pub(crate) async fn keep_modes(conn: &mut Connection, modes: &Modes) -> Result<(), StoreError> {
    write(conn, MODES, Some(modes)).await
}

/// When steps happen, as far as the control plane has set it.
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
