//! Bodies of every kind a contract may have, beyond those of the API itself.

mod common;

use std::sync::{Arc, LazyLock};

use axum::body::Body;
use common::send;
use http::{Request, header};
use offblocks_server::{ApiRouter, support::*};
use serde_json::{Value, json};

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    let schema = json!({
        "form": { "required": ["n"], "properties": { "n": { "type": "integer", "minimum": 1 } } },
        "object": { "type": "object" },
        "short": { "type": "string", "maxLength": 2 },
    });
    Schemas::parse(&schema.to_string()).expect("the text is JSON")
});

const fn post(path: &'static str, body: BodyRule) -> Operation {
    Operation::new(path, "POST", path, "T", &SCHEMAS).body(body)
}

static TEXT: Operation = post("/text", BodyRule::new("text/plain"));
static SHORT: Operation = post("/short", BodyRule::new("text/plain").checked_text("/short"));
static BYTES: Operation = post("/bytes", BodyRule::new("*/*"));
static IMAGE: Operation = post("/image", BodyRule::new("image/*").optional());
static FORM: Operation = post(
    "/form",
    BodyRule::new("application/x-www-form-urlencoded").checked("/form"),
);
static MAYBE: Operation = post(
    "/maybe",
    BodyRule::new("application/json")
        .optional()
        .checked("/object"),
);
static BROKEN: Operation = post(
    "/broken",
    BodyRule::new("application/json").checked("/nowhere"),
);

/// Responds with the body as it was read.
fn router() -> axum::Router {
    fn respond(value: impl Into<Value>) -> Result<axum::response::Response, Rejection> {
        Ok(respond::json(200, "application/json", &value.into()))
    }
    const FORM_SHAPE: Shape = Shape::Object(&[("n", Shape::Integer)]);
    let api = Arc::new(());
    ApiRouter::new()
        .operation(&TEXT, api.clone(), |_, incoming| async move {
            respond(incoming.text()?)
        })
        .operation(&SHORT, api.clone(), |_, incoming| async move {
            respond(incoming.text()?)
        })
        .operation(&BYTES, api.clone(), |_, incoming| async move {
            respond(incoming.bytes()?.to_vec())
        })
        .operation(&IMAGE, api.clone(), |_, incoming| async move {
            respond(incoming.optional_bytes()?.map(|bytes| bytes.len()))
        })
        .operation(&FORM, api.clone(), |_, incoming| async move {
            respond(incoming.form::<Value>(FORM_SHAPE)?)
        })
        .operation(&MAYBE, api.clone(), |_, incoming| async move {
            respond(incoming.optional_json::<Value>()?)
        })
        .operation(&BROKEN, api, |_, incoming| async move {
            respond(incoming.json::<Value>()?)
        })
        .into_router()
}

/// Path, content type, body; the status, and the value or the pointer reported.
type Case = (
    &'static str,
    Option<&'static str>,
    &'static [u8],
    u16,
    Value,
);

#[tokio::test]
async fn bodies_are_read_by_their_kind() {
    let form = Some("application/x-www-form-urlencoded");
    let cases: Vec<Case> = vec![
        (
            "/text",
            Some("text/plain"),
            "grüße".as_bytes(),
            200,
            json!("grüße"),
        ),
        (
            "/text",
            Some("text/plain; charset=utf-8"),
            b"",
            200,
            json!(""),
        ),
        (
            "/text",
            Some("text/plain; charset=latin1"),
            b"a",
            415,
            json!(null),
        ),
        ("/text", Some("text/plain"), b"\xff", 400, json!(null)),
        ("/text", Some("text/html"), b"a", 415, json!(null)),
        ("/short", Some("text/plain"), b"12", 200, json!("12")),
        ("/short", Some("text/plain"), b"", 200, json!("")),
        ("/short", Some("text/plain"), b"123", 400, json!("")),
        ("/bytes", None, b"\xff", 200, json!([255])),
        ("/bytes", Some("a/b"), b"", 200, json!([])),
        ("/image", None, b"", 200, json!(null)),
        ("/image", Some("image/png"), b"png", 200, json!(3)),
        ("/image", Some("video/mp4"), b"mp4", 415, json!(null)),
        ("/form", form, b"n=7", 200, json!({ "n": 7 })),
        ("/form", form, b"n=0", 400, json!("/n")),
        ("/form", form, b"n=1&n=2", 400, json!("/n")),
        ("/form", form, b"n=%", 400, json!("/n")),
        ("/form", form, b"m=1", 400, json!("")),
        ("/form", form, b"", 400, json!("")),
        ("/maybe", None, b"", 200, json!(null)),
        ("/maybe", Some("application/json"), b"", 200, json!(null)),
        ("/maybe", Some("application/json"), b"{}", 200, json!({})),
        ("/maybe", Some("application/json"), b"null", 400, json!("")),
        ("/maybe", None, b"{}", 415, json!(null)),
        ("/broken", Some("application/json"), b"{}", 500, json!(null)),
    ];
    for (path, kind, body, status, expected) in cases {
        let mut request = Request::post(path);
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let request = request
            .body(Body::from(body.to_vec()))
            .expect("the parts are valid");
        let response = send(&router(), request).await;
        let text = String::from_utf8_lossy(body);
        assert_eq!(
            response.status, status,
            "{path} {kind:?} {text}: {response:?}"
        );
        match status {
            200 => assert_eq!(response.json(), expected, "{path} {kind:?} {text}"),
            _ => assert_eq!(
                response.problem()["pointer"],
                expected,
                "{path} {kind:?} {text}"
            ),
        }
    }
}
