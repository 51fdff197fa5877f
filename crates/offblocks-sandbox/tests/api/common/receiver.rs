//! Subscribing receivers with raw calls.

use offblocks_types::VerificationKey;
use serde_json::{Value, json};

use super::Caller;

impl Caller {
    /// Subscribes a URL to events of these types, and returns the subscription.
    pub async fn subscribe(&self, url: impl AsRef<str>, types: &[&str]) -> Value {
        let body = json!({"callbackUrl": url.as_ref(), "types": types});
        self.call("PUT", "/webhooks")
            .body(body)
            .send()
            .await
            .expect(200)
    }

    /// The key that deliveries are signed with.
    pub async fn verification_key(&self) -> VerificationKey {
        let fetched = self.get("/webhooks/verification-key").await.expect(200);
        serde_json::from_value(fetched).unwrap()
    }
}

/// All types of events.
pub const ALL: &[&str] = &[
    "customer.updated",
    "account.updated",
    "card.updated",
    "authorisation.updated",
    "transaction.updated",
];
