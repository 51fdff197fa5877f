//! Every example is run by a test.

use crate::sources;

/// The name under which a test includes an example: that of its file, or of its folder with a `main.rs`.
fn example(path: &str) -> Option<(&str, &str)> {
    let (folder, name) = path.split_once("/examples/")?;
    match name.split_once('/') {
        None => Some((folder, name)),
        Some((name, "main.rs")) => Some((folder, name)),
        // A module of an example.
        Some(_) => None,
    }
}

#[test]
fn every_example_is_run_by_a_test() {
    let sources = sources::all();
    let examples: Vec<_> = sources.iter().filter_map(|it| example(&it.path)).collect();
    assert!(examples.len() > 10, "the examples were not found");
    let is_run = |(folder, name): &(&str, &str)| {
        let (tests, named) = (format!("{folder}/tests/"), format!("examples/{name}"));
        let mut tests = sources.iter().filter(|it| it.path.starts_with(&tests));
        tests.any(|test| test.text.contains(&named))
    };
    let missing: Vec<_> = examples.iter().filter(|it| !is_run(it)).collect();
    assert!(
        missing.is_empty(),
        "run these in tests/ of their crate, as tests/examples.rs of the others do: {missing:?}"
    );
}
