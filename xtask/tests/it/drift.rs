//! `drift` between files, versions in git and the vendored contract.

use crate::place::{Place, SMALL};
use crate::vendor::{git, serve};

/// The contract without the property that clients read.
pub fn narrower() -> String {
    let without = SMALL.replace("      required: [id]\n", "");
    without.replace(
        "        id:\n          type: string\n",
        "        name:\n          type: string\n",
    )
}

/// The contract with other words.
pub fn reworded() -> String {
    SMALL.replace("The ping.", "In other words, the ping.")
}

#[test]
fn words_and_exit_codes_are_explained() {
    let place = Place::new();
    insta::assert_snapshot!("help_drift", place.xtask(&["drift", "--help"]).exits(0).out);
    for args in [
        &["drift"][..],
        &["drift", "--base", "a.yaml"],
        &["drift", "--against", "ftp://x.example/a.yaml"],
        &["drift", "--against", "a.yaml", "--history", "git:a.yaml"],
        &["drift", "--against", "a.yaml", "--format", "pdf"],
        &["drift", "--history", "https://x.example/a.yaml"],
        &["drift", "--history", "git:a.yaml", "--base", "a.yaml"],
        &["drift", "--code", "--against", "a.yaml"],
        &["drift", "--code", "--base", "a.yaml"],
        &["drift", "--against", "a.yaml", "--today", "2024-02-31"],
    ] {
        place.xtask(args).exits(2);
    }
}

#[test]
fn a_rule_is_described_with_an_example() {
    let place = Place::new();
    let text = place
        .xtask(&["drift", "explain", "operation-removed"])
        .exits(0)
        .out;
    assert!(
        text.starts_with("operation-removed (operation)\n"),
        "{text}"
    );
    assert!(text.contains("Example:\n"), "{text}");
    let all = place.xtask(&["drift", "explain"]).exits(0).out;
    assert!(all.contains("  code-stale "), "{all}");
    let areas = all
        .lines()
        .filter(|it| !it.is_empty() && !it.starts_with(' '));
    let areas: Vec<_> = areas.collect();
    let once: std::collections::BTreeSet<_> = areas.iter().collect();
    assert_eq!(areas.len(), once.len(), "{areas:?}");
    assert!(all.contains("  operation-removed "), "{all}");
    let wrong = place
        .xtask(&["drift", "explain", "operation-remove"])
        .exits(2)
        .err;
    assert!(
        wrong.contains("did you mean `operation-removed`?"),
        "{wrong}"
    );
}

#[test]
fn the_threshold_decides_how_a_run_ends() {
    let place = Place::new();
    place.put("same.yaml", SMALL);
    place.put("reworded.yaml", &reworded());
    place.put("narrower.yaml", &narrower());
    for (file, fail_on, code) in [
        ("same.yaml", "any", 0),
        ("reworded.yaml", "breaking", 0),
        ("reworded.yaml", "warning", 0),
        ("reworded.yaml", "any", 100),
        ("narrower.yaml", "breaking", 100),
    ] {
        let args = ["drift", "--against", file, "--fail-on", fail_on];
        let text = place.xtask(&args).exits(code).out;
        let last = text.lines().last().unwrap_or_default();
        assert!(
            last.contains("wire: ") && last.contains("; rust: "),
            "{text}"
        );
    }
}

#[test]
fn the_report_shows_both_places() {
    let place = Place::new();
    place.put("narrower.yaml", &narrower());
    let text = place
        .xtask(&["drift", "--against", "narrower.yaml"])
        .exits(100);
    insta::assert_snapshot!("drift_text", text.transcript());
    let json = ["drift", "--against", "narrower.yaml", "--format", "json"];
    let json = place.xtask(&json).exits(100).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["semver"], "major");
    let changes = json["changes"].as_array().unwrap();
    let sides = changes.iter().flat_map(|it| [&it["base"], &it["revision"]]);
    let placed = sides.filter(|side| side["line"].is_u64() && side["column"].is_u64());
    assert!(placed.count() >= changes.len(), "{json:#}");
}

#[test]
fn every_format_can_be_written_to_a_file() {
    let place = Place::new();
    place.put("narrower.yaml", &narrower());
    for (format, begins) in [
        (
            "text",
            "Small: 1 (openapi/offblocks.yaml) → 1 (narrower.yaml), with",
        ),
        ("json", "{"),
        ("markdown", "### "),
        ("github", "::error file=narrower.yaml,line="),
        ("sarif", "{"),
        ("junit", "<?xml "),
        ("html", "<!DOCTYPE html>"),
    ] {
        let args = ["drift", "--against", "narrower.yaml", "--format", format];
        let said = place.xtask(&args).exits(100).out;
        assert!(said.starts_with(begins), "{format}: {said}");
        let silent = place
            .xtask(&[&args[..], &["--output", "report"]].concat())
            .exits(100);
        assert_eq!(silent.out, "", "{format}");
        assert_eq!(place.read("report"), said, "{format}");
    }
}

#[test]
fn a_report_goes_where_it_is_sent() {
    let place = Place::new();
    place.put("narrower.yaml", &narrower());
    let args = ["drift", "--against", "narrower.yaml", "--output"];
    let to = |output| place.xtask(&[&args[..], &[output]].concat()).exits(100);
    for output in ["-", "/dev/stdout"] {
        let said = to(output).out;
        assert!(said.starts_with("Small: 1"), "{output}: {said}");
    }
    assert_eq!(to("/dev/null").out, "");
    std::os::unix::fs::symlink("target", place.root().join("link")).unwrap();
    to("link");
    assert!(place.root().join("link").is_symlink());
    assert!(place.read("target").starts_with("Small: 1"));
}

#[test]
fn credentials_are_never_repeated() {
    let place = Place::new();
    let before = place.everything();
    for url in [
        "https://user:hush@x.example/a.yaml",
        "ftp://user:hush@x.example/a.yaml",
        "git:https://user:hush@x.example/a.yaml",
    ] {
        for args in [
            &["drift", "--against", url][..],
            &["drift", "--base", url, "--against", "a.yaml"],
            &["drift", "--history", url],
            &["vendor", url],
        ] {
            let said = place.xtask(args).exits(2).transcript();
            assert!(said.contains("the URL carries credentials"), "{said}");
            assert!(!said.contains("hush"), "{said}");
        }
    }
    assert_eq!(place.everything(), before);
}

#[test]
fn what_cannot_be_fetched_is_inconclusive_and_what_cannot_be_read_is_wrong() {
    let place = Place::new();
    let url = serve(vec![
        "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\na: [".to_owned(),
    ]);
    place.xtask(&["drift", "--against", &url]).exits(3);
    place.xtask(&["drift", "--against", &url]).exits(2);
    place
        .xtask(&["drift", "--against", "git:nowhere:a.yaml"])
        .exits(3);
    place.xtask(&["drift", "--history", "git:a.yaml"]).exits(3);
    let said = place
        .xtask(&["drift", "--against", "nowhere.yaml"])
        .exits(2);
    assert!(said.err.contains("nowhere.yaml"), "{}", said.err);
    let args = ["drift", "--against", "nowhere.yaml", "--format", "json"];
    let said: serde_json::Value = serde_json::from_str(&place.xtask(&args).exits(2).out).unwrap();
    assert_eq!(said["status"], "error");
}

#[test]
fn two_revisions_of_a_clone_are_compared() {
    let place = Place::new();
    place.put("clone/api.yaml", SMALL);
    git(&place, &["init", "--quiet"]);
    git(&place, &["add", "."]);
    git(&place, &["commit", "--quiet", "--message", "a version"]);
    place.put("new.yaml", &narrower());
    let args = [
        "drift",
        "--base",
        "git:HEAD:api.yaml",
        "--against",
        "new.yaml",
        "--clone",
        "clone",
    ];
    let said = place
        .xtask(&[&args[..], &["--wire-only"]].concat())
        .exits(100)
        .out;
    assert!(said.contains(" --> git:HEAD:api.yaml:"), "{said}");
    assert!(said.ends_with("rust: not compared\n"), "{said}");
}
