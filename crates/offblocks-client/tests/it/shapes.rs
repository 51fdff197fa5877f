//! The tables that drift is found with, beside the schemas the server validates with. Both come from
//! the contract, by ways that share no code.

use std::collections::BTreeSet;

use offblocks_client::drift::{Shape, shapes};
use serde_json::Value;

macro_rules! tables {
    ($($table:ident: $schema:literal,)*) => {
        &[$((stringify!($table), $schema, &shapes::$table)),*]
    };
}

/// Every table, with the schema it is of.
static TABLES: &[(&str, &str, &Shape)] = tables! {
    AUTHENTICATION: "Authentication",
    CUSTOMER: "Customer",
    CUSTOMER_STATUS: "CustomerStatus",
    ACCOUNT: "Account",
    ACCOUNT_STATUS: "AccountStatus",
    ACCOUNT_TYPE: "AccountType",
    CARD: "Card",
    CARD_STATUS: "CardStatus",
    CARD_TYPE: "CardType",
    CARD_NETWORK: "CardNetwork",
    ADDRESS: "Address",
    MERCHANT: "Merchant",
    FEE: "Fee",
    FEE_TYPE: "FeeType",
    CHAIN_TRANSACTION: "ChainTransaction",
    TRANSACTION: "Transaction",
    TRANSACTION_STATUS: "TransactionStatus",
    TRANSACTION_DIRECTION: "TransactionDirection",
    AUTHORISATION: "Authorisation",
    AUTHORISATION_STATUS: "AuthorisationStatus",
    BLOCKCHAIN: "Blockchain",
    ASSET: "Asset",
    OWNER_CHALLENGE: "OwnerChallenge",
    WEBHOOK: "Webhook",
    WEBHOOK_TYPE: "WebhookType",
    WEBHOOK_EVENT: "WebhookEvent",
    CUSTOMER_UPDATE: "CustomerUpdate",
    ACCOUNT_UPDATE: "AccountUpdate",
    CARD_UPDATE: "CardUpdate",
    TRANSACTION_UPDATE: "TransactionUpdate",
    AUTHORISATION_UPDATE: "AuthorisationUpdate",
    VERIFICATION_KEY: "VerificationKey",
    CREATE_CUSTOMER_RESPONSE: "CreateCustomerResponse",
    CREATE_CUSTOMER_ACCOUNT_RESPONSE: "CreateCustomerAccountResponse",
};

fn read(path: &str) -> String {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn schemas() -> Value {
    serde_json::from_str(&read("../offblocks-server/src/generated/schemas.json")).unwrap()
}

#[test]
fn every_table_is_compared() {
    let text = read("src/generated/shapes.rs");
    let written = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub static "));
    let written: BTreeSet<&str> = written
        .filter_map(|line| Some(line.split_once(": Shape =")?.0))
        .collect();
    let compared: BTreeSet<&str> = TABLES.iter().map(|(name, ..)| *name).collect();
    assert_eq!(
        compared, written,
        "list in `TABLES` what the contract has gained or lost"
    );
}

#[test]
fn every_table_says_what_its_schema_says() {
    let all = schemas();
    for (_, name, shape) in TABLES {
        compare(&all, shape, &all["$defs"][name], name);
    }
}

fn compare(all: &Value, shape: &Shape, schema: &Value, place: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = all.pointer(reference.trim_start_matches('#')).unwrap();
        return compare(all, shape, target, place);
    }
    match shape {
        Shape::Object(fields) => {
            let properties = schema["properties"].as_object().unwrap();
            let names = fields.iter().map(|(name, _)| *name);
            let known = properties.keys().map(String::as_str);
            assert_eq!(names.collect::<BTreeSet<_>>(), known.collect(), "{place}");
            for (name, shape) in *fields {
                compare(all, shape, &properties[*name], &format!("{place}.{name}"));
            }
        }
        Shape::Enum(values) => {
            let listed = schema["enum"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str);
            assert_eq!(values.to_vec(), listed.collect::<Vec<_>>(), "{place}");
        }
        Shape::Array(item) => compare(all, item, &schema["items"], &format!("{place}[]")),
        Shape::Tagged { tag, members } => {
            let arms = schema["allOf"].as_array().unwrap();
            assert_eq!(arms.len(), members.len(), "{place}");
            for (value, shape) in *members {
                let chosen = |arm: &&Value| arm["if"]["properties"][tag]["const"] == *value;
                let arm = arms.iter().find(chosen).unwrap();
                compare(all, shape, &arm["then"], &format!("{place}({value})"));
            }
        }
        Shape::Leaf | Shape::Any => {
            for structure in ["properties", "items", "enum", "oneOf", "allOf"] {
                assert!(schema.get(structure).is_none(), "{place} has `{structure}`");
            }
        }
        other => panic!("{place}: no rule compares {other:?}; write one"),
    }
}
