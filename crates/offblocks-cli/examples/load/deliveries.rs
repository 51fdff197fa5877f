//! How soon a webhook arrives, and how many do in a second.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::caller::{Caller, with_card, with_key};
use crate::http::{Connection, load};
use crate::run::{Figures, Plan, authorisations};

/// How many single deliveries are waited for.
const SINGLE: u64 = 100;

/// How long the sandbox is left alone before each of them.
const IDLE: Duration = Duration::from_millis(30);

/// How long a delivery is waited for.
const WAIT_TIMEOUT: Duration = Duration::from_secs(60);

/// Measures both, with a database on a disk.
pub fn measure(plan: &Plan, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
    let server = with_card(&plan.program, folder.path(), &["--database", &database])?;
    let caller = Caller::known_to(&server.address)?;
    let (url, arrivals) = receiver()?;
    let body = json!({"callbackUrl": url, "types": ["authorisation.updated"]});
    caller.call("PUT", "/webhooks", &body.to_string())?;
    let request = authorisations(&caller, &caller.card()?)?;
    single(&server.address, &request, &arrivals, figures)?;
    let time = Duration::from_secs_f64(plan.seconds);
    let posts = |connection, call| with_key(&request, connection, call);
    let begun = Instant::now();
    let goes_on = |elapsed: Duration, _: u64| elapsed < time;
    let done = load(&server.address, plan.connections, goes_on, posts)?;
    let mut last = begun;
    for _ in 0..done.responses {
        last = arrivals.recv_timeout(WAIT_TIMEOUT)?;
    }
    let rate = done.responses as f64 / last.duration_since(begun).as_secs_f64();
    figures.add("deliveries_rate", rate, "a second");
    figures.memory(
        "memory_after_deliveries",
        server.memory().map(|(now, _)| now),
    );
    match arrivals.recv_timeout(Duration::from_millis(500)) {
        Err(RecvTimeoutError::Timeout) => Ok(()),
        _ => Err("a delivery came twice".into()),
    }
}

/// From sending a call, which is before its commit, to the arrival of its event.
fn single(
    address: &str,
    request: &str,
    arrivals: &Receiver<Instant>,
    figures: &mut Figures,
) -> Result<(), Box<dyn Error>> {
    let mut connection = Connection::open(address)?;
    let (mut after_call, mut after_response) = (Vec::new(), Vec::new());
    for number in 0..SINGLE {
        std::thread::sleep(IDLE);
        let request = with_key(request, u32::MAX, number);
        let sent = Instant::now();
        let (status, _) = connection.exchange(&request)?;
        let responded = Instant::now();
        if status != 201 {
            return Err(format!("an authorisation was responded to with {status}").into());
        }
        let arrived = arrivals.recv_timeout(WAIT_TIMEOUT)?;
        after_call.push(arrived.duration_since(sent));
        after_response.push(arrived.saturating_duration_since(responded));
    }
    after_call.sort_unstable();
    after_response.sort_unstable();
    figures.time("delivery_after_call", after_call[after_call.len() / 2]);
    figures.time(
        "delivery_after_call_p99",
        after_call[after_call.len() * 99 / 100],
    );
    figures.time(
        "delivery_after_response",
        after_response[after_response.len() / 2],
    );
    Ok(())
}

/// Acknowledges whatever comes. Returns its URL, and when each delivery arrived.
fn receiver() -> Result<(String, Receiver<Instant>), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/hooks", listener.local_addr()?);
    let (sender, arrivals) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let sender = sender.clone();
            // A connection that breaks is one that the sandbox opens again.
            std::thread::spawn(move || drop(acknowledge(stream, &sender)));
        }
    });
    Ok((url, arrivals))
}

fn acknowledge(stream: TcpStream, arrivals: &Sender<Instant>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let header = line.trim_end().to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if header.is_empty() {
            let mut body = vec![0; length];
            stream.read_exact(&mut body)?;
            // Whoever measured may have gone.
            let _ = arrivals.send(Instant::now());
            let response = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            stream.get_mut().write_all(response)?;
            length = 0;
        }
    }
}
