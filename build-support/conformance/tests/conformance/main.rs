//! Exchanges checked against small contracts.

mod properties;
mod reports;
mod three_zero;

use conformance::{
    Base, Checker, ConformanceReport, Contract, Exchange, Headers, Intent, Outcome, Probe,
    ReceivedResponse,
};
use report::FailOn;
use serde_json::{Value, json};

const LIBRARY: &str = include_str!("library.yaml");

fn library() -> Contract {
    contract(LIBRARY)
}

fn contract(text: &str) -> Contract {
    let document = contract::read_str("library.yaml", text);
    Contract::new(document.unwrap_or_else(|error| panic!("{error}")))
}

fn exchange(method: &str, path: &str, status: u16, kind: &str, body: &str) -> Exchange {
    let url = format!("https://library.example/api{path}");
    let mut exchange = Exchange::new(method, url, Intent::Recorded);
    let mut headers = Headers::default();
    headers.push("X-Total", "1");
    if !kind.is_empty() {
        headers.push("Content-Type", kind);
    }
    exchange.response = ReceivedResponse {
        status,
        headers,
        body: body.as_bytes().to_vec(),
        unrecorded: false,
    };
    exchange
}

fn json_exchange(path: &str, body: &Value) -> Exchange {
    exchange("GET", path, 200, "application/json", &body.to_string())
}

fn checked(contract: &Contract, exchanges: &[Exchange]) -> ConformanceReport {
    let mut checker = Checker::new(contract, None);
    for exchange in exchanges {
        checker.check(exchange);
    }
    checker.finish("a recording")
}

/// What is found in one exchange: rule, message, place in the body.
fn found(contract: &Contract, exchange: Exchange) -> Vec<String> {
    let report = checked(contract, &[exchange]);
    let words = report.findings.iter().map(|finding| {
        let at = finding.example.at.as_deref().unwrap_or("-");
        format!("{} {at} {}", finding.rule.id, finding.message)
    });
    words.collect()
}

fn book() -> Value {
    json!({"isbn": "9780141439518", "genre": "novel"})
}

#[test]
fn values_are_checked_by_their_schemas() {
    let with = |key: &str, value: Value| {
        let mut book = book();
        book[key] = value;
        book
    };
    let table: &[(Value, &[&str])] = &[
        (book(), &[]),
        (with("pages", json!(400)), &[]),
        (
            with("pages", json!(0)),
            &["value-out-of-range /pages Book.pages: a value breaks `minimum`"],
        ),
        (
            with("pages", json!("many")),
            &["type-wrong /pages Book.pages: a string stands where the contract has another type"],
        ),
        (with("price", json!("12.50")), &[]),
        (
            with("price", json!("1e3")),
            &["format-invalid /price Book.price: a value is not in the format `decimal`"],
        ),
        (
            with("genre", json!("saga")),
            &[
                "enum-value-undocumented /genre Book.genre: `saga` is none of the values the contract lists",
            ],
        ),
        (
            with("genre", Value::Null),
            &[
                "enum-value-undocumented /genre Book.genre: null is none of the values the contract lists",
            ],
        ),
        (with("labels", json!({"shelf": "A"})), &[]),
        (
            with("labels", json!({"shelf": 7})),
            &[
                "type-wrong /labels/shelf Book.labels: an integer stands where the contract has another type",
            ],
        ),
        (with("author", json!({"name": "Jane", "born": null})), &[]),
        (
            with("author", json!({"name": "Jane", "born": "then", "shoe": 4})),
            &[
                "format-invalid /author/born Author.born: a value is not in the format `date`",
                "field-undocumented /author/shoe Author: the field `shoe` is in no schema",
            ],
        ),
        (
            with("author", json!({})),
            &["field-missing /author Named: the required field `name` is missing"],
        ),
        (
            with("colour", json!("red")),
            &["field-undocumented /colour Book: the field `colour` is in no schema"],
        ),
        (
            json!([]),
            &["type-wrong - Book: an array stands where the contract has another type"],
        ),
    ];
    let library = library();
    for (body, expected) in table {
        let found = found(&library, json_exchange("/books/9780141439518", body));
        let found: Vec<String> = found.iter().map(|it| it.replace("  ", " - ")).collect();
        assert_eq!(found, *expected, "for {body}");
    }
}

#[test]
fn a_discriminator_chooses_what_a_value_is_checked_against() {
    let kind = "application/vnd.library+json; charset=utf-8";
    let table: &[(Value, &[&str])] = &[
        (json!({"kind": "lent", "until": "2026-01-02"}), &[]),
        (
            json!({"kind": "lent", "until": "soon"}),
            &["format-invalid /0/until Lent.until: a value is not in the format `date`"],
        ),
        (
            json!({"kind": "Returned", "shelf": 7}),
            &[
                "field-forbidden /0 Returned: the contract forbids further fields, and here is `shelf`",
            ],
        ),
        (
            json!(7),
            &["alternative-unmatched /0 Loan: a value fits none of the alternatives"],
        ),
    ];
    let library = library();
    for (loan, expected) in table {
        let body = json!([loan]).to_string();
        let found = found(&library, exchange("GET", "/loans", 200, kind, &body));
        assert_eq!(found, *expected, "for {loan}");
    }
}

/// Exchanges, and the rules that each breaks.
fn heads() -> Vec<(Exchange, &'static [&'static str])> {
    let books = json!([book()]).to_string();
    let problem = "application/problem+json";
    let one = book().to_string();
    vec![
        (
            exchange("GET", "/books", 200, "application/json", &books),
            &[],
        ),
        (
            exchange(
                "GET",
                "/books",
                200,
                "Application/JSON; charset=utf-8",
                &books,
            ),
            &[],
        ),
        (exchange("GET", "/books", 304, "", ""), &[]),
        (
            exchange("GET", "/books", 200, "text/html", "<p>"),
            &["content-type-wrong"],
        ),
        (
            exchange("GET", "/books", 200, "", "[]"),
            &["content-type-missing"],
        ),
        (
            exchange("GET", "/books", 200, "application/json", ""),
            &["body-missing"],
        ),
        (
            exchange("GET", "/books", 200, "application/json", "{"),
            &["body-not-json"],
        ),
        (
            exchange(
                "GET",
                "/books",
                418,
                problem,
                r#"{"title": "no", "more": 1}"#,
            ),
            &[],
        ),
        (
            exchange("GET", "/books", 418, problem, "{}"),
            &["field-missing"],
        ),
        (
            exchange("GET", "/books", 302, "", ""),
            &["status-undocumented"],
        ),
        (exchange("GET", "/books", 500, "", ""), &["server-error"]),
        (
            exchange("GET", "/books", 501, "", ""),
            &["operation-not-implemented"],
        ),
        (exchange("GET", "/books", 503, "", "later"), &[]),
        (exchange("GET", "/loans", 413, "", "too much"), &[]),
        (
            exchange("GET", "/loans", 422, "", ""),
            &["status-undocumented"],
        ),
        (
            exchange("GET", "/loans", 404, "", ""),
            &["status-undocumented"],
        ),
        (exchange("POST", "/books", 201, "", ""), &[]),
        (
            exchange("POST", "/books", 201, "text/plain", "done"),
            &["body-undocumented"],
        ),
        (
            exchange("GET", "/books/1", 404, "text/html", "<h1>no</h1>"),
            &[],
        ),
        (
            exchange("GET", "/books/newest", 200, "image/png", "png"),
            &[],
        ),
        (
            exchange("GET", "/books/newest", 418, "application/json", &one),
            &[],
        ),
        (
            exchange("GET", "/books/newest", 200, "audio/ogg", "ogg"),
            &["content-type-wrong"],
        ),
        (exchange("DELETE", "/books", 405, "", ""), &[]),
        (
            exchange("DELETE", "/books", 204, "", ""),
            &["operation-undocumented"],
        ),
        (exchange("OPTIONS", "/books", 204, "", ""), &[]),
        (exchange("GET", "/elsewhere", 200, "", ""), &[]),
    ]
}

#[test]
fn heads_are_checked_by_status_and_content_type() {
    let library = library();
    for (exchange, expected) in heads() {
        let found = found(&library, exchange.clone());
        let rules: Vec<&str> = found
            .iter()
            .map(|it| it.split(' ').next().unwrap())
            .collect();
        let (method, url) = (&exchange.method, &exchange.url);
        assert_eq!(
            rules, expected,
            "for {method} {url} {}",
            exchange.response.status
        );
    }
    let books = json!([book()]).to_string();
    let mut bare = exchange("GET", "/books", 200, "application/json", &books);
    bare.response.headers = [("content-type", "application/json")].into_iter().collect();
    let found = found(&library, bare);
    assert_eq!(
        found,
        ["header-missing - getBooks 200: the required header `X-Total` is missing"]
    );
}

/// A call that is rejected as the contract says, or not at all.
fn rejecting(path: &str, status: u16, body: &str) -> Exchange {
    exchange("POST", path, status, "application/problem+json", body)
}

#[test]
fn a_rejection_is_checked_against_the_contract_too() {
    let mut exchange = rejecting("/books", 401, r#"{"detail": "no"}"#);
    exchange.intent = Intent::Probe(Probe::MissingToken);
    let found = found(&library(), exchange);
    assert!(
        matches!(found.as_slice(), [only] if only.starts_with("field-missing ")),
        "{found:#?}"
    );
}

#[test]
fn a_probe_has_to_be_rejected() {
    let table: &[(Probe, u16, &[&str])] = &[
        (Probe::MissingToken, 401, &[]),
        (Probe::MissingToken, 200, &["token-not-required"]),
        (Probe::MissingToken, 403, &["rejection-status"]),
        (Probe::MissingToken, 500, &["server-error"]),
        (Probe::MissingToken, 501, &[]),
        (Probe::WrongToken, 204, &["token-not-checked"]),
        (Probe::MissingSignature, 400, &[]),
        (Probe::WrongSignature, 201, &["signature-not-checked"]),
        (Probe::WrongDigest, 302, &["digest-not-checked"]),
        (Probe::MissingKey, 201, &["idempotency-key-not-required"]),
        (Probe::ReusedKey, 422, &[]),
        (Probe::ReusedKey, 201, &["idempotency-key-reused"]),
        (Probe::MalformedBody, 400, &[]),
        (Probe::UnknownId, 404, &[]),
        (Probe::UnknownId, 200, &["unknown-id-accepted"]),
        (Probe::MalformedId, 404, &[]),
    ];
    let library = library();
    for (probe, status, expected) in table {
        let mut exchange = rejecting("/books", *status, r#"{"title": "no"}"#);
        exchange.intent = Intent::Probe(*probe);
        let found = found(&library, exchange);
        let rules: Vec<&str> = found
            .iter()
            .map(|it| it.split(' ').next().unwrap())
            .collect();
        assert_eq!(rules, *expected, "for {probe:?} with {status}");
    }
}

#[test]
fn a_replayed_call_gets_the_same_response() {
    let library = library();
    let with = |first: (u16, &str), second: (u16, &str)| {
        let mut exchange = rejecting("/books", second.0, second.1);
        exchange.intent = Intent::Probe(Probe::ReplayedKey);
        exchange.first_response = Some(ReceivedResponse {
            status: first.0,
            body: first.1.as_bytes().to_vec(),
            ..ReceivedResponse::default()
        });
        found(&library, exchange).len()
    };
    assert_eq!(with((201, "a"), (201, "a")), 0);
    assert_eq!(with((201, "a"), (201, "b")), 1);
    let conflict = r#"{"title": "no"}"#;
    assert_eq!(with((201, conflict), (409, conflict)), 1);
    assert_eq!(with((201, "a"), (503, "")), 0);
}

#[test]
fn a_literal_path_wins_over_a_template() {
    let library = library();
    let id = |path: &str| {
        let found = library.find("GET", path)?.operation;
        found.map(|operation| operation.id.clone())
    };
    assert_eq!(id("/books/newest").as_deref(), Some("getNewest"));
    assert_eq!(id("/books/9780141439518").as_deref(), Some("getBook"));
    assert_eq!(id("/books/").as_deref(), Some("getBooks"));
    assert_eq!(id("/books/1/2"), None);
    assert!(!library.operation("getNewest").unwrap().needs_token);
    assert!(library.operation("getBook").unwrap().needs_token);
}

#[test]
fn nothing_checked_is_not_a_pass() {
    let library = library();
    let report = checked(&library, &[]);
    assert_eq!(report.outcome(FailOn::Any), Outcome::Inconclusive);
    let not_found = exchange("GET", "/books/1", 404, "", "");
    let report = checked(&library, &[not_found]);
    assert_eq!(report.outcome(FailOn::Any), Outcome::Inconclusive);
    let mut checker = Checker::new(&library, Some(Base::of("https://other.example/api")));
    checker.check(&json_exchange("/books/1", &book()));
    let report = checker.finish("elsewhere");
    assert_eq!((report.exchanges, report.outside), (0, 1));
}

#[test]
fn values_of_headers_are_checked_by_their_schemas() {
    let library = library();
    for (value, expected) in [
        ("1", &[][..]),
        (
            "many",
            &[
                "header-invalid - getBooks 200: the header `X-Total`: a string stands where the contract has another type",
            ],
        ),
    ] {
        let mut exchange = json_exchange("/books", &json!([book()]));
        exchange.response.headers = [("content-type", "application/json"), ("x-total", value)]
            .into_iter()
            .collect();
        assert_eq!(found(&library, exchange), expected, "{value}");
    }
}

#[test]
fn an_identifier_that_was_given_has_to_be_found() {
    let text = LIBRARY.replace(
        "schema: {type: string}}\n    get:\n      operationId: getBook",
        "schema: {$ref: '#/components/schemas/Isbn'}}\n    get:\n      operationId: getBook",
    );
    let text = text.replace(
        "isbn: {type: string, pattern: '^[0-9]{13}$'}",
        "isbn: {$ref: '#/components/schemas/Isbn'}",
    );
    let text = format!("{text}\n    Isbn: {{type: string, pattern: '^[0-9]{{13}}$'}}\n");
    let library = contract(&text);
    let given = |intent: Intent| {
        let mut list = json_exchange("/books", &json!([book()]));
        let mut lost = exchange("GET", "/books/9780141439518", 404, "", "");
        let mut other = exchange("GET", "/books/9999999999999", 404, "", "");
        for exchange in [&mut list, &mut lost, &mut other] {
            exchange.intent = intent;
        }
        let report = checked(&library, &[list, lost, other]);
        let findings = report.findings.iter();
        findings
            .map(|it| (it.rule.id, it.count))
            .collect::<Vec<_>>()
    };
    assert_eq!(given(Intent::Ordinary), [("given-id-not-found", 1)]);
    // What was recorded may have been removed in between.
    assert_eq!(given(Intent::Recorded), []);
}
