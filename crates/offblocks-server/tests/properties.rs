//! What is written into a request is what a handler reads, whatever it is.

mod common;

use std::sync::{Arc, LazyLock};

use axum::body::Body;
use common::{request, send};
use http::{Request, StatusCode, header};
use offblocks_server::{ApiRouter, support::*};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A schema that takes anything.
static ANYTHING: LazyLock<Schemas> =
    LazyLock::new(|| Schemas::parse(r#"{"any": {}}"#).expect("the text is JSON"));

const fn rule(location: Location, name: &'static str, shape: Shape) -> ParameterRule {
    ParameterRule::new(location, name, shape, "/any")
}

/// Parameters of every kind.
static ECHO: Operation = Operation::new("echo", "GET", "/echo/{text}.json/{rest}", "T", &ANYTHING)
    .parameters(&[
        rule(Location::Path, "text", Shape::Text),
        rule(Location::Path, "rest", Shape::List(&Shape::Integer)).joined(),
        rule(Location::Query, "q", Shape::Text),
        rule(Location::Query, "list", Shape::List(&Shape::Text)),
        rule(Location::Query, "joined", Shape::List(&Shape::Text)).joined(),
        rule(Location::Query, "number", Shape::Number),
        rule(Location::Query, "yes", Shape::Boolean),
        rule(Location::Header, "x-words", Shape::List(&Shape::Text)).joined(),
        rule(Location::Cookie, "crumb", Shape::Text),
    ]);

/// A form.
static FORM: Operation = Operation::new("form", "POST", "/form", "T", &ANYTHING)
    .body(BodyRule::new("application/x-www-form-urlencoded").checked("/any"));

/// Any JSON.
static JSON: Operation = Operation::new("json", "POST", "/json", "T", &ANYTHING)
    .body(BodyRule::new("application/json").checked("/any"));

fn router() -> axum::Router {
    let echo = |_, incoming: Incoming| async move {
        let mut found = serde_json::Map::new();
        for rule in ECHO.parameters {
            if let Some(value) = incoming.optional::<Value>(rule.location, rule.name)? {
                found.insert(rule.name.to_owned(), value);
            }
        }
        Ok(respond::json(200, "application/json", &found))
    };
    let form = |_, incoming: Incoming| async move {
        const SHAPE: Shape =
            Shape::Object(&[("n", Shape::Integer), ("l", Shape::List(&Shape::Text))]);
        let found = incoming.form::<Value>(SHAPE)?;
        Ok(respond::json(200, "application/json", &found))
    };
    let json = |_, incoming: Incoming| async move {
        Ok(respond::json(
            200,
            "application/json",
            &incoming.json::<Value>()?,
        ))
    };
    ApiRouter::new()
        .operation(&ECHO, Arc::new(()), echo)
        .operation(&FORM, Arc::new(()), form)
        .operation(&JSON, Arc::new(()), json)
        .into_router()
}

fn run(request: Request<Body>) -> (StatusCode, Option<Value>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime starts");
    let response = runtime.block_on(send(&router(), request));
    (response.status, serde_json::from_slice(&response.body).ok())
}

/// Percent-encodes everything, so that nothing depends on what may stand as it is.
fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn echo(path: String, headers: &[(&'static str, String)]) -> (StatusCode, Option<Value>) {
    let mut request = request("GET", &path, "");
    for (name, value) in headers {
        request
            .headers_mut()
            .append(*name, value.parse().expect("the value is ASCII"));
    }
    run(request)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_survives_path_query_and_cookie(
        text in "\\PC{1,12}",
        q in "\\PC{0,12}",
        list in prop::collection::vec("\\PC{0,6}", 1..4),
    ) {
        let items: String = list.iter().map(|item| format!("&list={}", encode(item))).collect();
        let joined: Vec<_> = list.iter().map(|item| encode(item)).collect();
        let path = format!(
            "/echo/{}.json/1?q={}{items}&joined={}", encode(&text), encode(&q), joined.join(",")
        );
        let (status, found) = echo(path, &[("cookie", format!("a=b; crumb={}", encode(&q)))]);
        prop_assert_eq!(status, StatusCode::OK);
        let found = found.expect("the response is JSON");
        prop_assert_eq!(&found["text"], &json!(text));
        prop_assert_eq!(&found["q"], &json!(q));
        prop_assert_eq!(&found["crumb"], &json!(q));
        prop_assert_eq!(&found["list"], &json!(list));
        let nothing = list.iter().all(String::is_empty) && list.len() == 1;
        prop_assert_eq!(&found["joined"], &if nothing { json!([]) } else { json!(list) });
    }

    #[test]
    fn numbers_and_flags_are_typed(integers in prop::collection::vec(any::<i64>(), 1..4),
        number in -1e12..1e12f64, yes: bool) {
        let path: Vec<_> = integers.iter().map(i64::to_string).collect();
        let path = format!("/echo/x.json/{}?number={number}&yes={yes}", path.join(","));
        let (_, found) = echo(path, &[("x-words", "a, b".to_owned()), ("x-words", "c".to_owned())]);
        let found = found.expect("the response is JSON");
        prop_assert_eq!(&found["rest"], &json!(integers));
        prop_assert_eq!(found["number"].as_f64(), Some(number));
        prop_assert_eq!(&found["yes"], &json!(yes));
        prop_assert_eq!(&found["x-words"], &json!(["a", "b", "c"]));
    }

    #[test]
    fn forms_are_typed(n: i32, list in prop::collection::vec("\\PC{0,6}", 1..4)) {
        let items: String = list.iter().map(|item| format!("&l={}", encode(item))).collect();
        let mut request = request("POST", "/form", format!("n={n}{items}&other=a+b"));
        let kind = "application/x-www-form-urlencoded".parse().expect("the value is ASCII");
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        let (status, found) = run(request);
        prop_assert_eq!(status, StatusCode::OK);
        prop_assert_eq!(found, Some(json!({ "n": n, "l": list, "other": "a b" })));
    }

    #[test]
    fn no_path_and_no_body_make_a_server_fail(path in "[ -~]{0,20}", body: Vec<u8>) {
        let path = format!("/echo/{path}");
        if let Ok(uri) = path.parse::<http::Uri>() {
            let mut request = request("GET", "/", "");
            *request.uri_mut() = uri;
            prop_assert!(!run(request).0.is_server_error());
        }
        prop_assert!(!run(request("POST", "/json", body)).0.is_server_error());
    }
}

#[test]
fn text_of_another_shape_stays_text_for_the_schema_to_judge() {
    let (_, found) = echo("/echo/x.json/a,2?number=NaN&yes=maybe".to_owned(), &[]);
    let expected = json!({ "text": "x", "rest": ["a", 2], "number": "NaN", "yes": "maybe" });
    assert_eq!(found, Some(expected));
}
