//! Who may depend on whom.

use crate::sources::root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// For each crate the crates of this workspace that it may depend on. Dependencies of tests,
/// examples and benchmarks are free.
const ALLOWED: &[(&str, &[&str])] = &[
    ("contract", &[]),
    ("files", &[]),
    ("report", &["contract", "files"]),
    ("codegen", &["contract", "files"]),
    ("drift", &["contract", "report"]),
    ("conformance", &["contract", "report"]),
    (
        "surface",
        &["codegen", "contract", "drift", "files", "report"],
    ),
    (
        "xtask",
        &[
            "codegen",
            "conformance",
            "contract",
            "drift",
            "files",
            "report",
            "surface",
        ],
    ),
    ("offblocks-types", &[]),
    ("offblocks-signature", &[]),
    ("offblocks-wallet", &["offblocks-types"]),
    (
        "offblocks-client",
        &["offblocks-signature", "offblocks-types"],
    ),
    (
        "offblocks-server",
        &["offblocks-signature", "offblocks-types"],
    ),
    (
        "offblocks-webhooks",
        &["offblocks-client", "offblocks-signature", "offblocks-types"],
    ),
    (
        "offblocks-cards",
        &["offblocks-client", "offblocks-types", "offblocks-wallet"],
    ),
    (
        "offblocks-sandbox-api",
        &["offblocks-server", "offblocks-types"],
    ),
    (
        "offblocks-sandbox",
        &[
            "offblocks-cards",
            // For tests of others only: see the test of its feature.
            "offblocks-client",
            "offblocks-sandbox-api",
            "offblocks-server",
            "offblocks-signature",
            "offblocks-types",
            "offblocks-wallet",
        ],
    ),
    (
        "offblocks-cli",
        &[
            "conformance",
            "contract",
            "files",
            "offblocks-cards",
            "offblocks-client",
            "offblocks-sandbox",
            "offblocks-sandbox-api",
            "offblocks-server",
            "offblocks-signature",
            "offblocks-types",
            "offblocks-webhooks",
            "report",
        ],
    ),
];

/// Packages that a crate must not bring, directly or through others, whatever its features.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "offblocks-types",
        &["axum", "http", "hyper", "reqwest", "tokio"],
    ),
    ("offblocks-signature", &["axum", "reqwest", "tokio"]),
    ("offblocks-wallet", &["axum", "reqwest", "tokio"]),
    ("offblocks-client", &["axum", "sqlx"]),
    ("offblocks-server", &["reqwest", "sqlx"]),
    ("offblocks-sandbox-api", &["offblocks-sandbox", "sqlx"]),
    (
        "offblocks-webhooks",
        &["offblocks-cards", "offblocks-sandbox", "offblocks-server"],
    ),
    ("offblocks-cards", &["axum", "offblocks-server"]),
    ("offblocks-cli", &["prettyplease", "progenitor", "typify"]),
    ("contract", &["axum", "progenitor", "reqwest", "typify"]),
    ("drift", &["progenitor", "reqwest", "typify"]),
    ("conformance", &["progenitor", "reqwest", "typify"]),
    ("codegen", &["axum", "reqwest", "sqlx"]),
];

/// Packages that a crate must bring only with features that are not on by default.
const ONLY_BY_FEATURE: &[(&str, &[&str])] = &[
    ("offblocks-cards", &["offblocks-wallet", "sqlx"]),
    ("offblocks-sandbox-api", &["axum", "reqwest"]),
    (
        "offblocks-webhooks",
        &["axum", "hyper", "offblocks-client", "reqwest", "sqlx"],
    ),
];

/// The sandbox brings the client only with its feature for tests.
#[test]
fn only_the_feature_for_tests_brings_the_client_into_the_sandbox() {
    let tree = |features: &[&str]| {
        let arguments = ["tree", "--package", "offblocks-sandbox", "--edges=normal"];
        let more = ["--prefix=none", "--offline", "--locked"];
        let all = [&arguments[..], &more, features].concat();
        cargo(&all)
    };
    let brings = |tree: String| tree.lines().any(|it| it.starts_with("offblocks-client "));
    assert!(
        !brings(tree(&[])),
        "offblocks-sandbox must not bring offblocks-client without its feature `testing`: a \
         sandbox is a server, and only what helps tests calls it"
    );
    assert!(brings(tree(&["--features=testing"])));
}

fn cargo(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    let command = command.args(arguments).current_dir(root());
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// What each crate of the workspace depends on within it, without its tests' dependencies.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let text = cargo(&["metadata", "--format-version=1", "--no-deps", "--offline"]);
    let metadata: Value = serde_json::from_str(&text).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let of = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().clone();
        let ours = all.into_iter().filter(|it| it["path"].is_string());
        let kept = ours.filter(|it| it["kind"].is_null());
        let names = kept.map(|it| it["name"].as_str().unwrap().to_owned());
        names.collect()
    };
    let name = |package: &Value| package["name"].as_str().unwrap().to_owned();
    packages.iter().map(|it| (name(it), of(it))).collect()
}

#[test]
fn each_crate_depends_only_on_those_it_may_know() {
    let found = dependencies();
    let known: BTreeSet<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    let exist: BTreeSet<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(
        exist, known,
        "the table above names each crate of the workspace once; add or remove its row"
    );
    for (name, allowed) in ALLOWED {
        let extra: Vec<&String> = found[*name]
            .iter()
            .filter(|it| !allowed.contains(&it.as_str()))
            .collect();
        assert!(
            extra.is_empty(),
            "{name} must not depend on {extra:?}: move what it needs to a crate below both, or, \
             where the design changes, change the table here and the one in crates/README.md"
        );
    }
}

#[test]
fn no_crate_brings_what_it_must_not_know() {
    for (name, forbidden) in FORBIDDEN {
        check_brings_none(name, &["--all-features"], forbidden);
    }
    for (name, forbidden) in ONLY_BY_FEATURE {
        check_brings_none(name, &[], forbidden);
    }
}

fn check_brings_none(name: &str, features: &[&str], forbidden: &[&str]) {
    let arguments = ["tree", "--package", name, "--edges=normal"];
    let more = ["--prefix=none", "--offline", "--locked"];
    let tree = cargo(&[&arguments[..], &more, features].concat());
    let packages: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(packages.contains(name), "cargo tree says nothing of {name}");
    let found: Vec<&&str> = forbidden
        .iter()
        .filter(|it| packages.contains(**it))
        .collect();
    assert!(
        found.is_empty(),
        "{name} must not bring {found:?}: `cargo tree -p {name} -e normal {} -i {}` shows the way",
        features.join(" "),
        found[0]
    );
}
