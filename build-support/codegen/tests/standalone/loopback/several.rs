//! Texts that may be of several types, and paths that the contract writes with escapes.

use guarded_client::Client;
use guarded_server::support::RequestContext;
use guarded_server::*;
use guarded_types::{FormRequest, SeveralCreated, SeveralExpand, SeveralFlag, SeveralIdsItem, SeveralWhich, SeveralXMark};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::net::TcpListener;

struct Guarded;

impl DefaultApi for Guarded {
    async fn held(&self, _: RequestContext) -> Result<Value, HeldError> {
        Ok(json!("held"))
    }

    async fn coffee(&self, _: RequestContext, id: String) -> Result<Value, CoffeeError> {
        Ok(json!(["coffee", id]))
    }

    async fn room(&self, _: RequestContext, room: String, id: String) -> Result<Value, RoomError> {
        Ok(json!(["room", room, id]))
    }

    async fn off(&self, _: RequestContext, id: String) -> Result<Value, OffError> {
        Ok(json!(["off", id]))
    }

    async fn several(
        &self,
        _: RequestContext,
        which: SeveralWhich,
        flag: Option<SeveralFlag>,
        ids: Option<Vec<SeveralIdsItem>>,
        expand: Option<SeveralExpand>,
        created: Option<SeveralCreated>,
        x_mark: Option<SeveralXMark>,
    ) -> Result<Value, SeveralError> {
        Ok(json!([which, flag, ids, expand, created, x_mark]))
    }

    async fn form(&self, _: RequestContext, body: FormRequest) -> Result<Value, FormError> {
        Ok(json!(body))
    }

    async fn pairs(&self, _: RequestContext, body: BTreeMap<String, String>) -> Result<Value, PairsError> {
        Ok(json!(body))
    }
}

pub async fn arrive() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = guarded_server::router(Arc::new(Guarded)).into_router();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let client = Client::new(&url);
    paths(&client, &url).await;
    parameters(&client, &url).await;
    forms(&client, &url).await;
}

async fn paths(client: &Client, url: &str) {
    assert_eq!(*client.coffee("x").send().await.unwrap(), json!(["coffee", "x"]));
    assert_eq!(*client.off("x").send().await.unwrap(), json!(["off", "x"]));
    for (path, read) in [
        ("/caf%C3%A9/x", json!(["coffee", "x"])),
        ("/caf%c3%a9/x", json!(["coffee", "x"])),
        ("/c%61f%C3%A9/x", json!(["coffee", "x"])),
        ("/50%25/a%20b%20off", json!(["off", "a b"])),
        ("/50%25/a%2Fb%20%6Fff", json!(["off", "a/b"])),
        ("/tea%20time/%25", json!(["room", "tea time", "%"])),
    ] {
        assert_eq!(get(&format!("{url}{path}")).await, read, "{path}");
    }
}

async fn parameters(client: &Client, url: &str) {
    for (which, query, read) in [
        ("7", "flag=true", json!([7, true, null, null, null, null])),
        ("me", "flag=1.5", json!(["me", 1.5, null, null, null, null])),
        ("7", "flag=all", json!([7, "all", null, null, null, null])),
        ("7", "ids=1&ids=all&ids=2", json!([7, null, [1, "all", 2], null, null, null])),
        ("7", "expand=a&expand=b", json!([7, null, null, ["a", "b"], null, null])),
        ("7", "expand=a", json!([7, null, null, "a", null, null])),
        ("7", "created[gt]=1&created[lt]=2", json!([7, null, null, null, {"gt": 1, "lt": 2}, null])),
        ("7", "created=5", json!([7, null, null, null, 5, null])),
    ] {
        let read_there = get(&format!("{url}/several/{which}?{query}")).await;
        assert_eq!(read_there, read, "{query}");
        let read = |at: usize| read[at].clone();
        let mut call = client.several(value::<SeveralWhich>(read(0)));
        if !read(1).is_null() {
            call = call.flag(value::<SeveralFlag>(read(1)));
        }
        if !read(2).is_null() {
            call = call.ids(value::<Vec<SeveralIdsItem>>(read(2)));
        }
        if !read(3).is_null() {
            call = call.expand(value::<SeveralExpand>(read(3)));
        }
        if !read(4).is_null() {
            call = call.created(value::<SeveralCreated>(read(4)));
        }
        assert_eq!(*call.send().await.unwrap(), read_there, "{query}");
    }
    for mark in [json!(true), json!(-3)] {
        let call = client.several(value::<SeveralWhich>(json!(1))).x_mark(value::<SeveralXMark>(mark.clone()));
        assert_eq!((*call.send().await.unwrap())[5], mark);
    }
    let wrong = reqwest::get(format!("{url}/several/you?flag=maybe")).await.unwrap();
    assert_eq!(wrong.status(), 400);
}

async fn forms(client: &Client, url: &str) {
    for body in [json!({"a": 1}), json!({"b": [1]}), json!({"b": [1, 2], "flag": true}), json!({"b": [1], "flag": 0})] {
        let sent = client.form(value::<FormRequest>(body.clone())).send().await;
        assert_eq!(*sent.unwrap(), body);
    }
    for (body, read) in [("a=1", json!({"a": 1})), ("b=1", json!({"b": [1]}))] {
        assert_eq!(post(&format!("{url}/form"), body).await, read, "{body}");
    }
    assert_eq!(*client.pairs(BTreeMap::new()).send().await.unwrap(), json!({}));
    assert_eq!(post(&format!("{url}/pairs"), "").await, json!({}));
}

async fn get(url: &str) -> Value {
    let response = reqwest::get(url).await.unwrap();
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

async fn post(url: &str, form: &'static str) -> Value {
    let request = reqwest::Client::new().post(url).body(form);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let response = request.send().await.unwrap();
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

fn value<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}
