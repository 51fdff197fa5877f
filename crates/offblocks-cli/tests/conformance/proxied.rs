//! The sandbox behind a proxy that changes its responses in one way at a time: along the whole guide
//! each way is found, and nothing else.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::bank;
use crate::command::{SPEC, Said, conformance, with_spec};
use crate::tamper::{After, Incoming, Outgoing, unchanged_response, with_responses};

/// A way to change responses, and the rules that find it.
struct Case {
    name: &'static str,
    after: After,
    rules: &'static [&'static str],
}

const fn case(name: &'static str, after: After, rules: &'static [&'static str]) -> Case {
    Case { name, after, rules }
}

/// The sandbox, with a proxy before it that changes what it says.
pub fn start(after: After) -> String {
    let settings = offblocks_sandbox::Settings::default();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let sandbox = offblocks_sandbox::start_local(settings).await.unwrap();
            sender.send(sandbox.base_url().clone()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    let upstream = receiver.recv().unwrap();
    let upstream = upstream.origin().ascii_serialization();
    bank::serve(move |_| {
        let http = Arc::new(reqwest::Client::new());
        let forward = move |request: Request| {
            let (http, upstream) = (http.clone(), upstream.clone());
            async move { forwarded(&http, &upstream, request).await }
        };
        with_responses(Router::new().fallback(forward), after)
    })
}

/// Sends a request on as it is, its `Host` included, which is signed.
async fn forwarded(http: &reqwest::Client, upstream: &str, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let path = parts.uri.path_and_query().unwrap();
    let sent = http
        .request(parts.method, format!("{upstream}{path}"))
        .headers(parts.headers)
        .body(body)
        .send();
    let received = sent.await.unwrap();
    let (status, mut headers) = (received.status(), received.headers().clone());
    headers.remove(header::TRANSFER_ENCODING);
    let mut response = Response::new(Body::from(received.bytes().await.unwrap()));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn mutating(base_url: &str, more: &[&str]) -> Said {
    let common = ["--base-url", base_url, "--mutate", "--format", "json"];
    conformance(&[&common[..], more].concat())
}

/// Whether this is the successful response to a `GET` of a path that begins and ends so.
fn shows(request: &Incoming, response: &Outgoing, begin: &str, segments: usize) -> bool {
    let path = request.uri.path();
    request.method == "GET"
        && response.status == StatusCode::OK
        && path.starts_with(begin)
        && path.split('/').count() == segments
}

fn is_card(request: &Incoming, response: &Outgoing) -> bool {
    shows(request, response, "/v1/cards/", 4)
}

fn in_card(request: &Incoming, response: &mut Outgoing, change: impl FnOnce(&mut Value)) {
    if is_card(request, response) {
        response.change(change);
    }
}

fn without(body: &mut Value, name: &str) {
    if let Some(members) = body.as_object_mut() {
        members.remove(name);
    }
}

const CASES: &[Case] = &[
    case(
        "a success that is not documented",
        |request, response| {
            if is_card(request, response) {
                response.status = StatusCode::PARTIAL_CONTENT;
            }
        },
        &["status-undocumented"],
    ),
    case(
        "another media type",
        |request, response| {
            if is_card(request, response) {
                let html = HeaderValue::from_static("text/html");
                response.headers.insert(header::CONTENT_TYPE, html);
            }
        },
        &["content-type-wrong"],
    ),
    case(
        "no media type",
        |request, response| {
            if is_card(request, response) {
                response.headers.remove(header::CONTENT_TYPE);
            }
        },
        &["content-type-missing"],
    ),
    case(
        "no body",
        |request, response| {
            if shows(request, response, "/v1/cards", 3) {
                response.body.clear();
                response.headers.remove(header::CONTENT_LENGTH);
            }
        },
        &["body-missing"],
    ),
    case(
        "a body that ends too early",
        |request, response| {
            if shows(request, response, "/v1/cards", 3) {
                response.say(&json!([]));
                response.body = "[{".into();
            }
        },
        &["body-not-json"],
    ),
    case(
        "a required property is missing",
        |request, response| in_card(request, response, |card| without(card, "type")),
        &["field-missing"],
    ),
    case(
        "a property of another type",
        |request, response| in_card(request, response, |card| card["type"] = json!(["virtual"])),
        &["type-wrong"],
    ),
    case(
        "a property that the contract does not have",
        |request, response| in_card(request, response, |card| card["colour"] = json!("red")),
        &["field-undocumented"],
    ),
    case(
        "a value that the contract does not have",
        |request, response| in_card(request, response, |card| card["type"] = json!("wooden")),
        &["enum-value-undocumented"],
    ),
    case(
        "a timestamp that is none",
        |request, response| in_card(request, response, |card| card["createdAt"] = json!("today")),
        &["format-invalid"],
    ),
    case(
        "an identifier that is none",
        |request, response| in_card(request, response, |card| card["accountId"] = json!("A-1")),
        &["format-invalid"],
    ),
    case(
        "null where none is allowed",
        |request, response| in_card(request, response, |card| card["accountId"] = Value::Null),
        &["null-not-allowed"],
    ),
    case(
        "an object for an array",
        |request, response| {
            if shows(request, response, "/v1/cards", 3) {
                response.change(|body| *body = json!({ "cards": body.take() }));
            }
        },
        &["type-wrong"],
    ),
    case(
        "the server fails",
        |request, response| {
            if shows(request, response, "/v1/chains", 3) {
                response.status = StatusCode::INTERNAL_SERVER_ERROR;
                response.body.clear();
            }
        },
        &["server-error"],
    ),
    case(
        "an identifier that the server gave is not found",
        |request, response| {
            if is_card(request, response) {
                *response = not_found();
            }
        },
        &["given-id-not-found"],
    ),
    case(
        "a rejected method without those that are allowed",
        |_, response| {
            response.headers.remove(header::ALLOW);
        },
        &["allow-missing"],
    ),
    case(
        "an unknown identifier is accepted",
        |request, response| {
            let path = request.uri.path();
            let is_read = request.method == "GET" && path.starts_with("/v1/cards/");
            if is_read && response.status == StatusCode::NOT_FOUND {
                response.status = StatusCode::OK;
            }
        },
        &["unknown-id-accepted"],
    ),
    case(
        "a wrong identifier is accepted",
        |request, response| {
            if request.uri.path().contains("not-an-identifier") {
                response.status = StatusCode::OK;
            }
        },
        &["malformed-id-accepted"],
    ),
    case(
        "a wrong method is accepted",
        |_, response| {
            if response.status == StatusCode::METHOD_NOT_ALLOWED {
                response.status = StatusCode::OK;
            }
        },
        &["method-not-rejected"],
    ),
    case(
        "a missing token is rejected with another status",
        |request, response| {
            if !request.has("authorization") && response.status == StatusCode::UNAUTHORIZED {
                response.status = StatusCode::FORBIDDEN;
            }
        },
        // The same 403 to wrong credentials is a status that getToken does not document.
        &["rejection-status", "status-undocumented"],
    ),
];

fn not_found() -> Outgoing {
    Outgoing {
        status: StatusCode::NOT_FOUND,
        headers: http::HeaderMap::new(),
        body: Default::default(),
    }
}

#[test]
fn nothing_is_found_behind_a_proxy_that_changes_nothing() {
    let said = mutating(&start(unchanged_response), &[]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.rules().is_empty(), "{}", said.findings_text());
}

#[test]
fn each_way_to_change_responses_is_found_and_nothing_else() {
    assert!(CASES.len() >= 20);
    let surprise = |case: &Case| {
        let said = mutating(&start(case.after), &[]);
        let expected: Vec<&str> = case.rules.to_vec();
        let found: Vec<String> = said.rules().into_iter().collect();
        (found != expected || said.code != Some(100)).then(|| {
            let (name, text) = (case.name, said.findings_text());
            format!(
                "{name}: {found:?}, not {expected:?}, exit {:?}\n{text}{}",
                said.code, said.err
            )
        })
    };
    let surprises = std::thread::scope(|scope| {
        let parts = CASES.chunks(CASES.len().div_ceil(4));
        let threads =
            parts.map(|part| scope.spawn(move || part.iter().filter_map(surprise).collect()));
        let threads: Vec<_> = threads.collect();
        let found = threads.into_iter().map(|thread| thread.join().unwrap());
        found.collect::<Vec<Vec<String>>>().concat()
    });
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

/// From a status that the contract does not have, none that is waited for can come. The run does not
/// wait, and judges everything that does not need it.
#[test]
fn a_status_outside_the_contract_is_not_waited_for() {
    let base_url = start(|request, response| {
        if shows(request, response, "/v1/accounts/", 4) {
            response.change(|account| account["status"] = json!("asleep"));
        }
    });
    let begun = std::time::Instant::now();
    let said = mutating(&base_url, &["--deadline", "60"]);
    let report = said.report();
    let notes = report["notes"].to_string();
    assert!(notes.contains("getAccount shows `asleep`"), "{notes}");
    assert!(
        !notes.contains("deadline"),
        "{notes} after {:?}",
        begun.elapsed()
    );
    let found = said.rules();
    assert!(found.contains("enum-value-undocumented"), "{found:?}");
    let operations = report["coverage"]["byOperation"].as_array().unwrap().iter();
    let seen = operations.filter(|it| it["seen"] == true);
    let seen: Vec<&str> = seen.map(|it| it["id"].as_str().unwrap()).collect();
    for id in [
        "saveWebhook",
        "deactivateCustomer",
        "simulateRejectCustomer",
        "getCards",
    ] {
        assert!(seen.contains(&id), "{id} is not among {seen:?}");
    }
}

/// A status from which the wanted one may still come is waited for until the deadline. What was
/// checked until then is reported.
#[test]
fn a_run_ends_at_its_deadline() {
    let base_url = start(|request, response| {
        if shows(request, response, "/v1/accounts/", 4) {
            response.change(|account| account["status"] = json!("pending"));
        }
    });
    let said = mutating(&base_url, &["--deadline", "3"]);
    let report = said.report();
    let reason = report["inconclusive"].as_str().unwrap_or_default();
    assert!(reason.contains("deadline"), "{reason} {}", said.err);
    assert_eq!(said.code, Some(3), "{}", said.err);
}

/// The values of headers are judged by their schemas.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test makes its input")]
fn the_value_of_a_header_is_judged() {
    let contract = std::fs::read_to_string(SPEC).unwrap();
    let begin = contract.find("operationId: getChains").unwrap();
    let (before, after) = contract.split_at(begin);
    let description = after.find("'200':\n").unwrap() + "'200':\n".len();
    let (between, rest) = after.split_at(description);
    let indent = " ".repeat(rest.len() - rest.trim_start().len());
    let header =
        format!("{indent}headers: {{ X-Total: {{ schema: {{ type: integer, minimum: 1 }} }} }}\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contract.yaml");
    std::fs::write(&path, [before, between, &header, rest].concat()).unwrap();
    let with_total: [(&str, After); 2] = [
        ("7", |_, response| total(response, "7")),
        ("0", |_, response| total(response, "0")),
    ];
    for (value, after) in with_total {
        let base_url = start(after);
        let to = ["--base-url", &base_url, "--format", "json"];
        let said = with_spec(path.to_str().unwrap(), &to);
        let found: Vec<String> = said.rules().into_iter().collect();
        let expected: &[&str] = if value == "0" {
            &["header-invalid"]
        } else {
            &[]
        };
        assert_eq!(
            found,
            expected,
            "{value}: {}{}",
            said.findings_text(),
            said.err
        );
    }
}

fn total(response: &mut Outgoing, value: &'static str) {
    response
        .headers
        .insert("x-total", HeaderValue::from_static(value));
}
