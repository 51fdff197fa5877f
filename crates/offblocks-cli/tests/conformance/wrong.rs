//! Servers that are wrong in one way each: that way is found, and nothing else.

use std::collections::BTreeSet;

use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::bank::CARD;
use crate::command::{Said, conformance};
use crate::tamper::{
    self, After, Before, Incoming, Outgoing, as_answered, as_sent, bearer, digest,
};

/// One kind of drift.
struct Case {
    name: &'static str,
    before: Before,
    after: After,
    /// The rules that find it, and no others do.
    rules: &'static [&'static str],
}

const fn answer(name: &'static str, after: After, rules: &'static [&'static str]) -> Case {
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
        after: as_answered,
        rules,
    }
}

/// Runs a case as somebody with the registered key.
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
fn a_right_server_is_not_blamed() {
    let case = answer("nothing", as_answered, &[]);
    let said = run(&case);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(said.rules(), BTreeSet::new());
}

/// Runs each case, and tells every surprise at once.
fn check(cases: &[Case]) {
    let mut surprises = Vec::new();
    for case in cases {
        let said = run(case);
        let expected: BTreeSet<String> = case.rules.iter().map(|it| (*it).to_owned()).collect();
        let (found, code) = (said.rules(), said.code);
        if found != expected || code != Some(100) {
            let (name, told) = (case.name, said.told());
            surprises.push(format!(
                "{name}: {found:?}, not {expected:?}, exit {code:?}\n{told}"
            ));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

/// Whether an answer is that to a right question for cards.
fn shows_cards(request: &Incoming, answer: &Outgoing) -> bool {
    request.is("GET", "/v1/cards") && answer.status == StatusCode::OK
}

fn in_card(request: &Incoming, answer: &mut Outgoing, change: impl FnOnce(&mut Value)) {
    if shows_cards(request, answer) {
        answer.change(|body| change(&mut body[0]));
    }
}

#[test]
fn drift_of_answers_is_found_and_none_is_invented() {
    check(&[
        answer(
            "undocumented status",
            |request, answer| {
                if shows_cards(request, answer) {
                    answer.status = StatusCode::PARTIAL_CONTENT;
                }
            },
            &["status-undocumented"],
        ),
        answer(
            "wrong content type",
            |request, answer| {
                if shows_cards(request, answer) {
                    let html = HeaderValue::from_static("text/html");
                    answer.headers.insert(header::CONTENT_TYPE, html);
                }
            },
            &["content-type-wrong"],
        ),
        answer(
            "no content type",
            |request, answer| {
                if shows_cards(request, answer) {
                    answer.headers.remove(header::CONTENT_TYPE);
                }
            },
            &["content-type-missing"],
        ),
        answer(
            "no body",
            |request, answer| {
                if shows_cards(request, answer) {
                    answer.body.clear();
                    answer.headers.remove(header::CONTENT_LENGTH);
                }
            },
            &["body-missing"],
        ),
        answer(
            "broken JSON",
            |request, answer| {
                if shows_cards(request, answer) {
                    answer.say(&json!([]));
                    answer.body = "[{".into();
                }
            },
            &["body-not-json"],
        ),
        answer(
            "missing required field",
            |request, answer| {
                in_card(request, answer, |card| {
                    card.as_object_mut().unwrap().remove("status");
                });
            },
            &["field-missing"],
        ),
        answer(
            "wrong type",
            |request, answer| in_card(request, answer, |card| card["name"] = json!(["Ada"])),
            &["type-wrong"],
        ),
        answer(
            "extra field",
            |request, answer| in_card(request, answer, |card| card["colour"] = json!("red")),
            &["field-undocumented"],
        ),
        answer(
            "unknown enum value",
            |request, answer| in_card(request, answer, |card| card["status"] = json!("frozen")),
            &["enum-value-undocumented"],
        ),
        answer(
            "malformed timestamp",
            |request, answer| in_card(request, answer, |card| card["createdAt"] = json!("today")),
            &["format-invalid"],
        ),
        answer(
            "malformed identifier",
            |request, answer| in_card(request, answer, |card| card["accountId"] = json!("A-1")),
            &["format-invalid"],
        ),
        answer(
            "null where none is allowed",
            |request, answer| in_card(request, answer, |card| card["name"] = Value::Null),
            &["null-not-allowed"],
        ),
        answer(
            "money as a number",
            |request, answer| {
                let path = format!("/v1/cards/{CARD}/transactions");
                if request.is("GET", &path) && answer.status == StatusCode::OK {
                    answer.change(|body| body[0]["amount"] = json!(23.5));
                }
            },
            &["type-wrong"],
        ),
        answer(
            "an object for a list",
            |request, answer| {
                if shows_cards(request, answer) {
                    answer.change(|body| *body = json!({"cards": body.take()}));
                }
            },
            &["type-wrong"],
        ),
        answer(
            "the server fails",
            |request, answer| {
                if request.is("GET", "/v1/chains") && answer.status == StatusCode::OK {
                    answer.status = StatusCode::INTERNAL_SERVER_ERROR;
                    answer.body.clear();
                }
            },
            &["server-error"],
        ),
        answer(
            "another success than documented",
            |request, answer| {
                if request.is("GET", "/v1/chains") && answer.status == StatusCode::OK {
                    answer.status = StatusCode::NO_CONTENT;
                    answer.body.clear();
                }
            },
            &["status-undocumented"],
        ),
    ]);
}

#[test]
fn drift_of_refusals_is_found_and_none_is_invented() {
    check(&[
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
                let honest = request.headers.get("content-digest").cloned();
                let undigested = honest.is_none() && !request.body.is_empty();
                let wrong = honest.is_some_and(|it| it != digest(&request.body));
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
        answer(
            "200 for an unknown identifier",
            |request, answer| {
                let card = request.uri.path().starts_with("/v1/cards/");
                if request.method == "GET" && card && answer.status == StatusCode::NOT_FOUND {
                    *answer = ok(&json!({}));
                }
            },
            &["unknown-id-accepted"],
        ),
        answer(
            "200 for a malformed identifier",
            |request, answer| {
                if request.uri.path().contains("not-an-identifier") {
                    *answer = ok(&json!({}));
                }
            },
            &["malformed-id-accepted"],
        ),
        answer(
            "200 for a wrong method",
            |_, answer| {
                if answer.status == StatusCode::METHOD_NOT_ALLOWED {
                    *answer = ok(&json!({}));
                }
            },
            &["method-not-rejected"],
        ),
        answer(
            "405 without its methods",
            |_, answer| {
                answer.headers.remove(header::ALLOW);
            },
            &["allow-missing"],
        ),
        answer(
            "403 for a missing token",
            |request, answer| {
                if !request.has("authorization") && answer.status == StatusCode::UNAUTHORIZED {
                    answer.status = StatusCode::FORBIDDEN;
                }
            },
            // The same 403 to wrong credentials is a status that getToken does not document.
            &["rejection-status", "status-undocumented"],
        ),
    ]);
}

#[test]
fn one_cause_is_one_finding() {
    let drift = |_: &Incoming, answer: &mut Outgoing| {
        let cards = answer.body.windows(12).any(|it| it == br#""accountId":"#);
        if answer.status == StatusCode::OK && cards {
            answer.change(|body| {
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
    let said = run(&answer("frozen everywhere", drift, &[]));
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
    let mut answer = Outgoing {
        status: StatusCode::OK,
        headers: http::HeaderMap::new(),
        body: Default::default(),
    };
    answer.say(body);
    answer
}

fn fresh_key() -> HeaderValue {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let key = uuid::Uuid::from_u64_pair(7, next);
    key.to_string().parse().unwrap()
}
