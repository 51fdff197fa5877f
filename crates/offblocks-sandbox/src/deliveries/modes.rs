//! Ways to try a receiver: deliveries that are late, doubled, out of order or wrong.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How deliveries are disturbed on purpose, to test a receiver. By default they are not.
///
/// Receivers must accept the first three, must find the missing events after the fourth, and must reject or
/// ignore the others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeliveryModes {
    /// Each delivery is sent twice.
    pub duplicate: bool,
    /// Every second event is held back for a second of the sandbox's time, so that later ones
    /// overtake it.
    pub reorder: bool,
    /// How long each delivery waits, by the sandbox's clock, before it is first sent.
    pub delay: Duration,
    /// Nothing is sent: deliveries are discarded at once. They can be resent.
    pub drop: bool,
    /// What is wrong with the signature.
    pub signature: SignatureMode,
    /// `webhookType` is one that the contract does not know.
    pub unknown_type: bool,
}

/// What is wrong with a delivery's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SignatureMode {
    /// Nothing.
    #[default]
    Valid,
    /// It does not match what it covers.
    Bad,
    /// `created` is an hour ago.
    Stale,
    /// It is made with another key, and `keyid` names that key.
    AnotherKey,
}

/// How long [`DeliveryModes::reorder`] holds an event back.
const HELD_BACK: Duration = Duration::from_secs(1);

impl DeliveryModes {
    /// What these modes do, in words for labels.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &'static str> {
        let signature = match self.signature {
            SignatureMode::Valid => None,
            SignatureMode::Bad => Some("signature_bad"),
            SignatureMode::Stale => Some("signature_stale"),
            SignatureMode::AnotherKey => Some("signature_another_key"),
        };
        let all = [
            self.duplicate.then_some("duplicate"),
            self.reorder.then_some("reorder"),
            (!self.delay.is_zero()).then_some("delay"),
            self.drop.then_some("drop"),
            signature,
            self.unknown_type.then_some("unknown_type"),
        ];
        all.into_iter().flatten()
    }

    /// How long after an event its first attempt is due.
    pub(crate) fn hold(&self, event_number: i64) -> Duration {
        let held_back = self.reorder && event_number % 2 == 1;
        if held_back {
            self.delay.saturating_add(HELD_BACK)
        } else {
            self.delay
        }
    }
}
