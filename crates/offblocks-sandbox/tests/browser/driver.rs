//! The few commands of WebDriver that the tests need, over HTTP.
//!
//! Of the libraries for it, one switches on `preserve_order` of `serde_json`, which changes the
//! order of members in every response that the tests of this workspace see, and the other one brings
//! second versions of `http`, `cookie` and Unicode tables.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};

/// How WebDriver calls the member with an element's id.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The key Tab, and the key Enter.
pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";

/// A session of a browser.
#[derive(Clone)]
pub struct Driver(Arc<Session>);

struct Session {
    http: reqwest::Client,
    url: String,
}

/// Something on a page.
pub struct Element {
    driver: Driver,
    id: String,
}

/// How something is found.
#[derive(Clone)]
pub enum By {
    Css(String),
    XPath(String),
}

impl By {
    pub fn id(id: &str) -> Self {
        Self::Css(format!("#{id}"))
    }

    fn query(&self) -> Value {
        match self {
            Self::Css(selector) => json!({"using": "css selector", "value": selector}),
            Self::XPath(path) => json!({"using": "xpath", "value": path}),
        }
    }
}

impl Driver {
    /// Starts a browser with the driver that listens at a URL.
    pub async fn start(url: &str, capabilities: Value) -> Self {
        let http = reqwest::Client::new();
        let starting = Self(Arc::new(Session {
            http,
            url: format!("{url}/session"),
        }));
        let body = json!({"capabilities": {"alwaysMatch": capabilities}});
        let session = starting.call(Method::POST, "", body).await.unwrap();
        let id = session["sessionId"].as_str().unwrap();
        Self(Arc::new(Session {
            http: starting.0.http.clone(),
            url: format!("{url}/session/{id}"),
        }))
    }

    /// Ends the browser.
    pub async fn quit(self) {
        self.call(Method::DELETE, "", Value::Null).await.unwrap();
    }

    pub async fn goto(&self, url: &str) {
        self.post("/url", json!({"url": url})).await.unwrap();
    }

    pub async fn url(&self) -> String {
        text(self.get("/url").await.unwrap())
    }

    /// The first one that matches; an error where there is none.
    pub async fn find(&self, by: &By) -> Result<Element, Value> {
        let found = self.post("/element", by.query()).await?;
        Ok(self.element(&found))
    }

    /// What has the focus.
    pub async fn active(&self) -> Element {
        let found = self.get("/element/active").await.unwrap();
        self.element(&found)
    }

    /// What a script on the page returns.
    pub async fn execute(&self, script: &str) -> Value {
        let body = json!({"script": script, "args": []});
        self.post("/execute/sync", body).await.unwrap()
    }

    /// The picture of what is seen, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let encoded = text(self.get("/screenshot").await.unwrap());
        let decoded = encoded.parse::<offblocks_types::support::Base64>();
        decoded.unwrap().into_bytes()
    }

    /// A command of Chromium's own protocol for developers.
    pub async fn chromium(&self, command: &str, parameters: Value) {
        let body = json!({"cmd": command, "params": parameters});
        self.post("/goog/cdp/execute", body).await.unwrap();
    }

    /// What the browser complained about.
    pub async fn log(&self) -> Vec<Value> {
        let log = self.post("/se/log", json!({"type": "browser"})).await;
        log.unwrap().as_array().unwrap().clone()
    }

    fn element(&self, found: &Value) -> Element {
        Element {
            driver: self.clone(),
            id: found[ELEMENT].as_str().unwrap().to_owned(),
        }
    }

    async fn get(&self, path: &str) -> Result<Value, Value> {
        self.call(Method::GET, path, Value::Null).await
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, Value> {
        self.call(Method::POST, path, body).await
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Result<Value, Value> {
        let Session { http, url } = &*self.0;
        let mut request = http.request(method, format!("{url}{path}"));
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let works = response.status().is_success();
        let mut body: Value = response.json().await.unwrap();
        let value = body["value"].take();
        if works { Ok(value) } else { Err(value) }
    }
}

impl Element {
    pub async fn click(&self) -> Result<(), Value> {
        self.post("click", json!({})).await
    }

    pub async fn clear(&self) -> Result<(), Value> {
        self.post("clear", json!({})).await
    }

    pub async fn send_keys(&self, text: &str) -> Result<(), Value> {
        self.post("value", json!({"text": text})).await
    }

    pub async fn text(&self) -> Result<String, Value> {
        let path = format!("/element/{}/text", self.id);
        self.driver.get(&path).await.map(text)
    }

    async fn post(&self, command: &str, body: Value) -> Result<(), Value> {
        let path = format!("/element/{}/{command}", self.id);
        self.driver.post(&path, body).await.map(drop)
    }
}

fn text(value: Value) -> String {
    value.as_str().unwrap().to_owned()
}
