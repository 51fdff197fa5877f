//! Events to send.

use offblocks_types::chrono::{DateTime, TimeDelta, Utc};
use offblocks_types::uuid::Uuid;
use offblocks_types::{
    AccountId, CardId, CardStatus, CardType, CardUpdate, WebhookEvent, WebhookType,
};

/// An event of one card, in this status. Events of different numbers have different ids, and the
/// later number the later `updatedAt`.
///
/// ```
/// use offblocks_webhooks::testing::card_event;
///
/// let (first, second) = (card_event(1, "issuing"), card_event(2, "active"));
/// assert_ne!(first.event_id(), second.event_id());
/// ```
#[must_use]
pub fn card_event(number: u32, status: impl Into<CardStatus>) -> WebhookEvent {
    let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(1_767_323_045 + i64::from(number));
    card_event_at(Uuid::from_u128(u128::from(number)), status, at)
}

/// An event of one card with this id, in this status, which the card reached at this instant.
///
/// ```
/// use offblocks_types::chrono::DateTime;
/// use offblocks_types::uuid::Uuid;
/// use offblocks_webhooks::testing::card_event_at;
///
/// let (id, at) = (Uuid::from_u128(7), DateTime::from_timestamp(1_795_340_781, 0).ok_or("a time")?);
/// assert_eq!(card_event_at(id, "active", at).event_id(), id);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn card_event_at(
    event_id: Uuid,
    status: impl Into<CardStatus>,
    updated_at: DateTime<Utc>,
) -> WebhookEvent {
    let card = CardUpdate::new(
        event_id,
        WebhookType::CardUpdated,
        CardId(Uuid::from_u128(0xca4d)),
        AccountId(Uuid::from_u128(0xacc0)),
        CardType::Virtual,
        status.into(),
        DateTime::UNIX_EPOCH + TimeDelta::seconds(1_767_323_045),
        updated_at,
    );
    WebhookEvent::CardUpdate(card)
}
