//! What is measured, in order.

use std::error::Error;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    UnparsedPublicKey,
};
use clap::Parser;
use serde_json::{Value, json};

use crate::caller::{Caller, with_card, with_key};
use crate::http::{Load, load};
use crate::server::{self, Server};
use crate::{deliveries, soak};

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
    /// How many requests the memory is looked at after
    #[arg(long, default_value_t = 1_000_000)]
    pub requests: u64,
    /// How many mixed operations one sandbox serves in a row
    #[arg(long, default_value_t = 200_000)]
    pub operations: u64,
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

/// The figures so far.
pub struct Figures(Vec<Figure>);

impl Figures {
    pub fn add(&mut self, name: &'static str, value: f64, unit: &'static str) {
        self.0.push(Figure { name, value, unit });
    }

    pub fn time(&mut self, name: &'static str, time: Duration) {
        self.add(name, time.as_secs_f64() * 1e3, "ms");
    }

    pub fn memory(&mut self, name: &'static str, bytes: Option<u64>) {
        if let Some(bytes) = bytes {
            self.add(name, bytes as f64 / 1e6, "MB");
        }
    }

    /// Processor time of one thing.
    fn each(&mut self, name: &'static str, seconds: f64) {
        self.add(name, seconds * 1e6, "µs");
    }
}

/// Measures everything.
pub fn run(plan: &Plan) -> Result<Vec<Figure>, Box<dyn Error>> {
    let mut figures = Figures(Vec::new());
    starts(plan, &mut figures)?;
    let bare = bare_verification(Duration::from_secs_f64(plan.seconds / 2.0))?;
    figures.add("bare_verify_rate", bare.rate, "a second");
    figures.each("bare_verify_processor", bare.each);
    let get = in_memory(plan, &bare, &mut figures)?;
    durable(plan, &get, &mut figures)?;
    unverified(plan, &mut figures)?;
    deliveries::measure(plan, &mut figures)?;
    soak::measure(plan, &mut figures)?;
    long_list(plan, &get, &mut figures)?;
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

/// How fast something goes.
struct Throughput {
    /// So many a second.
    rate: f64,
    /// Seconds of processor time for each.
    each: f64,
}

/// How fast all cores verify P-384 signatures, and do nothing else.
fn bare_verification(time: Duration) -> Result<Throughput, Box<dyn Error>> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING)?;
    let message = b"about as long as a signature base ".repeat(6);
    let signature = pair.sign(&SystemRandom::new(), &message)?;
    let public = UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, pair.public_key().as_ref());
    let (begun, used) = (Instant::now(), server::processor("self"));
    let verified: u64 = std::thread::scope(|scope| {
        let verify = || {
            let mut verified = 0_u64;
            while begun.elapsed() < time {
                assert!(public.verify(&message, signature.as_ref()).is_ok());
                verified += 1;
            }
            verified
        };
        let threads: Vec<_> = (0..cores()).map(|_| scope.spawn(verify)).collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .sum()
    });
    let used = server::processor("self").saturating_sub(used);
    Ok(Throughput {
        rate: verified as f64 / begun.elapsed().as_secs_f64(),
        each: used.as_secs_f64() / verified as f64,
    })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Calls for as long as the plan says. Returns what the calls made of it, and the sandbox's throughput.
fn measured(
    plan: &Plan,
    server: &Server,
    request: impl Fn(u32, u64) -> Vec<u8> + Sync,
) -> Result<(Load, Throughput), Box<dyn Error>> {
    let time = Duration::from_secs_f64(plan.seconds);
    let used = server.processor();
    let goes_on = |elapsed: Duration, _: u64| elapsed < time;
    let done = load(&server.address, plan.connections, goes_on, request)?;
    let used = server.processor().saturating_sub(used);
    let throughput = Throughput {
        rate: done.rate,
        each: used.as_secs_f64() / done.responses as f64,
    };
    Ok((done, throughput))
}

/// Signed GETs. Returns their throughput.
fn in_memory(
    plan: &Plan,
    bare: &Throughput,
    figures: &mut Figures,
) -> Result<Throughput, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let server = with_card(&plan.program, folder.path(), &[])?;
    let caller = Caller::known_to(&server.address)?;
    let request = caller.request("GET", &format!("/cards/{}", caller.card()?), "")?;
    let (done, throughput) = measured(plan, &server, |_, _| request.clone())?;
    figures.add("signed_get_rate", done.rate, "a second");
    figures.time("signed_get_p99", done.p99);
    figures.each("signed_get_processor", throughput.each);
    figures.add("signed_get_share", bare.each / throughput.each * 100.0, "%");
    figures.add("signed_get_rate_share", done.rate / bare.rate * 100.0, "%");
    Ok(throughput)
}

/// Signed POSTs to a database on a disk, each durable before its response.
fn durable(plan: &Plan, get: &Throughput, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
    let server = with_card(&plan.program, folder.path(), &["--database", &database])?;
    let caller = Caller::known_to(&server.address)?;
    let request = authorisations(&caller, &caller.card()?)?;
    let posts = |connection, call| with_key(&request, connection, call);
    let (done, throughput) = measured(plan, &server, posts)?;
    figures.add("durable_post_rate", done.rate, "a second");
    figures.time("durable_post_p99", done.p99);
    figures.each("durable_post_processor", throughput.each);
    figures.add(
        "durable_post_share",
        throughput.rate / get.rate * 100.0,
        "% of GET",
    );
    figures.memory("memory_after_posts", server.memory().map(|(now, _)| now));
    Ok(())
}

/// POSTs that hold an amount on a card.
pub fn authorisations(caller: &Caller, card: &str) -> Result<String, Box<dyn Error>> {
    let path = format!("/simulator/cards/{card}/authorisation");
    let body = r#"{"amount": "1", "currency": "EUR", "capture": false}"#;
    caller.keyed(&path, body)
}

/// GETs without a signature, to a sandbox that checks none: their throughput, and the memory after many.
fn unverified(plan: &Plan, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let server = with_card(&plan.program, folder.path(), &["--no-verify"])?;
    let caller = Caller::known_to(&server.address)?;
    let request = caller.unsigned(&format!("/cards/{}", caller.card()?));
    let (done, throughput) = measured(plan, &server, |_, _| request.clone())?;
    figures.add("unverified_get_rate", done.rate, "a second");
    figures.time("unverified_get_p99", done.p99);
    figures.each("unverified_get_processor", throughput.each);
    figures.add(
        "unverified_get_allowed",
        cores() as f64 / throughput.each,
        "a second",
    );
    let each = plan.requests.saturating_sub(done.responses) / u64::from(plan.connections);
    let more = |_: Duration, calls: u64| calls < each;
    let more = load(&server.address, plan.connections, more, |_, _| {
        request.clone()
    })?;
    let requests = done.responses + more.responses;
    figures.add("many_requests", requests as f64, "requests");
    figures.memory("memory_after_many", server.memory().map(|(now, _)| now));
    Ok(())
}

/// A database with many cards: whether that changes the figures, and the list of all of them.
fn long_list(plan: &Plan, get: &Throughput, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
    add_cards(plan, &database, figures)?;
    let server = Server::start(&plan.program, folder.path(), &["--database", &database])?;
    figures.time("first_response_of_many", server.first_response);
    std::thread::sleep(Duration::from_millis(300));
    figures.memory("idle_memory_of_many", server.memory().map(|(now, _)| now));
    let caller = Caller::known_to(&server.address)?;
    let card = first_card(&server, &caller)?;
    let request = caller.request("GET", &format!("/cards/{card}"), "")?;
    let (_, throughput) = measured(plan, &server, |_, _| request.clone())?;
    figures.each("signed_get_processor_of_many", throughput.each);
    let request = authorisations(&caller, &card)?;
    let posts = |connection, call| with_key(&request, connection, call);
    let (_, throughput) = measured(plan, &server, posts)?;
    figures.each("durable_post_processor_of_many", throughput.each);
    figures.add(
        "durable_post_share_of_many",
        throughput.rate / get.rate * 100.0,
        "% of GET",
    );
    let before = server.memory().map(|(_, most)| most);
    let request = closing(caller.request("GET", "/cards", "")?)?;
    let begun = Instant::now();
    let bytes = server.read_all(request.as_bytes())?;
    figures.time("long_list", begun.elapsed());
    figures.add("long_list_size", bytes as f64 / 1e6, "MB");
    let after = server.memory().map(|(_, most)| most);
    figures.memory("memory_before_long_list", before);
    figures.memory("memory_during_long_list", after);
    Ok(())
}

fn add_cards(plan: &Plan, database: &str, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let cards = plan.cards.to_string();
    let mut command = Command::new(&plan.program);
    command.args(["data", "cards", &cards, "--json", "--database", database]);
    let added = command.output()?;
    if !added.status.success() {
        return Err(String::from_utf8_lossy(&added.stderr).into_owned().into());
    }
    figures.add("cards", plan.cards as f64, "cards");
    figures.time("adding_cards", begun.elapsed());
    Ok(())
}

/// The first of many cards, from the beginning of their list.
fn first_card(server: &Server, caller: &Caller) -> Result<String, Box<dyn Error>> {
    let request = closing(caller.request("GET", "/cards", "")?)?;
    let beginning = server.read_some(request.as_bytes(), 4_096)?;
    let (_, rest) = beginning
        .split_once(r#""id":""#)
        .ok_or("there is no card")?;
    let (id, _) = rest.split_once('"').ok_or("the list ends too early")?;
    Ok(id.to_owned())
}

/// The request on a connection of its own.
fn closing(request: Vec<u8>) -> Result<String, Box<dyn Error>> {
    let request = String::from_utf8(request)?;
    Ok(request.replacen("\r\n\r\n", "\r\nconnection: close\r\n\r\n", 1))
}
