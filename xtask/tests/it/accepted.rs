use crate::drift::narrower;
use crate::place::{Place, SMALL};

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
