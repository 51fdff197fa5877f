//! What is known of each delivery.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use offblocks_types::{WebhookId, WebhookType};
use url::Url;
use uuid::Uuid;

use super::modes::DeliveryModes;

/// Names a delivery within one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(i64);

impl DeliveryId {
    /// The delivery of this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number. Later deliveries have higher ones.
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An event on its way to one subscription.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Delivery {
    /// Which delivery it is.
    pub id: DeliveryId,
    /// The subscription it is for.
    pub webhook_id: WebhookId,
    /// The event's `eventId`, which every delivery of it repeats.
    pub event_id: Uuid,
    /// The event's type.
    pub webhook_type: WebhookType,
    /// The body that is sent. An attempt that sent another one says so ([`Attempt::body`]).
    pub body: String,
    /// Its status.
    pub status: DeliveryStatus,
    /// When the event happened.
    pub created_at: DateTime<Utc>,
    /// When the status last changed.
    pub updated_at: DateTime<Utc>,
    /// Each attempt so far, in order.
    pub attempts: Vec<Attempt>,
}

/// The status of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryStatus {
    /// It is sent once the sandbox's clock shows this instant.
    Waiting {
        /// The instant.
        due_at: DateTime<Utc>,
    },
    /// The receiver's response was a 2xx.
    Delivered,
    /// It is not sent any more, unless it is resent.
    Discarded {
        /// Why not.
        reason: String,
    },
}

/// One attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// When it began, by the sandbox's clock.
    pub attempted_at: DateTime<Utc>,
    /// Where the request went.
    pub url: Url,
    /// The request's headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The request's body where a mode changed it. Otherwise it is [`Delivery::body`].
    pub body: Option<String>,
    /// How it was disturbed on purpose; `None` where it was not.
    pub modes: Option<DeliveryModes>,
    /// The response's headers, names in lower case and without credentials: the first 4,096 bytes of
    /// them. Without a response there are none.
    pub response_headers: Vec<(String, String)>,
    /// Its outcome.
    pub outcome: AttemptOutcome,
    /// How long it took, by a clock that is never set.
    pub duration: Duration,
}

impl Attempt {
    /// One whose request could not be made.
    pub(crate) const fn unsent(now: DateTime<Utc>, url: Url, reason: String) -> Self {
        Self {
            attempted_at: now,
            url,
            headers: Vec::new(),
            body: None,
            modes: None,
            response_headers: Vec::new(),
            outcome: AttemptOutcome::Failed { reason },
            duration: Duration::ZERO,
        }
    }

    /// The same one, disturbed by these modes.
    pub(crate) fn disturbed(mut self, modes: &DeliveryModes) -> Self {
        self.modes = (*modes != DeliveryModes::default()).then(|| modes.clone());
        self
    }
}

/// The outcome of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptOutcome {
    /// The receiver responded.
    Response {
        /// The status of the response.
        status: u16,
        /// The beginning of its body, at most 1,024 bytes.
        excerpt: String,
    },
    /// There was no response.
    Failed {
        /// Why not.
        reason: String,
    },
}

impl AttemptOutcome {
    /// Whether the delivery is acknowledged: by any 2xx.
    pub fn is_acknowledged(&self) -> bool {
        matches!(self, Self::Response { status, .. } if (200..300).contains(status))
    }
}
