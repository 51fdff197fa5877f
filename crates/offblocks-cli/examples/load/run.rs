//! What is measured, in order.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    UnparsedPublicKey,
};
use clap::Parser;
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET};
use offblocks_signature::{KeyId, Signer, SigningKey};
use serde_json::{Value, json};

use crate::http::{Connection, load};
use crate::server::Server;

const KEY_ID: &str = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";

const FIXTURES: &str = "steps: [{name: a, customer: {externalId: a}}, \
                        {name: b, account: {customer: a}}, {name: c, card: {account: b}}]";

/// What to measure, and for how long.
#[derive(Debug, Parser)]
pub struct Plan {
    /// The built `offblocks`
    #[arg(long, value_name = "FILE")]
    pub program: PathBuf,
    /// How long each kind of call is made, in seconds
    #[arg(long, default_value_t = 5.0)]
    pub seconds: f64,
    /// How many connections call at once
    #[arg(long, default_value_t = 16)]
    pub connections: u32,
    /// How many cards the long list has
    #[arg(long, default_value_t = 1_000_000)]
    pub cards: u64,
    /// How often the start is measured; the median counts
    #[arg(long, default_value_t = 9)]
    pub starts: usize,
}

/// One measured figure.
#[derive(Debug)]
pub struct Figure {
    /// A name that does not change.
    pub name: &'static str,
    /// In `unit`.
    pub value: f64,
    pub unit: &'static str,
}

impl Figure {
    pub fn to_json(&self) -> Value {
        json!({"name": self.name, "value": self.value, "unit": self.unit})
    }
}

struct Figures(Vec<Figure>);

impl Figures {
    fn add(&mut self, name: &'static str, value: f64, unit: &'static str) {
        self.0.push(Figure { name, value, unit });
    }

    fn time(&mut self, name: &'static str, time: Duration) {
        self.add(name, time.as_secs_f64() * 1e3, "ms");
    }

    fn memory(&mut self, name: &'static str, bytes: Option<u64>) {
        if let Some(bytes) = bytes {
            self.add(name, bytes as f64 / 1e6, "MB");
        }
    }
}

/// Measures everything.
pub fn run(plan: &Plan) -> Result<Vec<Figure>, Box<dyn Error>> {
    let mut figures = Figures(Vec::new());
    starts(plan, &mut figures)?;
    let bare = bare_verification(Duration::from_secs_f64(plan.seconds / 2.0))?;
    figures.add("bare_verify_rate", bare, "a second");
    let get = in_memory(plan, bare, &mut figures)?;
    durable(plan, get, &mut figures)?;
    unverified(plan, &mut figures)?;
    long_list(plan, &mut figures)?;
    Ok(figures.0)
}

fn starts(plan: &Plan, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let (mut times, mut idle) = (Vec::new(), None);
    for _ in 0..plan.starts.max(1) {
        let folder = tempfile::tempdir()?;
        let server = Server::start(&plan.program, folder.path(), &[])?;
        times.push(server.first_response);
        std::thread::sleep(Duration::from_millis(300));
        idle = server.memory().map(|(now, _)| now);
    }
    times.sort_unstable();
    figures.time("first_response", times[times.len() / 2]);
    figures.memory("idle_memory", idle);
    Ok(())
}

/// How many P-384 signatures all cores verify in a second, and nothing else.
fn bare_verification(time: Duration) -> Result<f64, Box<dyn Error>> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING)?;
    let message = b"about as long as a signature base ".repeat(6);
    let signature = pair.sign(&SystemRandom::new(), &message)?;
    let public = UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, pair.public_key().as_ref());
    let begun = Instant::now();
    let verified: u64 = std::thread::scope(|scope| {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let verify = || {
            let mut verified = 0_u64;
            while begun.elapsed() < time {
                assert!(public.verify(&message, signature.as_ref()).is_ok());
                verified += 1;
            }
            verified
        };
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(verify)).collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .sum()
    });
    Ok(verified as f64 / begun.elapsed().as_secs_f64())
}

/// Signed GETs. Returns their rate.
fn in_memory(plan: &Plan, bare: f64, figures: &mut Figures) -> Result<f64, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let server = with_card(plan, folder.path(), &[])?;
    let caller = Caller::known_to(&server.address)?;
    let request = caller.request("GET", &format!("/cards/{}", caller.card()?), "")?;
    let time = Duration::from_secs_f64(plan.seconds);
    let done = load(&server.address, plan.connections, time, |_, _| {
        request.clone()
    })?;
    figures.add("signed_get_rate", done.rate, "a second");
    figures.time("signed_get_p99", done.p99);
    figures.add("signed_get_share", done.rate / bare * 100.0, "%");
    figures.add("signed_get_count", done.responses as f64, "requests");
    figures.memory("memory_after_gets", server.memory().map(|(now, _)| now));
    Ok(done.rate)
}

/// Signed POSTs to a database on a disk, each durable before its response.
fn durable(plan: &Plan, get: f64, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
    let server = with_card(plan, folder.path(), &["--database", &database])?;
    let caller = Caller::known_to(&server.address)?;
    let path = format!("/simulator/cards/{}/authorisation", caller.card()?);
    let body = r#"{"amount": "1", "currency": "EUR", "capture": false}"#;
    // The key is not signed, so one signature is good for all of them.
    let request = String::from_utf8(caller.request("POST", &path, body)?)?;
    let time = Duration::from_secs_f64(plan.seconds);
    let done = load(
        &server.address,
        plan.connections,
        time,
        |connection, number| {
            let key = format!("{connection:08x}-0000-4000-8000-{number:012x}");
            request.replacen(NO_KEY, &key, 1).into_bytes()
        },
    )?;
    figures.add("durable_post_rate", done.rate, "a second");
    figures.time("durable_post_p99", done.p99);
    figures.add("durable_post_share", done.rate / get * 100.0, "% of GET");
    figures.memory("memory_after_posts", server.memory().map(|(now, _)| now));
    Ok(())
}

/// GETs without a signature, to a sandbox that checks none.
fn unverified(plan: &Plan, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let server = with_card(plan, folder.path(), &["--no-verify"])?;
    let caller = Caller::known_to(&server.address)?;
    let path = format!("/cards/{}", caller.card()?);
    let (address, token) = (&server.address, &caller.token);
    let request = format!(
        "GET /v1{path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    let time = Duration::from_secs_f64(plan.seconds);
    let done = load(address, plan.connections, time, |_, _| {
        request.clone().into_bytes()
    })?;
    figures.add("unverified_get_rate", done.rate, "a second");
    figures.time("unverified_get_p99", done.p99);
    Ok(())
}

/// A list of many cards, and what it takes.
fn long_list(plan: &Plan, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
    let begun = Instant::now();
    let cards = plan.cards.to_string();
    let mut command = Command::new(&plan.program);
    command.args(["data", "cards", &cards, "--json", "--database", &database]);
    let added = command.output()?;
    if !added.status.success() {
        return Err(String::from_utf8_lossy(&added.stderr).into_owned().into());
    }
    figures.add("cards", plan.cards as f64, "cards");
    figures.time("adding_cards", begun.elapsed());
    let server = Server::start(&plan.program, folder.path(), &["--database", &database])?;
    let caller = Caller::known_to(&server.address)?;
    let before = server.memory().map(|(_, most)| most);
    let request = caller.request("GET", "/cards", "")?;
    let request =
        String::from_utf8(request)?.replacen("\r\n\r\n", "\r\nconnection: close\r\n\r\n", 1);
    let begun = Instant::now();
    let bytes = server.read_all(request.as_bytes())?;
    figures.time("long_list", begun.elapsed());
    figures.add("long_list_size", bytes as f64 / 1e6, "MB");
    let after = server.memory().map(|(_, most)| most);
    figures.memory("memory_before_long_list", before);
    figures.memory("memory_during_long_list", after);
    Ok(())
}

/// A sandbox that begins with one active card.
fn with_card(plan: &Plan, folder: &Path, more: &[&str]) -> Result<Server, Box<dyn Error>> {
    let fixtures = folder.join("fixtures.yaml");
    std::io::Write::write_all(&mut std::fs::File::create(&fixtures)?, FIXTURES.as_bytes())?;
    let fixtures = fixtures
        .to_str()
        .ok_or("the folder has a name that is not text")?;
    Server::start(
        &plan.program,
        folder,
        &[more, &["--fixtures", fixtures]].concat(),
    )
}

/// The place of the idempotency key in a request.
const NO_KEY: &str = "00000000-0000-4000-8000-000000000000";

/// Somebody with a token and a registered key.
struct Caller {
    address: String,
    token: String,
    key: SigningKey,
}

impl Caller {
    fn known_to(address: &str) -> Result<Self, Box<dyn Error>> {
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
    fn card(&self) -> Result<String, Box<dyn Error>> {
        let cards = self.call("GET", "/cards", "")?;
        let id = cards[0]["id"].as_str().ok_or("there is no card")?;
        Ok(id.to_owned())
    }

    fn call(&self, method: &str, path: &str, body: &str) -> Result<Value, Box<dyn Error>> {
        let request = self.request(method, path, body)?;
        let (status, body) = Connection::open(&self.address)?.exchange(&request)?;
        let text = String::from_utf8_lossy(&body);
        match status {
            200..300 => Ok(serde_json::from_str(&text).unwrap_or_default()),
            _ => Err(format!("{method} {path} was responded to with {status}: {text}").into()),
        }
    }

    /// The bytes of a request, signed where the contract asks for it.
    fn request(&self, method: &str, path: &str, body: &str) -> Result<Vec<u8>, Box<dyn Error>> {
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
