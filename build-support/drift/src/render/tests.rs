//! Golden files of every format, and what the formats promise.

use super::{render, render_history};
use crate::report::{
    Change, CrateVerdict, Directions, DocumentInfo, DriftReport, Effect, RustChange, Semver,
    Severity, SourceTexts, Subject, Use, Uses, Witness,
};
use crate::rules;
use ::report::{Acceptance, FailOn, Format, RenderStyle as Style, Rule};
use chrono::NaiveDate;
use contract::{Place, Sources, Span};
use serde_json::json;

mod promises;

const BASE: &str = "\
openapi: 3.1.0
components:
  schemas:
    Card:
      properties:
        name:
          type: string
        status:
          enum: [active, blocked]
";

const REVISION: &str = "\
openapi: 3.1.0
components:
  schemas:
    Card:
      properties:
        status:
          enum: [active]
        colour:
          type: string
";

const FORMATS: [(&str, Format); 6] = [
    ("text", Format::Text),
    ("json", Format::Json),
    ("markdown", Format::Markdown),
    ("github", Format::Github),
    ("sarif", Format::Sarif),
    ("junit", Format::Junit),
];

#[test]
fn every_format_is_as_it_was_looked_at() {
    for (name, format) in FORMATS {
        insta::assert_snapshot!(name, render(&report(), format, Style::default()));
    }
    let coloured = Style {
        colour: true,
        ..Style::default()
    };
    let text = render(&report(), Format::Text, coloured);
    insta::assert_snapshot!("text_coloured", text.replace('\u{1b}', "ESC"));
}

#[test]
fn nothing_changed_is_said_in_every_format() {
    for (name, format) in FORMATS {
        let quiet = DriftReport {
            changes: Vec::new(),
            crates: Vec::new(),
            ..report()
        };
        insta::assert_snapshot!(
            format!("quiet_{name}"),
            render(&quiet, format, Style::default())
        );
    }
}

#[test]
fn a_history_is_told_in_every_format() {
    let quiet = DriftReport {
        changes: Vec::new(),
        ..report()
    };
    for (name, format) in FORMATS {
        let written = render_history(&[quiet.clone(), report()], format, Style::default());
        insta::assert_snapshot!(format!("history_{name}"), written);
    }
}

#[test]
fn every_format_has_the_places_of_both_sides() {
    for (name, format) in FORMATS {
        let written = render(&report(), format, Style::default());
        for (file, line, column) in [("api.yaml", 6, 9), ("new api.yaml", 5, 7)] {
            let json =
                format!("{file}\",\n        \"line\": {line},\n        \"column\": {column}\n");
            let place = format!("{file}:{line}:{column}");
            let found = written.contains(&place) || written.contains(&json);
            assert!(found, "{place} is not in the format {name}:\n{written}");
        }
    }
}

#[test]
fn what_could_be_taken_for_markup_is_not() {
    let evil = "`a` <b> & @someone *x* 100%\n::error::y, ]]> \u{1} \"q\" | z";
    let report = DriftReport {
        changes: vec![Change {
            message: evil.to_owned(),
            property: None,
            advice: Some(evil.to_owned()),
            ..report().changes[1].clone()
        }],
        ..report()
    };
    for (name, format) in FORMATS {
        let written = render(&report, format, Style::default());
        insta::assert_snapshot!(format!("evil_{name}"), written);
    }
    let github = render(&report, Format::Github, Style::default());
    assert!(
        github
            .lines()
            .all(|line| line.starts_with("::error file=") || line.starts_with("::notice "))
    );
}

#[test]
fn a_comment_stays_within_what_is_accepted() {
    let many = DriftReport {
        changes: (0..2_000).map(|_| report().changes[0].clone()).collect(),
        ..report()
    };
    let written = render(&many, Format::Markdown, Style::default());
    assert!(
        written.chars().count() < 65_536,
        "{} characters",
        written.len()
    );
    assert!(written.contains("more, which other formats list"));
}

#[test]
fn many_changes_of_words_are_counted_in_text_and_listed_in_json() {
    let prose = Change {
        rule: rule("documentation-changed"),
        directions: None,
        effect: None,
        rust: Vec::new(),
        ..report().changes[0].clone()
    };
    let many = DriftReport {
        changes: vec![prose; 25],
        ..report()
    };
    let text = render(&many, Format::Text, Style::default());
    assert_eq!(
        text.matches("compatible[documentation-changed]").count(),
        11
    );
    assert!(
        text.contains(": 15 more; --format json lists them"),
        "{text}"
    );
    let json = render(&many, Format::Json, Style::default());
    assert_eq!(json.matches("\"documentation-changed\"").count(), 25);
}

/// Thousands of entries that are each used in thousands of places would be a report that nothing can
/// show: each lists its first uses, and counts the others.
#[test]
fn a_report_lists_no_more_uses_than_can_be_shown() {
    let uses: Uses = (0..4_000)
        .map(|at| used(&format!("operation{at:04}"), "response 200"))
        .collect();
    let change = Change {
        // The text lists no uses of what needs no attention.
        severity: Severity::Breaking,
        used_by: uses,
        ..report().changes[0].clone()
    };
    let of = |count: usize| DriftReport {
        changes: vec![change.clone(); count],
        ..report()
    };
    let json = |report: &DriftReport| -> serde_json::Value {
        let written = render(report, Format::Json, Style::default());
        serde_json::from_str(&written).unwrap()
    };
    let (few, many) = (of(10), of(1_000));
    let listed = |json: &serde_json::Value| {
        let change = &json["changes"][0];
        let count = change["used_by"].as_array().unwrap().len();
        (count, change["further_uses"].clone())
    };
    assert_eq!(listed(&json(&few)), (4_000, json!(0)));
    assert_eq!(listed(&json(&many)), (100, json!(3_900)));
    for (name, format) in FORMATS.iter().filter(|(name, _)| *name != "json") {
        let written = render(&many, *format, Style::default());
        assert!(written.contains("3900 further places"), "{name}");
        let is_whole = render(&few, *format, Style::default()).contains("further places");
        assert!(!is_whole, "{name}");
    }
    let page = render(&many, Format::Html, Style::default());
    // The filter shows it whatever operation is chosen.
    assert!(page.contains(" data-more"), "{}", &page[..2_000]);
    assert_follows_schema(&many);
}

#[test]
fn junit_fails_from_the_threshold_on() {
    for (fail_on, failures) in [
        (FailOn::Breaking, 2),
        (FailOn::Warning, 3),
        (FailOn::Any, 4),
    ] {
        let style = Style {
            fail_on,
            ..Style::default()
        };
        let written = render(&report(), Format::Junit, style);
        assert_eq!(
            written.matches("<failure ").count(),
            failures,
            "{fail_on:?}"
        );
        assert_eq!(report().fails(fail_on), failures > 0);
    }
}

#[test]
fn json_follows_its_published_schema() {
    assert_follows_schema(&report());
}

fn assert_follows_schema(report: &DriftReport) {
    let schema = include_str!("../../schemas/drift-report.schema.json");
    let mut schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    close(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let history = {
        let mut schema = schema.clone();
        schema["$ref"] = json!("#/$defs/history");
        jsonschema::validator_for(&schema).unwrap()
    };
    let one = render(report, Format::Json, Style::default());
    let many = render_history(std::slice::from_ref(report), Format::Json, Style::default());
    for (validator, written) in [(validator, one), (history, many)] {
        let written = serde_json::from_str(&written).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&written)
            .map(|it| it.to_string())
            .collect();
        assert!(errors.is_empty(), "describe it in the schema: {errors:#?}");
    }
}

/// Readers of the output take it with members to come; here none may stand that the schema
/// does not describe.
fn close(schema: &mut serde_json::Value) {
    match schema {
        serde_json::Value::Object(members) => {
            members.values_mut().for_each(close);
            if members.contains_key("properties") && members.contains_key("required") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// A report with one change of each severity and one that was accepted.
pub(crate) fn report() -> DriftReport {
    let base = document("openapi/api.yaml", BASE, "1.0.0");
    let revision = document("git:main:specs/new api.yaml", REVISION, "1.1.0");
    let removed = removed(&base, &revision);
    let undecided = Change {
        rule: rule("response-pattern-changed"),
        severity: Severity::Undecided,
        effect: Some(Effect::Undecided),
        message: "whether the patterns accept the same could not be decided".to_owned(),
        property: None,
        advice: None,
        fingerprint: "00000000000000a2".to_owned(),
        used_by: Uses::from_iter([used("getCard", "response 200")]),
        witness: None,
        rust: Vec::new(),
        ..removed.clone()
    };
    let warning = Change {
        rule: rule("response-enum-value-removed"),
        severity: Severity::Warning,
        effect: Some(Effect::Narrowed),
        message: "`blocked` is no longer sent".to_owned(),
        fingerprint: "00000000000000a3".to_owned(),
        base: Some(place(
            &base,
            "blocked",
            "/components/schemas/Card/properties/status/enum/1",
        )),
        revision: None,
        ..undecided.clone()
    };
    let compatible = Change {
        rule: rule("response-property-added"),
        severity: Severity::Compatible,
        message: "the response has `colour`".to_owned(),
        fingerprint: "00000000000000a4".to_owned(),
        base: None,
        revision: Some(place(
            &revision,
            "colour",
            "/components/schemas/Card/properties/colour",
        )),
        rust: vec![rust(
            "offblocks_types::Card::colour",
            "added",
            Semver::Major,
        )],
        ..undecided.clone()
    };
    let accepted = Change {
        fingerprint: "00000000000000a5".to_owned(),
        accepted: Some(Acceptance {
            reason: "nobody reads it yet".to_owned(),
            expires: NaiveDate::from_ymd_opt(2027, 1, 31).unwrap(),
        }),
        ..removed.clone()
    };
    let builder = rust(
        "offblocks_client::builder::GetCard",
        "changed: a → b",
        Semver::Minor,
    );
    DriftReport {
        subject: Subject::Contracts,
        compared: None,
        crates: vec![
            CrateVerdict {
                name: "offblocks-types".to_owned(),
                semver: Semver::Major,
                note: None,
                items: [&removed.rust[..], &compatible.rust].concat(),
            },
            CrateVerdict {
                name: "offblocks-client".to_owned(),
                semver: Semver::Minor,
                note: Some("a reference that leads nowhere was left out".to_owned()),
                items: vec![builder],
            },
        ],
        changes: vec![compatible, removed, warning, accepted, undecided],
        base,
        revision,
    }
}

/// A breaking change with everything that a change can have.
fn removed(base: &DocumentInfo, revision: &DocumentInfo) -> Change {
    Change {
        rule: rule("response-property-removed"),
        severity: Severity::Breaking,
        directions: Some(Directions::Response),
        effect: Some(Effect::Widened),
        message: "the response no longer promises `name`".to_owned(),
        property: None,
        advice: Some("read `name` as absent before the server is updated".to_owned()),
        fingerprint: "00000000000000a1".to_owned(),
        base: Some(place(
            base,
            "name",
            "/components/schemas/Card/properties/name",
        )),
        revision: Some(place(
            revision,
            "properties",
            "/components/schemas/Card/properties",
        )),
        used_by: Uses::from_iter([
            used("createAccountCard", "response 201"),
            used("getCard", "response 200"),
            used("getCard", "response 404"),
            used("webhook card.updated", "webhook request"),
        ]),
        witness: Some(Witness {
            value: json!({"status": "active"}),
            base_accepts: false,
            revision_accepts: true,
        }),
        rust: vec![rust(
            "offblocks_types::Card::name",
            "removed",
            Semver::Major,
        )],
        accepted: None,
    }
}

fn rule(id: &str) -> &'static Rule {
    rules::find(id).unwrap()
}

fn document(name: &str, text: &str, version: &str) -> DocumentInfo {
    DocumentInfo {
        name: name.to_owned(),
        sha256: "ab".repeat(32),
        version: version.to_owned(),
        sources: SourceTexts(Sources::single(name, text)),
    }
}

/// The place of the first line that has `word`, by the word.
fn place(document: &DocumentInfo, word: &str, pointer: &str) -> Place {
    let sources = &document.sources.0;
    let file = sources.files().next().unwrap();
    let start = sources.text(file).find(word).unwrap();
    let span = Span::new(file, start, start + word.len());
    let (line, column) = sources.position(span);
    Place {
        pointer: pointer.to_owned(),
        span,
        file: document.name.clone(),
        line,
        column,
    }
}

fn used(operation: &str, side: &str) -> Use {
    Use {
        operation: operation.to_owned(),
        side: side.to_owned(),
    }
}

fn rust(item: &str, change: &str, semver: Semver) -> RustChange {
    RustChange {
        item: item.to_owned(),
        change: change.to_owned(),
        semver,
    }
}
