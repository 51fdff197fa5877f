//! Any contract becomes a workspace that compiles.
//!
//! Every contract's crates are members of one big workspace, checked by one `cargo check` with this
//! workspace's lock file and target folder, so that dependencies are compiled once.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

mod examples;
mod loopback;
mod random;
mod words;
mod workspace;

use std::path::{Path, PathBuf};
use workspace::{compile, dependencies, emit, root};

/// A published version that refers to a schema it does not have.
const DANGLING: &str = "27-1464c28.yaml";

#[test]
fn every_contract_compiles() {
    compile("standalone", contracts());
}

/// Contracts of this project's own making, in the style of public APIs and with the faults that such
/// documents have. That each of them becomes code is tested in `invented.rs`.
#[test]
#[ignore = "compiles ninety crates"]
fn every_invented_contract_compiles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invented");
    let all = entries(&folder).into_iter();
    let all = all.map(|path| (format!("invented-{}", stem(&path)), path));
    compile("standalone-invented", all.collect());
}

#[test]
#[ignore = "needs the published contract"]
fn every_published_contract_compiles() {
    let sound = entries(&history()).into_iter();
    let sound = sound.filter(|path| !path.ends_with(DANGLING));
    let sound = sound.map(|path| (format!("published-{}", stem(&path)), path));
    compile("standalone-published", sound.collect());
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

/// Contracts by the names of their crates: the vendored one and the small ones.
fn contracts() -> Vec<(String, PathBuf)> {
    let mut found = vec![(
        "offblocks".to_owned(),
        root().join("openapi/offblocks.yaml"),
    )];
    found.extend(
        entries(&contracts_folder())
            .into_iter()
            .map(|path| (stem(&path), contract_in(&path))),
    );
    found
}

/// A small contract is a file, or a folder where it has several.
fn contract_in(path: &Path) -> PathBuf {
    match path.is_dir() {
        true => path.join("openapi.yaml"),
        false => path.to_owned(),
    }
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

fn contracts_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract/tests/contracts")
}
