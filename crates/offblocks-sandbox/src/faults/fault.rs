//! What a fault is.

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::random::{Random, RandomExt as _, SeededRandom};

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// With this status, before the call is looked at.
    Status(#[serde(with = "status")] StatusCode),
    /// With this status, after the call was carried out and committed.
    StatusAfterCommit(#[serde(with = "status")] StatusCode),
    /// It does not fail, but takes this much longer.
    Latency(Duration),
    /// With a 429 and a `Retry-After` of so many seconds.
    TooManyRequests(u32),
    /// With a 401, as if its token had expired. Calls that need no token do not match.
    ExpiredToken,
    /// The connection is reset before a response.
    ResetBefore,
    /// The connection is reset after half of the response's body.
    ResetInside,
    /// The call is carried out and committed, and no response comes for this long. Then the
    /// connection is closed.
    Timeout(Duration),
    /// Half of the response's body is sent, and the connection is closed.
    TruncatedBody,
    /// A value of an enumeration in the response is one that the contract does not have.
    UnknownValue,
    /// An object in the response has a property that the contract does not have.
    ExtraField,
}

impl FaultKind {
    /// Its name in the control plane.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status(_) | Self::StatusAfterCommit(_) => "status",
            Self::Latency(_) => "latency",
            Self::TooManyRequests(_) => "too_many_requests",
            Self::ExpiredToken => "expired_token",
            Self::ResetBefore => "reset_before",
            Self::ResetInside => "reset_inside",
            Self::Timeout(_) => "timeout",
            Self::TruncatedBody => "truncated_body",
            Self::UnknownValue => "unknown_value",
            Self::ExtraField => "extra_field",
        }
    }

    /// Whether there are responses that it does not change: those without a body, or without what it
    /// changes in a body.
    pub(super) const fn may_change_nothing(self) -> bool {
        self.sends_half() || matches!(self, Self::UnknownValue | Self::ExtraField)
    }

    /// Whether the client receives nothing of a response.
    pub(crate) const fn sends_nothing(self) -> bool {
        matches!(self, Self::ResetBefore | Self::Timeout(_))
    }

    /// Whether the client receives half of the response's body.
    pub(crate) const fn sends_half(self) -> bool {
        matches!(self, Self::ResetInside | Self::TruncatedBody)
    }
}

/// Which calls fail, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fault {
    /// How.
    pub kind: FaultKind,
    /// The `operationId` of the calls that match; `None` for every operation.
    pub operation: Option<String>,
    /// Which share of the calls that match fails, in per cent; `None` for all of them.
    pub percentage: Option<f64>,
    /// What the draws for [`Fault::percentage`] are made from, together with the number of the call
    /// among those that match, [`Fault::kind`] and [`Fault::operation`]. So different faults of one seed
    /// let different calls fail. `None` draws from the sandbox's own randomness.
    pub seed: Option<u64>,
    /// Only the call of this number fails, counting those that match from 1.
    pub nth: Option<u64>,
    /// How often it is applied at most. A call whose response it does not change does not count.
    pub times: Option<u64>,
}

impl Fault {
    /// A fault of every call.
    pub const fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            operation: None,
            percentage: None,
            seed: None,
            nth: None,
            times: None,
        }
    }
}

impl Fault {
    /// Whether it is meant for a call of this operation.
    pub(super) fn matches(&self, operation: &str, with_token: bool) -> bool {
        let named = self.operation.as_deref().is_none_or(|it| it == operation);
        named && (with_token || self.kind != FaultKind::ExpiredToken)
    }

    /// Whether its counts decide about the next call. Then all processes have to share them.
    pub(super) const fn is_decided_by_counts(&self) -> bool {
        self.nth.is_some() || self.times.is_some() || self.seed.is_some()
    }

    /// Counts a call that matches, and says whether it fails.
    pub(super) fn meets(&self, counts: &mut Counts, random: &dyn Random) -> bool {
        counts.matched += 1;
        let applies = self.times.is_none_or(|times| counts.applied < times)
            && self.nth.is_none_or(|nth| counts.matched == nth)
            && self.percentage.is_none_or(|percentage| match self.seed {
                // So that the draws are the same after a restart, and in whichever process.
                Some(seed) => {
                    let call = format!("{} {}", counts.matched, self.subject());
                    is_drawn(percentage, &*SeededRandom::new(seed).fork(&call))
                }
                None => is_drawn(percentage, random),
            });
        counts.applied += u64::from(applies);
        applies
    }

    /// What it does to which calls, without how many of them.
    fn subject(&self) -> String {
        serde_json::to_string(&(self.kind, &self.operation)).expect("names and numbers are JSON")
    }
}

/// Whether a draw falls into so many per cent.
fn is_drawn(percentage: f64, random: &dyn Random) -> bool {
    let drawn = f64::from(u32::from_be_bytes(random.bytes()));
    drawn / (f64::from(u32::MAX) + 1.0) * 100.0 < percentage
}

/// How often a fault was met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) matched: u64,
    pub(crate) applied: u64,
}

/// A status as its number.
mod status {
    use http::StatusCode;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(super) fn serialize<S: Serializer>(it: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u16(it.as_u16())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<StatusCode, D::Error> {
        StatusCode::from_u16(u16::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// Names a fault. The number of a fault that was removed is not used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaultId(u64);

impl FaultId {
    /// The fault of this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for FaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The fault that was applied to a call. The response carries it in its extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppliedFault {
    /// Which fault it was.
    pub id: FaultId,
    /// What it did.
    pub kind: FaultKind,
}

/// A fault in force, and how often it was met.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FaultReport {
    /// Which fault it is.
    pub id: FaultId,
    /// What it does.
    pub fault: Fault,
    /// How many calls matched it.
    pub matched: u64,
    /// How many of these calls it changed.
    pub applied: u64,
}
