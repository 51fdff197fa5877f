//! What every format promises, whatever a report holds.

mod sarif;

use super::{Format, RenderStyle, render};
use crate::{
    Acceptance, Covered, Detail, Entry, FailOn, Item, Note, Report, Rule, Section, Severity, Side,
    Tool,
};
use chrono::NaiveDate;
use contract::{Place, Sources, Span};
use serde_json::Map;

const FORMATS: [(&str, Format); 5] = [
    ("text", Format::Text),
    ("markdown", Format::Markdown),
    ("github", Format::Github),
    ("sarif", Format::Sarif),
    ("junit", Format::Junit),
];

static TOOL: Tool = Tool {
    name: "contract test",
    title: "Contract test",
    class: "test",
    fingerprints: "contractTest/v1",
    passed: "nothing found",
};

static RULE: Rule = Rule {
    id: "field-missing",
    area: "body",
    title: "a field is missing",
    explanation: "Whoever reads the field `{id}` fails.",
    example: "`{\"id\": 1}` → `{}`",
    severity: Some(Severity::Breaking),
};

fn rendered(report: &Report, format: Format) -> String {
    render(report, format, RenderStyle::default(), || {
        unreachable!("no test here asks for JSON")
    })
}

/// A report with an open entry about `{name}`, an accepted one and one without a place.
fn report(name: &str) -> Report {
    let text = format!("a: 1\nb:\n  c: 2 # {name}\n");
    let sources = Sources::single("openapi/my api.yaml", text);
    let file = sources.files().next().unwrap();
    let place = Place {
        pointer: format!("/paths/{name}"),
        span: Span::new(file, 10, 11),
        file: "openapi/my api.yaml".to_owned(),
        line: 3,
        column: 3,
    };
    let open = Entry {
        rule: &RULE,
        severity: Severity::Breaking,
        message: format!("the field {name} is missing"),
        sides: vec![Side {
            label: "contract",
            place: Some(place),
            sources,
            is_former: false,
            stands_in: None,
        }],
        details: details(name),
        fingerprint: "00000000000000a1".to_owned(),
        acceptance: None,
        is_prose: false,
        occurrences: Some(2),
        properties: Map::new(),
    };
    let accepted = Entry {
        acceptance: Some(Acceptance {
            reason: format!("known: {name}"),
            expires: NaiveDate::from_ymd_opt(2027, 1, 31).unwrap(),
        }),
        ..open.clone()
    };
    let placeless = Entry {
        severity: Severity::Note,
        sides: Vec::new(),
        details: Vec::new(),
        ..open.clone()
    };
    Report {
        tool: &TOOL,
        is_history: false,
        nothing: "there is nothing to report",
        sections: vec![section(name, vec![open, placeless, accepted])],
    }
}

fn details(name: &str) -> Vec<Detail> {
    let fact = Detail::Fact {
        label: "example",
        text: format!("GET https://x.example/{name}"),
        is_brief: true,
    };
    let commands = Detail::Commands {
        label: "repeat it",
        text: format!("curl \\\n  '{name}'\necho '```'"),
    };
    let item = Item {
        name: format!("types::{name}"),
        change: "removed".to_owned(),
        step: "major",
    };
    let witness = Detail::Witness {
        value: Some(format!("{{\"id\":\"{name}\"}}")),
        said: "the base accepts it".to_owned(),
    };
    let used_by = vec![(name.to_owned(), vec!["response 200".to_owned()])];
    let advice = Detail::Advice(format!("send {name}"));
    vec![
        Detail::UsedBy {
            uses: used_by,
            more: 0,
        },
        witness,
        Detail::Items(vec![item]),
        fact,
        advice,
        commands,
    ]
}

fn section(name: &str, entries: Vec<Entry>) -> Section {
    let covered = |name: &str, skipped: Option<&str>, has_entries| Covered {
        name: name.to_owned(),
        seen: "200".to_owned(),
        unseen: "404".to_owned(),
        skipped: skipped.map(str::to_owned),
        has_entries,
    };
    Section {
        title: format!("a run of {name}"),
        about: Some("API 1 (openapi/my api.yaml)".to_owned()),
        headline: "breaking".to_owned(),
        entries,
        commands: Some("The commands are for bash."),
        coverage: vec![
            covered("getCard", None, true),
            covered("getCards", None, false),
            covered("addCard", Some("not seen"), false),
        ],
        notes: vec![Note {
            subject: String::new(),
            text: format!("{name} was left out"),
        }],
        verdict: "1 breaking".to_owned(),
        verdict_end: "; 2 of 3 operations".to_owned(),
        ..Section::default()
    }
}

#[test]
fn every_format_is_as_it_was_looked_at() {
    for (name, format) in FORMATS {
        insta::assert_snapshot!(name, rendered(&report("id"), format));
    }
}

#[test]
fn no_format_lets_a_name_steer_a_terminal_or_turn_the_direction() {
    let evil = report("a\u{1b}[31m\u{202e}\u{7}\r\nb");
    for (name, format) in FORMATS {
        let rendered = rendered(&evil, format);
        let raw = rendered.chars().find(|it| it.is_control() && *it != '\n');
        assert_eq!(raw, None, "{name}: {rendered}");
        // A pointer in SARIF is an identifier that no viewer shows as text.
        let words = rendered
            .lines()
            .filter(|it| !it.contains("fullyQualifiedName"));
        assert!(words.clone().count() > 3, "{name}: {rendered}");
        for line in words {
            assert!(!line.contains('\u{202e}'), "{name}: {line}");
        }
    }
}

#[test]
fn no_format_takes_a_name_for_markup() {
    let evil = report("`a <b> & @someone *x* 100% ]]> \"q\" | z");
    let junit = rendered(&evil, Format::Junit);
    assert!(!junit.contains("<b>") && !junit.contains("]]>"), "{junit}");
    let markdown = rendered(&evil, Format::Markdown);
    let prose = markdown.lines().filter(|it| it.contains("is missing"));
    for line in prose {
        let shown = "\\`a &lt;b&gt; &amp; &#64;someone \\*x\\* 100% \\]\\]&gt;";
        assert!(line.contains(shown), "{line}");
    }
    assert!(markdown.contains("    ````bash\n"), "{markdown}");
    let github = rendered(&report("x\n::error::y"), Format::Github);
    assert!(github.lines().all(|it| !it.starts_with("::error::y")));
}

#[test]
fn junit_counts_what_it_lists() {
    for (fail_on, failures) in [(FailOn::Breaking, 1), (FailOn::Any, 2)] {
        let style = RenderStyle {
            fail_on,
            ..RenderStyle::default()
        };
        let rendered = render(&report("id"), Format::Junit, style, String::new);
        let head = format!("tests=\"5\" failures=\"{failures}\" errors=\"0\" skipped=\"2\"");
        assert!(rendered.contains(&head), "{rendered}");
        assert_eq!(rendered.matches("<testcase ").count(), 5, "{rendered}");
        assert_eq!(
            rendered.matches("<failure ").count(),
            failures,
            "{rendered}"
        );
        assert_eq!(rendered.matches("<skipped ").count(), 2, "{rendered}");
    }
    let mut nothing = report("id");
    nothing.sections[0].entries.clear();
    nothing.sections[0].coverage.clear();
    assert!(rendered(&nothing, Format::Junit).contains("name=\"nothing found\"/>"));
    nothing.sections[0].inconclusive = Some("no server".to_owned());
    let inconclusive = rendered(&nothing, Format::Junit);
    assert!(inconclusive.contains("errors=\"1\""), "{inconclusive}");
    assert!(!inconclusive.contains("nothing found"), "{inconclusive}");
}

#[test]
fn a_report_without_sections_says_why() {
    let report = Report {
        sections: Vec::new(),
        ..report("id")
    };
    for (name, format) in FORMATS {
        let rendered = rendered(&report, format);
        assert!(rendered.ends_with('\n'), "{name}");
        let is_frame = matches!(format, Format::Sarif | Format::Junit);
        assert_eq!(
            rendered.contains("nothing to report"),
            !is_frame,
            "{name}: {rendered}"
        );
    }
}
