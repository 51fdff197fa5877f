//! Lowering, pass by pass: each `tests/lower/<pass>/<case>.in.yaml` and, beside it, what the pass
//! makes of it and what it reports. Parts that every contract must have are filled in.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is a failure")]

use codegen::lower::{Context, PASSES, Pass, lower};
use codegen::policy::Policy;
use contract::diagnostics::{Diagnostics, Severity};
use contract::{Document, Node, Sources, read_str};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const FIX: &str =
    "if this is what the pass should do: INSTA_UPDATE=always cargo test -p codegen --test lower";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lower")
}

/// The cases of a pass: name and text, by name.
fn cases(pass: &str) -> Vec<(String, String)> {
    let Ok(entries) = std::fs::read_dir(folder().join(pass)) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let named = paths.filter_map(|path| {
        let name = path
            .file_name()?
            .to_str()?
            .strip_suffix(".in.yaml")?
            .to_owned();
        Some((name, std::fs::read_to_string(&path).unwrap()))
    });
    let mut cases: Vec<_> = named.collect();
    cases.sort();
    cases
}

/// A whole contract around the part a case shows.
fn contract(case: &str) -> Document {
    let mut text = String::new();
    for (key, line) in [
        ("openapi:", "openapi: 3.1.0\n"),
        ("info:", "info: {title: T, version: '1'}\n"),
        ("paths:", "paths: {}\n"),
    ] {
        if !case.lines().any(|known| known.starts_with(key)) {
            text.push_str(line);
        }
    }
    text.push_str(case);
    read_str("case.yaml", &text)
        .unwrap_or_else(|errors| panic!("the case is not a contract: {errors}"))
}

fn policy() -> Policy {
    let text = "[transport]\nSignature = 'signature'\nContent-Digest = 'digest'\nIdempotency-Key = 'idempotency-key'\n";
    Policy::parse("policy.toml", text).unwrap()
}

/// Passes that go by what another one has reported.
const AFTER: [(&str, &str); 1] = [("weakened_choices", "keywords")];

fn run(pass: &Pass, document: &Document, node: &mut Node) -> Diagnostics {
    let policy = policy();
    let mut context = Context {
        policy: &policy,
        version: document.version,
        said: &document.warnings.items,
        found: Diagnostics::new(document.sources.clone()),
    };
    let earlier = AFTER.iter().filter(|(name, _)| *name == pass.name);
    for (_, earlier) in earlier {
        let earlier = PASSES.iter().find(|it| it.name == *earlier).unwrap();
        (earlier.run)(node, &mut context);
    }
    (pass.run)(node, &mut context);
    context.found.sort();
    context.found
}

/// What a person compares: findings, then the contract without what every one has.
fn shown(found: &Diagnostics, node: &Node) -> String {
    let mut out = String::new();
    for item in &found.items {
        let severity = match item.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = item
            .span
            .map(|span| line_of(&found.sources, span))
            .unwrap_or_default();
        writeln!(
            out,
            "{severity} {}: {}\n  at {place}",
            item.code, item.message
        )
        .unwrap();
    }
    let mut node = node.clone();
    for (key, dull) in [("openapi", "3.1.0"), ("openapi", "3.0.3")] {
        if node.get(key).and_then(Node::as_str) == Some(dull) {
            node.remove(key);
        }
    }
    node.remove("info");
    if node
        .get("paths")
        .is_some_and(|paths| paths.members().is_empty())
    {
        node.remove("paths");
    }
    out + &serde_json::to_string_pretty(&node).unwrap()
}

fn line_of(sources: &Sources, span: contract::Span) -> String {
    let (line, _) = sources.position(span);
    let (start, end) = sources.line(span.file, line);
    let text = sources.slice(contract::Span::new(span.file, start, end));
    text.trim().to_owned()
}

#[test]
fn each_pass_does_what_its_cases_show() {
    for pass in PASSES {
        for (name, text) in cases(pass.name) {
            let document = contract(&text);
            let mut node = document.root.clone();
            let found = run(pass, &document, &mut node);
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(folder().join(pass.name));
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.set_info(&FIX);
            settings.bind(|| insta::assert_snapshot!(name.as_str(), shown(&found, &node)));
        }
    }
}

#[test]
fn a_pass_that_ran_has_nothing_left_to_do() {
    for pass in PASSES {
        for (name, text) in cases(pass.name) {
            let document = contract(&text);
            let mut once = document.root.clone();
            if run(pass, &document, &mut once).has_errors() {
                continue;
            }
            let mut twice = once.clone();
            run(pass, &document, &mut twice);
            let again = shown(&Diagnostics::default(), &twice);
            let first = shown(&Diagnostics::default(), &once);
            assert!(
                again == first,
                "{} changes its own result of {name}:\n{again}",
                pass.name
            );
        }
    }
}

#[test]
fn every_pass_is_listed_once_and_has_cases() {
    let names: BTreeSet<&str> = PASSES.iter().map(|pass| pass.name).collect();
    assert_eq!(names.len(), PASSES.len(), "a pass is listed twice");
    for pass in PASSES {
        let path = folder().join(pass.name);
        assert!(
            !cases(pass.name).is_empty(),
            "{} has no case: add {}/<case>.in.yaml",
            pass.name,
            path.display()
        );
        assert!(
            !pass.doc.is_empty() && !pass.doc.ends_with('.'),
            "{}: say in one line what it does",
            pass.name
        );
    }
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            names.contains(name.as_str()),
            "tests/lower/{name} belongs to no pass"
        );
    }
    let files =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lower/passes")).unwrap();
    for entry in files {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name.trim_end_matches(".rs");
        assert!(
            name == "mod" || names.contains(name),
            "src/lower/passes/{name}.rs is not in PASSES"
        );
    }
}

#[test]
fn cases_can_be_lowered_whole_or_say_why_not() {
    for pass in PASSES {
        for (name, text) in cases(pass.name) {
            let document = contract(&text);
            let result = lower(&document, &Policy::default());
            let explained = result.err().is_none_or(|errors| errors.has_errors());
            assert!(explained, "{}/{name} fails without an error", pass.name);
        }
    }
}
