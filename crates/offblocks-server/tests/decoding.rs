//! What reaches a handler: parameters and bodies, checked against the contract.

mod common;

use axum::body::Body;
use common::{ACCOUNT, CARD, KEY, NEW_CARD, bank, new_card, request, send};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};

/// A rejection: the body sent, its status, and the pointer and reason named.
struct Case {
    body: &'static str,
    pointer: Option<&'static str>,
    reason: &'static str,
}

const fn case(body: &'static str, pointer: &'static str, reason: &'static str) -> Case {
    Case {
        body,
        pointer: Some(pointer),
        reason,
    }
}

const REFUSED: &[Case] = &[
    Case {
        body: "",
        pointer: None,
        reason: "needs a body",
    },
    Case {
        body: "{",
        pointer: None,
        reason: "EOF while parsing an object at line 1 column 1",
    },
    Case {
        body: "{\n \"type\": virtual}",
        pointer: None,
        reason: "at line 2 column 10",
    },
    Case {
        body: "{} {}",
        pointer: None,
        reason: "trailing characters",
    },
    Case {
        body: r#"{"type": "virtual", "type": "physical"}"#,
        pointer: None,
        reason: r#"key "type" is given twice at line 1 column "#,
    },
    case("[]", "", "is not of type \"object\""),
    case("null", "", "is not of type \"object\""),
    case(
        r#"{"type": "virtual"}"#,
        "",
        "\"billingAddress\" is required",
    ),
    case(
        r#"{"type": "wooden", "billingAddress": {"firstLine": "1", "city": "L", "country": "GB",
            "postCode": "S"}}"#,
        "/type",
        "is none of [\"virtual\",\"physical\"]",
    ),
    case(
        r#"{"type": "virtual", "billingAddress": {"firstLine": 1, "city": "L", "country": "GB",
            "postCode": "S"}}"#,
        "/billingAddress/firstLine",
        "is not of type \"string\"",
    ),
];

#[tokio::test]
async fn bodies_that_break_the_contract_name_the_place_and_the_reason() {
    let router = bank().into_router();
    for Case {
        body,
        pointer,
        reason,
    } in REFUSED
    {
        let response = send(&router, request("POST", &new_card(), *body)).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{body}");
        let problem = response.problem();
        assert_eq!(
            problem.get("pointer").and_then(Value::as_str),
            *pointer,
            "{body}: {problem}"
        );
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(reason), "{body}: {detail}");
    }
}

#[tokio::test]
async fn every_violation_is_listed() {
    let body = r#"{"type": 7, "billingAddress": {"city": "L", "country": "GB"}}"#;
    let response = send(&bank().into_router(), request("POST", &new_card(), body)).await;
    let problem = response.problem();
    let places = problem["errors"].as_array().unwrap().iter();
    let places: Vec<_> = places
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    let on_address = places
        .iter()
        .filter(|place| **place == "/billingAddress")
        .count();
    assert_eq!(on_address, 2, "two members are missing: {problem}");
    assert!(places.contains(&"/type"), "{problem}");
    assert_eq!(problem["pointer"], places[0]);
}

#[tokio::test]
async fn a_valid_body_reaches_the_handler_with_fields_the_contract_does_not_know() {
    let mut body: Value = serde_json::from_str(NEW_CARD).unwrap();
    body["colour"] = json!("green");
    let response = send(
        &bank().into_router(),
        request("POST", &new_card(), body.to_string()),
    )
    .await;
    assert_eq!(response.status, StatusCode::CREATED, "{response:?}");
    assert_eq!(
        response.header(header::CONTENT_TYPE),
        Some("application/json")
    );
    let card = response.json();
    assert_eq!(card["billingAddress"]["postCode"], "BS1 4RN");
    assert_eq!(card["accountId"], ACCOUNT.to_string());
}

#[tokio::test]
async fn values_that_only_rust_knows_to_be_wrong_are_named_too() {
    let body = json!({ "chainId": "not an account", "externalId": "1" });
    let violation = offblocks_server::SCHEMAS
        .violations("/operations/createCustomer/body", &body)
        .expect("the schema compiles");
    assert_eq!(violation, [], "CAIP is not part of the schema");
    // The stub responds for customers; the engine's filter is a plain string. What remains is a
    // handler of one's own.
    let router = customers::router();
    let response = send(&router, request("POST", "/customers", body.to_string())).await;
    assert_eq!(response.status, StatusCode::BAD_REQUEST);
    assert_eq!(response.problem()["pointer"], "/chainId");
}

/// A handler for one operation, without its trait.
mod customers {
    use std::sync::Arc;

    use offblocks_server::{ApiRouter, operations, support::respond};
    use offblocks_types::CreateCustomerRequest;

    pub fn router() -> axum::Router {
        ApiRouter::new()
            .operation(
                &operations::CREATE_CUSTOMER,
                Arc::new(()),
                |_, incoming| async move {
                    incoming.json::<CreateCustomerRequest>()?;
                    Ok(respond::empty(204))
                },
            )
            .into_router()
    }
}

#[tokio::test]
async fn the_content_type_is_judged() {
    let router = bank().into_router();
    let cases: &[(&[&str], StatusCode)] = &[
        (&["application/json"], StatusCode::CREATED),
        (&["Application/JSON; charset=UTF-8"], StatusCode::CREATED),
        (&["application/json;charset=\"utf-8\""], StatusCode::CREATED),
        (&["application/json; profile=x"], StatusCode::CREATED),
        (&[], StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (&["text/plain"], StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            &["application/x-www-form-urlencoded"],
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            &["application/json; charset=latin1"],
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            &["application/merge-patch+json"],
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            &["application/json", "application/json"],
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (&["nonsense"], StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ];
    for (types, status) in cases {
        let mut request = request("POST", &new_card(), NEW_CARD);
        request.headers_mut().remove(header::CONTENT_TYPE);
        for value in *types {
            request
                .headers_mut()
                .append(header::CONTENT_TYPE, value.parse().unwrap());
        }
        let response = send(&router, request).await;
        assert_eq!(response.status, *status, "{types:?}");
        if response.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            response.problem();
            assert_eq!(response.header(header::ACCEPT), Some("application/json"));
        }
    }
}

#[tokio::test]
async fn a_missing_body_is_400_whatever_its_type() {
    for content_type in [None, Some("application/json"), Some("text/plain")] {
        let mut request = request("POST", &new_card(), "");
        request.headers_mut().remove(header::CONTENT_TYPE);
        if let Some(content_type) = content_type {
            let content_type = content_type.parse().unwrap();
            request
                .headers_mut()
                .insert(header::CONTENT_TYPE, content_type);
        }
        let response = send(&bank().into_router(), request).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{content_type:?}");
        let detail = response.problem()["detail"].to_string();
        assert!(
            detail.contains("needs a body of type application/json"),
            "{detail}"
        );
    }
}

/// RFC 9110, section 15.5.16.
#[tokio::test]
async fn content_codings_are_415_and_the_response_says_what_is_read() {
    for (coding, expected) in [
        ("gzip", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("identity, br", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("identity", StatusCode::CREATED),
    ] {
        for declared in [false, true] {
            let mut request = request("POST", &new_card(), NEW_CARD);
            let headers = request.headers_mut();
            headers.insert(header::CONTENT_ENCODING, coding.parse().unwrap());
            if declared {
                headers.insert(header::CONTENT_LENGTH, NEW_CARD.len().into());
            }
            let response = send(&bank().into_router(), request).await;
            assert_eq!(response.status, expected, "{coding}");
            if expected == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                assert_eq!(response.header(header::ACCEPT_ENCODING), Some("identity"));
                response.problem();
            }
        }
    }
}

#[tokio::test]
async fn uuids_have_one_spelling() {
    let hyphenated = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";
    let simple = hyphenated.replace('-', "");
    for (spelling, accepted) in [
        (hyphenated.to_owned(), true),
        (hyphenated.to_uppercase(), true),
        (format!("{{{hyphenated}}}"), false),
        (format!("urn:uuid:{hyphenated}"), false),
        (simple, false),
        (format!("{hyphenated} "), false),
    ] {
        let mut keyed = request("POST", &new_card(), NEW_CARD);
        let key = header::HeaderValue::from_str(&spelling).unwrap();
        keyed.headers_mut().insert("idempotency-key", key);
        let response = send(&bank().into_router(), keyed).await;
        assert_eq!(
            response.status.is_success(),
            accepted,
            "the key {spelling:?}: {response:?}"
        );
        let path = format!(
            "/cards/{}",
            spelling.replace('{', "%7B").replace('}', "%7D")
        );
        let response = send(
            &bank().into_router(),
            request("GET", &path.replace(' ', "%20"), ""),
        )
        .await;
        let rejected = response.status == StatusCode::BAD_REQUEST;
        assert_eq!(rejected, !accepted, "the id {spelling:?}: {response:?}");
    }
}

#[tokio::test]
async fn bodies_beyond_the_limit_are_413() {
    let router = bank().body_limit(NEW_CARD.len()).into_router();
    let response = send(&router, request("POST", &new_card(), NEW_CARD)).await;
    assert_eq!(response.status, StatusCode::CREATED);

    let longer = format!("{NEW_CARD} ");
    let response = send(&router, request("POST", &new_card(), longer.clone())).await;
    assert_eq!(response.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(
        response.problem()["detail"]
            .to_string()
            .contains(&NEW_CARD.len().to_string())
    );

    let declared = Request::post(new_card())
        .header("idempotency-key", KEY)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_LENGTH, longer.len())
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        send(&router, declared).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn a_body_the_contract_does_not_know_is_ignored() {
    let path = format!("/cards/{CARD}");
    let router = bank().body_limit(4).into_router();
    let response = send(&router, request("DELETE", &path, r#"{"reason": "lost"}"#)).await;
    assert_eq!(
        (response.status, response.body.len()),
        (StatusCode::NO_CONTENT, 0)
    );
    let response = send(&router, request("GET", &path, "not json")).await;
    assert_eq!(response.status, StatusCode::OK);
}

#[tokio::test]
async fn parameters_that_break_the_contract_are_named() {
    let router = bank().into_router();
    let card = format!("/cards/{CARD}");
    let card = card.as_str();
    let cases = [
        (
            "GET",
            "/cards/7",
            Some(KEY),
            "path",
            "cardId",
            "is not a UUID such as 2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c",
        ),
        (
            "GET",
            "/cards/%zz",
            Some(KEY),
            "path",
            "cardId",
            "percent-encoded",
        ),
        ("GET", "/cards/%ff", Some(KEY), "path", "cardId", "utf-8"),
        (
            "GET",
            "/assets?chain=a&chain=b",
            Some(KEY),
            "query",
            "chain",
            "more than once",
        ),
        (
            "GET",
            "/assets?chain=%4",
            Some(KEY),
            "query",
            "chain",
            "percent-encoded",
        ),
        (
            "DELETE",
            card,
            None,
            "header",
            "Idempotency-Key",
            "is required",
        ),
        (
            "DELETE",
            card,
            Some("7"),
            "header",
            "Idempotency-Key",
            "is not a UUID",
        ),
    ];
    for (method, path, key, place, name, reason) in cases {
        let mut request = request(method, path, "");
        request.headers_mut().remove("idempotency-key");
        key.map(|key| {
            request
                .headers_mut()
                .insert("idempotency-key", key.parse().unwrap())
        });
        let response = send(&router, request).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{method} {path}");
        let problem = response.problem();
        assert_eq!(problem["errors"][0]["in"], place, "{problem}");
        assert_eq!(problem["errors"][0]["parameter"], name, "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(reason), "{detail}");
    }
}

#[tokio::test]
async fn queries_are_decoded() {
    let router = bank().into_router();
    let cases = [
        ("/assets", None),
        ("/assets?", None),
        ("/assets?other=1", None),
        ("/assets?chain=", Some("")),
        ("/assets?chain", Some("")),
        ("/assets?chain=eip155%3A1", Some("eip155:1")),
        ("/assets?ch%61in=a+b%2Bc%26d", Some("a b+c&d")),
        ("/assets?x=1&chain=%E2%82%AC&y", Some("€")),
    ];
    for (path, expected) in cases {
        let response = send(&router, request("GET", path, "")).await;
        assert_eq!(response.status, StatusCode::OK, "{path}");
        let assets = response.json();
        let found = assets.get(0).map(|asset| asset["name"].as_str().unwrap());
        assert_eq!(found, expected, "{path}");
    }
}

#[tokio::test]
async fn a_rejection_never_repeats_what_was_sent() {
    let body = r#"{"apiKey": "SENSITIVE-1", "apiSecret": {"nested": "SENSITIVE-2"}}"#;
    let router = auth();
    let response = send(&router, request("POST", "/auth/token", body)).await;
    assert_eq!(response.status, StatusCode::BAD_REQUEST);
    let text = String::from_utf8(response.body.to_vec()).unwrap();
    assert!(!text.contains("SENSITIVE"), "{text}");
}

fn auth() -> axum::Router {
    use offblocks_server::{ApiRouter, operations, support::respond};
    ApiRouter::new()
        .operation(
            &operations::GET_TOKEN,
            std::sync::Arc::new(()),
            |_, incoming| async move {
                incoming.json::<offblocks_types::GetTokenRequest>()?;
                Ok(respond::empty(204))
            },
        )
        .into_router()
}

#[test]
fn every_schema_of_the_contract_compiles() {
    for &operation in offblocks_server::operations::all() {
        let pointers = operation.parameters.iter().map(|rule| rule.schema);
        let pointers = pointers.chain(operation.body.and_then(|rule| rule.schema));
        for pointer in pointers {
            let found = offblocks_server::SCHEMAS.violations(pointer, &json!(null));
            assert!(found.is_ok_and(|found| !found.is_empty()), "{pointer}");
        }
    }
}

#[test]
fn formats_are_asserted() {
    // Pointers of the contract that end in these formats.
    let cases = [
        (
            "/$defs/UUID",
            "e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461",
            "e2947b10",
        ),
        (
            "/$defs/DateTime",
            "2024-03-05T10:41:07.218364509+01:00",
            "2024-03-05",
        ),
        ("/$defs/DateTime", "2024-03-05T09:41:07Z", "yesterday"),
        (
            "/$defs/URL",
            "https://bank.example/hooks?x=1",
            "example dot com",
        ),
        ("/$defs/Decimal", "-20.00", "2e1"),
        ("/$defs/Decimal", "20", ".5"),
        ("/$defs/Decimal", "0.1", "20,5"),
        ("/$defs/OwnerChallenge/properties/challenge", "aGk=", "aGk"),
        ("/$defs/OwnerChallenge/properties/challenge", "", "a-_="),
    ];
    for (pointer, good, bad) in cases {
        let violations = |text: &str| {
            offblocks_server::SCHEMAS
                .violations(pointer, &json!(text))
                .expect("the schema compiles")
        };
        assert_eq!(violations(good), [], "{pointer} takes {good:?}");
        assert_eq!(violations(bad).len(), 1, "{pointer} rejects {bad:?}");
    }
}
