//! Calls over HTTP, signed as the contract asks.

use std::sync::Arc;

use http::{HeaderMap, Method, Request};
use offblocks_sandbox::{Clock, Credentials};
use offblocks_signature::{KeyId, Signer, SigningKey};
use serde_json::{Value, json};
use url::Url;

/// Somebody with a token and a registered signing key.
pub struct Caller {
    pub base_url: Url,
    pub token: String,
    pub key_id: KeyId,
    pub key: SigningKey,
    credentials: Credentials,
    clock: Arc<dyn Clock>,
    http: reqwest::Client,
}

/// A response, read to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    pub status: u16,
    pub content_type: Option<String>,
    pub retry_after: Option<String>,
    pub www_authenticate: Option<String>,
    pub text: String,
}

impl Response {
    /// The body as JSON; `null` when it is empty.
    pub fn json(&self) -> Value {
        match self.text.as_str() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}")),
        }
    }

    /// The body, once the status is the expected one.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "the body is {}", self.text);
        self.json()
    }

    /// What a problem says, once the status is the expected one.
    #[track_caller]
    pub fn rejected(&self, status: u16) -> String {
        assert_eq!(self.status, status, "the body is {}", self.text);
        assert_eq!(
            self.content_type.as_deref(),
            Some("application/problem+json")
        );
        self.json()["detail"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

impl Caller {
    /// A caller with the default credentials that has uploaded its key.
    pub async fn known_to(base_url: &Url, clock: impl Clock) -> Self {
        Self::with(base_url, clock, Credentials::default()).await
    }

    /// A caller with credentials of its own that has uploaded its key.
    pub async fn with(base_url: &Url, clock: impl Clock, credentials: Credentials) -> Self {
        let mut caller = Self {
            base_url: base_url.clone(),
            token: String::new(),
            key_id: KeyId::new("2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c").unwrap(),
            key: SigningKey::generate().unwrap(),
            credentials,
            clock: Arc::new(clock),
            http: reqwest::Client::new(),
        };
        caller.log_in().await;
        caller.upload_key().await.expect(204);
        caller
    }

    /// The same caller at another sandbox on the same database.
    pub fn at(&self, base_url: &Url) -> Self {
        Self {
            base_url: base_url.clone(),
            token: self.token.clone(),
            key_id: self.key_id.clone(),
            key: self.key.clone(),
            credentials: self.credentials.clone(),
            clock: self.clock.clone(),
            http: reqwest::Client::new(),
        }
    }

    /// Takes a fresh token with its credentials.
    pub async fn log_in(&mut self) {
        let (key, secret) = (&self.credentials.api_key, &self.credentials.api_secret);
        let response = self.ask_for_token(&key.to_string(), secret.expose()).await;
        self.token = response.expect(200)["token"].as_str().unwrap().to_owned();
    }

    pub async fn ask_for_token(&self, api_key: &str, api_secret: &str) -> Response {
        let body = json!({"apiKey": api_key, "apiSecret": api_secret});
        self.call("POST", "/auth/token")
            .body(body)
            .anonymous()
            .unsigned()
            .send()
            .await
    }

    pub async fn upload_key(&self) -> Response {
        let key = self.key.public_key().to_base64_pem();
        let body = json!({"signingKeyId": self.key_id.as_str(), "signingKey": key});
        self.call("PUT", "/auth/signing")
            .body(body)
            .unsigned()
            .send()
            .await
    }

    pub async fn get(&self, path: &str) -> Response {
        self.call("GET", path).send().await
    }

    /// What is at a path of the sandbox itself, such as `/_sandbox/healthz`.
    pub async fn watch(&self, path: &str) -> reqwest::Response {
        let url = self.base_url.join(path).unwrap();
        self.http.get(url).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.call("POST", path).body(body).send().await
    }

    pub async fn patch(&self, path: &str) -> Response {
        self.call("PATCH", path).send().await
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.call("DELETE", path).send().await
    }

    /// A call of one's own making: signed, with a token and, unless a GET, a fresh key.
    pub fn call<'a>(&'a self, method: &str, path: &str) -> Call<'a> {
        let fresh = uuid::Uuid::from_u128(u128::from_be_bytes(random()));
        Call {
            caller: self,
            method: method.parse().unwrap(),
            path: path.to_owned(),
            body: Vec::new(),
            token: Some(self.token.clone()),
            idempotency_key: (method != "GET").then(|| fresh.to_string()),
            signed: true,
        }
    }
}

/// A call that is put together.
pub struct Call<'a> {
    caller: &'a Caller,
    method: Method,
    path: String,
    body: Vec<u8>,
    token: Option<String>,
    idempotency_key: Option<String>,
    signed: bool,
}

impl Call<'_> {
    pub fn body(mut self, body: Value) -> Self {
        self.body = body.to_string().into_bytes();
        self
    }

    pub fn key(mut self, key: &str) -> Self {
        self.idempotency_key = Some(key.to_owned());
        self
    }

    pub fn keyless(mut self) -> Self {
        self.idempotency_key = None;
        self
    }

    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    pub fn anonymous(mut self) -> Self {
        self.token = None;
        self
    }

    pub fn unsigned(mut self) -> Self {
        self.signed = false;
        self
    }

    pub async fn send(self) -> Response {
        self.send_changed(|_| ()).await
    }

    /// Sends it after `change` had its way with the signed headers.
    pub async fn send_changed(self, change: impl FnOnce(&mut HeaderMap)) -> Response {
        let mut request = self.signed_request();
        change(request.headers_mut());
        self.execute(request).await.unwrap()
    }

    /// Sends it; `None` when the connection breaks before the whole response is there.
    pub async fn try_send(self) -> Option<Response> {
        self.execute(self.signed_request()).await.ok()
    }

    async fn execute(&self, request: Request<Vec<u8>>) -> Result<Response, reqwest::Error> {
        let request = reqwest::Request::try_from(request).unwrap();
        let response = self.caller.http.execute(request).await?;
        let header = |name| response.headers().get(name);
        let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
        Ok(Response {
            status: response.status().as_u16(),
            content_type: header("content-type").map(text),
            retry_after: header("retry-after").map(text),
            www_authenticate: header("www-authenticate").map(text),
            text: response.text().await?,
        })
    }

    /// The bytes of the request as HTTP/1.1 sends them.
    pub fn raw(&self) -> Vec<u8> {
        let (parts, body) = self.signed_request().into_parts();
        let authority = parts.uri.authority().unwrap();
        let target = parts.uri.path_and_query().unwrap();
        let mut raw = format!(
            "{} {target} HTTP/1.1\r\nhost: {authority}\r\n",
            parts.method
        );
        for (name, value) in &parts.headers {
            raw += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
        raw += &format!("content-length: {}\r\n\r\n", body.len());
        [raw.into_bytes(), body].concat()
    }

    fn signed_request(&self) -> Request<Vec<u8>> {
        let url = format!("{}{}", self.caller.base_url, self.path);
        let mut request = Request::builder().method(self.method.clone()).uri(url);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = &self.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if !self.body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        if self.signed {
            let now = self.caller.clock.now().timestamp();
            let signer = Signer::new(self.caller.key.clone(), &self.caller.key_id);
            signer.sign_parts(&mut parts, &self.body, now).unwrap();
        }
        Request::from_parts(parts, self.body.clone())
    }
}

fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    #[expect(clippy::disallowed_methods, reason = "a caller draws its own keys")]
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    bytes
}
