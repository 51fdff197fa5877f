//! `cargo xtask bench`: figures beside their goals and their peers. Nothing here fails for being
//! slow; a person reads the numbers.

mod bulk;
mod client;
mod compile;
mod installed;
mod measure;
mod report;
mod sandbox;

use crate::cli::{Bench, Subject};
use crate::io::Io;
use crate::report::{Exit, Failure};
use crate::workspace::Workspace;
use codegen::vendor::CONTRACT;
use measure::{cargo, repeat};
use report::Figure;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

/// How often a whole process is run; the median counts.
const RUNS: usize = 15;

pub fn run(args: &Bench, workspace: &Workspace, io: &mut Io) -> Result<Exit, Failure> {
    io.json = args.json;
    let mut figures = Vec::new();
    for subject in args.subjects() {
        figures.extend(match subject {
            Subject::Regenerate => regenerate(&workspace.root)?,
            Subject::Sign => sign(&workspace.root)?,
            Subject::Webhooks => webhooks(&workspace.root)?,
            Subject::Check => compile::check(&workspace.root)?,
            Subject::Drift => drift(&workspace.root)?,
            Subject::Sandbox => sandbox::measure(&workspace.root, args)?,
            Subject::Bulk => bulk::measure(&workspace.root, args)?,
            Subject::Client => client::client(&workspace.root)?,
        });
    }
    match args.json {
        true => writeln!(io.out, "{:#}", report::to_json(&figures))?,
        false => write!(io.out, "{}", report::to_text(&figures))?,
    }
    Ok(Exit::Fine)
}

/// The whole of `regenerate` as a process, beside progenitor alone on the same lowered contract.
fn regenerate(root: &Path) -> Result<Vec<Figure>, Failure> {
    cargo(root, &["build", "--release", "--package", "xtask"])?;
    build_peer(root)?;
    let release = target(root).join("release");
    let ours = repeat(RUNS, || {
        let mut command = Command::new(release.join("xtask"));
        command.args(["regenerate", "--dry-run"]).current_dir(root);
        command
    })?;
    let other_cost = repeat(RUNS, || peer(root))?;
    let subject = "regenerate: types, client and server";
    let other = "progenitor alone, the client of the same contract";
    Ok(vec![
        Figure::time(subject, ours.processor, Some("100 ms of process time")),
        Figure::memory(subject, ours.memory, Some("60 MB")),
        Figure::time(other, other_cost.processor, None),
        Figure::memory(other, other_cost.memory, None),
    ])
}

/// The whole of `drift` as a process: two published versions where they are at hand, else the
/// contract and itself.
fn drift(root: &Path) -> Result<Vec<Figure>, Failure> {
    cargo(root, &["build", "--release", "--package", "xtask"])?;
    let history = root.join("../shared/offblocks/upstream/history");
    let pair = ["36-2d6c19d.yaml", "37-be00cfe.yaml"].map(|name| history.join(name));
    let pair = match pair.iter().all(|path| path.exists()) {
        true => pair,
        false => [root.join(CONTRACT), root.join(CONTRACT)],
    };
    let run = |more: &[&str]| {
        let mut command = Command::new(target(root).join("release/xtask"));
        let [base, revision] = &pair;
        command.arg("drift").arg("--base").arg(base);
        command.arg("--against").arg(revision).args(more);
        command.current_dir(root);
        command
    };
    let wire = repeat(RUNS, || run(&["--wire-only"]))?;
    let both = repeat(RUNS, || run(&[]))?;
    Ok(vec![
        Figure::time(
            "drift: two versions of the contract, the wire",
            wire.processor,
            Some("30 ms of process time"),
        ),
        Figure::memory("drift: the wire", wire.memory, None),
        Figure::time(
            "drift: the wire and the Rust source",
            both.processor,
            Some("60 ms of process time"),
        ),
    ])
}

/// Builds the peer and gives the command that runs it.
fn build_peer(root: &Path) -> Result<Command, Failure> {
    let example = ["--package", "codegen", "--example", "raw_progenitor"];
    cargo(root, &[&["build", "--release"], &example[..]].concat())?;
    Ok(peer(root))
}

fn peer(root: &Path) -> Command {
    let mut command = Command::new(target(root).join("release/examples/raw_progenitor"));
    command.arg(CONTRACT).current_dir(root);
    command
}

/// Signing and verifying beside the bare operation, by the signature crate's own benchmark.
fn sign(root: &Path) -> Result<Vec<Figure>, Failure> {
    let names = ["--package", "offblocks-signature", "--bench", "sign"];
    let printed = cargo(root, &[&["bench"], &names[..]].concat())?;
    Ok(report::from_divan(&printed))
}

/// Receiving a webhook beside the bare operation, by the crate's own benchmark.
fn webhooks(root: &Path) -> Result<Vec<Figure>, Failure> {
    let names = ["--package", "offblocks-webhooks", "--bench", "receive"];
    let printed = cargo(root, &[&["bench"], &names[..]].concat())?;
    Ok(report::from_divan(&printed))
}

/// Where cargo puts what it builds.
fn target(root: &Path) -> std::path::PathBuf {
    // Cargo places this very program in `<target>/<profile>/`, whatever names the target folder.
    let here = std::env::current_exe().ok();
    let folder = here
        .as_deref()
        .and_then(Path::parent)
        .and_then(Path::parent);
    folder.map_or_else(|| root.join("target"), Path::to_owned)
}
