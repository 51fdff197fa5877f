//! What a fault is.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// With this status, before anything of the call was looked at.
    Status(StatusCode),
    /// With this status, after the call was carried out and committed.
    StatusAfterCommit(StatusCode),
    /// It does not fail, but takes so much longer.
    Latency(Duration),
    /// With a 429 and a `Retry-After` of so many seconds.
    TooManyRequests(u32),
    /// With a 401, as if its token had expired. Calls that need no token do not match.
    ExpiredToken,
    /// The connection is reset before a response.
    ResetBefore,
    /// The connection is reset after half of the response's body.
    ResetInside,
    /// The call is carried out and committed, and no response comes for so long. Then the
    /// connection is closed.
    Timeout(Duration),
    /// Half of the response's body is sent, and the connection is closed.
    TruncatedBody,
    /// A value of an enumeration in the response is one that the contract does not have.
    UnknownValue,
    /// An object in the response has a property that the contract does not have.
    ExtraField,
}

/// Which calls fail, and how.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fault {
    /// How.
    pub kind: FaultKind,
    /// The `operationId` of the calls that match; `None` for every operation.
    pub operation: Option<String>,
    /// Which share of the calls that match fails, in per cent; `None` for all of them.
    pub percentage: Option<f64>,
    /// Where the draw for [`Fault::percentage`] starts; `None` draws from the sandbox's own
    /// randomness.
    pub seed: Option<u64>,
    /// Only the call of this number fails, counting those that match from 1.
    pub nth: Option<u64>,
    /// How often it is applied at most.
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

/// Names a fault until the sandbox stops.
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
    /// How many of them failed.
    pub applied: u64,
}
