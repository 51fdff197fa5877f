//! The code of the small contracts, as it is reviewed. The same contracts are compiled by
//! `standalone.rs`, so that a golden file is code that works.
//!
//! A change that is meant is accepted by
//! `INSTA_UPDATE=always cargo test -p codegen --test golden`.

use codegen::generate::{Generated, generate};
use codegen::policy::Policy;
use files::FileSet;
use std::path::Path;

#[test]
fn types() {
    for name in [
        "archive.yaml",
        "atlas.yaml",
        "family.yaml",
        "museum.yaml",
        "names.json",
        "observatory.yaml",
        "parking.yaml",
        "shop/openapi.yaml",
        "workshop.yaml",
    ] {
        compare(name, "types", &from(name).types);
    }
}

#[test]
fn clients() {
    for name in ["archive.yaml", "atlas.yaml"] {
        compare(name, "client", &from(name).client);
    }
}

#[test]
fn servers() {
    for name in ["archive.yaml", "atlas.yaml", "workshop.yaml"] {
        compare(name, "server", &from(name).server);
    }
}

/// One snapshot of all files but those that are the same for every contract.
fn compare(contract: &str, room: &str, files: &FileSet) {
    let own = files
        .iter()
        .filter(|(path, _)| !path.starts_with("support/"));
    let text: String = own
        .map(|(path, text)| format!("//// {path}\n{}\n", without_hash(text)))
        .collect();
    let name = contract.split(['.', '/']).next().unwrap_or(contract);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("{name}-{room}"), text));
}

/// The hash in the first line changes with every comment of the contract.
fn without_hash(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    match first.split_once(" (sha256 ") {
        Some((before, _)) => text.replacen(first, before, 1),
        None => codegen::generate::without_header(text),
    }
}

fn from(contract: &str) -> Generated {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../contract/tests/contracts")
        .join(contract);
    let mut document = contract::read_file(&path).unwrap_or_else(|found| panic!("{found}"));
    document.path = format!("tests/contracts/{contract}");
    generate(&document, &Policy::default()).unwrap_or_else(|error| panic!("{contract}: {error}"))
}
