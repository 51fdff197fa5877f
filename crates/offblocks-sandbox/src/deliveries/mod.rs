//! The log of deliveries of webhooks, and how deliveries are disturbed on purpose. The dispatcher
//! in `webhooks`, the store and the running sandbox all use it, and it uses none of them.

mod control;
mod log;
mod modes;
pub(crate) mod target;

pub(crate) use control::{Control, Moving};
pub use log::{Attempt, AttemptOutcome, Delivery, DeliveryId, DeliveryStatus};
pub use modes::{DeliveryModes, SignatureMode};
