//! Drift that was looked at and accepted: `openapi/accepted.toml`.
//!
//! An entry names a change by its fingerprint, says why it is fine and until when that holds. One
//! that matches nothing, or whose day has passed, is an error, so that the file never keeps what
//! is gone. Where another base than the vendored contract was asked for, the entries were not
//! written for this comparison: then one that matches nothing is a warning, so that a merge does
//! not fail what comes after it.

use super::report::{Change, Report};
use chrono::NaiveDate;
use contract::diagnostics::{Diagnostic, Diagnostics};
use contract::{FileId, Sources, Span};
use serde::Deserialize;
use std::collections::BTreeSet;
use toml::Spanned;
use toml::value::Datetime;

/// The accepted drift of this workspace, relative to its root.
pub const ACCEPTED: &str = "openapi/accepted.toml";

/// What was accepted.
#[derive(Debug, Clone, Default)]
pub struct Accepted {
    entries: Vec<Entry>,
    sources: Sources,
}

/// What it is that an entry matches nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmatched {
    /// An error: the entries were written for this comparison.
    Wrong,
    /// A warning: the change may be in the base already.
    Told,
}

/// One accepted change.
#[derive(Debug, Clone)]
struct Entry {
    fingerprint: String,
    reason: String,
    /// The last day on which it holds.
    expires: NaiveDate,
    places: Places,
}

#[derive(Debug, Clone, Copy)]
struct Places {
    fingerprint: Span,
    expires: Span,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    accepted: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    fingerprint: Spanned<String>,
    reason: Spanned<String>,
    expires: Spanned<Datetime>,
}

impl Accepted {
    /// Reads the file's text; `name` is the path shown in diagnostics.
    ///
    /// # Errors
    /// When it is no TOML, a key is missing or unknown, a fingerprint is none or stands twice, a
    /// reason is empty or a day is none: each with its place.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let sources = Sources::single(name, text);
        let file = sources.files().next().unwrap_or_default();
        let parsed = toml::from_str::<File>(text)
            .map_err(|error| Diagnostics::one(syntax(&error, file), sources.clone()))?;
        let mut found = Diagnostics::new(sources.clone());
        let entries = parsed.accepted.into_iter();
        let entries: Vec<Entry> = entries
            .filter_map(|raw| raw.check(file, &mut found))
            .collect();
        found.items.extend(repeated(&entries));
        found.into_result()?;
        Ok(Self { entries, sources })
    }

    /// Marks every change that is accepted, in all reports together; gives warnings.
    ///
    /// # Errors
    /// Entries whose last day is before `today`, and those that match no change unless that is only
    /// to be told; the reports are left as they were.
    pub fn apply(
        &self,
        reports: &mut [Report],
        today: NaiveDate,
        unmatched: Unmatched,
    ) -> Result<Diagnostics, Diagnostics> {
        let mut found = Diagnostics::new(self.sources.clone());
        let faults = self
            .entries
            .iter()
            .filter_map(|it| it.fault(reports, today, unmatched));
        found.items.extend(faults);
        let found = found.into_result()?;
        for entry in &self.entries {
            for change in matching(reports, &entry.fingerprint) {
                change.accepted = Some(entry.reason.clone());
            }
        }
        Ok(found)
    }
}

fn matching<'a>(reports: &'a mut [Report], print: &str) -> impl Iterator<Item = &'a mut Change> {
    let changes = reports.iter_mut().flat_map(|report| &mut report.changes);
    changes.filter(move |change| change.fingerprint == print)
}

impl Entry {
    fn fault(
        &self,
        reports: &[Report],
        today: NaiveDate,
        unmatched: Unmatched,
    ) -> Option<Diagnostic> {
        let mut changes = reports.iter().flat_map(|report| &report.changes);
        let matches = changes.any(|change| change.fingerprint == self.fingerprint);
        match (matches, unmatched, self.expires < today) {
            (false, Unmatched::Wrong, _) => Some(self.nothing(Diagnostic::error)),
            (_, _, true) => Some(self.expired()),
            (false, Unmatched::Told, _) => Some(self.nothing(Diagnostic::warning)),
            (true, ..) => None,
        }
    }

    fn nothing(&self, new: fn(&'static str, String, Span) -> Diagnostic) -> Diagnostic {
        let message = format!("no change has the fingerprint `{}`", self.fingerprint);
        let at = self.places.fingerprint;
        let found = new("accepted::matches-nothing", message, at).with_label("matches nothing");
        found.with_help("remove the entry; a change that was merged needs it no more")
    }

    fn expired(&self) -> Diagnostic {
        let message = format!("`{}` was accepted until {}", self.fingerprint, self.expires);
        let found = Diagnostic::error("accepted::expired", message, self.places.expires);
        let help = "look at the change again: act on it, or give a later day and a reason";
        found.with_label("has passed").with_help(help)
    }
}

impl Raw {
    /// The entry, or what is wrong with it.
    fn check(self, file: FileId, found: &mut Diagnostics) -> Option<Entry> {
        let at = |range: std::ops::Range<usize>| Span::new(file, range.start, range.end);
        let places = Places {
            fingerprint: at(self.fingerprint.span()),
            expires: at(self.expires.span()),
        };
        let fingerprint = self.fingerprint.into_inner();
        if !is_fingerprint(&fingerprint) {
            let message = format!("`{fingerprint}` is no fingerprint");
            let error = Diagnostic::error("accepted::fingerprint", message, places.fingerprint);
            let help = "copy the sixteen hexadecimal digits that `cargo xtask drift` prints";
            found.push(error.with_help(help));
        }
        if self.reason.get_ref().trim().is_empty() {
            let message = "an accepted change needs a reason";
            let span = at(self.reason.span());
            let error = Diagnostic::error("accepted::reason", message, span);
            found.push(error.with_help("say why nobody is harmed by the change"));
        }
        let expires = day(self.expires.get_ref());
        if expires.is_none() {
            let message = format!("`{}` is no day", self.expires.get_ref());
            let error = Diagnostic::error("accepted::expires", message, places.expires);
            found.push(error.with_help("write it as YYYY-MM-DD"));
        }
        Some(Entry {
            fingerprint,
            reason: self.reason.into_inner(),
            expires: expires?,
            places,
        })
    }
}

fn repeated(entries: &[Entry]) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let again = entries.iter().filter(|it| !seen.insert(&it.fingerprint));
    let told = again.map(|entry| {
        let message = format!("`{}` is accepted twice", entry.fingerprint);
        let error = Diagnostic::error("accepted::repeated", message, entry.places.fingerprint);
        error.with_help("keep one of the entries")
    });
    told.collect()
}

fn is_fingerprint(word: &str) -> bool {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    word.len() == 16 && word.bytes().all(digit)
}

/// A local date without a time.
fn day(date: &Datetime) -> Option<NaiveDate> {
    let plain = date
        .date
        .filter(|_| date.time.is_none() && date.offset.is_none())?;
    NaiveDate::from_ymd_opt(
        i32::from(plain.year),
        u32::from(plain.month),
        u32::from(plain.day),
    )
}

fn syntax(error: &toml::de::Error, file: FileId) -> Diagnostic {
    let range = error.span().unwrap_or_default();
    let message = error.message().trim().replace('\n', ", ");
    let span = Span::new(file, range.start, range.end);
    Diagnostic::error("accepted::syntax", message, span)
        .with_help("an entry is `[[accepted]]` with `fingerprint`, `reason` and `expires`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::report;

    const GOOD: &str = "\
[[accepted]]
fingerprint = \"00000000000000a1\"
reason = \"the field was never sent\"
expires = 2027-01-31
";

    fn today(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2027, 1, day).unwrap()
    }

    #[test]
    fn an_entry_accepts_its_change_until_its_last_day() {
        let accepted = Accepted::parse("accepted.toml", GOOD).unwrap();
        let mut reports = [report()];
        let before = reports[0].summary();
        accepted
            .apply(&mut reports, today(31), Unmatched::Wrong)
            .unwrap();
        let after = reports[0].summary();
        assert_eq!(after.breaking + 1, before.breaking);
        let reason = reports[0]
            .changes
            .iter()
            .find_map(|it| it.accepted.as_deref());
        assert_eq!(reason, Some("the field was never sent"));
    }

    #[test]
    fn an_entry_that_matches_nothing_or_has_expired_is_an_error() {
        let text = GOOD
            .replace("2027-01-31", "2027-01-30")
            .replace("[[acc", "# until then\n[[acc")
            + &GOOD.replace("a1", "ff");
        let accepted = Accepted::parse("openapi/accepted.toml", &text).unwrap();
        let mut reports = [report()];
        let found = accepted.apply(&mut reports, today(31), Unmatched::Wrong);
        let found = found.unwrap_err();
        assert_eq!(
            reports,
            [report()],
            "a report was touched in spite of an error"
        );
        insta::assert_snapshot!(found);
    }

    #[test]
    fn what_is_wrong_with_an_entry_is_shown_at_its_place() {
        let table = [
            ("no_toml", "[[accepted"),
            (
                "no_reason",
                "[[accepted]]\nfingerprint = \"00000000000000a1\"\nexpires = 2027-01-01\n",
            ),
            ("unknown_key", "[[accept]]\n"),
            (
                "several",
                "[[accepted]]\nfingerprint = \"A1\"\nreason = \" \"\nexpires = 10:00:00\n",
            ),
        ];
        for (name, text) in table {
            let found = Accepted::parse("accepted.toml", text).unwrap_err();
            insta::assert_snapshot!(name, found);
        }
        let twice = Accepted::parse("accepted.toml", &format!("{GOOD}{GOOD}")).unwrap_err();
        assert_eq!(twice.items[0].code, "accepted::repeated");
    }

    #[test]
    fn a_file_may_accept_nothing() {
        let accepted = Accepted::parse("accepted.toml", "# nothing yet\n").unwrap();
        accepted.apply(&mut [], today(1), Unmatched::Wrong).unwrap();
    }

    #[test]
    fn after_a_merge_an_entry_is_told_of_until_it_expires() {
        let merged = Accepted::parse("accepted.toml", &GOOD.replace("a1", "ff")).unwrap();
        let told = merged.apply(&mut [report()], today(31), Unmatched::Told);
        let told = told.unwrap();
        assert_eq!(told.items.len(), 1);
        assert_eq!(told.items[0].code, "accepted::matches-nothing");
        let late = NaiveDate::from_ymd_opt(2027, 2, 1).unwrap();
        let late = merged.apply(&mut [report()], late, Unmatched::Told);
        assert_eq!(late.unwrap_err().items[0].code, "accepted::expired");
    }
}
