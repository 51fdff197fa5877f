//! The measured program: started, watched and stopped.

use std::error::Error;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::http::Connection;

/// How long a start is waited for.
const WAIT_TIMEOUT: Duration = Duration::from_secs(60);

/// A running `offblocks sandbox`. Dropping it kills it.
pub struct Server {
    child: Child,
    /// Host and port.
    pub address: String,
    /// From the start of the process to the last byte of its first response.
    pub first_response: Duration,
}

impl Server {
    /// Starts it on a free port and calls it once. `folder` is its own.
    pub fn start(program: &Path, folder: &Path, more: &[&str]) -> Result<Self, Box<dyn Error>> {
        let ready = folder.join("url");
        let begun = Instant::now();
        let child = Command::new(program)
            .args(["sandbox", "--listen", "127.0.0.1:0", "--ready-file"])
            .arg(&ready)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        let mut server = Self {
            child,
            address: String::new(),
            first_response: Duration::ZERO,
        };
        let url = loop {
            if let Ok(url) = fs::read_to_string(&ready) {
                break url;
            }
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("the sandbox ended with {status}").into());
            }
            if begun.elapsed() > WAIT_TIMEOUT {
                return Err("the sandbox does not start".into());
            }
            std::thread::sleep(Duration::from_micros(200));
        };
        let address = url.trim().trim_start_matches("http://");
        server.address = address.trim_end_matches("/v1").to_owned();
        let mut connection = Connection::open(&server.address)?;
        let request = format!(
            "GET /v1/nowhere HTTP/1.1\r\nhost: {}\r\n\r\n",
            server.address
        );
        connection.exchange(request.as_bytes())?;
        server.first_response = begun.elapsed();
        Ok(server)
    }

    /// The present and the largest resident set in bytes, where the system shows them.
    pub fn memory(&self) -> Option<(u64, u64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
            Some(kilobytes * 1024)
        };
        Some((field("VmRSS:")?, field("VmHWM:")?))
    }

    /// The processor time that it has used, in user and system mode together; zero where the system
    /// does not show it.
    pub fn processor(&self) -> Duration {
        processor(&self.child.id().to_string())
    }

    /// A connection of its own, which reads the first bytes of a response.
    pub fn read_some(&self, request: &[u8], bytes: u64) -> Result<String, Box<dyn Error>> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(request)?;
        let mut beginning = Vec::new();
        stream.take(bytes).read_to_end(&mut beginning)?;
        Ok(String::from_utf8_lossy(&beginning).into_owned())
    }

    /// A connection of its own, which reads a response until the server closes it.
    pub fn read_all(&self, request: &[u8]) -> Result<u64, Box<dyn Error>> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(request)?;
        let read = std::io::copy(&mut stream, &mut std::io::sink())?;
        Ok(read)
    }
}

/// The processor time of a process. Linux counts it in hundredths of a second, whatever its own
/// clock is (proc(5)).
pub fn processor(process: &str) -> Duration {
    let Ok(stat) = fs::read_to_string(format!("/proc/{process}/stat")) else {
        return Duration::ZERO;
    };
    // The name before may hold spaces and brackets.
    let fields = stat.rsplit_once(')').map(|(_, fields)| fields);
    let fields = fields.unwrap_or_default().split_whitespace();
    let ticks = fields
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse().unwrap_or(0));
    Duration::from_millis(10 * ticks.sum::<u64>())
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
