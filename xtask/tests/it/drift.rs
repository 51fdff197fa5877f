use crate::place::{Place, SMALL};
use crate::vendor::{git, serve};
use std::process::Command;

/// The contract without the property that clients read.
fn narrower() -> String {
    let without = SMALL.replace("      required: [id]\n", "");
    without.replace(
        "        id:\n          type: string\n",
        "        name:\n          type: string\n",
    )
}

/// The contract with other words.
fn reworded() -> String {
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
        &["drift", "--history", "a.yaml"],
        &["drift", "--code", "--against", "a.yaml"],
        &["drift", "--against", "a.yaml", "--today", "2024-02-31"],
    ] {
        place.xtask(args).exits(2);
    }
}

#[test]
fn a_rule_is_described_with_an_example() {
    let place = Place::new();
    let told = place
        .xtask(&["drift", "explain", "operation-removed"])
        .exits(0)
        .out;
    assert!(
        told.starts_with("operation-removed (operation)\n"),
        "{told}"
    );
    assert!(told.contains("Example:\n"), "{told}");
    let all = place.xtask(&["drift", "explain"]).exits(0).out;
    assert!(all.contains("  code-stale "), "{all}");
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
        let told = place.xtask(&args).exits(code).out;
        let last = told.lines().last().unwrap_or_default();
        assert!(
            last.contains("wire: ") && last.contains("; rust: "),
            "{told}"
        );
    }
}

#[test]
fn the_report_shows_both_places() {
    let place = Place::new();
    place.put("narrower.yaml", &narrower());
    let told = place
        .xtask(&["drift", "--against", "narrower.yaml"])
        .exits(100);
    insta::assert_snapshot!("drift_text", told.transcript());
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
        ("text", "breaking["),
        ("json", "{"),
        ("markdown", "### "),
        ("github", "::error file=narrower.yaml,line="),
        ("sarif", "{"),
        ("junit", "<?xml "),
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
fn accepted_drift_fails_no_run_until_it_expires() {
    let place = Place::new();
    place.put("narrower.yaml", &narrower());
    let args = ["drift", "--against", "narrower.yaml", "--format", "json"];
    let told: serde_json::Value = serde_json::from_str(&place.xtask(&args).exits(100).out).unwrap();
    let prints = told["changes"].as_array().unwrap().iter();
    let entries = prints.map(|change| {
        let print = change["fingerprint"].as_str().unwrap();
        format!(
            "[[accepted]]\nfingerprint = \"{print}\"\nreason = \"nobody\"\nexpires = 2030-01-31\n"
        )
    });
    place.put("openapi/accepted.toml", &entries.collect::<String>());
    let on = |day: &'static str| [&args[..3], &["--today", day]].concat();
    let said = place.xtask(&on("2030-01-31")).exits(0).out;
    assert!(said.contains("accepted: nobody"), "{said}");
    let late = place.xtask(&on("2030-02-01")).exits(2).err;
    assert!(late.contains("openapi/accepted.toml:4:11"), "{late}");
    // What is accepted against the vendored contract says nothing of other pairs.
    place.put("base.yaml", SMALL);
    let other = ["drift", "--base", "base.yaml", "--against", "base.yaml"];
    place.xtask(&other).exits(0);
    let given = [&other[..], &["--accepted", "openapi/accepted.toml"]].concat();
    let said = place.xtask(&given).exits(2).err;
    assert!(said.contains("accepted::matches-nothing"), "{said}");
}

#[test]
fn a_history_is_walked_in_neighbouring_pairs() {
    if Command::new("git").arg("--version").output().is_err() {
        println!("skipped: there is no git");
        return;
    }
    let place = Place::new();
    place.put("clone/api.yaml", SMALL);
    git(&place, &["init", "--quiet"]);
    let commit = |place: &Place| {
        git(place, &["add", "."]);
        git(place, &["commit", "--quiet", "--message", "a version"]);
    };
    commit(&place);
    place.put("clone/api.yaml", &reworded());
    commit(&place);
    git(&place, &["mv", "api.yaml", "moved.yaml"]);
    commit(&place);
    place.put("clone/moved.yaml", &narrower());
    commit(&place);
    place.put("clone/other.txt", "not a contract\n");
    commit(&place);
    let args = [
        "drift",
        "--history",
        "git:moved.yaml",
        "--clone",
        "clone",
        "--format",
        "json",
    ];
    let told: serde_json::Value = serde_json::from_str(&place.xtask(&args).exits(100).out).unwrap();
    let pairs = told["pairs"].as_array().unwrap();
    let steps: Vec<_> = pairs
        .iter()
        .map(|pair| pair["semver"].as_str().unwrap())
        .collect();
    assert_eq!(steps.len(), 3, "{told:#}");
    assert_eq!(steps[2], "major");
    assert!(
        pairs[2]["base"]["name"]
            .as_str()
            .unwrap()
            .ends_with(":moved.yaml")
    );
    let until = [
        "drift",
        "--history",
        "git:HEAD~2:moved.yaml",
        "--clone",
        "clone",
    ];
    place.xtask(&until).exits(0);

    place.put("clone/moved.yaml", "a: [\n");
    commit(&place);
    let said = place.xtask(&args).exits(2);
    assert!(said.err.contains("moved.yaml:"), "{}", said.err);
    assert!(said.out.contains("\"pairs\""), "{}", said.out);
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

#[test]
fn code_that_is_fresh_and_complete_has_not_drifted() {
    let place = Place::new();
    place.xtask(&["regenerate"]).exits(0);
    place.command("cargo", "exit 0");
    let said = place.xtask(&["drift", "--code"]).exits(0).out;
    assert!(
        said.starts_with("code: says what the contract says"),
        "{said}"
    );

    let pings = "crates/offblocks-types/src/generated/pings.rs";
    let fresh = place.read(pings);
    place.put(pings, &fresh.replace("/// ", "/// So: "));
    let said = place.xtask(&["drift", "--code"]).exits(4).out;
    assert!(said.contains("breaking[code-stale]"), "{said}");

    place.put(pings, &fresh.replace("    pub id: String,\n", ""));
    let said = place.xtask(&["drift", "--code"]).exits(100).out;
    assert!(
        said.contains("offblocks-types lacks the field `Ping.id`"),
        "{said}"
    );
    assert!(said.contains(" --> openapi/offblocks.yaml:"), "{said}");
}

#[test]
fn the_test_of_derived_schemas_is_part_of_the_verdict() {
    let place = Place::new();
    place.xtask(&["regenerate"]).exits(0);
    place.command("cargo", "echo 'x panicked at y'; echo 'Ping.id: is a number'; echo 'test result: FAILED.'; exit 101");
    let said = place.xtask(&["drift", "--code"]).exits(100).out;
    assert!(said.contains("breaking[code-schema-differs]"), "{said}");
    assert!(said.contains("Ping.id: is a number"), "{said}");
    place.command("cargo", "echo 'error: there is no compiler' >&2; exit 101");
    let said = place.xtask(&["drift", "--code"]).exits(3).err;
    assert!(said.contains("there is no compiler"), "{said}");
}
