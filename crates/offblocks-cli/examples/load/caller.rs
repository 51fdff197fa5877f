//! A caller with a token and a registered key, which does as little work for each request as possible.

use std::error::Error;
use std::path::Path;
use std::time::SystemTime;

use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET};
use offblocks_signature::{KeyId, Signer, SigningKey};
use serde_json::{Value, json};

use crate::http::Connection;
use crate::server::Server;

const KEY_ID: &str = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";

const FIXTURES: &str = "steps: [{name: a, customer: {externalId: a}}, \
                        {name: b, account: {customer: a}}, {name: c, card: {account: b}}]";

/// A sandbox that begins with one active card.
pub fn with_card(program: &Path, folder: &Path, more: &[&str]) -> Result<Server, Box<dyn Error>> {
    let fixtures = folder.join("fixtures.yaml");
    std::io::Write::write_all(&mut std::fs::File::create(&fixtures)?, FIXTURES.as_bytes())?;
    let fixtures = fixtures
        .to_str()
        .ok_or("the folder has a name that is not text")?;
    Server::start(program, folder, &[more, &["--fixtures", fixtures]].concat())
}

/// The request with a key that no other call has: of a connection's number and the call's own.
pub fn with_key(request: &str, connection: u32, call: u64) -> Vec<u8> {
    // Never that of the other calls, which is all zeros in the second place.
    let key = format!("{connection:08x}-0001-4000-8000-{call:012x}");
    request.replacen(NO_KEY, &key, 1).into_bytes()
}

/// The place of the idempotency key in a request.
const NO_KEY: &str = "00000000-0000-4000-8000-000000000000";

/// A caller with a token and a registered key.
pub struct Caller {
    pub address: String,
    pub token: String,
    key: SigningKey,
}

impl Caller {
    pub fn known_to(address: &str) -> Result<Self, Box<dyn Error>> {
        let mut caller = Self {
            address: address.to_owned(),
            token: String::new(),
            key: SigningKey::generate()?,
        };
        let body = json!({"apiKey": DEFAULT_API_KEY, "apiSecret": DEFAULT_API_SECRET});
        let token = caller.call("POST", "/auth/token", &body.to_string())?;
        caller.token = token["token"]
            .as_str()
            .ok_or("there is no token")?
            .to_owned();
        let key = caller.key.public_key().to_base64_pem();
        let body = json!({"signingKeyId": KEY_ID, "signingKey": key});
        caller.call("PUT", "/auth/signing", &body.to_string())?;
        Ok(caller)
    }

    /// The only card's id.
    pub fn card(&self) -> Result<String, Box<dyn Error>> {
        let cards = self.call("GET", "/cards", "")?;
        let id = cards[0]["id"].as_str().ok_or("there is no card")?;
        Ok(id.to_owned())
    }

    pub fn call(&self, method: &str, path: &str, body: &str) -> Result<Value, Box<dyn Error>> {
        let request = self.request(method, path, body)?;
        let (status, body) = Connection::open(&self.address)?.exchange(&request)?;
        let text = String::from_utf8_lossy(&body);
        match status {
            200..300 => Ok(serde_json::from_str(&text).unwrap_or_default()),
            _ => Err(format!("{method} {path} was responded to with {status}: {text}").into()),
        }
    }

    /// The bytes of a GET with a token and without a signature.
    pub fn unsigned(&self, path: &str) -> Vec<u8> {
        let (address, token) = (&self.address, &self.token);
        let request = format!(
            "GET /v1{path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\r\n"
        );
        request.into_bytes()
    }

    /// The bytes of a POST whose idempotency key is replaced by [`with_key`]. The key is not signed,
    /// so one signature is good for all of them.
    pub fn keyed(&self, path: &str, body: &str) -> Result<String, Box<dyn Error>> {
        Ok(String::from_utf8(self.request("POST", path, body)?)?)
    }

    /// The bytes of a request, signed where the contract asks for it.
    pub fn request(&self, method: &str, path: &str, body: &str) -> Result<Vec<u8>, Box<dyn Error>> {
        let (address, token) = (&self.address, &self.token);
        let uri = format!("http://{address}/v1{path}");
        let request = http::Request::builder().method(method).uri(uri).body(())?;
        let (mut parts, ()) = request.into_parts();
        if !path.starts_with("/auth/") {
            let now = i64::try_from(SystemTime::UNIX_EPOCH.elapsed()?.as_secs())?;
            let signer = Signer::new(self.key.clone(), &KeyId::new(KEY_ID)?);
            signer.sign_parts(&mut parts, body.as_bytes(), now)?;
        }
        let mut text = format!("{method} /v1{path} HTTP/1.1\r\nhost: {address}\r\n");
        for (name, value) in &parts.headers {
            text += &format!("{name}: {}\r\n", value.to_str()?);
        }
        if !token.is_empty() {
            text += &format!("authorization: Bearer {token}\r\n");
        }
        if method != "GET" {
            let length = body.len();
            text += &format!(
                "idempotency-key: {NO_KEY}\r\ncontent-type: application/json\r\n\
                 content-length: {length}\r\n"
            );
        }
        Ok(format!("{text}\r\n{body}").into_bytes())
    }
}
