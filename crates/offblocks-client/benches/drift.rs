//! What looking for drift costs beside decoding: with drift off, with a server that follows the
//! contract, and with a server that does not. Run with
//! `cargo bench -p offblocks-client --bench drift`.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on may stop")]

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher};
use http::StatusCode;
use offblocks_client::Operation;
use offblocks_client::drift::DriftWatch;
use offblocks_types::{Card, Transaction};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// Who listens, and to what.
#[derive(Debug, Clone, Copy)]
enum Case {
    /// Decoding alone.
    Decode,
    Off,
    InOrder,
    Drift,
}

const CASES: [Case; 4] = [Case::Decode, Case::Off, Case::InOrder, Case::Drift];

#[divan::bench(args = CASES, sample_count = 1000)]
fn card(bencher: Bencher<'_, '_>, case: Case) {
    let card = json!({
        "id": "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3", "accountId": "e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461",
        "type": "virtual", "name": "Ada Penrose", "network": "visa",
        "maskedPan": "411752******0386", "expirationDate": "03/2027", "status": "active",
        "billingAddress": {"firstLine": "Flat 3", "city": "Bristol", "country": "GB", "postCode": "BS1 4RN"},
        "createdAt": "2025-11-05T09:21:48.306Z", "updatedAt": "2025-11-05T09:21:48.306Z",
    });
    measure::<Card>(bencher, case, "getCard", changed(card, case));
}

#[divan::bench(args = CASES, sample_count = 1000)]
fn hundred_transactions(bencher: Bencher<'_, '_>, case: Case) {
    let one = TRANSACTION.parse::<Value>().unwrap();
    let all = vec![changed(one, case); 100];
    measure::<Vec<Transaction>>(bencher, case, "getCardTransactions", Value::Array(all));
}

/// The same object after the server moved on: a new field and a new status.
fn changed(mut object: Value, case: Case) -> Value {
    if let Case::Drift = case {
        object["somethingNew"] = json!({"deep": [1, 2, 3]});
        object["status"] = json!("resting");
    }
    object
}

const TRANSACTION: &str = r#"{"id": "40b8d2f7-95ac-4e13-a6d0-c81f3e5792b4",
"accountId": "e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461", "cardId": "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3",
"authorisationId": "c71e04a6-d28f-4953-8b1c-5f96e0a34d78", "status": "processed", "direction": "debit",
"amount": "23.5", "currency": "EUR", "merchantAmount": "20", "merchantCurrency": "GBP",
"exchangeRate": "1.175", "merchant": {"id": "M-20417", "name": "Quayside Books", "mcc": 5942,
"country": "GB", "city": "Bristol"}, "tokenAmount": "25.61",
"token": "eip155:300/erc20:0x3C469E9d6C5875D37a43f353D4F88E61FcF812C6",
"fees": [{"type": "network", "tokenAmount": "0.04"}], "chainTransactions": [{"chainId":
"eip155:300:0x1b5b9ccb3e8d006a5230de9bda23ff91edc794d4f56410560830b418528e446c",
"createdAt": "2024-03-05T10:02:18.056271Z"}], "createdAt": "2024-03-05T09:44:52.730915Z",
"updatedAt": "2024-03-05T10:02:18.056271Z"}"#;

/// What the client does with a response.
fn measure<T: DeserializeOwned>(bencher: Bencher<'_, '_>, case: Case, id: &str, body: Value) {
    let (operation, body) = (Operation::find(id).unwrap(), body.to_string());
    let watch = match case {
        Case::Decode | Case::Off => DriftWatch::default(),
        Case::InOrder | Case::Drift => DriftWatch::new(|drift| divan::black_box_drop(drift.count)),
    };
    bencher.counter(BytesCount::of_str(&body)).bench_local(|| {
        let decoded: T = serde_json::from_str(&body).unwrap();
        if !matches!(case, Case::Decode) {
            watch.response(operation, StatusCode::OK, body.as_bytes());
        }
        decoded
    });
}
