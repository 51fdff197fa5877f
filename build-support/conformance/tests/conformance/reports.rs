//! What a report says of what was found, in every format.

use super::{book, checked, exchange, json_exchange, library};
use conformance::{ConformanceReport, Intent, Outcome, Probe, RULES, render};
use report::{Accepted, FailOn, Format, RenderStyle};
use serde_json::{Value, json};

#[test]
fn levels_decide_what_fails() {
    let library = library();
    let mut extra = book();
    extra["colour"] = json!("red");
    let warning = checked(&library, &[json_exchange("/books/1", &extra)]);
    let levels = [FailOn::Breaking, FailOn::Warning, FailOn::Any];
    let outcomes = levels.map(|level| warning.outcome(level));
    assert_eq!(
        outcomes,
        [Outcome::Clean, Outcome::Findings, Outcome::Findings]
    );
    let fine = json_exchange("/books/1", &book());
    let note = checked(&library, &[fine, exchange("GET", "/loans", 501, "", "")]);
    let outcomes = levels.map(|level| note.outcome(level));
    assert_eq!(
        outcomes,
        [Outcome::Clean, Outcome::Clean, Outcome::Findings]
    );
}

/// A report with something of everything.
fn full_report() -> ConformanceReport {
    let library = library();
    let mut wrong = book();
    wrong["genre"] = json!("saga");
    wrong["colour"] = json!("red");
    let mut accepted = exchange("POST", "/books", 201, "", "");
    accepted.intent = Intent::Probe(Probe::MissingKey);
    accepted.headers.push("content-type", "application/json");
    accepted.body = br#"{"isbn": "9780141439518", "apiSecret": "hush"}"#.to_vec();
    let mut report = checked(
        &library,
        &[
            json_exchange("/books/1", &wrong),
            exchange(
                "GET",
                "/books",
                200,
                "application/json",
                &json!([wrong, wrong]).to_string(),
            ),
            exchange("GET", "/loans", 501, "", ""),
            accepted,
        ],
    );
    report.note("a note with <signs> & | more");
    report
}

#[test]
fn every_format_says_the_same() {
    let report = full_report();
    let formats = [
        ("text", Format::Text),
        ("json", Format::Json),
        ("markdown", Format::Markdown),
        ("github", Format::Github),
        ("sarif", Format::Sarif),
        ("junit", Format::Junit),
    ];
    for (name, format) in formats {
        let style = RenderStyle {
            fail_on: FailOn::Warning,
            ..RenderStyle::default()
        };
        let text = render::render(&report, format, style);
        assert!(text.ends_with('\n') && !text.contains("hush"), "{text}");
        if matches!(name, "json" | "sarif") {
            serde_json::from_str::<Value>(&text).unwrap();
        }
        insta::assert_snapshot!(format!("conformance_{name}"), text);
    }
}

#[test]
fn what_a_server_sends_cannot_steer_a_terminal() {
    let mut sly = book();
    sly["genre"] = json!("a\u{1b}[31m\u{202e}b");
    sly["pages\u{202e}\u{7}"] = json!(1);
    let mut exchange = json_exchange("/books/1", &sly);
    exchange.origin = Some("traffic\u{1b}.har, entry 1".to_owned());
    let report = checked(&library(), &[exchange]);
    assert_eq!(report.findings.len(), 2, "{:#?}", report.findings);
    for format in [
        Format::Text,
        Format::Markdown,
        Format::Github,
        Format::Sarif,
        Format::Junit,
    ] {
        let text = render::render(&report, format, RenderStyle::default());
        let raw = |it: char| (it.is_control() && it != '\n') || it == '\u{202e}';
        assert_eq!(text.find(raw), None, "{format:?}: {text}");
    }
}

#[test]
fn an_accepted_finding_fails_no_run_and_what_was_not_seen_is_a_note() {
    let mut report = full_report();
    let breaking = report.findings[0].fingerprint.clone();
    let entry = |print: &str| {
        format!("[[accepted]]\nfingerprint = \"{print}\"\nreason = \"r\"\nexpires = 2027-01-31\n")
    };
    let text = entry(&breaking) + &entry("00000000000000ff");
    let accepted = Accepted::parse("accepted.toml", &text).unwrap();
    let day = "2027-01-31".parse().unwrap();
    let (before, notes) = (report.summary(), report.notes.len());
    report.accept(&accepted, day).unwrap();
    let after = report.summary();
    assert_eq!((after.breaking + 1, after.accepted), (before.breaking, 1));
    let warning = "accepted.toml:6:15: nothing has the fingerprint `00000000000000ff`";
    assert_eq!(report.notes.len(), notes + 1);
    assert!(
        report.notes[notes].starts_with(warning),
        "{:?}",
        report.notes
    );
    let json = render::render(&report, Format::Json, RenderStyle::default());
    let json: Value = serde_json::from_str(&json).unwrap();
    let acceptance = json!({"reason": "r", "expires": "2027-01-31"});
    assert_eq!(json["findings"][0]["acceptance"], acceptance);
}

#[test]
fn rules_have_words_for_people() {
    let fragment = |text: &str| !text.is_empty() && !text.ends_with('.');
    for row in RULES {
        let rule = row.rule;
        assert!(fragment(rule.title) && fragment(row.help), "{}", rule.id);
        assert!(rule.explanation.ends_with('.'), "{}", rule.id);
        assert!(fragment(rule.example) && fragment(rule.area), "{}", rule.id);
    }
}
