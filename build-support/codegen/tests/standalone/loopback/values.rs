//! Values that others send: what the contract allows comes back the same, and nothing else is taken.

use serde_json::{Value, json};
use std::sync::Arc;
use values_client::Client;
use values_server::support::{RecordReader, RequestContext};
use values_server::*;
use values_types::*;

pub(crate) struct Echo;

macro_rules! echo {
    ($($method:ident $ty:ty, $error:ty;)*) => {
        impl ValuesApi for Echo {
            $(async fn $method(&self, _: RequestContext, body: $ty) -> Result<$ty, $error> {
                Ok(body)
            })*

            async fn lines(&self, _: RequestContext, body: RecordReader<Option<Letter>>) -> Result<(), LinesError> {
                let mut body = body;
                let mut read = Vec::new();
                while let Some(record) = body.next().await? {
                    read.push(record);
                }
                assert_eq!(json!(read), json!([{"a": "x"}, null]));
                Ok(())
            }

            async fn count(&self, _: RequestContext, body: String) -> Result<(), CountError> {
                assert_eq!(body, "7");
                Ok(())
            }

            async fn note(&self, _: RequestContext) -> Result<String, NoteError> {
                Ok("\u{e9}".to_owned())
            }

            async fn listed(
                &self,
                _: RequestContext,
                mark: Option<Value>,
                marks: Option<Vec<Value>>,
                any: Option<Value>,
                bbox: Option<Vec<f64>>,
                names: Option<Vec<Option<String>>>,
            ) -> Result<Value, ListedError> {
                Ok(json!([mark, marks, any, bbox, names]))
            }

            async fn same(&self, _: RequestContext, body: SameBody) -> Result<Value, SameError> {
                Ok(match body {
                    SameBody::Json(letter) => json!(["json", letter]),
                    SameBody::Parts(mut parts) => {
                        let mut read = Vec::new();
                        while let Some(part) = parts.next().await? {
                            let SamePart::A(text) = part else { continue };
                            read.push(text);
                        }
                        json!(["parts", read])
                    }
                    other => panic!("{other:?}"),
                })
            }

            async fn texts(&self, _: RequestContext, body: TextsBody) -> Result<Value, TextsError> {
                Ok(match body {
                    TextsBody::Json(text) => json!(["json", text]),
                    TextsBody::Text(text) => json!(["text", text]),
                    other => panic!("{other:?}"),
                })
            }

            async fn either(
                &self,
                _: RequestContext,
                place: Either,
                x_either: Option<Either>,
            ) -> Result<Value, EitherError> {
                Ok(json!([place, x_either]))
            }

            async fn open_query(
                &self,
                _: RequestContext,
                filter: Option<Open>,
                page: Option<i64>,
            ) -> Result<Value, OpenQueryError> {
                Ok(json!([filter, page]))
            }

            async fn open_form(&self, _: RequestContext, body: Open) -> Result<Value, OpenFormError> {
                Ok(json!(body))
            }

            async fn mixed(&self, _: RequestContext, body: Mixed) -> Result<Value, MixedError> {
                Ok(json!(body))
            }

            async fn upload(&self, _: RequestContext, mut body: UploadParts) -> Result<Value, UploadError> {
                let mut read = Vec::new();
                while let Some(part) = body.next().await? {
                    read.push(match part {
                        UploadPart::Name(name) => json!(["name", name]),
                        UploadPart::Url(url) => json!(["url", url]),
                        UploadPart::Count(count) => json!(["count", count]),
                        other => panic!("{other:?}"),
                    });
                }
                Ok(json!(read))
            }

            async fn look(&self, _: RequestContext) -> Result<LookResponseHeaders, LookError> {
                let mut headers = LookResponseHeaders::new();
                headers.x_total = Some(7);
                Ok(headers)
            }

            async fn forget(&self, _: RequestContext) -> Result<(), ForgetError> {
                Ok(())
            }
        }
    };
}

echo! {
    flags Flags, FlagsError;
    versions Versions, VersionsError;
    letters Letters, LettersError;
    joined Joined, JoinedError;
    bases Base, BasesError;
    vehicles Vehicle, VehiclesError;
    numbers Numbers, NumbersError;
    nulls Nulls, NullsError;
    weakened Weakened, WeakenedError;
    beyond Beyond, BeyondError;
    kids Kids, KidsError;
    wrapped Wrapped, WrappedError;
}

/// A path, a body, and whether the contract has it there.
const BODIES: &[(&str, &str, bool)] = &[
    ("flags", r#"{"ok":true,"d":1}"#, true),
    ("flags", r#"{"ok":false,"e":"x"}"#, true),
    ("flags", r#"{"ok":false,"d":1}"#, false),
    ("flags", r#"{"ok":"true","d":1}"#, false),
    ("versions", r#"{"v":1,"d":1}"#, true),
    ("versions", r#"{"v":3,"d":"x"}"#, true),
    ("versions", r#"{"v":2,"d":1}"#, false),
    ("versions", r#"{"v":4}"#, false),
    ("letters", r#"{"v":"b","d":1}"#, true),
    ("letters", r#"{"v":"c","d":"x"}"#, true),
    ("letters", r#"{"v":"c","d":1}"#, false),
    ("letters", r#"{"v":"A","d":1}"#, false),
    ("joined", r#"{"v":"a","d":1,"ts":5}"#, true),
    ("joined", r#"{"v":"d","d":"x","ts":5}"#, true),
    ("joined", r#"{"v":"a","d":1}"#, false),
    ("bases", r#"{"kind":"Base","n":1}"#, true),
    ("bases", r#"{"kind":"Derived","a":"x"}"#, true),
    ("bases", r#"{"kind":"Derived","a":1}"#, false),
    ("bases", r#"{"kind":"Other"}"#, false),
    ("vehicles", r#"{"wheels":4}"#, true),
    ("vehicles", r#"{"decks":2}"#, true),
    ("vehicles", r#"{"kind":"car","wheels":4}"#, true),
    ("vehicles", r#"{"kind":"car","decks":4}"#, false),
    ("vehicles", r#"{"kind":"plane","wheels":4}"#, false),
    ("vehicles", r#"{"sails":2}"#, false),
    ("numbers", r#"{"large":18446744073709551617,"long":9007199254740993}"#, true),
    ("numbers", r#"{"large":-18446744073709551617}"#, true),
    ("numbers", r#"{"large":199999999999999999999}"#, false),
    ("numbers", r#"{"long":1.5}"#, false),
    ("nulls", r#"{"b":1,"n":null,"list":[null,null]}"#, true),
    ("nulls", r#"{"b":1,"n":5}"#, false),
    ("nulls", r#"{"b":1,"list":[1]}"#, false),
    ("nulls", r#"{"b":"x"}"#, false),
    ("nulls", r#"{"b":1,"c":"x"}"#, false),
    ("weakened", r#"{"mode":"auto"}"#, true),
    ("weakened", r#"{"mode":"x","pair":["a",1]}"#, true),
    ("weakened", r#"{"pair":["b","x"]}"#, true),
    ("weakened", r#"{"pair":[true]}"#, false),
    ("weakened", r#"{"pair":["a","x"]}"#, false),
    ("weakened", r#"{"pair":["b","x","x"]}"#, false),
    ("weakened", r#"{"places":["x",1]}"#, true),
    ("weakened", r#"{"places":["x",1,{"a":"b"}]}"#, true),
    ("weakened", r#"{"places":["x"]}"#, true),
    ("weakened", r#"{"places":[1,"x"]}"#, false),
    ("weakened", r#"{"inner":[[1,"x"],[2,"y"]]}"#, true),
    ("weakened", r#"{"inner":[[1,"x"],["y",2]]}"#, false),
    ("weakened", r#"{"inner":[[1,"x"],[2,"y"],null]}"#, true),
    ("weakened", r#"{"inner":[[1,"x"],[2,"y"],[]]}"#, false),
    ("weakened", r#"{"strict":{"a":"x"}}"#, true),
    ("weakened", r#"{"strict":{"a":"x","b":"x"}}"#, false),
    // What the types know nothing of.
    ("beyond", r#"{"k":"n","n":1}"#, true),
    ("beyond", r#"{"k":"n"}"#, false),
    ("beyond", r#"{"k":"x","word":"a"}"#, true),
    ("beyond", r#"{"word":"a"}"#, false),
    ("beyond", r#"{"k":"x","word":null}"#, false),
    ("beyond", r#"{"both":null}"#, true),
    ("beyond", r#"{"both":"a"}"#, true),
    ("beyond", r#"{"both":"b"}"#, false),
    ("beyond", r#"{"odd":null}"#, true),
    ("beyond", r#"{"odd":"ab"}"#, true),
    ("beyond", r#"{"odd":"abc"}"#, false),
    ("beyond", r#"{"some":[1,5]}"#, true),
    ("beyond", r#"{"some":[1]}"#, false),
    ("beyond", r#"{"either":{"a":"x"}}"#, true),
    ("beyond", r#"{"either":{}}"#, false),
    ("beyond", r#"{"either":{"a":"x","b":"y"}}"#, false),
    ("beyond", r#"{"either":{"a":"x","gone":1}}"#, false),
    ("beyond", r#"{"names":{"i_a":1,"s_a":"x","z":[]}}"#, true),
    ("beyond", r#"{"names":{"i_a":"x"}}"#, false),
    ("beyond", r#"{"whole":{"a":"x","more":"y"}}"#, true),
    ("beyond", r#"{"whole":{"a":"x","other":"y"}}"#, false),
    ("beyond", r#"{"end":"ab"}"#, true),
    ("beyond", r#"{"end":"az"}"#, false),
    ("kids", r#"{"one":{"petType":"DogKid","a":1}}"#, true),
    ("kids", r#"{"one":{"petType":"DogKid","b":"x"}}"#, false),
    ("kids", r#"{"one":{"petType":"CatKid","b":"x"}}"#, true),
    ("kids", r#"{"one":{"petType":"Kind"}}"#, false),
    ("kids", r#"{"any":{"petType":"Kind","c":1}}"#, true),
    ("kids", r#"{"any":{"petType":"CatKid","a":"x"}}"#, true),
    ("kids", r#"{"any":{"petType":"Fish"}}"#, false),
    ("wrapped", r#"{"data":{"id":1,"name":"abz"}}"#, true),
    ("wrapped", r#"{"data":{"id":1,"name":"ab"}}"#, false),
    ("wrapped", r#"{"data":{"id":1,"name":"bz"}}"#, false),
    ("wrapped", r#"{"data":{"id":"1","name":"az"}}"#, false),
    ("wrapped", r#"{"data":{"name":"az"}}"#, false),
];

pub async fn arrive() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = values_server::router(Arc::new(Echo)).into_router();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    for (path, body, allowed) in BODIES {
        let (status, read) = put(&url, path, "application/json", body).await;
        match allowed {
            // Numbers beyond 64 bits are only the same as texts.
            true if *path == "numbers" => assert_eq!((status, &*read), (200, *body)),
            true => assert_eq!((status, parsed(&read)), (200, parsed(body)), "{path}: {read}"),
            false => assert_eq!(status, 400, "{path} took {body}"),
        }
    }
    let (status, read) = put(&url, "lines", "application/x-ndjson", "{\"a\":\"x\"}\nnull\n").await;
    assert_eq!(status, 204, "{read}");
    for (count, expected) in [("7", 204), ("-1", 400), ("x", 400), ("1.5", 400), ("07", 400)] {
        assert_eq!(put(&url, "count", "text/plain", count).await.0, expected, "{count}");
    }
    texts_of_others().await;
    several(&url).await;
    listed(&Client::new(&url)).await;
    either(&Client::new(&url)).await;
    open(&Client::new(&url)).await;
    mixed(&Client::new(&url)).await;
    parts_of_a_choice(&url).await;
    bodiless(&Client::new(&url)).await;
    super::edges::arrive(&url).await;
}

/// Texts of a server that writes other characters than UTF-8.
async fn texts_of_others() {
    for (media_type, body, expected) in [
        ("text/plain", &b"\xc3\xa9"[..], Some("\u{e9}")),
        ("text/plain; charset=ISO-8859-1", &b"\xe9"[..], Some("\u{e9}")),
        ("text/plain; charset=utf-8", &b"\xe9"[..], None),
    ] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let response = move || async move { ([("content-type", media_type)], body) };
        let router = axum::Router::new().route("/note", axum::routing::get(response));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let read = Client::new(&url).note().send().await;
        assert_eq!(read.ok().map(|text| text.into_inner()).as_deref(), expected, "{media_type}");
    }
}

async fn parts_of_a_choice(url: &str) {
    let part = |name: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n1\r\n");
    for (parts, expected) in [(&["name", "url", "count"][..], 200), (&["url"], 400)] {
        let body: String = parts.iter().map(|name| part(name)).collect();
        let request = reqwest::Client::new().post(format!("{url}/uploads"));
        let request = request.header("content-type", "multipart/form-data; boundary=x");
        let response = request.body(format!("{body}--x--\r\n")).send().await.unwrap();
        assert_eq!(response.status().as_u16(), expected, "{parts:?}");
        if expected == 200 {
            let read = response.text().await.unwrap();
            assert_eq!(parsed(&read), json!([["name", "1"], ["url", "1"], ["count", 1]]));
        }
    }
}

/// Members of a form of several types, each read by itself.
async fn mixed(client: &Client) {
    for value in [
        json!({"u": 5, "un": true, "ul": "x"}),
        json!({"u": 5, "un": "2020-01-01", "ul": ["x", "y"]}),
        json!({"u": "none", "un": 1.5, "ul": ["1", "2"]}),
    ] {
        let mixed: Mixed = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(client.mixed(mixed).send().await.unwrap().into_inner(), value);
    }
}

/// Members that the contract does not list, beside those that it does.
async fn open(client: &Client) {
    let value = json!({"status": "s", "x": 5});
    let open: Open = serde_json::from_value(value.clone()).unwrap();
    let seen = client.open_query().filter(open.clone()).page(2).send().await.unwrap();
    assert_eq!(seen.into_inner(), json!([value, 2]));
    assert_eq!(client.open_form(open).send().await.unwrap().into_inner(), value);
}

/// Parameters that may be a word, a list or an object.
async fn either(client: &Client) {
    for value in [json!("all"), json!([1, 2]), json!({"id": 1, "rev": 2}), json!({"id": 3})] {
        let either: Either = serde_json::from_value(value.clone()).unwrap();
        let seen = client.either(either.clone()).x_either(either).send().await.unwrap();
        assert_eq!(seen.into_inner(), json!([value, value]));
    }
}

/// One value in several media types.
async fn several(url: &str) {
    const PARTS: &str = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n";
    for (path, media_type, body, expected) in [
        ("same", "application/json", r#"{"a":"1"}"#, json!(["json", {"a": "1"}])),
        ("same", "application/x-www-form-urlencoded", "a=1", json!(["json", {"a": "1"}])),
        ("same", "multipart/form-data; boundary=x", PARTS, json!(["parts", ["1"]])),
        ("texts", "application/json", r#""1""#, json!(["json", "1"])),
        ("texts", "text/plain", r#""1""#, json!(["text", "\"1\""])),
    ] {
        let request = reqwest::Client::new().post(format!("{url}/{path}"));
        let request = request.header("content-type", media_type).body(body);
        let response = request.send().await.unwrap();
        assert_eq!(parsed(&response.text().await.unwrap()), expected, "{media_type}");
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

async fn put(url: &str, path: &str, media_type: &str, body: &str) -> (u16, String) {
    let request = reqwest::Client::new().put(format!("{url}/{path}"));
    let request = request.header("content-type", media_type).body(body.to_owned());
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn listed(client: &Client) {
    for mark in [json!(1), json!(true), json!("x")] {
        let seen = client.listed().mark(mark.clone()).send().await.unwrap().into_inner();
        assert_eq!(seen, json!([mark, null, null, null, null]));
    }
    for mark in [json!(2), json!("true"), json!("y")] {
        let response = client.listed().mark(mark.clone()).send().await;
        // Text does not say that it is one: `true` is read as what the contract lists.
        assert_eq!(response.is_ok(), mark == "true", "{mark}");
    }
    let marks = vec![json!(1.5), json!(1.5)];
    let seen = client.listed().marks(marks.clone()).send().await.unwrap().into_inner();
    assert_eq!(seen, json!([null, marks, null, null, null]));
    let seen = client.listed().bbox(vec![1.5, -2.0]).send().await.unwrap().into_inner();
    assert_eq!(seen, json!([null, null, null, [1.5, -2.0], null]));
    let seen = client.listed().any(json!(["a", "b"])).send().await.unwrap().into_inner();
    assert_eq!(seen, json!([null, null, ["a", "b"], null, null]));
    let error = client.listed().any(json!({"page": 1})).send().await.unwrap_err();
    assert!(error.to_string().contains("`any`"), "{error}");
    let error = client.listed().names(vec![Some("a".to_owned()), None]).send().await.unwrap_err();
    assert!(error.to_string().contains("null"), "{error}");
}

/// HTTP has no body in these responses, whatever the contract says.
async fn bodiless(client: &Client) {
    let response = client.look().send().await.unwrap();
    assert_eq!(response.headers()["x-total"], "7");
    client.forget().send().await.unwrap();
}
