//! Running processes and reading what they cost.

use crate::report::Failure;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4 as _;

/// What one process, or the median of several, cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Time on processors, in user and system mode together.
    pub processor: Duration,
    /// The largest resident set, in bytes.
    pub memory: u64,
}

/// Runs a command several times and takes the median of each figure.
pub fn repeat(runs: usize, command: impl Fn() -> Command) -> Result<Cost, Failure> {
    let costs = (0..runs).map(|_| cost(&mut command()));
    let costs = costs.collect::<Result<Vec<_>, _>>()?;
    Ok(Cost {
        processor: median(costs.iter().map(|cost| cost.processor)),
        memory: median(costs.iter().map(|cost| cost.memory)),
    })
}

/// Runs cargo to its end and gives what it printed.
pub fn cargo(root: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let mut command = Command::new("cargo");
    command.current_dir(root).args(arguments).args(["--locked"]);
    let done = command.stderr(Stdio::inherit()).output()?;
    succeeded(done.status.success(), &command)?;
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Runs a command and gives how long a person waits for it.
pub fn wait(command: &mut Command) -> Result<Duration, Failure> {
    let begun = Instant::now();
    let status = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    let waited = begun.elapsed();
    succeeded(status.success(), command)?;
    Ok(waited)
}

fn cost(command: &mut Command) -> Result<Cost, Failure> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let used = command.spawn()?.wait4()?;
    // A comparison that found drift says so by its status; it has done its work all the same.
    let done = used.status.success() || used.status.code() == Some(100);
    succeeded(done, command)?;
    Ok(Cost {
        processor: used.rusage.utime + used.rusage.stime,
        memory: used.rusage.maxrss,
    })
}

/// The middle of some values, of which there is at least one.
pub fn median<T: Ord + Copy>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values[values.len() / 2]
}

fn succeeded(success: bool, command: &Command) -> Result<(), Failure> {
    match success {
        true => Ok(()),
        false => Err(Failure::Usage(format!("this command failed: {command:?}"))),
    }
}
