//! Multipart bodies: what is sent arrives the same, as it comes, and another reader finds the same.

use super::{READ, TEXTS, owned, shell};
use futures_util::stream;
use loopback_client::builder::{ClosedPartsParts, UploadPictureParts};
use loopback_client::multipart::FilePart;
use loopback_client::{Client, Error};
use loopback_server::{UploadPictureError, UploadPicturePart};
use loopback_types::{UploadPictureRequestKind, UploadPictureRequestMeta};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// The parts of a request in their order: the name of the variant, what headers say, and the value.
pub async fn read(mut body: loopback_server::UploadPictureParts) -> Result<Value, UploadPictureError> {
    let mut seen = Vec::new();
    while let Some(part) = body.next().await? {
        seen.push(match part {
            UploadPicturePart::File(mut part) => {
                let (name, kind) = (part.file_name().map(str::to_owned), part.media_type().map(str::to_owned));
                let mut bytes = Vec::new();
                while let Some(chunk) = part.chunk().await? {
                    bytes.extend_from_slice(&chunk);
                    // The sender waits for the first half, and sends the second one now.
                    if bytes.starts_with(b"half") {
                        READ.notify_one();
                    }
                }
                json!(["file", name, kind, bytes])
            }
            UploadPicturePart::Meta(meta) => json!(["meta", meta]),
            // Left unread: the next part is found behind it.
            UploadPicturePart::More(part) => json!(["more", part.file_name()]),
            UploadPicturePart::Count(count) => json!(["count", count]),
            UploadPicturePart::Note(note) => json!(["note", note]),
            UploadPicturePart::Names(name) => json!(["names", name]),
            UploadPicturePart::Shells(shell) => json!(["shells", shell]),
            UploadPicturePart::Kind(kind) => json!(["kind", kind]),
            UploadPicturePart::OddName(odd) => json!(["odd", odd]),
            UploadPicturePart::Other(part) => {
                let name = part.name().to_owned();
                json!(["other", name, part.bytes(1_000).await?.to_vec()])
            }
        });
    }
    Ok(json!(seen))
}

fn picture(bytes: &[u8]) -> FilePart {
    FilePart::new(bytes.to_vec()).with_file_name("a.png")
}

fn meta() -> UploadPictureRequestMeta {
    UploadPictureRequestMeta::new("é")
}

/// Every kind of part, around a text that separates, escapes or ends something.
fn full(text: &str) -> UploadPictureParts {
    let mut parts = UploadPictureParts::new(picture(text.as_bytes()), meta())
        .with_more(vec![FilePart::new(text.to_owned()), picture(b"\r\n--\r\n").with_media_type("text/x-y")])
        .with_count(0)
        .with_note(text)
        .with_names(owned(&[text, "", "b"]))
        .with_shells(vec![shell(text), shell("red")])
        .with_kind(UploadPictureRequestKind::Big)
        .with_odd_name(text);
    parts.further.push((format!("free {text}"), FilePart::new(text.to_owned())));
    parts
}

fn seen(text: &str) -> Value {
    json!([
        ["file", "a.png", "image/png", text.as_bytes()],
        ["meta", meta()],
        ["more", null],
        ["more", "a.png"],
        ["count", 0],
        ["note", text],
        ["names", text],
        ["names", ""],
        ["names", "b"],
        ["shells", shell(text)],
        ["shells", shell("red")],
        ["kind", "big"],
        ["odd", text],
        ["other", format!("free {text}"), text.as_bytes()],
    ])
}

pub async fn arrive(client: &Client, url: &str) {
    for text in TEXTS.iter().filter(|text| !text.contains(char::is_control)) {
        let response = client.upload_picture(full(text)).send().await;
        assert_eq!(response.unwrap().into_inner(), seen(text));
    }
    for name in ["a b.png", "\"", "\\", "a\\\"b", "é😀", ";name=\"meta\"", "../../etc/passwd", ""] {
        let parts = UploadPictureParts::new(FilePart::new(vec![0, 255]).with_file_name(name), meta());
        let response = client.upload_picture(parts).send().await.unwrap().into_inner();
        assert_eq!(response[0], json!(["file", name, "image/png", [0, 255]]));
    }
    let parts = UploadPictureParts::new(FilePart::new("").with_file_name("a\r\nX-Evil: 1"), meta());
    let error = client.upload_picture(parts).send().await.unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(_)), "{error:?}");
    as_they_come(client).await;
    closed(client).await;
    rejected(url).await;
    others_read_the_same().await;
}

/// The second half of a file is sent once the server has the first one, so neither end may collect
/// the body.
async fn as_they_come(client: &Client) {
    let halves = stream::unfold(1, |number| async move {
        if number == 2 {
            READ.notified().await;
        }
        (number < 3).then_some((Ok::<_, std::io::Error>("half"), number + 1))
    });
    let file = FilePart::new(reqwest::Body::wrap_stream(halves)).with_media_type("image/jpeg");
    let response = client.upload_picture(UploadPictureParts::new(file, meta())).send().await;
    assert_eq!(response.unwrap()[0], json!(["file", null, "image/jpeg", b"halfhalf"]));
}

async fn closed(client: &Client) {
    client.closed_parts().send().await.unwrap();
    client.closed_parts().body(ClosedPartsParts::new()).send().await.unwrap();
    let parts = ClosedPartsParts::new().with_flag(true).with_shell(shell("red"));
    client.closed_parts().body(parts).send().await.unwrap();
}

/// Bodies as other senders write them: what is wrong, the status, and the place that is named.
async fn rejected(url: &str) {
    let file = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\nContent-Type: image/png\r\n\r\nx\r\n";
    let meta = "--b\r\ncontent-disposition:form-data;filename=\"x;name=y\";NAME=meta\r\n\r\n{\"title\":\"t\"}\r\n";
    let part = |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name={name}\r\n\r\n{value}\r\n");
    let body = |more: &str| format!("before\r\n{file}{meta}{more}--b--\r\nbehind");
    let long = "x".repeat(1024 * 1024 + 1);
    let table = [
        ("nothing", body(""), 200, ""),
        ("spaces behind a boundary", body("").replace("--b\r\n", "--b \t\r\n"), 200, ""),
        ("a missing part", format!("{file}--b--"), 400, "/meta"),
        ("no part", "--b--".to_owned(), 400, "/file"),
        ("a file twice", body(&part("file", "a")), 400, "/file"),
        ("a list of one", body(&part("names", "a")), 200, ""),
        ("a value twice", body(&(part("note", "a") + &part("note", "b"))), 400, "/note"),
        ("a wrong value", body(&part("count", "-1")), 400, "/count"),
        ("a text for a number", body(&part("count", "many")), 400, "/count"),
        ("a wrong member", body(&part("shells", "{\"weight\":true}")), 400, "/shells/weight"),
        ("no JSON", body(&part("shells", "{")), 400, "/shells"),
        ("a long title", body("").replace("\"t\"", &format!("\"{}\"", "t".repeat(41))), 400, "/meta/title"),
        ("a wrong media type", body("").replace("image/png", "image/gif"), 400, "/file"),
        ("a long value", body(&part("note", &long)), 413, ""),
        ("a long file", body("").replace("\r\nx\r\n", &format!("\r\n{long}\r\n")), 200, ""),
        ("a body that is cut off", file.to_owned(), 400, ""),
        ("a head that is cut off", format!("{file}--b\r\nContent-"), 400, ""),
        ("a long head", format!("{file}--b\r\nX: {}\r\n\r\n", "x".repeat(20_000)), 400, ""),
        ("a head without colons", format!("{file}--b\r\nX\r\n\r\n--b--"), 400, ""),
    ];
    for (what, body, status, place) in table {
        let (answer, problem) = post(url, "pictures", "multipart/form-data; boundary=b", body).await;
        assert_eq!(answer, status, "{what}: {problem}");
        if status == 400 {
            assert_eq!(problem["pointer"], place, "{what}: {problem}");
        }
    }
    let (status, problem) = post(url, "pictures", "multipart/form-data", body("")).await;
    assert_eq!(status, 400, "no boundary: {problem}");
    let (status, problem) = post(url, "pictures", "application/json", "{}".to_owned()).await;
    assert_eq!(status, 415, "another type: {problem}");
    let (status, problem) = post(url, "closed", "multipart/mixed; boundary=\"b\"", body("")).await;
    assert_eq!((status, &problem["pointer"]), (400, &json!("/file")), "a part of a closed body");
}

async fn post(url: &str, path: &str, media_type: &str, body: String) -> (u16, Value) {
    let request = reqwest::Client::new().post(format!("{url}/{path}"));
    let response = request.header("content-type", media_type).body(body).send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// multer reads the bytes of a request.
async fn others_read_the_same() {
    let found = Arc::new(Mutex::new(Vec::new()));
    let seen = found.clone();
    let route = axum::routing::post(move |request: axum::extract::Request| async move {
        let kind = request.headers()["content-type"].to_str().unwrap().to_owned();
        let boundary = multer::parse_boundary(kind).unwrap();
        let length = request.headers().contains_key("content-length");
        let mut parts = multer::Multipart::new(request.into_body().into_data_stream(), boundary);
        while let Some(field) = parts.next_field().await.unwrap() {
            let (name, file) = (field.name().map(str::to_owned), field.file_name().map(str::to_owned));
            let kind = field.content_type().map(|kind| kind.to_string());
            let text = field.text().await.unwrap();
            seen.lock().unwrap().push(json!([name, file, kind, text]));
        }
        axum::Json(json!(length))
    });
    let router = axum::Router::new().route("/pictures", route);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut parts = full("a--b\r\n");
    parts.further.clear();
    // It finds no name that ends with a backslash.
    parts.odd_name = None;
    let response = client.upload_picture(parts).send().await.unwrap();
    assert_eq!(response.into_inner(), true, "the length of bytes in memory is known");
    let shells = ["a--b\r\n", "red"].map(|hue| serde_json::to_string(&shell(hue)).unwrap());
    let expected = json!([
        ["file", "a.png", "image/png", "a--b\r\n"],
        ["meta", null, "application/json", "{\"title\":\"é\"}"],
        ["more", null, "application/octet-stream", "a--b\r\n"],
        ["more", "a.png", "text/x-y", "\r\n--\r\n"],
        ["count", null, null, "0"],
        ["note", null, null, "a--b\r\n"],
        ["names", null, null, "a--b\r\n"],
        ["names", null, null, ""],
        ["names", null, null, "b"],
        ["shells", null, "application/json", shells[0]],
        ["shells", null, "application/json", shells[1]],
        ["kind", null, null, "big"],
    ]);
    assert_eq!(json!(*found.lock().unwrap()), expected);
}
