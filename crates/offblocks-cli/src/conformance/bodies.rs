//! The bodies that the walk sends.

use offblocks_signature::SigningKey;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::failure::Failure;
use crate::quickstart::target::random_id;
use crate::wallet::Wallet;

/// The chain that the guides use: zkSync Era's test network.
const CHAIN: &str = "eip155:300";

/// What stands before every external id, so that what the walk left behind is known again.
const PREFIX: &str = "conformance";

/// A body, and how one more like it is made.
pub(super) enum Body<'a> {
    /// There is none.
    Nothing,
    /// One that can be sent again and again.
    Same(Value),
    /// One of which every copy has to be another.
    Fresh(Value, &'a dyn Fn() -> Result<Value, Failure>),
}

impl Body<'_> {
    /// The body of the right call.
    pub(super) fn own(&self) -> Option<&Value> {
        match self {
            Self::Nothing => None,
            Self::Same(body) | Self::Fresh(body, _) => Some(body),
        }
    }

    /// The body of a wrong call, which would do if the call were right.
    pub(super) fn spare(&self) -> Result<Option<Value>, Failure> {
        match self {
            Self::Nothing => Ok(None),
            Self::Same(body) => Ok(Some(body.clone())),
            Self::Fresh(_, make) => make().map(Some),
        }
    }
}

/// The name of a wallet's account on the chain.
pub(super) fn owner(wallet: &Wallet) -> String {
    format!("{CHAIN}:{}", wallet.address())
}

/// A customer who owns a wallet.
pub(super) fn customer(wallet: &Wallet) -> Result<Value, Failure> {
    let external = format!("{PREFIX}-{}", random_id()?);
    Ok(json!({"chainId": owner(wallet), "externalId": external}))
}

/// A customer that the server does not know.
pub(super) fn stranger() -> Result<Value, Failure> {
    customer(&wallet()?)
}

/// A new wallet.
pub(super) fn wallet() -> Result<Wallet, Failure> {
    Wallet::generate().map_err(|error| Failure::new("no wallet could be made", error))
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
