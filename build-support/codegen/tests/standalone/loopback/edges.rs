//! What no text shows, media types that differ in a parameter, errors of a type of their own, and errors
//! that are none of the documented ones.

use crate::values::Echo;
use serde_json::{Value, json};
use values_client::{Client, Error};
use values_server::support::{RequestContext, TypedBody};
use values_server::*;
use values_types::*;

impl EdgesApi for Echo {
    async fn nothing(
        &self,
        _: RequestContext,
        list: Vec<String>,
        some: Option<Vec<String>>,
        joined: Vec<i64>,
        deep: NothingDeep,
        maybe: Option<String>,
        flag: Option<bool>,
        x_list: Vec<String>,
    ) -> Result<Value, NothingError> {
        Ok(json!([list, some, joined, deep, maybe, flag, x_list]))
    }

    async fn nothing_form(&self, _: RequestContext, body: Nothing) -> Result<Value, NothingFormError> {
        Ok(json!(body))
    }

    async fn least(&self, _: RequestContext, list: Vec<String>) -> Result<Value, LeastError> {
        Ok(json!(list))
    }

    async fn within(
        &self,
        _: RequestContext,
        filter: Option<WithinFilter>,
        large: Option<i64>,
    ) -> Result<Value, WithinError> {
        Ok(json!([filter, large]))
    }

    async fn editions(&self, _: RequestContext, body: EditionsBody) -> Result<EditionsSuccess, EditionsError> {
        Ok(match body {
            EditionsBody::Json(one) => EditionsSuccess::Ok(one),
            EditionsBody::Json2(letter) => EditionsSuccess::OkJson(letter),
            other => panic!("{other:?}"),
        })
    }

    async fn trouble(&self, context: RequestContext) -> Result<TypedBody<bytes::Bytes>, TroubleError> {
        match context.headers.contains_key("range") {
            true => Ok(TypedBody::new("multipart/byteranges; boundary=b", bytes::Bytes::from_static(b"--b--"))),
            false => Err(TroubleError::NotFound(serde_json::from_value(json!({"code": 7})).unwrap())),
        }
    }

    async fn closed(&self, _: RequestContext, body: Closed) -> Result<Closed, ClosedError> {
        Ok(body)
    }
}

pub async fn arrive(url: &str) {
    let client = Client::new(url);
    nothing(&client, url).await;
    within(&client, url).await;
    editions(&client, url).await;
    trouble(&client, url).await;
    closed(url).await;
    undocumented().await;
}

/// A list without items and null are not written, and are read as what they were.
async fn nothing(client: &Client, url: &str) {
    let none = Vec::<String>::new;
    let deep: NothingDeep = serde_json::from_value(json!({})).unwrap();
    let seen = client.nothing(none(), Vec::new(), deep, none()).send().await.unwrap();
    assert_eq!(*seen, json!([[], null, [], {}, null, null, []]));
    assert_eq!(get(url, "least").await.0, 400);
    assert_eq!(get(url, "nothing?flag=").await, (200, json!([[], null, [], {}, null, null, []]).to_string()));
    assert_eq!(get(url, "nothing?some=&flag=x").await.0, 400);

    let value = json!({"list": [], "maybe": null, "text": "t"});
    let form: Nothing = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(*client.nothing_form(form).send().await.unwrap(), value);
    let (status, said) = send(url, "POST", "nothing", "application/x-www-form-urlencoded", "list=a").await;
    assert_eq!(status, 400);
    assert!(said.contains("text") && !said.contains("maybe"), "{said}");
}

/// Lists that are members of a parameter: as JSON, and with the name repeated.
async fn within(client: &Client, url: &str) {
    let filter: WithinFilter = serde_json::from_value(json!({"tags": ["a", "b"], "n": 1})).unwrap();
    let seen = client.within().filter(filter).send().await.unwrap();
    assert_eq!(*seen, json!([{"tags": ["a", "b"], "n": 1}, null]));
    for (query, tags) in [("tags=a&tags=b", json!(["a", "b"])), ("tags=a", json!(["a"])), ("tags=%5B%5D", json!([]))] {
        let expected = json!([{"tags": tags}, null]).to_string();
        assert_eq!(get(url, &format!("within?{query}")).await, (200, expected), "{query}");
    }
    let (status, said) = get(url, "within?large=18446744073709551617").await;
    assert_eq!(status, 400);
    assert!(said.contains("beyond 64 bits"), "{said}");
}

async fn editions(client: &Client, url: &str) {
    let one: One = serde_json::from_value(json!({"v": 1})).unwrap();
    let letter: Letter = serde_json::from_value(json!({"a": "x"})).unwrap();
    let first = client.editions(one).send().await.unwrap().into_inner();
    assert!(matches!(first, values_client::builder::EditionsSuccess::Status200(_)), "{first:?}");
    let second = client.editions(letter).send().await.unwrap().into_inner();
    assert!(matches!(second, values_client::builder::EditionsSuccess::Status200Json(_)), "{second:?}");
    for (media_type, body, expected) in [
        ("application/json", r#"{"v":1}"#, 200),
        ("application/json;charset=utf-8;VERSION=\"2\"", r#"{"a":"x"}"#, 200),
        ("application/json; version=3", r#"{"v":1}"#, 415),
        ("text/html", "", 400),
        ("text/html", "x", 415),
    ] {
        let (status, said) = send(url, "PUT", "editions", media_type, body).await;
        assert_eq!(status, expected, "{media_type}: {said}");
        if status == 415 {
            let both = [media_type, "application/json; version=2"];
            assert!(both.iter().all(|one| said.contains(one)), "{said}");
        }
    }
}

async fn trouble(client: &Client, url: &str) {
    match client.trouble().send().await.err() {
        Some(Error::ErrorResponse(response)) => assert_eq!(response.code, 7),
        other => panic!("{other:?}"),
    }
    let request = reqwest::Client::new().get(format!("{url}/trouble")).header("range", "bytes=0-1,3-4");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "multipart/byteranges; boundary=b");
}

async fn closed(url: &str) {
    for (body, allowed) in [
        (r#"{"a":1,"x-b":"s"}"#, true),
        (r#"{"a":1,"b":"s"}"#, false),
        (r#"{"x-b":1}"#, false),
        (r#"{"word":"x"}"#, true),
        (r#"{"word":null}"#, false),
        (r#"{"rows":[{"a":"x","b":1}]}"#, true),
        (r#"{"rows":[{"b":"x"}]}"#, false),
        (r#"{"untyped":{"list":[1]}}"#, true),
        (r#"{"untyped":{"list":["x"]}}"#, false),
        (r#"{"untyped":{}}"#, false),
        (r#"{"untyped":{"list":[],"b":1}}"#, false),
    ] {
        let (status, read) = send(url, "PUT", "closed", "application/json", body).await;
        assert_eq!(status, if allowed { 200 } else { 400 }, "{body}: {read}");
        if allowed {
            let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            assert_eq!(parsed(&read), parsed(body));
        }
    }
}

/// What another server sends in place of the documented body: its status is seen.
async fn undocumented() {
    for (status, media_type, body) in [
        (404, "text/html", "<p>none</p>"),
        (404, "application/problem+json", r#"{"title":"None"}"#),
        (404, "application/json", "{"),
    ] {
        let url = other(status, media_type, body.as_bytes()).await;
        match Client::new(&url).trouble().send().await.err() {
            Some(Error::UnexpectedResponse(response)) => {
                assert_eq!(response.status().as_u16(), status);
                assert_eq!(response.url().path(), "/trouble");
                assert_eq!(response.headers()["content-type"], media_type);
                assert_eq!(response.text().await.unwrap(), body);
            }
            other => panic!("{other:?}"),
        }
    }
    // Bytes that are not a text.
    let url = other(404, "image/png", b"\xff").await;
    let error = Client::new(&url).least(vec!["a".to_owned()]).send().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404), "{error:?}");
    let url = other(200, "application/json", b"{").await;
    let error = Client::new(&url).least(vec!["a".to_owned()]).send().await.unwrap_err();
    assert!(matches!(error, Error::InvalidResponsePayload(..)), "{error:?}");
}

/// The address of a server that responds with this alone.
async fn other(status: u16, media_type: &'static str, body: &'static [u8]) -> String {
    let status = axum::http::StatusCode::from_u16(status).unwrap();
    let response = move || async move { (status, [("content-type", media_type)], body) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = axum::Router::new().fallback(response);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

async fn get(url: &str, path: &str) -> (u16, String) {
    let response = reqwest::Client::new().get(format!("{url}/{path}")).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn send(url: &str, method: &str, path: &str, media_type: &str, body: &'static str) -> (u16, String) {
    let request = reqwest::Client::new().request(method.parse().unwrap(), format!("{url}/{path}"));
    let request = request.header("content-type", media_type).body(body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}
