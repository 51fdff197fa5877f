//! Workspaces of generated crates, written and compiled.

use codegen::generate::{Dependencies, standalone, workspace_manifest};
use codegen::policy::Policy;
use files::{FileSet, Mode, apply};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Generates crates from contracts, which have names, into one workspace and checks it.
pub fn compile(folder: &str, contracts: Vec<(String, PathBuf)>) {
    let read = |(name, path): (String, PathBuf)| {
        let document = contract::read_file(&path);
        let document = document.unwrap_or_else(|found| panic!("{name}: {found}"));
        (name, document)
    };
    compile_documents(folder, contracts.into_iter().map(read).collect());
}

/// The same for contracts that were read.
pub fn compile_documents(folder: &str, contracts: Vec<(String, contract::Document)>) {
    let dependencies = dependencies();
    let mut all = FileSet::new();
    let mut members = Vec::new();
    for (name, document) in contracts {
        let files = emit_document(&name, &document, &dependencies);
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
    let folder = write(folder, &owned, &all);
    check(&folder);
}

/// Writes a workspace below cargo's folder for tests, with the lock file of this one.
pub fn write(name: &str, owned: &[&str], files: &FileSet) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    apply(&folder, owned, files, Mode::Write).unwrap();
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

/// The files of one contract, without the manifest that only a workspace of its own needs.
pub fn emit(name: &str, contract: &Path, dependencies: &Dependencies) -> FileSet {
    let document = contract::read_file(contract).unwrap_or_else(|found| panic!("{name}: {found}"));
    emit_document(name, &document, dependencies)
}

/// The files of a contract that was read.
pub fn emit_document(
    name: &str,
    document: &contract::Document,
    dependencies: &Dependencies,
) -> FileSet {
    let made = standalone(document, &Policy::default(), Some(name), dependencies)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut files = FileSet::new();
    for (path, text) in made.files.iter().filter(|(path, _)| *path != "Cargo.toml") {
        files.insert(path, text).unwrap();
    }
    files
}

/// A manifest of all members, built with the profiles of this workspace so that what is compiled
/// already serves. Those of releases name packages that not every contract needs.
pub fn manifest(members: &[String], dependencies: &Dependencies, all: &FileSet) -> String {
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

pub fn dependencies() -> Dependencies {
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

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}
