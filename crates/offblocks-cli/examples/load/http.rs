//! HTTP/1.1 with as little work as possible, because it shares the machine with the measured program.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A connection that is kept open.
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    pub fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request, and returns the status and body of the response.
    pub fn exchange(&mut self, request: &[u8]) -> io::Result<(u16, Vec<u8>)> {
        self.0.get_mut().write_all(request)?;
        let malformed = || io::Error::new(io::ErrorKind::InvalidData, "this is not a response");
        let (mut line, mut status, mut length) = (String::new(), 0, None);
        loop {
            line.clear();
            if self.0.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let text = line.trim_end();
            if status == 0 {
                let code = text.split(' ').nth(1).and_then(|code| code.parse().ok());
                status = code.ok_or_else(malformed)?;
            } else if text.is_empty() {
                break;
            } else if let Some((name, value)) = text.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok();
            }
        }
        let length = match length {
            None if status == 204 => 0,
            length => length.ok_or_else(malformed)?,
        };
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok((status, body))
    }
}

/// What a number of connections did in some time.
#[derive(Debug)]
pub struct Load {
    /// Responses, all with a status of 2xx.
    pub responses: u64,
    /// Responses a second.
    pub rate: f64,
    /// The time within which 99 of 100 responses came.
    pub p99: Duration,
}

/// Calls over this many connections at once, each without a pause, while `goes_on` says so of the
/// time since the beginning and the connection's calls. `request` makes the request of a
/// connection's number and of its own number.
pub fn load(
    address: &str,
    connections: u32,
    goes_on: impl Fn(Duration, u64) -> bool + Sync,
    request: impl Fn(u32, u64) -> Vec<u8> + Sync,
) -> io::Result<Load> {
    let begun = Instant::now();
    let threads: Vec<io::Result<Vec<Duration>>> = std::thread::scope(|scope| {
        let (request, goes_on) = (&request, &goes_on);
        let call = move |number| {
            let goes_on = move |calls| goes_on(begun.elapsed(), calls);
            move || calls(address, goes_on, |call| request(number, call))
        };
        let threads: Vec<_> = (0..connections)
            .map(|number| scope.spawn(call(number)))
            .collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined
            .map(|done| done.unwrap_or_else(|_| Err(io::ErrorKind::Other.into())))
            .collect()
    });
    let elapsed = begun.elapsed();
    let mut times = Vec::new();
    for thread in threads {
        times.extend(thread?);
    }
    times.sort_unstable();
    let rank = (times.len() * 99).div_ceil(100).saturating_sub(1);
    Ok(Load {
        responses: times.len() as u64,
        rate: times.len() as f64 / elapsed.as_secs_f64(),
        p99: times.get(rank).copied().unwrap_or_default(),
    })
}

fn calls(
    address: &str,
    goes_on: impl Fn(u64) -> bool,
    request: impl Fn(u64) -> Vec<u8>,
) -> io::Result<Vec<Duration>> {
    let mut connection = Connection::open(address)?;
    let mut times = Vec::new();
    while goes_on(times.len() as u64) {
        let request = request(times.len() as u64);
        let sent = Instant::now();
        let (status, body) = connection.exchange(&request)?;
        times.push(sent.elapsed());
        if !(200..300).contains(&status) {
            let body = String::from_utf8_lossy(&body);
            return Err(io::Error::other(format!("responded with {status}: {body}")));
        }
    }
    Ok(times)
}
