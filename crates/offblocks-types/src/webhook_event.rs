//! What every webhook event has, of any type.

use crate::{DateTime, WebhookEvent, WebhookType};

impl WebhookEvent {
    /// The type of the event.
    #[must_use]
    pub fn webhook_type(&self) -> WebhookType {
        match self {
            Self::CustomerUpdate(event) => event.webhook_type.clone(),
            Self::AccountUpdate(event) => event.webhook_type.clone(),
            Self::CardUpdate(event) => event.webhook_type.clone(),
            Self::TransactionUpdate(event) => event.webhook_type.clone(),
            Self::AuthorisationUpdate(event) => event.webhook_type.clone(),
            Self::Unknown(event) => event.webhook_type.as_str().into(),
        }
    }

    /// When the entity reached the state that the event shows. Events may arrive out of order; sort
    /// them by this time. `None` where an event of an unknown type has no such time.
    #[must_use]
    pub fn updated_at(&self) -> Option<DateTime> {
        Some(match self {
            Self::CustomerUpdate(event) => event.updated_at,
            Self::AccountUpdate(event) => event.updated_at,
            Self::CardUpdate(event) => event.updated_at,
            Self::TransactionUpdate(event) => event.updated_at,
            Self::AuthorisationUpdate(event) => event.updated_at,
            Self::Unknown(event) => {
                let text = event.raw.get("updatedAt")?.as_str()?;
                chrono::DateTime::parse_from_rfc3339(text).ok()?.to_utc()
            }
        })
    }
}
