//! Bodies whose media type is the sender's to say, and integers that are written with a point.

use super::{Echo, shell, streamed};
use bytes::Bytes;
use futures_util::TryStreamExt;
use loopback_client::typed::TypedBody;
use loopback_client::{ByteStream, Client, Error};
use loopback_server::support::{self, RecordReader, Records, RequestContext};
use loopback_server::*;
use loopback_types::Shell;
use serde_json::Value;

impl TypedApi for Echo {
    async fn any_picture(
        &self,
        context: RequestContext,
        body: bytes::Bytes,
    ) -> Result<support::TypedBody<bytes::Bytes>, AnyPictureError> {
        Ok(echoed(&context, body))
    }

    async fn any_blob(
        &self,
        context: RequestContext,
        body: Option<bytes::Bytes>,
    ) -> Result<support::TypedBody<bytes::Bytes>, AnyBlobError> {
        Ok(echoed(&context, body.unwrap_or_default()))
    }

    async fn any_value(&self, context: RequestContext, body: Shell) -> Result<Shell, AnyValueError> {
        assert_eq!(context.headers["content-type"], "application/json");
        Ok(body)
    }

    async fn numbers(&self, _: RequestContext, body: Vec<i64>) -> Result<Vec<i64>, NumbersError> {
        Ok(body)
    }

    async fn number_lines(
        &self,
        _: RequestContext,
        body: RecordReader<i64>,
    ) -> Result<Records<i64>, NumberLinesError> {
        Ok(streamed::all(body).await?.into())
    }
}

/// The same bytes, of the same type. A picture may ask for another one.
fn echoed(context: &RequestContext, body: Bytes) -> support::TypedBody<Bytes> {
    let declared = context.headers.get("content-type");
    let declared = declared.map_or("", |declared| declared.to_str().unwrap());
    let asked = context.uri.query().unwrap_or(declared);
    support::TypedBody::new(asked, body)
}

pub async fn arrive(client: &Client, url: &str) {
    types(client).await;
    let sent = client.any_value(shell("red")).send().await.unwrap();
    assert_eq!(sent.headers()["content-type"], "application/json");
    assert_eq!(sent.into_inner(), shell("red"));
    let raw = reqwest::Client::new().put(format!("{url}/pictures/any?text/plain"));
    let raw = raw.header("content-type", "image/png").body("x").send().await.unwrap();
    assert_eq!(raw.status(), 500, "a server must not send what is out of range");
    integers(client, url).await;
}

async fn types(client: &Client) {
    for media_type in ["image/gif", "Image/SVG+xml; charset=utf-8", "image/vnd.x-y", "image/png;a=\"b c\""] {
        let picture = TypedBody::new(media_type, vec![0, 255]);
        let response = client.any_picture(picture).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], media_type);
        assert_eq!(bytes(response.into_inner()).await, [0, 255]);
    }
    let nothing = ["image/*", "image", "image/", "/png", "text/plain", "image/a b", "image/png\r\nX: 1", "image/é", ""];
    for media_type in nothing {
        let picture = TypedBody::new(media_type, Vec::new());
        let error = client.any_picture(picture).send().await.err().expect(media_type);
        assert!(matches!(error, Error::InvalidRequest(_)), "{media_type}: {error:?}");
        assert!(error.to_string().contains("`image/*`"), "{error}");
    }
    let blob = TypedBody::new("text/csv", b"a,b".to_vec());
    let response = client.any_blob().body(blob).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/csv");
    assert_eq!(bytes(response.into_inner()).await, b"a,b");
}

async fn bytes(stream: ByteStream) -> Vec<u8> {
    let chunks: Vec<Bytes> = stream.into_inner().try_collect().await.unwrap();
    chunks.concat()
}

/// JSON Schema counts `5.0` among the integers, wherever it stands.
async fn integers(client: &Client, url: &str) {
    let send = async |path: &str, media_type: &str, body: &'static str| {
        let request = reqwest::Client::new().put(format!("{url}/{path}"));
        let response = request.header("content-type", media_type).body(body).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let read = send("numbers", "application/json", "[5.0, -1e2, 7]").await;
    assert_eq!(read, (200, "[5,-100,7]".to_owned()));
    assert_eq!(send("numbers", "application/json", "[5.5]").await.0, 400);
    let read = send("numbers/lines", "application/x-ndjson", "5.0\n6\n").await;
    assert_eq!(read, (200, "5\n6\n".to_owned()));
    assert_eq!(client.numbers(vec![1, -2]).send().await.unwrap().into_inner(), [1, -2]);
    from_others().await;
}

/// What another server sends.
async fn from_others() {
    let table = [
        (200, "application/json", "[5.0, 1e1]", Some("[5, 10]")),
        (200, "application/json", "[5.5]", None),
        (409, "application/json", "7.0", Some("7")),
    ];
    for (status, media_type, body, expected) in table {
        let client = Client::new(&server("/numbers", status, media_type, body).await);
        let shown = match client.numbers(vec![1]).send().await {
            Ok(response) => Some(format!("{:?}", response.into_inner())),
            Err(Error::ErrorResponse(response)) => Some(response.into_inner().to_string()),
            Err(_) => None,
        };
        assert_eq!(shown.as_deref(), expected, "{status} {body}");
    }
    let client = Client::new(&server("/numbers/lines", 200, "application/x-ndjson", "5.0\n\"x\"\n6\n").await);
    let mut lines = client.number_lines(vec![1]).send().await.unwrap().into_inner();
    let mut read: Vec<Value> = Vec::new();
    while let Some(line) = lines.next().await {
        read.push(line.map_or(Value::Null, Value::from));
    }
    assert_eq!(Value::from(read), serde_json::json!([5, null, 6]));
}

async fn server(path: &'static str, status: u16, media_type: &'static str, body: &'static str) -> String {
    let respond = move || async move {
        let response = axum::response::Response::builder().status(status);
        response.header("content-type", media_type).body(axum::body::Body::from(body)).unwrap()
    };
    let router = axum::Router::new().route(path, axum::routing::put(respond));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{address}")
}
