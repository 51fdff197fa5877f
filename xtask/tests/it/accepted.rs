//! Accepted drift, run as a maintainer runs it.

use crate::drift::narrower;
use crate::place::{Place, SMALL};

#[test]
fn accepted_drift_fails_no_run_until_it_expires() {
    let place = Place::new();
    place.put("narrower.yaml", &narrower());
    accept_all(&place);
    let args = ["drift", "--against", "narrower.yaml"];
    let on = |day: &'static str| [&args[..], &["--today", day]].concat();
    let said = place.xtask(&on("2030-01-31")).exits(0).out;
    assert!(said.contains("accepted: nobody"), "{said}");
    let late = place.xtask(&on("2030-02-01")).exits(2).err;
    assert!(late.contains("openapi/accepted.toml:4:11"), "{late}");
}

#[test]
fn what_was_accepted_survives_its_merge() {
    let place = Place::new();
    place.put("base.yaml", SMALL);
    place.put("narrower.yaml", &narrower());
    accept_all(&place);
    let day = ["--today", "2030-01-31"];
    let beside = |base, against| {
        let args = ["drift", "--base", base, "--against", against];
        [&args[..], &day].concat()
    };
    // Under review: the base is the branch that the change goes to.
    let said = place.xtask(&beside("base.yaml", "narrower.yaml")).exits(0);
    assert!(said.out.contains("accepted: nobody"), "{}", said.out);
    assert_eq!(said.err, "");
    // After the merge, the next change has it in its base.
    place.put("openapi/offblocks.yaml", &narrower());
    let merged = beside("narrower.yaml", "openapi/offblocks.yaml");
    let said = place.xtask(&merged).exits(0).err;
    assert!(
        said.starts_with("warning[accepted::matches-nothing]"),
        "{said}"
    );
    let late = [&merged[..5], &["--today", "2030-02-01"]].concat();
    let said = place.xtask(&late).exits(2).err;
    assert!(said.starts_with("error[accepted::expired]"), "{said}");
    // Where the entries were written for the comparison, they have to match.
    let own = ["drift", "--against", "narrower.yaml"];
    let named = [&merged[..], &["--accepted", "openapi/accepted.toml"]].concat();
    for args in [[&own[..], &day].concat(), named] {
        let said = place.xtask(&args).exits(2).err;
        assert!(said.contains("error[accepted::matches-nothing]"), "{said}");
    }
}

#[test]
fn what_was_accepted_says_nothing_of_another_contract() {
    let place = Place::new();
    place.put("narrower.yaml", &narrower());
    accept_all(&place);
    place.put("other.yaml", &SMALL.replace("title: Small", "title: Other"));
    let other = ["drift", "--base", "other.yaml", "--against", "other.yaml"];
    assert_eq!(place.xtask(&other).exits(0).err, "");
}

/// Accepts what the narrower contract changes.
fn accept_all(place: &Place) {
    let args = ["drift", "--against", "narrower.yaml", "--format", "json"];
    let report: serde_json::Value =
        serde_json::from_str(&place.xtask(&args).exits(100).out).unwrap();
    let prints = report["changes"].as_array().unwrap().iter();
    let entries = prints.map(|change| {
        let print = change["fingerprint"].as_str().unwrap();
        format!(
            "[[accepted]]\nfingerprint = \"{print}\"\nreason = \"nobody\"\nexpires = 2030-01-31\n"
        )
    });
    place.put("openapi/accepted.toml", &entries.collect::<String>());
}
