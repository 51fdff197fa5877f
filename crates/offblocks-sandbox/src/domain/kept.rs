//! What the control plane keeps in the database: the clock, when steps happen, and the modes of
//! deliveries.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use offblocks_types::WebhookId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::step::{Step, StepRule};
use crate::clock::Hands;
use crate::deliveries::DeliveryModes;
use crate::store::{Connection, StoreError, control, webhooks};

const CLOCK: &str = "clock";
const PROGRESSION: &str = "progression";
const MODES: &str = "delivery_modes";

/// How the clock stands, among all processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeptClock {
    At(Hands),
    /// A process moves it, and lets happen what falls due on the way. These are the hands where that
    /// process ends before the move does: as they were before, moved as far as the clock has come.
    Moving(Hands),
}

impl KeptClock {
    /// What a clock shows that goes by it.
    pub(crate) const fn hands(self) -> Hands {
        match self {
            Self::At(hands) | Self::Moving(hands) => hands,
        }
    }
}

/// A clock as it is written.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Clock {
    /// Nanoseconds ahead of the clock beneath.
    Running(i128),
    Frozen(DateTime<Utc>),
    Moving(Reached),
}

/// A clock on its way, as it is written.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reached {
    /// Nanoseconds ahead of the clock beneath.
    Running(i128),
    Frozen(DateTime<Utc>),
}

/// The state of the clock, after it was set.
pub(crate) async fn clock(conn: &mut Connection) -> Result<Option<KeptClock>, StoreError> {
    let running = |nanoseconds| Hands::Running {
        ahead: ahead(nanoseconds),
    };
    let clock = read(conn, CLOCK).await?;
    Ok(clock.map(|clock| match clock {
        Clock::Frozen(at) => KeptClock::At(Hands::Frozen { at }),
        Clock::Running(nanoseconds) => KeptClock::At(running(nanoseconds)),
        Clock::Moving(Reached::Frozen(at)) => KeptClock::Moving(Hands::Frozen { at }),
        Clock::Moving(Reached::Running(nanoseconds)) => KeptClock::Moving(running(nanoseconds)),
    }))
}

/// Keeps how the clock stands.
pub(crate) async fn keep_clock(conn: &mut Connection, stands: KeptClock) -> Result<(), StoreError> {
    let clock = match stands {
        KeptClock::At(Hands::Frozen { at }) => Clock::Frozen(at),
        KeptClock::At(Hands::Running { ahead }) => Clock::Running(nanoseconds(ahead)),
        KeptClock::Moving(Hands::Frozen { at }) => Clock::Moving(Reached::Frozen(at)),
        KeptClock::Moving(Hands::Running { ahead }) => {
            Clock::Moving(Reached::Running(nanoseconds(ahead)))
        }
    };
    write(conn, CLOCK, &clock).await
}

/// All of them: an `i64` has room for three centuries, and a clock may be set further.
fn nanoseconds(span: TimeDelta) -> i128 {
    i128::from(span.num_seconds()) * NANOSECONDS + i128::from(span.subsec_nanos())
}

/// The span of so many nanoseconds. What no clock can be ahead by counts as nothing, as does
/// whatever cannot be read.
fn ahead(nanoseconds: i128) -> TimeDelta {
    let seconds = i64::try_from(nanoseconds.div_euclid(NANOSECONDS));
    let rest = u32::try_from(nanoseconds.rem_euclid(NANOSECONDS));
    let span = seconds
        .ok()
        .zip(rest.ok())
        .and_then(|(seconds, rest)| TimeDelta::new(seconds, rest));
    span.unwrap_or_default()
}

const NANOSECONDS: i128 = 1_000_000_000;

/// How deliveries are disturbed on purpose: all of them, and those of some subscriptions.
pub(crate) type Modes = (DeliveryModes, Vec<(WebhookId, DeliveryModes)>);

/// The modes of deliveries.
pub(crate) async fn modes(conn: &mut Connection) -> Result<Modes, StoreError> {
    Ok(read(conn, MODES).await?.unwrap_or_default())
}

/// Keeps the modes of deliveries.
pub(crate) async fn keep_modes(conn: &mut Connection, modes: &Modes) -> Result<(), StoreError> {
    write(conn, MODES, modes).await
}

/// Forgets the modes of subscriptions that are gone.
pub(crate) async fn forget_modes(conn: &mut Connection) -> Result<(), StoreError> {
    let (all, of) = modes(conn).await?;
    let (before, mut left) = (of.len(), Vec::new());
    for (id, modes) in of {
        if webhooks::find(conn, id).await?.is_some() {
            left.push((id, modes));
        }
    }
    match left.len() == before {
        true => Ok(()),
        false => keep_modes(conn, &(all, left)).await,
    }
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
    write(conn, PROGRESSION, rules).await
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
    value: &impl Serialize,
) -> Result<(), StoreError> {
    let text = serde_json::to_string(value).expect("names, numbers and instants are JSON");
    control::put(conn, name, &text).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_kept_to_the_nanosecond() {
        for (seconds, rest) in [(0, 0), (3_600, 1), (-2, 999_999_999), (220_000_000_000, 5)] {
            let span = TimeDelta::new(seconds, rest).unwrap();
            assert_eq!(ahead(nanoseconds(span)), span);
        }
        assert_eq!(ahead(i128::MAX), TimeDelta::zero());
    }
}
