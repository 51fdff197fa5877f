//! How long comparisons of large and of difficult documents take, and how much memory, each in a process
//! of its own and beside its limit: the OffBlocks contract a hundred times in one document, and 1 MB of
//! every construct that is hard to compare. Run with `cargo bench -p drift --bench extremes`, and with
//! `-- NAME` for those whose names hold a text.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on may stop")]
#![expect(clippy::print_stdout, reason = "figures are what it is for")]
#![expect(
    clippy::disallowed_methods,
    reason = "time is measured, and documents stand in a folder of their own"
)]

#[path = "../repeated/mod.rs"]
mod repeated;
mod shapes;

use drift::{Contract, Options, compare};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// What a process is started with that makes one comparison.
const ONE: &str = "--one";

/// The most seconds and megabytes.
struct Limit {
    seconds: f64,
    memory: Option<f64>,
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, base, revision] = given.as_slice()
        && flag == ONE
    {
        return one(Path::new(base), Path::new(revision));
    }
    let names: Vec<&String> = given
        .iter()
        .filter(|name| !name.starts_with("--"))
        .collect();
    let is_asked = |name: &str| names.is_empty() || names.iter().any(|part| name.contains(*part));
    println!("{:40} {:>22} {:>22}", "", "seconds (limit)", "MB (limit)");
    if is_asked("offblocks") {
        let (base, revision) = repeated::pair(100);
        let limit = Limit {
            seconds: 1.5,
            memory: Some(200.0),
        };
        measure("offblocks, 100 times", (&base, &revision), &limit);
    }
    for (name, shape) in shapes::ALL.iter().filter(|(name, _)| is_asked(name)) {
        let limit = Limit {
            seconds: 5.0,
            memory: None,
        };
        measure(name, (&shape(false), &shape(true)), &limit);
    }
}

/// Compares two documents in a process of their own.
fn measure(name: &str, (base, revision): (&Value, &Value), limit: &Limit) {
    let folder = tempfile::tempdir().unwrap();
    let write = |side: &str, document: &Value| -> PathBuf {
        let path = folder.path().join(side);
        std::fs::write(&path, document.to_string()).unwrap();
        path
    };
    let paths = (write("a.json", base), write("b.json", revision));
    let mut command = Command::new(std::env::current_exe().unwrap());
    let done = command.arg(ONE).arg(paths.0).arg(paths.1).output().unwrap();
    let printed = String::from_utf8(done.stdout).unwrap();
    let figures: Vec<f64> = printed.split_whitespace().flat_map(str::parse).collect();
    let [seconds, memory] = figures[..] else {
        println!(
            "{name:40} failed: {}",
            String::from_utf8_lossy(&done.stderr)
        );
        return;
    };
    let seconds = format!("{seconds:.2} ({})", limit.seconds);
    let most = limit.memory.map(|most| format!(" ({most})"));
    let memory = format!("{memory:.0}{}", most.unwrap_or_default());
    println!("{name:40} {seconds:>22} {memory:>22}");
}

/// Reads and compares, and prints the seconds and the megabytes that it took.
fn one(base: &Path, revision: &Path) {
    let begun = Instant::now();
    let (base, revision) = (
        Contract::read_file(base).unwrap(),
        Contract::read_file(revision).unwrap(),
    );
    let report = compare(&base, &revision, &Options::default());
    let seconds = begun.elapsed().as_secs_f64();
    assert!(!report.changes.is_empty(), "the documents differ");
    println!("{seconds} {}", peak_megabytes());
}

/// The largest memory that this process held, where the system says so; else not a number.
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    kilobytes.map_or(f64::NAN, |kilobytes: f64| kilobytes * 1_024.0 / 1e6)
}
