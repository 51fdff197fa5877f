//! What is measured, in order.

use std::error::Error;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use clap::Parser;
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET};
use offblocks_signature::{KeyId, Signer};
use serde_json::{Value, json};

use crate::http::Connection;
use crate::memory;
use crate::programme::{KEY_ID, Programme};
use crate::server::Server;

/// What to measure.
#[derive(Debug, Parser)]
pub struct Plan {
    /// The built `offblocks`
    #[arg(long, value_name = "FILE", default_value = "offblocks")]
    pub program: PathBuf,
    /// How many cards each job orders
    #[arg(long, default_value_t = 10_000)]
    pub rows: usize,
    /// How many rows the larger one of two journals has whose memory is compared
    #[arg(long, default_value_t = 1_000_000)]
    pub most_rows: u64,
    /// How many connections of the load generator call at once, and how many rows a job works on at once,
    /// over all its workers
    #[arg(long, default_value_t = 64)]
    pub at_once: usize,
    /// A PostgreSQL server for the journal of several workers; without it they are not measured
    #[arg(
        long,
        value_name = "URL",
        env = "OFFBLOCKS_TEST_POSTGRES",
        hide_env_values = true
    )]
    pub postgres: Option<String>,
    /// Only end so many rows of a journal, and print the most memory that took
    #[arg(long, hide = true)]
    pub journal_only: Option<u64>,
    /// The journal of that is in PostgreSQL
    #[arg(long, hide = true)]
    pub shared: bool,
}

/// One measured figure.
#[derive(Debug)]
pub struct Figure {
    /// A name that does not change.
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
}

impl Figure {
    pub fn new(name: &str, value: f64, unit: &'static str) -> Self {
        let name = name.to_owned();
        Self { name, value, unit }
    }

    pub fn to_json(&self) -> Value {
        json!({"name": self.name, "value": self.value, "unit": self.unit})
    }
}

/// Measures the jobs.
pub fn run(plan: &Plan) -> Result<Vec<Figure>, Box<dyn Error>> {
    let mut figures = Vec::new();
    let programme = Programme::new(&plan.program, plan.rows)?;
    let alone = alone(plan, &programme)?;
    figures.push(Figure::new("alone_rate", alone, "a second"));
    let (rate, most) = in_file(plan, &programme)?;
    figures.push(Figure::new("file_rate", rate, "a second"));
    figures.push(Figure::new("file_share", rate / alone * 100.0, "%"));
    figures.extend(most.map(|most| Figure::new("job_memory", most as f64 / 1e6, "MB")));
    if let Some(url) = &plan.postgres {
        for workers in [1, 2, 4] {
            let rate = shared(plan, &programme, url, workers)?;
            let name = format!("postgres_{workers}_rate");
            figures.push(Figure::new(&name, rate, "a second"));
            let name = format!("postgres_{workers}_share");
            figures.push(Figure::new(&name, rate / alone * 100.0, "%"));
        }
    }
    Ok(figures)
}

/// What the sandbox sustains under requests that were signed before, with nothing else to do.
fn alone(plan: &Plan, programme: &Programme) -> Result<f64, Box<dyn Error>> {
    let server = programme.copy("alone")?;
    let requests = Mutex::new(requests(&server, programme)?);
    let begun = Instant::now();
    let outcomes: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let call = || calls(&server, &requests).map_err(|error| error.to_string());
        let threads: Vec<_> = (0..plan.at_once.max(1))
            .map(|_| scope.spawn(call))
            .collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined
            .map(|done| done.unwrap_or_else(|_| Err("a thread panicked".to_owned())))
            .collect()
    });
    let elapsed = begun.elapsed();
    outcomes.into_iter().collect::<Result<(), String>>()?;
    Ok(rate(plan.rows, elapsed))
}

fn calls(server: &Server, requests: &Mutex<Vec<Vec<u8>>>) -> Result<(), Box<dyn Error>> {
    let mut connection = Connection::open(&server.address)?;
    let next = || requests.lock().map(|mut left| left.pop()).ok().flatten();
    while let Some(request) = next() {
        let (status, body) = connection.exchange(&request)?;
        if status != 201 {
            let body = String::from_utf8_lossy(&body);
            return Err(format!("a card was responded to with {status}: {body}").into());
        }
    }
    Ok(())
}

/// The order of each account's card, signed.
fn requests(server: &Server, programme: &Programme) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let address = &server.address;
    let token = token(address)?;
    let signer = Signer::new(programme.key.clone(), &KeyId::new(KEY_ID)?);
    let now = i64::try_from(SystemTime::UNIX_EPOCH.elapsed()?.as_secs())?;
    let body = json!({"type": "virtual", "billingAddress": {"firstLine": "18 Harbour Row",
        "city": "Bristol", "country": "GB", "postCode": "BS1 4RN"}})
    .to_string();
    let mut requests = Vec::new();
    for (number, account) in programme.accounts.iter().enumerate() {
        let path = format!("/v1/accounts/{account}/cards");
        let uri = format!("http://{address}{path}");
        let request = ::http::Request::builder()
            .method("POST")
            .uri(uri)
            .body(())?;
        let (mut parts, ()) = request.into_parts();
        signer.sign_parts(&mut parts, body.as_bytes(), now)?;
        let mut text = format!("POST {path} HTTP/1.1\r\nhost: {address}\r\n");
        for (name, value) in &parts.headers {
            text += &format!("{name}: {}\r\n", value.to_str()?);
        }
        let length = body.len();
        text += &format!(
            "authorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             idempotency-key: 00000000-0000-4000-8000-{number:012x}\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        requests.push(text.into_bytes());
    }
    Ok(requests)
}

fn token(address: &str) -> Result<String, Box<dyn Error>> {
    let body = json!({"apiKey": DEFAULT_API_KEY, "apiSecret": DEFAULT_API_SECRET}).to_string();
    let length = body.len();
    let request = format!(
        "POST /v1/auth/token HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    let (_, body) = Connection::open(address)?.exchange(request.as_bytes())?;
    let token: Value = serde_json::from_slice(&body)?;
    Ok(token["token"]
        .as_str()
        .ok_or("there is no token")?
        .to_owned())
}

/// One process with a journal in a file: its rate, and the most memory it took.
fn in_file(plan: &Plan, programme: &Programme) -> Result<(f64, Option<u64>), Box<dyn Error>> {
    let server = programme.copy("file")?;
    let begun = Instant::now();
    let mut command = programme.issue(&server, plan.at_once);
    command.arg("--journal").arg(programme.path("job.journal"));
    let mut child = command.stdout(Stdio::null()).spawn()?;
    let mut most = None;
    // The figure is gone with the process, so it is read again and again.
    let status = loop {
        most = memory::most(child.id()).or(most);
        match child.try_wait()? {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    match status.success() {
        true => Ok((rate(plan.rows, begun.elapsed()), most)),
        false => Err(format!("{command:?} ended with {status}").into()),
    }
}

/// Several processes with a journal in PostgreSQL.
fn shared(
    plan: &Plan,
    programme: &Programme,
    url: &str,
    workers: usize,
) -> Result<f64, Box<dyn Error>> {
    let server = programme.copy(&format!("postgres-{workers}"))?;
    let separator = if url.contains('?') { '&' } else { '?' };
    let job = format!("{}-{workers}", programme.accounts[0]);
    let begun = Instant::now();
    let children = (0..workers).map(|_| {
        let mut command = programme.issue(&server, plan.at_once.div_ceil(workers));
        command.arg("--journal");
        command.arg(format!("{url}{separator}schema=bench_bulk"));
        command.args(["--job", &job]).stdout(Stdio::null()).spawn()
    });
    let children: Vec<Child> = children.collect::<Result<_, _>>()?;
    for mut child in children {
        let status = child.wait()?;
        if !status.success() {
            return Err(format!("a worker ended with {status}").into());
        }
    }
    Ok(rate(plan.rows, begun.elapsed()))
}

fn rate(rows: usize, elapsed: Duration) -> f64 {
    rows as f64 / elapsed.as_secs_f64()
}
