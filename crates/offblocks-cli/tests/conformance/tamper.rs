//! Drift: changes the requests to a correct server, and its responses.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use offblocks_signature::{ContentDigest, KeyId, Signer, SigningKey, Verifier};
use serde_json::Value;

use crate::bank::{self, Bank, TOKEN};

/// A request, read to its end.
pub struct Incoming {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A response, read to its end.
pub struct Outgoing {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Incoming {
    pub fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.uri.path() == path
    }

    pub fn has(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }
}

impl Outgoing {
    /// Changes the JSON body.
    pub fn change(&mut self, change: impl FnOnce(&mut Value)) {
        let mut body = serde_json::from_slice(&self.body).unwrap();
        change(&mut body);
        self.say(&body);
    }

    pub fn say(&mut self, body: &Value) {
        self.body = body.to_string().into();
        self.headers.remove(header::CONTENT_LENGTH);
        let json = HeaderValue::from_static("application/json");
        self.headers.insert(header::CONTENT_TYPE, json);
    }
}

/// What a tampered server knows.
pub struct Tools {
    signer: Signer,
    bodies: Mutex<HashMap<String, Bytes>>,
    verifier: Verifier,
    key: SigningKey,
}

impl Tools {
    fn new(key: SigningKey, key_id: &str) -> Arc<Self> {
        Arc::new(Self {
            signer: Signer::new(key.clone(), &KeyId::new(key_id).unwrap()),
            bodies: Mutex::default(),
            verifier: Verifier::builder().scheme(http::uri::Scheme::HTTP).build(),
            key,
        })
    }

    /// Signs a request as it is now, with the key that is registered.
    pub fn sign(&self, request: &mut Incoming) {
        let created = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let created = i64::try_from(created).unwrap();
        let Incoming {
            method,
            uri,
            headers,
            body,
        } = request;
        self.signer
            .sign(method, uri, headers, body, created)
            .unwrap();
    }

    /// Whether the signature of a request is by the registered key.
    pub fn holds(&self, request: &Incoming) -> bool {
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let message =
            offblocks_signature::Message::new(&request.method, &request.uri, &request.headers);
        let keys = |_: &KeyId| Some(self.key.public_key());
        let now = i64::try_from(now).unwrap();
        let digest_holds = self.verifier.verify(&message, &request.body, now, keys);
        digest_holds.is_ok()
    }

    /// The body that came with a key before, if another one did.
    pub fn is_another(&self, request: &Incoming) -> bool {
        let key = request.headers["idempotency-key"].to_str().unwrap();
        let mut bodies = self.bodies.lock().unwrap();
        let known = bodies.entry(key.to_owned()).or_insert(request.body.clone());
        *known != request.body
    }

    /// Whether a key came before.
    pub fn is_known(&self, request: &Incoming) -> bool {
        let key = request.headers["idempotency-key"].to_str().unwrap();
        let mut bodies = self.bodies.lock().unwrap();
        bodies
            .insert(key.to_owned(), request.body.clone())
            .is_some()
    }
}

/// Changes a request before it arrives. What it returns is the response.
pub type Before = fn(&Tools, &mut Incoming) -> Option<Outgoing>;

/// Changes a response before it is sent.
pub type After = fn(&Incoming, &mut Outgoing);

/// A server that was tampered with, and the signing key it knows.
pub struct Wrong {
    pub base_url: String,
    pub key_file: tempfile::NamedTempFile,
    pub key_id: &'static str,
}

/// Starts one.
pub fn start(before: Before, after: After) -> Wrong {
    let key = SigningKey::generate().unwrap();
    let key_id = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";
    let key_file = tempfile::NamedTempFile::new().unwrap();
    let pem = key.to_pkcs8_pem().unwrap();
    std::io::Write::write_all(&mut key_file.as_file(), pem.as_bytes()).unwrap();
    let bank = Arc::new(Bank::default());
    bank.register(key_id, key.public_key());
    let tools = Tools::new(key, key_id);
    let base_url = bank::serve(move |_| tampered(bank::router(&bank), tools, before, after));
    Wrong {
        base_url,
        key_file,
        key_id,
    }
}

fn tampered(router: Router, tools: Arc<Tools>, before: Before, after: After) -> Router {
    router.layer(from_fn(move |request: Request, next: Next| {
        let tools = tools.clone();
        async move { between(&tools, before, after, request, next).await }
    }))
}

/// A router whose responses are changed.
pub fn with_responses(router: Router, after: After) -> Router {
    let key = SigningKey::generate().unwrap();
    tampered(router, Tools::new(key, "unused"), as_sent, after)
}

async fn between(
    tools: &Tools,
    before: Before,
    after: After,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut incoming = Incoming {
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        headers: parts.headers.clone(),
        body: to_bytes(body, usize::MAX).await.unwrap(),
    };
    let early_response = before(tools, &mut incoming);
    let mut outgoing = match early_response {
        Some(outgoing) => outgoing,
        None => {
            let mut parts = parts;
            parts.headers = incoming.headers.clone();
            let request = Request::from_parts(parts, Body::from(incoming.body.clone()));
            let (parts, body) = next.run(request).await.into_parts();
            Outgoing {
                status: parts.status,
                headers: parts.headers,
                body: to_bytes(body, usize::MAX).await.unwrap(),
            }
        }
    };
    after(&incoming, &mut outgoing);
    let mut response = Response::new(Body::from(outgoing.body));
    *response.status_mut() = outgoing.status;
    *response.headers_mut() = outgoing.headers;
    response
}

/// Leaves requests as they are.
pub fn as_sent(_: &Tools, _: &mut Incoming) -> Option<Outgoing> {
    None
}

/// Leaves responses as they are.
pub fn unchanged_response(_: &Incoming, _: &mut Outgoing) {}

/// The header with the bank's token.
pub fn bearer() -> HeaderValue {
    format!("Bearer {TOKEN}").parse().unwrap()
}

/// The digest of a body as a header.
pub fn digest(body: &[u8]) -> HeaderValue {
    ContentDigest::sha512(body).to_string().parse().unwrap()
}
