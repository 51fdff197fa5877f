//! Open entries of a report are added to the file of accepted ones.

use super::{Acceptable, Acceptance, Accepted, AcceptedEntry};
use crate::visible;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

impl Accepted {
    /// The text of the file with every open entry of a report added, for the operations it was seen
    /// at. What the file has stays, comments included; where an entry of the file holds for other
    /// operations only, the new ones join its list and its reason and day stay.
    #[must_use]
    pub fn with_added<'e, A: Acceptable + 'e>(
        &self,
        found: impl IntoIterator<Item = &'e A>,
        acceptance: &Acceptance,
    ) -> String {
        let mut added = BTreeMap::new();
        let mut joined: Vec<(Range<usize>, String)> = Vec::new();
        for open in found.into_iter().filter(|it| it.acceptance().is_none()) {
            match self.known(open.fingerprint()) {
                Some(entry) => joined.extend(entry.joined(&open.operations())),
                None => drop(added.insert(open.fingerprint(), written(open, acceptance))),
            }
        }
        let mut text = self.text().to_owned();
        // From the end, so that the ranges before it stay right.
        joined.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        for (range, list) in joined {
            text.replace_range(range, &list);
        }
        for entry in added.into_values() {
            if !text.is_empty() {
                let ends = if text.ends_with('\n') { "\n" } else { "\n\n" };
                text.push_str(ends);
            }
            text.push_str(&entry);
        }
        text
    }

    fn known(&self, fingerprint: &str) -> Option<&AcceptedEntry> {
        self.entries.iter().find(|it| it.fingerprint == fingerprint)
    }

    fn text(&self) -> &str {
        let file = self.sources.files().next().unwrap_or_default();
        self.sources.text(file)
    }
}

impl AcceptedEntry {
    /// Where its list of operations stands, and the list with more of them.
    fn joined(&self, more: &BTreeSet<&str>) -> Option<(Range<usize>, String)> {
        let (span, known) = (self.places.operations?, self.operations.as_ref()?);
        let all = known.iter().map(String::as_str);
        Some((span.range(), list(all.chain(more.iter().copied()))))
    }
}

fn written(found: &impl Acceptable, acceptance: &Acceptance) -> String {
    let (severity, rule, message) = found.title();
    let (print, message) = (found.fingerprint(), visible(message));
    let (reason, expires) = (string(&acceptance.reason), acceptance.expires);
    let mut text = format!(
        "# {}[{rule}]: {message}\n[[accepted]]\nfingerprint = \"{print}\"\nreason = {reason}\n\
         expires = {expires}\n",
        severity.as_str()
    );
    let operations = found.operations();
    if !operations.is_empty() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "operations = {}", list(operations.into_iter()));
    }
    text
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: BTreeSet<&str> = words.collect();
    let words: Vec<String> = words.into_iter().map(string).collect();
    format!("[{}]", words.join(", "))
}

/// A basic string of TOML. It is written as in JSON, apart from a character that only TOML escapes.
fn string(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.replace('\u{7f}', "\\u007F")
}
