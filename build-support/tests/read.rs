//! Reading the real contract, in every version that was published.

use build_support::diagnostics::Severity;
use build_support::read::{Document, SpecVersion, read_file};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folder of published contracts; it is not part of the project.
fn upstream() -> Option<PathBuf> {
    let folder = root().join("../shared/offblocks/upstream");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

fn read_clean(path: &Path) -> Document {
    let document = read_file(path).unwrap_or_else(|errors| panic!("{errors}"));
    let warnings = &document.warnings;
    assert!(warnings.is_empty(), "{}: {warnings}", path.display());
    document
}

#[test]
fn the_vendored_contract_is_sound() {
    let document = read_clean(&root().join("openapi/offblocks.yaml"));
    assert_eq!(document.version, SpecVersion::V3_1);
    let paths = document.root.get("paths").expect("the contract has paths");
    assert_eq!(paths.members().len(), 37);
}

#[test]
fn published_contracts_are_sound_but_for_one() {
    let Some(folder) = upstream() else { return };
    read_clean(&folder.join("api.yaml"));
    let entries = folder
        .join("history")
        .read_dir()
        .expect("the folder can be listed");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().expect("it is a file").to_string_lossy();
        let read = read_file(&file);
        if !name.starts_with("27-") {
            read.unwrap_or_else(|errors| panic!("{errors}"));
            continue;
        }
        let errors = read.expect_err("references of it lead nowhere").items;
        let errors = errors
            .iter()
            .filter(|item| item.severity == Severity::Error);
        let dangling: BTreeSet<&str> = errors
            .inspect(|item| assert_eq!(item.code, "read::dangling-ref"))
            .filter_map(|item| item.message.split('`').nth(1)?.rsplit('/').next())
            .collect();
        let expected = ["BlockchainAssetId", "EthereumAddress", "EthereumHash"];
        assert_eq!(dangling, BTreeSet::from(expected));
    }
}
