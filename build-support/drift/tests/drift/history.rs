//! The published versions against each other: every pair has a verdict that a person has read.
//!
//! A golden file holds severities, rules, directions, effects, pointers and whether a witness was
//! found; nothing of the published text. Its entries stand in groups, and each group begins with
//! lines that say why (`#`). `UPDATE_DRIFT=1` writes the files anew, keeps what was said, and puts
//! what is new into a last group that a person has yet to judge.

use crate::support::contracts::{published, read};
use drift::{Change, Contract, Directions, DriftReport, Options, Severity, compare, witness};
use files::replace;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Long ways through the history, beside every pair of neighbours.
const JUMPS: [(&str, &str); 6] = [
    ("13", "22"),
    ("13", "newest"),
    ("14", "36"),
    ("22", "33"),
    ("27", "newest"),
    ("34", "newest"),
];

/// The pairs of which the report must say what a client does about each.
const ADVISED: [(&str, &str); 5] = [
    ("13", "14"),
    ("21", "22"),
    ("33", "34"),
    ("36", "37"),
    ("37", "newest"),
];

#[test]
#[ignore = "needs the published contract"]
fn every_pair_is_judged() {
    let published = published();
    let mut wrong = String::new();
    for (base, revision) in pairs(&published) {
        let name = format!("{base}-{revision}.txt");
        let report = compared(&published, &base, &revision);
        if let Err(error) = check(&name, &report) {
            let _ = writeln!(wrong, "{name}: {error}");
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong}\nread what changed, then `UPDATE_DRIFT=1 cargo test -p drift --test drift \
         history` and say why above each new entry"
    );
}

#[test]
#[ignore = "needs the published contract"]
fn no_golden_file_is_left_over() {
    let published = published();
    let wanted: BTreeSet<String> = pairs(&published)
        .into_iter()
        .map(|(one, other)| format!("{one}-{other}.txt"))
        .collect();
    let entries = std::fs::read_dir(folder()).unwrap();
    let found: BTreeSet<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, wanted, "delete the files that belong to no pair");
}

#[test]
#[ignore = "needs the published contract"]
fn what_to_do_is_stated() {
    let published = published();
    for (base, revision) in ADVISED {
        let report = compared(&published, base, revision);
        let silent: Vec<&Change> = report
            .changes
            .iter()
            .filter(|change| change.severity != Severity::Compatible)
            .filter(|change| change.advice.as_deref().unwrap_or("").is_empty())
            .collect();
        assert!(
            silent.is_empty(),
            "{base} → {revision}: these changes give no advice:\n{silent:#?}"
        );
    }
}

#[test]
#[ignore = "needs the published contract"]
fn the_dangling_reference_is_a_finding() {
    let published = published();
    for (base, revision) in [("22", "27"), ("27", "33")] {
        let report = compared(&published, base, revision);
        let rules: Vec<&str> = report.changes.iter().map(|change| change.rule.id).collect();
        let told = rules
            .iter()
            .filter(|rule| rule.starts_with("reference-"))
            .count();
        assert!(told > 0, "{base} → {revision}: {rules:?}");
        assert!(report.changes.len() > told, "the rest is compared too");
    }
}

#[test]
#[ignore = "needs the published contract"]
fn every_witness_shows_its_change() {
    let published = published();
    for (base, revision) in pairs(&published) {
        for change in compared(&published, &base, &revision).changes {
            let Some(witness) = &change.witness else {
                continue;
            };
            let fits = match change.directions {
                Some(Directions::Request) => witness.base_accepts && !witness.revision_accepts,
                Some(Directions::Response) => witness.revision_accepts && !witness.base_accepts,
                _ => witness.base_accepts != witness.revision_accepts,
            };
            assert!(fits, "{base} → {revision}: {change:#?}");
        }
    }
}

#[test]
#[ignore = "needs the published contract"]
fn an_enum_value_is_its_own_witness() {
    let published = published();
    for (base, revision) in pairs(&published) {
        for change in compared(&published, &base, &revision).changes {
            let value = match change.rule.id {
                "response-enum-value-added" => &change.revision,
                "request-enum-value-removed" => &change.base,
                _ => continue,
            };
            let sender = if value == &change.base {
                &base
            } else {
                &revision
            };
            let path = &published.iter().find(|(name, _)| name == sender).unwrap().1;
            let pointer = &value.as_ref().unwrap().pointer;
            let value = read(path).root().pointer(pointer).unwrap().to_json();
            let witness = change.witness.as_ref().map(|witness| &witness.value);
            assert_eq!(witness, Some(&value), "{base} → {revision}: {pointer}");
        }
    }
}

fn pairs(published: &[(String, PathBuf)]) -> Vec<(String, String)> {
    let neighbours = published
        .windows(2)
        .map(|pair| (pair[0].0.clone(), pair[1].0.clone()));
    let jumps = JUMPS
        .iter()
        .map(|(one, other)| ((*one).to_owned(), (*other).to_owned()));
    neighbours.chain(jumps).collect()
}

fn compared(published: &[(String, PathBuf)], base: &str, revision: &str) -> DriftReport {
    let find = |name: &str| -> Contract {
        let found = published.iter().find(|(one, _)| one == name);
        read(
            &found
                .unwrap_or_else(|| panic!("there is no version {name}"))
                .1,
        )
    };
    let (base, revision) = (find(base), find(revision));
    let mut report = compare(&base, &revision, &Options::default());
    witness::attach(&mut report, &base, &revision);
    report
}

fn check(name: &str, report: &DriftReport) -> Result<(), String> {
    let path = folder().join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let groups = groups(&text);
    let entries: Vec<String> = report.changes.iter().map(entry).collect();
    if std::env::var_os("UPDATE_DRIFT").is_some() {
        replace(&[(path.as_path(), rewritten(&groups, &entries).as_str())]).unwrap();
        return Ok(());
    }
    let known: Vec<&String> = groups.iter().flat_map(|group| &group.entries).collect();
    let new: Vec<&String> = entries
        .iter()
        .filter(|entry| !known.contains(entry))
        .collect();
    let gone: Vec<&&String> = known
        .iter()
        .filter(|entry| !entries.contains(entry))
        .collect();
    if !new.is_empty() || !gone.is_empty() || known.len() != entries.len() {
        return Err(format!("new {new:#?}, gone {gone:#?}"));
    }
    let silent = groups.iter().find(|group| group.reasons.is_empty());
    silent.map_or(Ok(()), |group| {
        Err(format!(
            "no reason is given for:\n{}",
            group.entries.join("\n")
        ))
    })
}

/// Entries with the lines that say why.
struct Group {
    reasons: Vec<String>,
    entries: Vec<String>,
}

fn groups(text: &str) -> Vec<Group> {
    let blocks = text.split("\n\n").filter(|block| !block.trim().is_empty());
    let each = blocks.map(|block| {
        let lines = block.lines().map(str::to_owned);
        let (reasons, entries) = lines.partition(|line: &String| line.starts_with('#'));
        Group { reasons, entries }
    });
    each.collect()
}

fn rewritten(groups: &[Group], entries: &[String]) -> String {
    let mut blocks = Vec::new();
    let mut left: Vec<&String> = entries.iter().collect();
    for group in groups {
        let kept: Vec<&str> = group
            .entries
            .iter()
            .filter(|entry| left.contains(entry))
            .map(String::as_str)
            .collect();
        left.retain(|entry| !group.entries.contains(entry));
        if !kept.is_empty() || group.entries.is_empty() {
            let reasons = group.reasons.iter().map(String::as_str);
            blocks.push(reasons.chain(kept).collect::<Vec<_>>().join("\n"));
        }
    }
    if !left.is_empty() {
        blocks.push(left.into_iter().cloned().collect::<Vec<_>>().join("\n"));
    }
    blocks.join("\n\n") + "\n"
}

/// What a golden file holds of a change.
fn entry(change: &Change) -> String {
    let severity = change.severity.as_str();
    let effect = change.effect.map_or("-".to_owned(), |effect| {
        format!("{effect:?}").to_lowercase()
    });
    let pointer = |place: &Option<contract::Place>| {
        place
            .as_ref()
            .map_or("-".to_owned(), |place| place.pointer.clone())
    };
    let (base, revision) = (pointer(&change.base), pointer(&change.revision));
    let places = match base == revision {
        true => base,
        false => format!("{base} → {revision}"),
    };
    let witness = if change.witness.is_some() {
        " witness"
    } else {
        ""
    };
    format!("{severity} {} {effect} {places}{witness}", change.rule.id)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drift/history")
}
