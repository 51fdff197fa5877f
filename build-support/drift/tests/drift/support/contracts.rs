//! The documents the tests run over.

use drift::Contract;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The vendored contract and the small ones of the tests, by name.
pub fn all() -> Vec<(String, Value)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("../contract/tests/contracts");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_file());
    paths.sort();
    paths.push(here.join("../../openapi/offblocks.yaml"));
    paths.iter().map(|path| (name(path), value(path))).collect()
}

/// The published versions in order of age, the newest last. Tests that ask for them are ignored
/// unless they are named, since the published contract is not part of the project.
pub fn published() -> Vec<(String, PathBuf)> {
    let upstream = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/offblocks/upstream");
    let history = upstream.join("history");
    let entries = std::fs::read_dir(&history).unwrap_or_else(|error| {
        panic!(
            "put the published versions into {}: {error}",
            history.display()
        )
    });
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let number = |path: &PathBuf| name(path).split('-').next().unwrap_or_default().to_owned();
    let mut named: Vec<_> = paths
        .into_iter()
        .map(|path| (number(&path), path))
        .collect();
    named.push(("newest".to_owned(), upstream.join("api.yaml")));
    named
}

/// A document as a JSON value.
pub fn value(path: &Path) -> Value {
    read(path).root().to_json()
}

/// A document.
pub fn read(path: &Path) -> Contract {
    Contract::read_file(path).unwrap_or_else(|errors| panic!("{}: {errors}", path.display()))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
