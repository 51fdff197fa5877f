//! Running the command.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long something that happens by itself may take. A machine under load is slow.
pub const LONG: Duration = Duration::from_secs(60);

/// The variables that the command reads. They may be set where the tests run.
pub const VARIABLES: [&str; 16] = [
    "OFFBLOCKS_BASE_URL",
    "OFFBLOCKS_API_KEY",
    "OFFBLOCKS_API_SECRET",
    "OFFBLOCKS_API_SECRET_FILE",
    "OFFBLOCKS_CONFIG",
    "OFFBLOCKS_SIGNING_KEY",
    "OFFBLOCKS_SIGNING_KEY_FILE",
    "OFFBLOCKS_SIGNING_KEY_ID",
    "OFFBLOCKS_ENVIRONMENT",
    "OFFBLOCKS_PROFILE",
    "OFFBLOCKS_PROFILE_FILE",
    "OFFBLOCKS_DATABASE",
    "OFFBLOCKS_SANDBOX_URL",
    "OFFBLOCKS_CONTROL_TOKEN_FILE",
    "NO_COLOR",
    "CARGO_PKG_NAME",
];

/// The command with these arguments, in an environment without variables of its own.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_offblocks"));
    command.args(arguments).stdin(Stdio::null());
    for variable in VARIABLES {
        command.env_remove(variable);
    }
    command
}

/// What a finished command said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

pub fn run(arguments: &[&str]) -> Said {
    finish(command(arguments).output().unwrap())
}

pub fn finish(output: Output) -> Said {
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Looks until there is something to see, and fails when that takes too long.
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begun.elapsed() < LONG, "{what}: not within {LONG:?}");
        std::thread::yield_now();
    }
}

/// A process that ends with its test, whether that passes or fails.
struct Process(Option<Child>);

impl Process {
    fn child(&mut self) -> &mut Child {
        self.0.as_mut().expect("it is taken where it is waited for")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            // One that has ended by itself cannot be killed.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// A running `offblocks sandbox` on a free port.
pub struct Sandbox {
    process: Process,
    id: u32,
    /// Takes what it says on the error stream, which would stop it once the pipe is full.
    listener: JoinHandle<String>,
    pub base_url: String,
    /// What it printed until it said that it listens.
    pub greeting: String,
}

impl Sandbox {
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_at("127.0.0.1:0", arguments)
    }

    /// Starts it at an address.
    pub fn start_at(address: &str, arguments: &[&str]) -> Self {
        let mut command = command(&["sandbox", "--listen", address]);
        command
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut errors = child.stderr.take().unwrap();
        let listener = std::thread::spawn(move || {
            let mut said = String::new();
            errors.read_to_string(&mut said).unwrap();
            said
        });
        let mut greeting = String::new();
        let mut lines = BufReader::new(child.stdout.as_mut().unwrap());
        while !greeting.contains("Stop it with") {
            let read = lines.read_line(&mut greeting).unwrap();
            assert!(read > 0, "it ended early, saying: {greeting}");
        }
        let line = greeting
            .lines()
            .find(|line| line.contains("listening"))
            .unwrap();
        let base_url = line.split_whitespace().last().unwrap().to_owned();
        Self {
            id: child.id(),
            process: Process(Some(child)),
            listener,
            base_url,
            greeting,
        }
    }

    /// The part of the address behind `http://` and before the path.
    pub fn authority(&self) -> &str {
        self.base_url
            .trim_start_matches("http://")
            .trim_end_matches("/v1")
    }

    /// Sends a signal such as `TERM`; the shell's own `kill` is everywhere.
    pub fn signal(&self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.id);
        assert!(
            Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
    }

    pub fn is_running(&mut self) -> bool {
        self.process.child().try_wait().unwrap().is_none()
    }

    pub fn wait(mut self) -> Said {
        let child = self.process.0.take();
        let child = child.expect("it is waited for once");
        let mut said = finish(child.wait_with_output().unwrap());
        said.err = self.listener.join().unwrap();
        said
    }
}
