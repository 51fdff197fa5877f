//! SARIF output follows the published schema, and the rules that the schema cannot say.

use super::{Format, rendered, report};
use crate::Report;
use serde_json::Value;

fn log(report: &Report) -> Value {
    serde_json::from_str(&rendered(report, Format::Sarif)).unwrap()
}

/// What is wrong with a log by the published schema.
fn errors(log: &Value) -> Vec<String> {
    let schema = include_str!("../../../tests/fixtures/sarif-schema-2.1.0.json");
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    drop_broken_patterns(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors = validator.iter_errors(log);
    errors
        .map(|it| format!("{}: {it}", it.instance_path()))
        .collect()
}

/// The pattern of languages in the published schema has a bracket too many, so that it is not a
/// valid regular expression. No log here names a language.
fn drop_broken_patterns(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let is_broken = |it: &Value| it.as_str().is_some_and(|it| it.ends_with("]?$"));
            if members.get("pattern").is_some_and(is_broken) {
                members.remove("pattern");
            }
            members.values_mut().for_each(drop_broken_patterns);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_broken_patterns),
        _ => {}
    }
}

fn reports() -> Vec<Report> {
    let mut empty = report("id");
    empty.sections[0].entries.clear();
    let mut history = report("id");
    history.sections.push(report("{id}").sections.remove(0));
    history.sections[1].category = vec!["openapi/a b.yaml".to_owned(), "v1:2".to_owned()];
    let mut elsewhere = report("id");
    for (index, file) in [
        "git:v1:a.yaml",
        "https://x.example/a.yaml?b=c",
        "/tmp/a.yaml",
    ]
    .into_iter()
    .enumerate()
    {
        let side = &mut elsewhere.sections[0].entries[0].sides[0].clone();
        side.place.as_mut().unwrap().file = file.to_owned();
        side.is_former = index == 0;
        side.stands_in = (index == 0).then(|| "git:v2:b.yaml".to_owned());
        elsewhere.sections[0].entries[0].sides.push(side.clone());
    }
    vec![report("{id} \u{202e}"), empty, history, elsewhere]
}

#[test]
fn the_output_follows_the_published_schema() {
    for report in reports() {
        let errors = errors(&log(&report));
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_schema_finds_what_is_wrong() {
    let mut log = log(&report("id"));
    log["runs"][0]["results"][0]["level"] = Value::from("breaking");
    let errors = errors(&log);
    assert!(
        matches!(&errors[..], [one] if one.contains("/level")),
        "{errors:#?}"
    );
}

#[test]
fn rules_of_the_standard_hold_that_a_schema_cannot_say() {
    for report in reports() {
        for run in log(&report)["runs"].as_array().unwrap() {
            let rules = &run["tool"]["driver"]["rules"];
            for result in run["results"].as_array().unwrap() {
                let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
                assert_eq!(rules[index]["id"], result["ruleId"], "3.27.6: {result:#}");
                let prints = &result["partialFingerprints"]["contractTest/v1"];
                assert_eq!(prints.as_str().map(str::len), Some(16), "{result:#}");
                let text = result["message"]["text"].as_str().unwrap();
                assert!(!text.trim().is_empty(), "3.11.8: {result:#}");
                assert_braces_are_doubled(text);
                let related = result["relatedLocations"].as_array();
                let places = result["locations"].as_array().into_iter().chain(related);
                places.flatten().for_each(assert_place);
            }
        }
    }
}

/// 3.11.5: a single brace would begin a placeholder.
#[track_caller]
fn assert_braces_are_doubled(text: &str) {
    let single = text.replace("{{", "").replace("}}", "");
    assert!(!single.contains(['{', '}']), "{text}");
}

#[track_caller]
fn assert_place(place: &Value) {
    let physical = &place["physicalLocation"];
    if physical.is_null() {
        return;
    }
    let artifact = &physical["artifactLocation"];
    let uri = artifact["uri"].as_str().unwrap();
    let is_absolute = uri.contains("://");
    assert_eq!(
        artifact["uriBaseId"].is_null(),
        is_absolute,
        "3.4.4: {place:#}"
    );
    assert!(!uri.contains(' '), "{uri}");
    for key in ["startLine", "startColumn"] {
        let number = physical["region"][key].as_u64();
        assert!(number.is_some_and(|it| it >= 1), "3.30: {place:#}");
    }
}

#[test]
fn what_is_gone_is_pointed_to_in_the_file_that_stands_there_now() {
    let mut gone = report("id");
    let side = &mut gone.sections[0].entries[0].sides[0];
    side.place.as_mut().unwrap().file = "git:v1:api.yaml".to_owned();
    side.stands_in = Some("git:v2:new api.yaml".to_owned());
    let log = log(&gone);
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "new%20api.yaml");
    assert_eq!(place["region"]["startLine"], 1);
}
