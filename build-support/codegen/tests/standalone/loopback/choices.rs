//! Requests whose body is one of several values: the type that is given decides the media type, and the
//! media type decides what is read.

use super::{TEXTS, shell};
use loopback_client::Client;
use loopback_client::typed::TypedBody;
use loopback_client::builder::{ChooseAnythingBody, ChooseBody_, ChooseOrNotBody, ChooseParts};
use loopback_server::{ChooseBody, ChooseError, ChoosePart};
use loopback_types::{ChooseOrNotRequest, Order, Page, Shell};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What was read, under the name of its variant.
pub async fn read(body: ChooseBody) -> Result<Value, ChooseError> {
    Ok(match body {
        ChooseBody::Json(shell) => json!(["Json", shell]),
        ChooseBody::MergePatchJson(page) => json!(["MergePatchJson", page]),
        ChooseBody::VndOrderJson(order) => json!(["VndOrderJson", order]),
        ChooseBody::Text(text) => json!(["Text", text]),
        ChooseBody::Image(bytes) => json!(["Image", bytes.to_vec()]),
        ChooseBody::Png(bytes) => json!(["Png", bytes.to_vec()]),
        ChooseBody::Ndjson(mut records) => {
            let mut all = Vec::new();
            while let Some(record) = records.next().await? {
                all.push(record);
            }
            json!(["Ndjson", all])
        }
        ChooseBody::Parts(mut parts) => {
            let mut all = Vec::new();
            while let Some(part) = parts.next().await? {
                all.push(match part {
                    ChoosePart::Note(note) => json!(["note", note]),
                    ChoosePart::Other(part) => json!(["other", part.name()]),
                });
            }
            json!(["Parts", all])
        }
        other => panic!("{other:?}"),
    })
}

pub async fn arrive(client: &Client, url: &str) {
    for text in TEXTS {
        let mut page = Page::default();
        page.after = Some((*text).to_owned());
        let mut order = Order::new(*text);
        order.card = Some(shell(text));
        let bytes = text.as_bytes().to_vec();
        let shells = vec![shell(text), Shell::default()];
        let parts = ChooseParts::new(*text);
        let table: [(ChooseBody_, Value); 8] = [
            (shell(text).into(), json!(["Json", shell(text)])),
            (page.clone().into(), json!(["MergePatchJson", page])),
            (order.clone().into(), json!(["VndOrderJson", order])),
            ((*text).into(), json!(["Text", text])),
            (ChooseBody_::Png(bytes.clone()), json!(["Png", bytes])),
            (TypedBody::new("image/gif", bytes.clone()).into(), json!(["Image", bytes])),
            (ChooseBody_::Ndjson(shells.clone().into()), json!(["Ndjson", shells])),
            (parts.into(), json!(["Parts", [["note", text]]])),
        ];
        for (sent, expected) in table {
            let response = client.choose(sent).send().await.unwrap().into_inner();
            assert_eq!(response["read"], expected);
        }
    }
    anything(client).await;
    optional(client).await;
    by_type(url).await;
}

/// Without schemas: JSON of any kind, members, text and bytes.
async fn anything(client: &Client) {
    let members = BTreeMap::from([("a b".to_owned(), json!("c&d=é"))]);
    let table: [(ChooseAnythingBody, Value); 4] = [
        (json!([1, null]).into(), json!(["Json", [1, null]])),
        (members.into(), json!(["Form", {"a b": "c&d=é"}])),
        ("x".into(), json!(["Text", "x"])),
        (vec![0, 255].into(), json!(["Bytes", [0, 255]])),
    ];
    for (sent, expected) in table {
        let response = client.choose_anything(sent).send().await.unwrap().into_inner();
        assert_eq!(response["read"], expected);
    }
}

async fn optional(client: &Client) {
    let sent = async |body: Option<ChooseOrNotBody>| {
        let call = client.choose_or_not();
        let call = match body {
            Some(body) => call.body(body),
            None => call,
        };
        call.send().await.unwrap().into_inner()["read"].clone()
    };
    assert_eq!(sent(None).await, json!(null));
    assert_eq!(sent(Some("".into())).await, json!(["Text", ""]));
    assert_eq!(sent(Some(ChooseOrNotRequest::new(7).into())).await, json!(["Json", {"count": 7}]));
}

/// What others send: the schema that counts is that of the declared type.
async fn by_type(url: &str) {
    let table = [
        ("choices", Some("application/json; charset=utf-8"), "{\"count\": 1}", 200, "Json", ""),
        ("choices", Some("application/json"), "{\"count\": \"x\"}", 400, "", "/count"),
        ("choices", Some("application/merge-patch+json"), "{\"size\": \"x\"}", 400, "", "/size"),
        ("choices", Some("application/vnd.order+json"), "{\"to\": \"x\"}", 200, "VndOrderJson", ""),
        ("choices", Some("application/x-www-form-urlencoded"), "to=x&card[hue]=y", 200, "VndOrderJson", ""),
        ("choices", Some("application/x-www-form-urlencoded"), "to=x&limit=many", 400, "", "/limit"),
        ("choices", Some("application/x-www-form-urlencoded"), "to=x&to=y", 400, "", "/to"),
        ("choices", Some("application/x-www-form-urlencoded"), "to=x&limit=%", 400, "", "/limit"),
        ("choices", Some("application/x-www-form-urlencoded"), "to=x&note=y", 400, "", "/note"),
        ("choices", Some("text/plain"), "", 200, "Text", ""),
        ("choices", Some("image/png"), "x", 200, "Png", ""),
        ("choices", Some("image/gif"), "x", 200, "Image", ""),
        ("choices", Some("application/x-ndjson"), "{}\n{\"count\": true}\n", 400, "", "/1/count"),
        ("choices", Some("application/json"), "", 400, "", ""),
        ("choices", Some("application/xml"), "<a/>", 415, "", ""),
        ("choices", Some("multipart/mixed; boundary=b"), "--b--", 415, "", ""),
        ("choices", None, "{}", 415, "", ""),
        ("choices/optional", Some("text/json"), "{\"count\": 1}", 200, "Json", ""),
        ("choices/optional", Some("text/json"), "{\"count\": \"x\"}", 400, "", "/count"),
        ("choices/optional", Some("application/json"), "{\"count\": 1.5}", 400, "", "/count"),
        ("choices/optional", Some("text/plain"), "a text of some length", 400, "", ""),
        ("choices/optional", Some("text/plain"), "a text of no length", 200, "Text", ""),
        ("choices/optional", None, "", 200, "", ""),
    ];
    for (path, media_type, body, status, variant, place) in table {
        let what = format!("{media_type:?} {body:?} to {path}");
        let mut request = reqwest::Client::new().post(format!("{url}/{path}")).body(body);
        if let Some(media_type) = media_type {
            request = request.header("content-type", media_type);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{what}");
        let accept = response.headers().get("accept").cloned();
        let seen: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        match status {
            200 => assert_eq!(seen["read"][0].as_str().unwrap_or_default(), variant, "{what}: {seen}"),
            415 => assert_eq!(accept.unwrap(), ACCEPTED, "{what}"),
            _ if place.is_empty() => {}
            _ => assert_eq!(seen["pointer"], place, "{what}: {seen}"),
        }
    }
}

/// Every media type of the first operation that is generated.
const ACCEPTED: &str = "application/json, application/merge-patch+json, application/vnd.order+json, \
                        application/x-www-form-urlencoded, multipart/form-data, text/plain, image/*, \
                        application/x-ndjson, image/png";
