//! `regenerate` on a workspace of its own.

use crate::place::{Place, SMALL};
use std::fs;

const TYPES: &str = "crates/offblocks-types/src/generated";

#[test]
fn it_writes_checks_and_then_has_nothing_to_do() {
    let place = Place::new();
    place.xtask(&["regenerate", "--check"]).exits(4);
    let said = place.xtask(&["regenerate"]).exits(0);
    assert!(
        said.out.contains(&format!("created   {TYPES}/mod.rs (+")),
        "{}",
        said.out
    );
    let written = place.everything();
    let again = place.xtask(&["regenerate"]).exits(0);
    assert!(
        again.out.ends_with("generated files are up to date\n"),
        "{}",
        again.out
    );
    place.xtask(&["regenerate", "--check"]).exits(0);
    assert_eq!(place.everything(), written);
}

#[test]
fn a_check_shows_what_differs_and_the_command_that_fixes_it() {
    let place = Place::new();
    place.xtask(&["regenerate"]).exits(0);
    let path = format!("{TYPES}/pings.rs");
    let text = place
        .read(&path)
        .replace("pub struct Ping", "pub struct Pong");
    place.put(&path, &text);
    place.put(
        "crates/offblocks-server/src/generated/old.rs",
        "fn old() {}\n",
    );
    fs::remove_file(
        place
            .root()
            .join("crates/offblocks-client/src/generated/pings.rs"),
    )
    .unwrap();
    let before = place.everything();

    let said = place.xtask(&["regenerate", "--check"]).exits(4);
    assert_eq!(place.everything(), before, "a check wrote");
    for words in [
        "-pub struct Pong",
        "+pub struct Ping",
        "stale     crates/offblocks-types/src/generated/pings.rs",
        "extra     crates/offblocks-server/src/generated/old.rs (+0 -1)",
        "missing   crates/offblocks-client/src/generated/pings.rs",
    ] {
        assert!(said.out.contains(words), "{words}\n{}", said.out);
    }
    assert!(
        said.out
            .ends_with("to update them run\n  cargo xtask regenerate\n"),
        "{}",
        said.out
    );
    place.xtask(&["regenerate"]).exits(0);
    place.xtask(&["regenerate", "--check"]).exits(0);
}

#[test]
fn a_conflict_marker_is_told_and_repaired() {
    let place = Place::new();
    place.xtask(&["regenerate"]).exits(0);
    let path = format!("{TYPES}/mod.rs");
    let right = place.read(&path);
    place.put(
        &path,
        &format!("<<<<<<< ours\n{right}=======\n{right}>>>>>>> theirs\n"),
    );
    let said = place.xtask(&["regenerate", "--check"]).exits(4);
    assert!(
        said.out.contains(", with conflict markers)"),
        "{}",
        said.out
    );
    place.xtask(&["regenerate"]).exits(0);
    assert_eq!(place.read(&path), right);
}

#[test]
fn a_dry_run_writes_nothing() {
    let place = Place::new();
    let before = place.everything();
    let said = place.xtask(&["regenerate", "--dry-run"]).exits(0);
    assert!(
        said.out.contains(&format!("create    {TYPES}/mod.rs (+")),
        "{}",
        said.out
    );
    assert!(
        said.out.ends_with("would change; nothing was written\n"),
        "{}",
        said.out
    );
    assert_eq!(place.everything(), before);
}

#[test]
fn every_fault_of_a_contract_is_shown_at_its_place() {
    let place = Place::new();
    let broken = SMALL
        .replace("schemas/Ping'", "schemas/Pnig'")
        .replace("/{id}", "/{key}");
    place.put("openapi/offblocks.yaml", &broken);
    let before = place.everything();
    let said = place.xtask(&["regenerate"]).exits(2);
    insta::assert_snapshot!("broken_contract", said.transcript());
    assert_eq!(place.everything(), before);
}

#[test]
fn a_contract_that_is_not_there_is_named() {
    let place = Place::new();
    let said = place
        .xtask(&["regenerate", "--spec", "nowhere.yaml"])
        .exits(2);
    assert!(said.err.contains("nowhere.yaml"), "{}", said.err);
}

#[test]
fn json_tells_the_same_to_a_program() {
    let place = Place::new();
    place.xtask(&["regenerate"]).exits(0);
    place.put(&format!("{TYPES}/old.rs"), "fn old() {}\n");
    let stale = place.xtask(&["regenerate", "--check", "--json"]).exits(4);
    let mut report: serde_json::Value = serde_json::from_str(&stale.out).unwrap();
    let unchanged = report["unchanged"].take();
    assert!(
        unchanged.as_u64().is_some_and(|files| files > 10),
        "{unchanged}"
    );
    insta::assert_snapshot!("json_stale", format!("{report:#}"));

    place.put(
        "openapi/offblocks.yaml",
        &SMALL.replace("schemas/Ping'", "schemas/Pnig'"),
    );
    let wrong = place.xtask(&["regenerate", "--json"]).exits(2);
    let wrong: serde_json::Value = serde_json::from_str(&wrong.out).unwrap();
    assert_eq!(wrong["status"], "error");
    assert_eq!(wrong["diagnostics"][0]["code"], "read::dangling-ref");
    assert_eq!(
        wrong["diagnostics"][0]["place"]["file"],
        "openapi/offblocks.yaml"
    );
    assert_eq!(wrong["diagnostics"][0]["place"]["line"], 24);
}

#[test]
fn docs_may_be_left_out_of_a_check() {
    let place = Place::new();
    place.xtask(&["regenerate"]).exits(0);
    place.put(
        "worded.yaml",
        &SMALL.replace("The ping.", "In other words, the ping."),
    );
    let check = ["regenerate", "--check", "--spec", "worded.yaml"];
    place.xtask(&check).exits(4);
    let (mut glasses, _) = (check.to_vec(), ());
    glasses.push("--ignore-docs");
    place.xtask(&glasses).exits(0);
    place.put(
        "worded.yaml",
        &SMALL.replace("required: [id]", "required: []"),
    );
    let said = place.xtask(&glasses).exits(4);
    let update = "to update them run\n  cargo xtask regenerate --spec worded.yaml\n";
    assert!(said.out.ends_with(update), "{}", said.out);
}

#[test]
fn a_standalone_workspace_stands_anywhere() {
    let place = Place::new();
    place.put("apart/Cargo.lock", "not ours\n");
    let args = [
        "regenerate",
        "--spec",
        "openapi/offblocks.yaml",
        "--standalone",
        "apart",
    ];
    place.xtask(&args).exits(0);
    place.xtask(&[&args[..], &["--check"]].concat()).exits(0);
    assert!(place.read("apart/Cargo.toml").contains("\"small-types\""));
    assert!(
        place
            .read("apart/small-client/Cargo.toml")
            .contains("path = \"../small-types\"")
    );
    assert_eq!(place.read("apart/Cargo.lock"), "not ours\n");
    place
        .xtask(&[&args[..], &["--name", "other"]].concat())
        .exits(0);
    assert!(
        place
            .read("apart/other-types/src/lib.rs")
            .starts_with("//! The values of Small.")
    );
}

#[test]
fn colour_is_for_terminals_and_those_who_ask() {
    let place = Place::new();
    let plain = place.xtask(&["regenerate", "--check"]).exits(4);
    assert!(!plain.out.contains('\u{1b}'));
    let asked = place
        .xtask(&["regenerate", "--check", "--colour", "always"])
        .exits(4);
    assert!(asked.out.contains("\u{1b}[32m+"), "{}", asked.out);
}

/// The control plane of the sandbox has a contract of its own in the same workspace.
#[test]
fn every_contract_of_the_workspace_is_generated_and_another_replaces_one_of_them() {
    const SANDBOX: &str = "crates/offblocks-sandbox-api/src";
    let place = Place::new();
    place.xtask(&["regenerate"]).exits(0);
    for folder in ["generated", "client/generated", "server/generated"] {
        let root = place.read(&format!("{SANDBOX}/{folder}/mod.rs"));
        assert!(root.contains("from openapi/sandbox.yaml"), "{root}");
    }
    let changed = SMALL.replace("operationId: ping", "operationId: pong");
    place.put("openapi/sandbox.yaml", &changed);
    let said = place.xtask(&["regenerate", "--check"]).exits(4);
    assert!(
        said.out
            .contains(&format!("{SANDBOX}/server/generated/pings.rs"))
    );
    assert!(!said.out.contains(TYPES), "{}", said.out);
    // Another contract stands for that of OffBlocks, and the sandbox's is left alone.
    place.put("other.yaml", SMALL);
    let other = place.root().join("other.yaml");
    let other = other.to_str().unwrap();
    let check = ["regenerate", "--check", "--ignore-docs", "--spec", other];
    place.xtask(&check).exits(0);
}

/// Like findings are counted behind the first ten of them.
#[test]
fn thousands_of_like_warnings_do_not_hide_the_others() {
    let place = Place::new();
    let schemas: String = (0..40)
        .map(|at| format!("    S{at}: {{type: object, minimum: }}\n"))
        .collect();
    let contract = format!(
        "openapi: 3.1.0\ninfo: {{title: Many, version: 1.0.0}}\npaths: {{}}\ncomponents:\n  \
         schemas:\n{schemas}    Last: {{type: object, enum: []}}\n"
    );
    place.put("many.yaml", &contract);
    let folder = place.root().join("made");
    let run = |more: &[&str]| {
        let spec = place.root().join("many.yaml");
        let mut arguments = vec!["regenerate", "--dry-run", "--spec", spec.to_str().unwrap()];
        arguments.extend(["--standalone", folder.to_str().unwrap()]);
        arguments.extend(more);
        place.xtask(&arguments).exits(0)
    };
    let few = run(&[]).err;
    let all = run(&["--all-findings"]).err;
    let count = |text: &str| text.matches("--> ").count();
    assert!(count(&few) < 20 && count(&all) > 40, "{few}\n\n{all}");
    assert!(few.contains("30 more of these\n --> "), "{few}");
    assert!(
        few.ends_with("--all-findings shows every one of them\n"),
        "{few}"
    );
    assert!(!all.contains("more of these"), "{all}");
}
