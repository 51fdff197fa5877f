//! `drift --history` over commits.

use crate::drift::{narrower, reworded};
use crate::place::{Place, SMALL};
use crate::vendor::{git, has_git};

/// A clone with one version, unless there is no git.
fn clone() -> Option<Place> {
    if !has_git() {
        return None;
    }
    let place = Place::new();
    place.put("clone/api.yaml", SMALL);
    git(&place, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&place);
    Some(place)
}

fn commit(place: &Place) {
    git(place, &["add", "."]);
    git(place, &["commit", "--quiet", "--message", "a version"]);
}

#[test]
fn a_history_is_walked_in_neighbouring_pairs() {
    let Some(place) = clone() else {
        return;
    };
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
    let report: serde_json::Value =
        serde_json::from_str(&place.xtask(&args).exits(100).out).unwrap();
    let pairs = report["pairs"].as_array().unwrap();
    let steps: Vec<_> = pairs
        .iter()
        .map(|pair| pair["semver"].as_str().unwrap())
        .collect();
    assert_eq!(steps.len(), 3, "{report:#}");
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

/// The names of the compared pairs, and how each ends.
fn pairs(place: &Place, more: &[&str]) -> Vec<String> {
    let args = ["drift", "--format", "json", "--wire-only"];
    let report = place.xtask(&[&args[..], more].concat()).out;
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let pairs = report["pairs"].as_array().unwrap().iter();
    let verdicts = pairs.map(|pair| pair["verdict"].as_str().unwrap());
    let wire = verdicts.map(|it| it.split([' ', ';']).nth(1).unwrap().to_owned());
    wire.collect()
}

#[test]
fn a_merge_is_a_version_and_side_branches_are_none() {
    let Some(place) = clone() else {
        return;
    };
    git(&place, &["checkout", "--quiet", "-b", "side"]);
    place.put("clone/api.yaml", &narrower());
    commit(&place);
    place.put("clone/api.yaml", &reworded());
    commit(&place);
    git(&place, &["checkout", "--quiet", "main"]);
    place.put("clone/other.txt", "meanwhile\n");
    commit(&place);
    git(
        &place,
        &["merge", "--quiet", "--no-ff", "--no-edit", "side"],
    );
    let history = ["--history", "api.yaml", "--clone", "clone"];
    assert_eq!(pairs(&place, &history), ["compatible"], "the merge alone");

    // A merge that changes the file itself is a version too, and so is what follows it.
    git(&place, &["checkout", "--quiet", "-b", "again"]);
    place.put("clone/more.txt", "on the side\n");
    commit(&place);
    git(&place, &["checkout", "--quiet", "main"]);
    place.put("clone/other.txt", "later\n");
    commit(&place);
    git(
        &place,
        &["merge", "--quiet", "--no-commit", "--no-ff", "again"],
    );
    place.put("clone/api.yaml", &narrower());
    commit(&place);
    git(&place, &["mv", "api.yaml", "moved.yaml"]);
    commit(&place);
    let history = ["--history", "git:moved.yaml", "--clone", "clone"];
    let verdicts = pairs(&place, &history);
    assert_eq!(verdicts, ["compatible", "breaking", "unchanged"]);
}

#[test]
fn a_path_is_seen_from_the_root_of_the_repository() {
    let Some(place) = clone() else {
        return;
    };
    std::fs::create_dir(place.root().join("clone/deep")).unwrap();
    git(&place, &["mv", "api.yaml", "deep/api.yaml"]);
    commit(&place);
    place.put("clone/deep/api.yaml", &reworded());
    commit(&place);
    for path in ["git:deep/api.yaml", "deep/api.yaml", "./deep/api.yaml"] {
        for clone in ["clone", "clone/deep"] {
            let verdicts = pairs(&place, &["--history", path, "--clone", clone]);
            assert_eq!(verdicts, ["unchanged", "compatible"], "{path} in {clone}");
        }
    }
}

#[test]
fn a_shallow_clone_is_inconclusive_and_one_version_is_told() {
    let Some(place) = clone() else {
        return;
    };
    let history = |clone: &'static str| {
        let args = ["drift", "--history", "git:api.yaml", "--clone", clone];
        place.xtask(&args)
    };
    let said = history("clone").exits(0).out;
    assert!(said.contains("at most one version"), "{said}");
    place.put("clone/api.yaml", &narrower());
    commit(&place);
    let from = format!("file://{}/clone", place.root().display());
    git(
        &place,
        &["clone", "--quiet", "--depth", "1", &from, "../shallow"],
    );
    let said = history("shallow").exits(3);
    assert_eq!(said.out, "");
    for way in ["git fetch --unshallow", "fetch-depth: 0"] {
        assert!(said.err.contains(way), "{}", said.err);
    }
}

#[test]
fn a_version_is_read_with_the_files_that_stood_beside_it() {
    let Some(place) = clone() else {
        return;
    };
    let part = |kind: &str| {
        format!(
            "get:\n  operationId: more\n  parameters:\n    - {{name: a, in: query, schema: \
             {{type: {kind}}}}}\n  responses: {{'200': {{description: d}}}}\n"
        )
    };
    let api = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /more: {$ref: \
               ../parts/more.yaml}\n";
    place.put("clone/api/api.yaml", api);
    place.put("clone/parts/more.yaml", &part("string"));
    commit(&place);
    place.put("clone/parts/more.yaml", &part("integer"));
    commit(&place);
    let args = [
        "drift",
        "--wire-only",
        "--clone",
        "clone",
        "--base",
        "git:HEAD~1:api/api.yaml",
        "--against",
        "git:HEAD:api/api.yaml",
    ];
    let said = place.xtask(&args).exits(100);
    assert!(said.out.contains("request-type-"), "{}", said.out);
}
