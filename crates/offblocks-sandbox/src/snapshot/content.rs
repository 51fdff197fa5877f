//! What may be in the columns of a snapshot. The digest shows that nothing was changed by accident, but a
//! snapshot that was written by hand can have a valid digest too. The sandbox uses these rows afterwards, and
//! a row that it cannot read would let each call fail that uses it.

use std::str::FromStr;

use chrono::{DateTime, Datelike as _};
use offblocks_signature::{SigningKey, VerifyingKey};
use offblocks_types::{
    AccountStatus, AccountType, Address, AuthorisationStatus, BlockchainAccountId,
    BlockchainAssetId, BlockchainTransactionId, CardNetwork, CardStatus, CardType, CustomerStatus,
    Fee, FeeType, Merchant, TransactionDirection, TransactionStatus, WebhookType,
};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use url::Url;
use uuid::Uuid;

use crate::Step;
use crate::store::InactiveCause;
use crate::store::ledger::Book;
use crate::store::sql::Value;

/// What a cell has to be. NULL is left to the database, which knows where it may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content {
    /// Whatever its kind allows.
    Any,
    /// A text for which this holds, and what it is called.
    Text(fn(&str) -> bool, &'static str),
    /// A number for which this holds, and what it is called.
    Number(fn(i64) -> bool, &'static str),
}

impl Content {
    /// # Errors
    /// What the cell should have been.
    pub(super) fn check(self, value: &Value) -> Result<(), &'static str> {
        match (self, value) {
            (Self::Text(is_good, expected), Value::Text(Some(text))) if !is_good(text) => {
                Err(expected)
            }
            (Self::Number(is_good, expected), Value::Integer(Some(number)))
                if !is_good(*number) =>
            {
                Err(expected)
            }
            _ => Ok(()),
        }
    }
}

/// What the cells of a column have to be.
pub(super) fn of(table: &str, column: &str) -> Content {
    match column {
        "status" | "reason" | "type" | "network" | "direction" => word(table, column),
        "inactive_cause" => parsed::<InactiveCause>("own, account or customer"),
        "book" | "from_book" | "to_book" => parsed::<Book>("the name of a book"),
        "step" => parsed::<Step>("the name of a step that this version knows"),
        "chain_id" if table == "chain_transactions" => {
            parsed::<BlockchainTransactionId>("a CAIP-221 transaction id")
        }
        "chain_id" => parsed::<BlockchainAccountId>("a CAIP-10 account id"),
        "token" => parsed::<BlockchainAssetId>("a CAIP-19 asset id"),
        "amount" | "merchant_amount" | "token_amount" | "exchange_rate" => {
            parsed::<Decimal>("a decimal number")
        }
        "merchant" => json::<Merchant>("a merchant as JSON"),
        "billing_address" => json::<Option<Address>>("an address as JSON"),
        "fees" => json::<Vec<Fee>>("a list of fees as JSON"),
        "headers" => json::<Vec<(String, String)>>("a list of headers as JSON"),
        "callback_url" | "url" => parsed::<Url>("a URL"),
        "spki_pem" => Content::Text(
            |pem| VerifyingKey::from_spki_pem(pem).is_ok(),
            "a public key",
        ),
        "private_pem" => Content::Text(|pem| SigningKey::from_pem(pem).is_ok(), "a private key"),
        "attempts" => Content::Number(|number| u32::try_from(number).is_ok(), "a count"),
        "since" => instant(),
        _ if column.ends_with("_at") => instant(),
        "external_id" => Content::Any,
        "id" | "api_key" => uuid(),
        _ if column.ends_with("_id") => uuid(),
        _ => Content::Any,
    }
}

/// Rows are looked for by the text of their ids, so these have the one spelling that the sandbox writes.
fn uuid() -> Content {
    let is_written = |text: &str| {
        let mut spelling = Uuid::encode_buffer();
        text.parse::<Uuid>()
            .is_ok_and(|id| text == id.hyphenated().encode_lower(&mut spelling))
    };
    Content::Text(is_written, "a UUID in lower case")
}

/// A word that the contract or the database's schema lists.
fn word(table: &str, column: &str) -> Content {
    /// One of a contract's listed values. The types take others too, which no call accepts.
    macro_rules! listed {
        ($type:ty, $what:literal) => {
            Content::Text(
                |text| <$type>::ALL.iter().any(|word| word.as_str() == text),
                $what,
            )
        };
    }
    match (table, column) {
        ("customers", "status") => listed!(CustomerStatus, "a status of customers"),
        ("accounts", "status") => listed!(AccountStatus, "a status of accounts"),
        ("accounts", "type") => listed!(AccountType, "a type of accounts"),
        ("cards", "status") => listed!(CardStatus, "a status of cards"),
        ("cards", "type") => listed!(CardType, "a type of cards"),
        ("cards", "network") => listed!(CardNetwork, "a card network"),
        ("authorisations", "status") => {
            listed!(AuthorisationStatus, "a status of authorisations")
        }
        ("transactions", "status") => listed!(TransactionStatus, "a status of transactions"),
        ("transactions", "direction") => listed!(TransactionDirection, "a direction"),
        ("fees", "type") => listed!(FeeType, "a type of fees"),
        ("webhook_types" | "webhook_events", "type") => listed!(WebhookType, "a type of events"),
        ("deliveries", "status") => Content::Text(
            |text| ["waiting", "delivered", "discarded"].contains(&text),
            "waiting, delivered or discarded",
        ),
        ("idempotency" | "delivery_attempts", "status") => Content::Number(
            |number| (100..=999).contains(&number),
            "a status of a response",
        ),
        _ => Content::Any,
    }
}

fn parsed<T: FromStr>(what: &'static str) -> Content {
    Content::Text(|text| text.parse::<T>().is_ok(), what)
}

fn json<T: DeserializeOwned>(what: &'static str) -> Content {
    Content::Text(|text| serde_json::from_str::<T>(text).is_ok(), what)
}

/// Microseconds since 1970, of a year that responses can show.
fn instant() -> Content {
    let is_good = |micros| {
        let instant = DateTime::from_timestamp_micros(micros);
        instant.is_some_and(|instant| (0..=9999).contains(&instant.year()))
    };
    Content::Number(is_good, "an instant")
}
