//! Servers that are wrong in one way each: that way is found, and nothing else.

use std::collections::BTreeSet;

use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::bank::CARD;
use crate::command::{Said, conformance};
use crate::tamper::{
    self, After, Before, Incoming, Outgoing, as_sent, bearer, digest, unchanged_response,
};

/// One kind of drift.
struct Case {
    name: &'static str,
    before: Before,
    after: After,
    /// The rules that find it, and no others do.
    rules: &'static [&'static str],
}

const fn on_response(name: &'static str, after: After, rules: &'static [&'static str]) -> Case {
    Case {
        name,
        before: as_sent,
        after,
        rules,
    }
}

const fn request(name: &'static str, before: Before, rules: &'static [&'static str]) -> Case {
    Case {
        name,
        before,
        after: unchanged_response,
        rules,
    }
}

/// Runs a case with the registered key.
fn run(case: &Case) -> Said {
    let server = tamper::start(case.before, case.after);
    let key = server.key_file.path().to_str().unwrap();
    conformance(&[
        "--base-url",
        &server.base_url,
        "--signing-key",
        key,
        "--key-id",
        server.key_id,
        "--mutate",
        "--format",
        "json",
    ])
}

#[test]
fn a_right_server_has_no_findings() {
    let case = on_response("nothing", unchanged_response, &[]);
    let said = run(&case);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(said.rules(), BTreeSet::new());
}

/// Runs each case, and reports every difference at once.
fn check(cases: &[Case]) {
    let mut surprises = Vec::new();
    for case in cases {
        let said = run(case);
        let expected: BTreeSet<String> = case.rules.iter().map(|it| (*it).to_owned()).collect();
        let (found, code) = (said.rules(), said.code);
        if found != expected || code != Some(100) {
            let (name, text) = (case.name, said.findings_text());
            surprises.push(format!(
                "{name}: {found:?}, not {expected:?}, exit {code:?}\n{text}"
            ));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

/// Whether this is the response to a correct call of the list of cards.
fn shows_cards(request: &Incoming, response: &Outgoing) -> bool {
    request.is("GET", "/v1/cards") && response.status == StatusCode::OK
}

fn in_card(request: &Incoming, response: &mut Outgoing, change: impl FnOnce(&mut Value)) {
    if shows_cards(request, response) {
        response.change(|body| change(&mut body[0]));
    }
}

/// Responses that differ from the contract in one way each.
const WRONG_RESPONSES: &[Case] = &[
    on_response(
        "undocumented status",
        |request, response| {
            if shows_cards(request, response) {
                response.status = StatusCode::PARTIAL_CONTENT;
            }
        },
        &["status-undocumented"],
    ),
    on_response(
        "wrong content type",
        |request, response| {
            if shows_cards(request, response) {
                let html = HeaderValue::from_static("text/html");
                response.headers.insert(header::CONTENT_TYPE, html);
            }
        },
        &["content-type-wrong"],
    ),
    on_response(
        "no content type",
        |request, response| {
            if shows_cards(request, response) {
                response.headers.remove(header::CONTENT_TYPE);
            }
        },
        &["content-type-missing"],
    ),
    on_response(
        "no body",
        |request, response| {
            if shows_cards(request, response) {
                response.body.clear();
                response.headers.remove(header::CONTENT_LENGTH);
            }
        },
        &["body-missing"],
    ),
    on_response(
        "broken JSON",
        |request, response| {
            if shows_cards(request, response) {
                response.say(&json!([]));
                response.body = "[{".into();
            }
        },
        &["body-not-json"],
    ),
    on_response(
        "missing required field",
        |request, response| {
            in_card(request, response, |card| {
                card.as_object_mut().unwrap().remove("status");
            });
        },
        &["field-missing"],
    ),
    on_response(
        "wrong type",
        |request, response| in_card(request, response, |card| card["name"] = json!(["Ada"])),
        &["type-wrong"],
    ),
    on_response(
        "extra field",
        |request, response| in_card(request, response, |card| card["colour"] = json!("red")),
        &["field-undocumented"],
    ),
    on_response(
        "unknown enum value",
        |request, response| in_card(request, response, |card| card["status"] = json!("frozen")),
        &["enum-value-undocumented"],
    ),
    on_response(
        "malformed timestamp",
        |request, response| in_card(request, response, |card| card["createdAt"] = json!("today")),
        &["format-invalid"],
    ),
    on_response(
        "malformed identifier",
        |request, response| in_card(request, response, |card| card["accountId"] = json!("A-1")),
        &["format-invalid"],
    ),
    on_response(
        "null where none is allowed",
        |request, response| in_card(request, response, |card| card["name"] = Value::Null),
        &["null-not-allowed"],
    ),
    on_response(
        "money as a number",
        |request, response| {
            let path = format!("/v1/cards/{CARD}/transactions");
            if request.is("GET", &path) && response.status == StatusCode::OK {
                response.change(|body| body[0]["amount"] = json!(23.5));
            }
        },
        &["type-wrong"],
    ),
    on_response(
        "an object for a list",
        |request, response| {
            if shows_cards(request, response) {
                response.change(|body| *body = json!({"cards": body.take()}));
            }
        },
        &["type-wrong"],
    ),
    on_response(
        "the server fails",
        |request, response| {
            if request.is("GET", "/v1/chains") && response.status == StatusCode::OK {
                response.status = StatusCode::INTERNAL_SERVER_ERROR;
                response.body.clear();
            }
        },
        &["server-error"],
    ),
    on_response(
        "another success than documented",
        |request, response| {
            if request.is("GET", "/v1/chains") && response.status == StatusCode::OK {
                response.status = StatusCode::NO_CONTENT;
                response.body.clear();
            }
        },
        &["status-undocumented"],
    ),
];

#[test]
fn drift_of_responses_is_found_and_none_is_invented() {
    check(WRONG_RESPONSES);
}

/// Requests that the contract rejects, and what a wrong server does with each.
const WRONG_REJECTIONS: &[Case] = &[
    request(
        "accepts a missing token",
        |_, request| {
            if !request.has("authorization") {
                request.headers.insert("authorization", bearer());
            }
            None
        },
        &["token-not-required"],
    ),
    request(
        "accepts any token",
        |_, request| {
            if request.has("authorization") {
                request.headers.insert("authorization", bearer());
            }
            None
        },
        &["token-not-checked"],
    ),
    request(
        "accepts a missing signature",
        |tools, request| {
            if !request.has("signature") {
                tools.sign(request);
            }
            None
        },
        &["signature-not-required"],
    ),
    request(
        "accepts a bad signature",
        |tools, request| {
            let given = request.headers.get("content-digest").cloned();
            let undigested = given.is_none() && !request.body.is_empty();
            let wrong = given.is_some_and(|it| it != digest(&request.body));
            if request.has("signature") && !undigested && !wrong && !tools.holds(request) {
                tools.sign(request);
            }
            None
        },
        &["signature-not-checked"],
    ),
    request(
        "accepts a missing digest",
        |tools, request| {
            let missing = !request.body.is_empty() && !request.has("content-digest");
            if request.has("signature") && missing {
                tools.sign(request);
            }
            None
        },
        &["digest-not-required"],
    ),
    request(
        "accepts a wrong digest",
        |tools, request| {
            let given = request.headers.get("content-digest").cloned();
            if given.is_some_and(|it| it != digest(&request.body)) {
                tools.sign(request);
            }
            None
        },
        &["digest-not-checked"],
    ),
    request(
        "ignores a missing idempotency key",
        |_, request| {
            if request.method != "GET" && !request.has("idempotency-key") {
                request.headers.insert("idempotency-key", fresh_key());
            }
            None
        },
        &["idempotency-key-not-required"],
    ),
    request(
        "accepts a reused key with another payload",
        |tools, request| {
            if request.has("idempotency-key") && tools.is_another(request) {
                request.headers.insert("idempotency-key", fresh_key());
            }
            None
        },
        &["idempotency-key-reused"],
    ),
    request(
        "does not replay",
        |tools, request| {
            let creates = request.is("POST", "/v1/customers");
            if creates && request.has("idempotency-key") && tools.is_known(request) {
                let other = request.body.windows(7).any(|it| it == b"another");
                if !other {
                    request.headers.insert("idempotency-key", fresh_key());
                }
            }
            None
        },
        &["idempotency-not-replayed"],
    ),
    request(
        "accepts a malformed body",
        |_, request| {
            let malformed = request.body == "{" || request.body == "{}";
            (malformed && request.is("POST", "/v1/customers")).then(|| ok(&json!({})))
        },
        &["malformed-body-accepted"],
    ),
    on_response(
        "200 for an unknown identifier",
        |request, response| {
            let card = request.uri.path().starts_with("/v1/cards/");
            if request.method == "GET" && card && response.status == StatusCode::NOT_FOUND {
                *response = ok(&json!({}));
            }
        },
        &["unknown-id-accepted"],
    ),
    on_response(
        "200 for a malformed identifier",
        |request, response| {
            if request.uri.path().contains("not-an-identifier") {
                *response = ok(&json!({}));
            }
        },
        &["malformed-id-accepted"],
    ),
    on_response(
        "200 for a wrong method",
        |_, response| {
            if response.status == StatusCode::METHOD_NOT_ALLOWED {
                *response = ok(&json!({}));
            }
        },
        &["method-not-rejected"],
    ),
    on_response(
        "405 without its methods",
        |_, response| {
            response.headers.remove(header::ALLOW);
        },
        &["allow-missing"],
    ),
    on_response(
        "403 for a missing token",
        |request, response| {
            if !request.has("authorization") && response.status == StatusCode::UNAUTHORIZED {
                response.status = StatusCode::FORBIDDEN;
            }
        },
        // The same 403 to wrong credentials is a status that getToken does not document.
        &["rejection-status", "status-undocumented"],
    ),
];

#[test]
fn drift_of_rejections_is_found_and_none_is_invented() {
    check(WRONG_REJECTIONS);
}

#[test]
fn one_cause_is_one_finding() {
    let drift = |_: &Incoming, response: &mut Outgoing| {
        let cards = response.body.windows(12).any(|it| it == br#""accountId":"#);
        if response.status == StatusCode::OK && cards {
            response.change(|body| {
                let entities: Vec<&mut Value> = match body {
                    Value::Array(items) => items.iter_mut().collect(),
                    one => vec![one],
                };
                for entity in entities.into_iter().filter(|it| it["type"] == "virtual") {
                    entity["status"] = json!("frozen");
                }
            });
        }
    };
    let said = run(&on_response("frozen everywhere", drift, &[]));
    let report = said.report();
    let findings = report["findings"].as_array().unwrap().iter();
    let findings: Vec<&Value> = findings.filter(|it| it["severity"] == "breaking").collect();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let finding = findings[0];
    assert!(finding["count"].as_u64().unwrap() >= 3, "{finding:#}");
    let operations = ["getAccountCards", "getCard", "getCards"];
    assert_eq!(finding["operations"], json!(operations), "{finding:#}");
    let message = finding["message"].as_str().unwrap();
    assert!(
        message.contains("Card.status") && message.contains("`frozen`"),
        "{message}"
    );
    let place = finding["contract"]["pointer"].as_str().unwrap();
    assert_eq!(place, "/components/schemas/CardStatus/enum");
    let repeat = finding["example"]["repeat"].as_str().unwrap();
    assert!(repeat.contains("offblocks keys sign GET"), "{repeat}");
}

fn ok(body: &Value) -> Outgoing {
    let mut response = Outgoing {
        status: StatusCode::OK,
        headers: http::HeaderMap::new(),
        body: Default::default(),
    };
    response.say(body);
    response
}

fn fresh_key() -> HeaderValue {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let key = uuid::Uuid::from_u64_pair(7, next);
    key.to_string().parse().unwrap()
}
