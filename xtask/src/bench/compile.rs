//! How long the generated crates take to check, beside raw progenitor output.

use super::measure::{median, wait};
use super::report::Figure;
use super::{build_peer, target};
use crate::report::Failure;
use codegen::generate::GenerateError;
use codegen::vendor::CONTRACT;
use files::{self, FileSet, Mode};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const OURS: [&str; 2] = ["offblocks-types", "offblocks-client"];
const GENERATED: [&str; 2] = ["generated-types", "generated-client"];
const PEER: [&str; 1] = ["raw-progenitor"];
const APPLICATION: &str = "application";

/// With what raw progenitor output is checked: with what the generated code alone needs, and with
/// what the whole client has switched on.
const PLAIN: [&str; 3] = ["json", "query", "stream"];
const WHOLE: [&str; 5] = ["http2", "json", "query", "rustls", "stream"];

/// How often the last step is repeated; the median counts.
const REPEATED: usize = 5;

const GOAL: Option<&str> = Some("not slower than raw progenitor");

/// Checks each from nothing, then the generated crates again with their dependencies at hand: the
/// generated code alone, then the client as it is published, with what is written by hand. Raw
/// progenitor output has the same features of the same dependencies each time.
pub fn check(root: &Path) -> Result<Vec<Figure>, Failure> {
    let folder = target(root).join("bench");
    let (generated, peer) = (folder.join("generated"), folder.join("raw-progenitor"));
    write_generated(root, &generated)?;
    let alone = times(&generated, &folder.join("check-generated"), &GENERATED)?;
    write_peer(root, &peer, &PLAIN)?;
    let beside_alone = times(&peer, &folder.join("check-peer"), &PEER)?;
    let whole = times(root, &folder.join("check-ours"), &OURS)?;
    write_peer(root, &peer, &WHOLE)?;
    let beside_whole = times(&peer, &folder.join("check-peer"), &PEER)?;
    let subjects = [
        ("generated types and client", alone, GOAL),
        ("raw progenitor output", beside_alone, None),
        ("types and the whole client, with TLS", whole, GOAL),
        ("raw progenitor output, with TLS", beside_whole, None),
    ];
    let figures = subjects.map(|(subject, (cold, warm), goal)| {
        let figure = |when, time| Figure::time(&format!("check {subject}, {when}"), time, goal);
        [
            figure("from nothing", cold),
            figure("dependencies at hand", warm),
        ]
    });
    Ok(figures.into_iter().flatten().collect())
}

/// How long an application with only the client takes to check from nothing.
pub fn application(root: &Path) -> Result<Figure, Failure> {
    let folder = target(root).join("bench").join("application");
    let client = root.join("crates/offblocks-client");
    let dependency = format!(
        "offblocks-client = {{ path = {:?} }}",
        client.display().to_string()
    );
    let code = "//! An application with only the client.\npub use offblocks_client::Client;\n";
    let dependencies = format!("[dependencies]\n{dependency}\n");
    write_package(root, &folder, APPLICATION, &dependencies, code.to_owned())?;
    let (cold, _) = times(&folder, &folder.join("target"), &[APPLICATION])?;
    let subject = "check an application with only the client, from nothing";
    Ok(Figure::time(subject, cold, None))
}

fn write_peer(root: &Path, folder: &Path, features: &[&str]) -> Result<(), Failure> {
    let dependencies = format!(
        "[dependencies]\n\
         progenitor-client = \"0.15.1\"\n\
         reqwest = {{ version = \"0.13.5\", default-features = false, features = {features:?} }}\n\
         chrono = {{ version = \"0.4\", default-features = false, features = [\"serde\", \"std\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         serde_json = \"1\"\n\
         uuid = {{ version = \"1\", features = [\"serde\"] }}\n"
    );
    write_package(root, folder, PEER[0], &dependencies, peer_code(root)?)
}

/// What `regenerate --standalone` writes, with the versions of this workspace.
fn write_generated(root: &Path, folder: &Path) -> Result<(), Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["regenerate", "--spec", CONTRACT, "--name", "generated"]);
    command.arg("--standalone").arg(folder).current_dir(root);
    wait(&mut command)?;
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

/// Writes a package with the versions of this workspace.
fn write_package(
    root: &Path,
    folder: &Path,
    name: &str,
    dependencies: &str,
    code: String,
) -> Result<(), Failure> {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         {dependencies}\n[workspace]\n"
    );
    let lock = std::fs::read_to_string(root.join("Cargo.lock"))?;
    let texts = [
        ("Cargo.toml", manifest),
        ("Cargo.lock", lock),
        ("src/lib.rs", code),
    ];
    let mut files = FileSet::default();
    for (path, text) in texts {
        files.insert(path, text).map_err(GenerateError::from)?;
    }
    files::apply(
        folder,
        &["Cargo.lock", "Cargo.toml", "src"],
        &files,
        Mode::Write,
    )?;
    Ok(())
}

fn peer_code(root: &Path) -> Result<String, Failure> {
    let mut command = build_peer(root)?;
    let printed = command.output()?;
    Ok(String::from_utf8_lossy(&printed.stdout).into_owned())
}

/// From nothing, and with everything but the named packages at hand.
fn times(root: &Path, target: &Path, packages: &[&str]) -> Result<(Duration, Duration), Failure> {
    if target.exists() {
        std::fs::remove_dir_all(target)?;
    }
    let cold = wait(&mut with("check", root, target, packages))?;
    let again = |_| {
        wait(&mut with("clean", root, target, packages))?;
        wait(&mut with("check", root, target, packages))
    };
    let warm = (0..REPEATED).map(again).collect::<Result<Vec<_>, _>>()?;
    Ok((cold, median(warm.into_iter())))
}

fn with(verb: &str, root: &Path, target: &Path, packages: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command
        .args([verb, "--offline", "--target-dir"])
        .arg(target);
    command.current_dir(root);
    for package in packages {
        command.args(["--package", package]);
    }
    command
}
