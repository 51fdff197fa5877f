//! Deliveries for your own tests: valid ones, and one for each kind of fault.
//!
//! ```
//! use offblocks_webhooks::testing::{Fault, TestSender, card_event};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sender = TestSender::new("https://bank.example/hooks/offblocks")?;
//! let verifier = sender.verifier().build()?;
//! let event = card_event(1, "active");
//!
//! // With axum, give the request to `Router::oneshot`.
//! let delivery = verifier.verify(sender.deliver(&event).map(http_body_util::Full::new)).await?;
//! assert_eq!(delivery.into_event::<offblocks_types::WebhookEvent>()?.event, event);
//!
//! let forged = sender.deliver_with(&event, &Fault::BadSignature);
//! let rejection = verifier.verify(forged.map(http_body_util::Full::new)).await.unwrap_err();
//! assert_eq!(rejection.status(), 401);
//! # Ok(())
//! # }
//! ```

mod events;
mod keys;
mod sender;

pub use events::{card_event, card_event_at};
pub use keys::TestKeys;
pub use sender::{Fault, TestSender};
