//! What readers and machines may rely on, whatever a report holds.

use super::{FORMATS, assert_follows_schema, report};
use crate::render::{render, render_history};
use crate::report::{Use, Uses};
use ::report::{FailOn, Format, RenderStyle as Style};
use serde_json::json;

#[test]
fn names_cannot_steer_a_terminal_and_json_has_them_as_they_are() {
    let name = "a\u{1b}[31m\u{7}\r\nb";
    let mut evil = report();
    let change = &mut evil.changes[1];
    change.message = format!("the response no longer promises `{name}`");
    let first = Use {
        side: name.to_owned(),
        ..Use::clone(&change.used_by[0])
    };
    change.used_by = Uses::from_iter([first]);
    change.base.as_mut().unwrap().pointer = format!("/{name}");
    change.base.as_mut().unwrap().file = name.to_owned();
    evil.crates[0].items[0].item = name.to_owned();
    evil.base.name = name.to_owned();
    for (format_name, format) in FORMATS {
        let written = render_history(&[evil.clone()], format, Style::default());
        let raw = written.chars().find(|it| it.is_control() && *it != '\n');
        assert_eq!(raw, None, "{format_name}: {written}");
        let shown = match format {
            Format::Json | Format::Sarif => "a\\u001b[31m\\u0007\\r\\nb",
            Format::Markdown => "a\\u{1b}[31m\\u{7}\\r\\nb`",
            _ => "a\\u{1b}[31m\\u{7}\\r\\nb",
        };
        assert!(written.contains(shown), "{format_name}: {written}");
    }
    assert_follows_schema(&evil);
}

#[test]
fn markdown_shows_names_as_they_are_written() {
    for (name, shown) in [
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("", "`  `"),
        ("two  spaces", "`two  spaces`"),
        (" led", "`  led `"),
    ] {
        let mut written = report();
        let first = Use {
            operation: name.to_owned(),
            ..Use::clone(&written.changes[1].used_by[0])
        };
        written.changes[1].used_by = Uses::from_iter([first]);
        let written = render(&written, Format::Markdown, Style::default());
        assert!(written.contains(&format!("used by {shown}: ")), "{written}");
    }
    let mut written = report();
    written.changes[1].message = "`` was removed".to_owned();
    written.changes[1].witness.as_mut().unwrap().value = json!({"a": "b  c"});
    let written = render(&written, Format::Markdown, Style::default());
    assert!(written.contains("** `  ` was removed\n"), "{written}");
    assert!(
        written.contains("witness `{\"a\":\"b  c\"}`: "),
        "{written}"
    );
}

#[test]
fn what_is_accepted_did_change() {
    let mut written = report();
    written.changes.retain(|change| change.accepted.is_some());
    for (format, said) in [
        (Format::Text, "\nwire: 1 accepted; rust: major ("),
        (Format::Json, "\"verdict\": \"wire: 1 accepted; "),
        (
            Format::Markdown,
            "### Contract drift: 1 accepted on the wire, major in Rust\n",
        ),
    ] {
        let written = render(&written, format, Style::default());
        assert!(written.contains(said), "{written}");
        assert!(!written.contains("unchanged"), "{written}");
    }
}

#[test]
fn a_step_of_rust_alone_is_seen() {
    let mut written = report();
    written.changes.clear();
    let markdown = render(&written, Format::Markdown, Style::default());
    let head = "### Contract drift: none on the wire, major in Rust\n";
    assert!(markdown.starts_with(head), "{markdown}");
    let github = render(&written, Format::Github, Style::default());
    assert!(
        github.starts_with("::warning title=contract drift::wire: unchanged; rust: major "),
        "{github}"
    );
    assert!(!written.fails(FailOn::Any), "nothing changed on the wire");
}

#[test]
fn whatever_fails_a_run_can_be_accepted() {
    for (fail_on, named) in [(FailOn::Warning, false), (FailOn::Any, true)] {
        let style = Style {
            fail_on,
            ..Style::default()
        };
        let written = render(&report(), Format::Text, style);
        let print = "= fingerprint: 00000000000000a4";
        assert_eq!(written.contains(print), named, "{fail_on:?}: {written}");
    }
}

#[test]
fn a_history_of_one_version_says_so() {
    for (name, format) in FORMATS {
        let written = render_history(&[], format, Style::default());
        assert!(written.ends_with('\n'), "{name}");
        let said = written.contains("at most one version");
        let frame = matches!(format, Format::Json | Format::Sarif | Format::Junit);
        assert_eq!(said, !frame, "{name}: {written}");
    }
}

#[test]
fn sarif_points_into_files_as_they_stand() {
    let mut written = report();
    written.base.name = "git:v1:api.yaml".to_owned();
    for change in &mut written.changes {
        if let Some(base) = &mut change.base {
            base.file = "git:v1:api.yaml".to_owned();
        }
        change.message = "`/cards/{id}` was removed".to_owned();
    }
    let log = render(&written, Format::Sarif, Style::default());
    let log: serde_json::Value = serde_json::from_str(&log).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    for result in results {
        let text = result["message"]["text"].as_str().unwrap();
        assert!(text.starts_with("`/cards/{{id}}` was removed"), "{text}");
        let related = result["relatedLocations"].as_array().unwrap().iter();
        for place in related.filter(|it| it["message"]["text"].as_str().unwrap().contains("v1")) {
            assert!(place["physicalLocation"].is_null(), "{place:#}");
        }
        let main = &result["locations"][0]["physicalLocation"];
        let file = &main["artifactLocation"]["uri"];
        assert_eq!(file, "specs/new%20api.yaml", "{result:#}");
    }
    let gone = results
        .iter()
        .find(|it| it["ruleId"] == "response-enum-value-removed");
    let gone = &gone.unwrap()["locations"][0]["physicalLocation"]["region"];
    assert_eq!(gone["startLine"], 1);
    let github = render(&written, Format::Github, Style::default());
    assert!(github.contains("file=specs/new api.yaml,line=1,col=1,title=warning"));
}

#[test]
fn the_runs_of_a_log_have_categories_of_their_own() {
    let mut other = report();
    other.revision.name = "git:other:specs/new api.yaml".to_owned();
    let log = render_history(&[report(), other], Format::Sarif, Style::default());
    let log: serde_json::Value = serde_json::from_str(&log).unwrap();
    let runs = log["runs"].as_array().unwrap().iter();
    let ids: Vec<_> = runs.map(|run| &run["automationDetails"]["id"]).collect();
    assert_eq!(
        ids,
        [
            "contract-drift/specs/new%20api.yaml/main/",
            "contract-drift/specs/new%20api.yaml/other/"
        ]
    );
}

#[test]
fn a_summary_is_one_paragraph_that_says_what_to_do_and_for_whom() {
    let said = crate::render::summary(&report());
    assert!(!said.contains('\n'), "{said}");
    for part in [
        "From version 1.0.0 to version 1.1.0 1 change breaks existing clients.",
        "Clients that read",
        "read `name` as absent before the server is updated",
        "offblocks-types needs a major release",
    ] {
        assert!(said.contains(part), "{part} is missing: {said}");
    }
}
