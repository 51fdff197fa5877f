//! What is said about broken contracts, as golden files beside them (`*.expected`).

use contract::read_file;
use std::fs;
use std::path::{Path, PathBuf};

/// Contracts in `tests/broken`, in order; what lies in folders is referred to by them.
fn contracts() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the folder is part of the project");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|end| end == "yaml" || end == "json")
    });
    files.sort();
    files
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken")
}

#[test]
fn broken_contracts_are_explained() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("broken");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let prefix = format!("{}/", folder().display()).replace('\\', "/");
    for file in contracts() {
        let errors = read_file(&file).expect_err("every contract in this folder is broken");
        let name = file.file_name().expect("it is a file").to_string_lossy();
        let text = errors.render(false).replace(&prefix, "");
        settings.bind(|| insta::assert_snapshot!(name.as_ref(), text));
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    for file in contracts() {
        let errors = read_file(&file).expect_err("every contract in this folder is broken");
        let mut plain = String::new();
        for (at, part) in errors.render(true).split('\u{1b}').enumerate() {
            let text = if at == 0 {
                part
            } else {
                part.split_once('m').expect("a colour ends").1
            };
            plain.push_str(text);
        }
        assert_eq!(plain, errors.render(false));
    }
}
