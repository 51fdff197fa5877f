//! The event in a delivery.

use std::fmt;
use std::ops::Deref;

use offblocks_types::uuid::Uuid;
use offblocks_types::{
    AccountUpdate, AuthorisationUpdate, CardUpdate, CustomerUpdate, TransactionUpdate,
    WebhookEvent, WebhookType,
};

use crate::delivery::VerifiedDelivery;
use crate::error::WebhookError;

impl VerifiedDelivery {
    /// Reads the event. A type or a value that the contract does not list is kept as unknown.
    ///
    /// ```
    /// use offblocks_types::WebhookEvent;
    /// use offblocks_webhooks::testing::{TestSender, card_event};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let request = sender.deliver(&card_event(1, "active")).map(http_body_util::Full::new);
    /// let delivery = sender.verifier().build()?.verify(request).await?;
    /// let event = delivery.into_event::<WebhookEvent>()?;
    /// assert_eq!(event.event_id, event.event.event_id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`WebhookError::NotAnEvent`], and [`WebhookError::UnexpectedType`] where `E` is one type
    /// of event and this is another.
    pub fn into_event<E: FromWebhookEvent>(self) -> Result<VerifiedEvent<E>, WebhookError> {
        let event: WebhookEvent = match serde_json::from_slice(&self.body) {
            Ok(event) => event,
            Err(error) => {
                let reason = unreadable(&error);
                let delivery = Box::new(self);
                return Err(WebhookError::NotAnEvent { reason, delivery });
            }
        };
        let event_id = event.event_id();
        match E::from_webhook_event(event) {
            Ok(event) => Ok(VerifiedEvent {
                event,
                event_id,
                delivery: self,
            }),
            Err((expected, found)) => Err(WebhookError::UnexpectedType {
                found,
                expected,
                delivery: Box::new(self),
            }),
        }
    }
}

/// An event that OffBlocks sent: any [`WebhookEvent`], or one of a single type such as
/// [`CardUpdate`].
///
/// It derefs to the event. With the feature `axum` it is an extractor.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedEvent<E = WebhookEvent> {
    /// The event.
    pub event: E,
    /// The event's `eventId`, which all of its deliveries repeat.
    pub event_id: Uuid,
    /// The delivery that brought it.
    pub delivery: VerifiedDelivery,
}

impl<E> Deref for VerifiedEvent<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.event
    }
}

/// Shows only the id, because events hold personal data.
impl<E> fmt::Debug for VerifiedEvent<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifiedEvent")
            .field("event_id", &self.event_id)
            .field("delivery", &self.delivery)
            .finish_non_exhaustive()
    }
}

/// What a handler can take: every event, or those of one type.
pub trait FromWebhookEvent: Sized {
    /// The event as this type.
    ///
    /// # Errors
    /// The type that was expected and the one that was found, when they differ.
    fn from_webhook_event(event: WebhookEvent) -> Result<Self, (WebhookType, WebhookType)>;
}

impl FromWebhookEvent for WebhookEvent {
    fn from_webhook_event(event: WebhookEvent) -> Result<Self, (WebhookType, WebhookType)> {
        Ok(event)
    }
}

macro_rules! one_type {
    ($($event:ident is $kind:ident,)*) => {$(
        impl FromWebhookEvent for $event {
            fn from_webhook_event(
                event: WebhookEvent,
            ) -> Result<Self, (WebhookType, WebhookType)> {
                match event {
                    WebhookEvent::$event(event) => Ok(event),
                    other => Err((WebhookType::$kind, other.webhook_type())),
                }
            }
        }
    )*};
}

one_type! {
    CustomerUpdate is CustomerUpdated,
    AccountUpdate is AccountUpdated,
    CardUpdate is CardUpdated,
    AuthorisationUpdate is AuthorisationUpdated,
    TransactionUpdate is TransactionUpdated,
}

/// What is wrong with a body. The decoder's message can quote values, so only the place, and the
/// name of a property that our own types miss, are taken from it.
fn unreadable(error: &serde_json::Error) -> String {
    let at = format!("(line {}, column {})", error.line(), error.column());
    if error.is_eof() {
        return format!("it is cut off {at}");
    }
    if error.is_syntax() {
        return format!("it is not valid JSON {at}");
    }
    let text = error.to_string();
    let missing = text.split_once("missing field `");
    let missing = missing.and_then(|(_, rest)| rest.split_once('`'));
    match missing {
        Some((name, _)) if is_name(name) => format!("the property {name} is missing"),
        _ if text.starts_with("`webhookType`") => {
            "it has no webhookType that tells its type".to_owned()
        }
        _ => "a property is not what the contract says".to_owned(),
    }
}

/// Whether this can be a property of the contract, and not a part of a value.
fn is_name(text: &str) -> bool {
    text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_words_and_none_quotes_the_body() {
        let id = "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3";
        let cases = [
            ("{\"hunter2\": 1".to_owned(), "it is cut off (line 1"),
            ("hunter2".to_owned(), "it is not valid JSON (line 1"),
            (
                "{\"hunter2\": 1}".to_owned(),
                "it has no webhookType that tells its type",
            ),
            (
                "\"hunter2\"".to_owned(),
                "a property is not what the contract says",
            ),
            (
                format!(r#"{{"webhookType": "card.updated", "eventId": "{id}"}}"#),
                "the property id is missing",
            ),
            (
                r#"{"webhookType": "card.updated", "eventId": "hunter2"}"#.to_owned(),
                "a property is not what the contract says",
            ),
            (
                r#"{"webhookType": "hunter2"}"#.to_owned(),
                "a property is not what the contract says",
            ),
        ];
        for (body, expected) in cases {
            let error = serde_json::from_str::<WebhookEvent>(&body).unwrap_err();
            let reason = unreadable(&error);
            assert!(reason.starts_with(expected), "{body}: {reason}");
            assert!(!reason.contains("hunter2"), "{reason}");
        }
    }
}
