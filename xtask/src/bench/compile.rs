//! How long the generated crates take to check, beside raw progenitor output.

use super::measure::wait;
use super::report::Figure;
use super::{build_peer, target};
use crate::report::Failure;
use codegen::generate::GenerateError;
use files::{self, FileSet, Mode};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const OURS: [&str; 2] = ["offblocks-types", "offblocks-client"];
const PEER: [&str; 1] = ["raw-progenitor"];
const APPLICATION: &str = "application";

/// The peer's dependencies are the client's own, with the same features, so that only the
/// generated code and what it needs differ.
const PEER_DEPENDENCIES: &str = "\
[dependencies]
progenitor-client = \"0.15.1\"
reqwest = { version = \"0.13.5\", default-features = false, features = [\"json\", \"query\", \"rustls\", \"stream\"] }
chrono = { version = \"0.4\", default-features = false, features = [\"serde\", \"std\"] }
serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"
uuid = { version = \"1\", features = [\"serde\"] }
";

/// Checks both from nothing, then each generated crate again with its dependencies at hand.
pub fn check(root: &Path) -> Result<Vec<Figure>, Failure> {
    let folder = target(root).join("bench");
    let peer = folder.join("raw-progenitor");
    write_peer(root, &peer)?;
    let (cold, warm) = times(root, &folder.join("check-ours"), &OURS)?;
    let (peer_cold, peer_warm) = times(&peer, &folder.join("check-peer"), &PEER)?;
    Ok(vec![
        Figure::time(
            "check types and client, from nothing",
            cold,
            Some("not slower than raw progenitor"),
        ),
        Figure::time("check raw progenitor output, from nothing", peer_cold, None),
        Figure::time(
            "check types and client, dependencies at hand",
            warm,
            Some("not slower than raw progenitor"),
        ),
        Figure::time(
            "check raw progenitor output, dependencies at hand",
            peer_warm,
            None,
        ),
    ])
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

fn write_peer(root: &Path, folder: &Path) -> Result<(), Failure> {
    write_package(root, folder, PEER[0], PEER_DEPENDENCIES, peer_code(root)?)
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
    wait(&mut with("clean", root, target, packages))?;
    let warm = wait(&mut with("check", root, target, packages))?;
    Ok((cold, warm))
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
