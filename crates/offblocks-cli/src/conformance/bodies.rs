//! The bodies that the walk sends.

use offblocks_cards::LocalWallet;
use offblocks_signature::SigningKey;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::failure::Failure;
use crate::system::random_id;
use crate::wallet;

/// The prefix of every external id, so that what the walk left behind can be recognised.
const PREFIX: &str = "conformance";

/// A body, and how another one like it is created.
pub(super) enum Body<'a> {
    /// No body.
    Nothing,
    /// A body that can be sent several times.
    Same(Value),
    /// A body that must be different in each call.
    Fresh(Value, &'a dyn Fn() -> Result<Value, Failure>),
}

impl Body<'_> {
    /// The body of the correct call.
    pub(super) fn own(&self) -> Option<&Value> {
        match self {
            Self::Nothing => None,
            Self::Same(body) | Self::Fresh(body, _) => Some(body),
        }
    }

    /// The body of a wrong call. It would be valid in a correct call.
    pub(super) fn spare(&self) -> Result<Option<Value>, Failure> {
        match self {
            Self::Nothing => Ok(None),
            Self::Same(body) => Ok(Some(body.clone())),
            Self::Fresh(_, make) => make().map(Some),
        }
    }
}

/// A customer who owns a wallet.
pub(super) fn customer(wallet: &LocalWallet) -> Result<Value, Failure> {
    let external = format!("{PREFIX}-{}", random_id()?);
    Ok(json!({"chainId": wallet.owner(), "externalId": external}))
}

/// Another customer, with a new wallet.
pub(super) fn another_customer() -> Result<Value, Failure> {
    customer(&wallet()?)
}

/// A new wallet.
pub(super) fn wallet() -> Result<LocalWallet, Failure> {
    wallet::new()
}

pub(super) fn account() -> Value {
    json!({"type": "card_account", "currencies": ["EUR"]})
}

pub(super) fn card() -> Value {
    let address = json!({
        "firstLine": "18 Harbour Row", "city": "Bristol", "country": "GB", "postCode": "BS1 4RN",
    });
    json!({"type": "virtual", "billingAddress": address})
}

pub(super) fn authorisation(capture: bool) -> Value {
    json!({"amount": "20.0", "currency": "EUR", "capture": capture})
}

pub(super) fn webhook() -> Value {
    let url = "https://conformance.example/webhooks";
    json!({"callbackUrl": url, "types": ["card.updated"]})
}

pub(super) fn signing_key(id: Uuid, key: &SigningKey) -> Value {
    json!({"signingKeyId": id, "signingKey": key.public_key().to_base64_pem()})
}

/// The same body with another value in it, which is another payload.
pub(super) fn altered(body: &Value) -> Option<Value> {
    let candidates = [
        ("/currencies", json!(["USD"])),
        ("/billingAddress/city", json!("Leeds")),
        ("/amount", json!("21.0")),
        ("/callbackUrl", json!("https://conformance.example/others")),
        ("/externalId", json!(format!("{PREFIX}-another"))),
        ("/signature", json!("AAAA")),
    ];
    candidates.into_iter().find_map(|(pointer, other)| {
        let mut altered = body.clone();
        *altered.pointer_mut(pointer)? = other;
        (altered != *body).then_some(altered)
    })
}
