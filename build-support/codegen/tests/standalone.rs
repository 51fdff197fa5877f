//! Any contract becomes a workspace that compiles.
//!
//! Every contract's crates are members of one big workspace, checked by one `cargo check` with this
//! workspace's lock file and target folder, so that dependencies are compiled once.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

use codegen::generate::{Dependencies, standalone, workspace_manifest};
use codegen::policy::Policy;
use files::{FileSet, Mode, apply};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A published version that refers to a schema it does not have.
const DANGLING: &str = "27-1464c28.yaml";

#[test]
fn every_contract_compiles() {
    compile("standalone", contracts());
}

#[test]
#[ignore = "needs the published contract"]
fn every_published_contract_compiles() {
    let sound = entries(&history()).into_iter();
    let sound = sound.filter(|path| !path.ends_with(DANGLING));
    let sound = sound.map(|path| (format!("published-{}", stem(&path)), path));
    compile("standalone-published", sound.collect());
}

/// Generates crates from contracts, which have names, into one workspace and checks it.
fn compile(folder: &str, contracts: Vec<(String, PathBuf)>) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let dependencies = dependencies();
    let mut all = FileSet::new();
    let mut members = Vec::new();
    for (name, contract) in contracts {
        let files = emit(&name, &contract, &dependencies);
        for room in ["types", "client", "server"] {
            members.push(format!("{name}-{room}"));
        }
        all.merge(files).unwrap();
    }
    all.insert("Cargo.toml", manifest(&members, &dependencies, &all))
        .unwrap();
    let owned: Vec<_> = members
        .iter()
        .map(String::as_str)
        .chain(["Cargo.toml"])
        .collect();
    apply(&folder, &owned, &all, Mode::Write).unwrap();
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    check(&folder);
}

#[test]
fn a_standalone_workspace_is_the_same_every_time() {
    let dependencies = dependencies();
    let contract = contracts_folder().join("workshop.yaml");
    let once = emit("again", &contract, &dependencies);
    assert!(once == emit("again", &contract, &dependencies));
    assert!(once.get("again-types/src/lib.rs").is_some());
}

#[test]
#[ignore = "needs the published contract"]
fn a_dangling_reference_is_named() {
    let said = contract::read_file(&history().join(DANGLING))
        .unwrap_err()
        .to_string();
    assert!(said.contains("#/components/schemas/EthereumHash"), "{said}");
    assert!(said.contains("27-1464c28.yaml:1731:17"), "{said}");
}

/// The files of one contract, without the manifest that only a workspace of its own needs.
fn emit(name: &str, contract: &Path, dependencies: &Dependencies) -> FileSet {
    let document = contract::read_file(contract).unwrap_or_else(|found| panic!("{name}: {found}"));
    let made = standalone(&document, &Policy::default(), Some(name), dependencies)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut files = FileSet::new();
    for (path, text) in made.files.iter().filter(|(path, _)| *path != "Cargo.toml") {
        files.insert(path, text).unwrap();
    }
    files
}

/// A manifest of all members, built with the profiles of this workspace so that what is compiled
/// already serves. Those of releases name packages that not every contract needs.
fn manifest(members: &[String], dependencies: &Dependencies, all: &FileSet) -> String {
    let code: Vec<_> = all.iter().map(|(_, text)| text).collect();
    let used = dependencies.used_by(&code);
    let own = read_text("Cargo.toml");
    let profiles = own.find("[profile.dev").map_or("", |at| &own[at..]);
    format!(
        "{}\n{profiles}",
        workspace_manifest(members, dependencies, &used)
    )
}

fn check(folder: &Path) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--workspace",
            "--keep-going",
            "--quiet",
            "--target-dir",
        ])
        .arg(target)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the code of some contract does not compile; the package is the contract's name and room, \
         and the files are in {}:\n{said}",
        folder.display()
    );
    assert!(
        !said.contains("warning:"),
        "the code of some contract has warnings:\n{said}"
    );
}

/// Contracts by the names of their crates: the vendored one and the small ones.
fn contracts() -> Vec<(String, PathBuf)> {
    let mut found = vec![(
        "offblocks".to_owned(),
        root().join("openapi/offblocks.yaml"),
    )];
    found.extend(entries(&contracts_folder()).into_iter().map(|path| {
        let contract = if path.is_dir() {
            path.join("openapi.yaml")
        } else {
            path.clone()
        };
        (stem(&path), contract)
    }));
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// The older publications, a copy of which lies beside the workspace.
fn history() -> PathBuf {
    root().join("../shared/offblocks/upstream/history")
}

fn dependencies() -> Dependencies {
    let rooms = ["types", "client", "server"];
    let rooms = rooms.map(|room| read_text(&format!("crates/offblocks-{room}/Cargo.toml")));
    Dependencies::parse(
        &read_text("Cargo.toml"),
        &rooms.each_ref().map(String::as_str),
    )
    .unwrap()
}

fn read_text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

fn contracts_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract/tests/contracts")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}
