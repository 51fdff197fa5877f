//! The file of accepted entries is read, and what is wrong with it is reported with its place.

use super::{Acceptance, Accepted, AcceptedEntry, Places};
use chrono::NaiveDate;
use contract::diagnostics::{Diagnostic, Diagnostics};
use contract::{FileId, Sources, Span};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::value::Datetime;

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
    operations: Option<Spanned<BTreeSet<String>>>,
}

impl Accepted {
    /// Reads the file's text; `name` is the path shown in diagnostics.
    ///
    /// # Errors
    /// When it is not valid TOML, a key is missing or unknown, a fingerprint is not valid or stands
    /// twice, a reason is empty or a day is not valid: each with its place.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let sources = Sources::single(name, text);
        let file = sources.files().next().unwrap_or_default();
        if text.trim_start().starts_with('{') {
            return Err(Diagnostics::one(old_baseline(file), sources));
        }
        let parsed = toml::from_str::<File>(text)
            .map_err(|error| Diagnostics::one(syntax(&error, file), sources.clone()))?;
        let mut found = Diagnostics::new(sources.clone());
        let entries = parsed.accepted.into_iter();
        let entries: Vec<AcceptedEntry> = entries
            .filter_map(|raw| raw.check(file, &mut found))
            .collect();
        found.items.extend(repeated(&entries));
        found.into_result()?;
        Ok(Self { entries, sources })
    }
}

impl Raw {
    /// The entry, or what is wrong with it.
    fn check(self, file: FileId, found: &mut Diagnostics) -> Option<AcceptedEntry> {
        let at = |range: Range<usize>| Span::new(file, range.start, range.end);
        let places = Places {
            fingerprint: at(self.fingerprint.span()),
            expires: at(self.expires.span()),
            operations: self.operations.as_ref().map(|it| at(it.span())),
        };
        let fingerprint = self.fingerprint.into_inner();
        if !is_fingerprint(&fingerprint) {
            let message = format!("`{fingerprint}` is not a valid fingerprint");
            let error = Diagnostic::error("accepted::fingerprint", message, places.fingerprint);
            let help = "copy the sixteen hexadecimal digits that the report prints";
            found.push(error.with_help(help));
        }
        if self.reason.get_ref().trim().is_empty() {
            let message = "an accepted entry needs a reason";
            let span = at(self.reason.span());
            let error = Diagnostic::error("accepted::reason", message, span);
            found.push(error.with_help("say why it does no harm"));
        }
        let expires = day(self.expires.get_ref());
        if expires.is_none() {
            let message = format!("`{}` is not a valid day", self.expires.get_ref());
            let error = Diagnostic::error("accepted::expires", message, places.expires);
            found.push(error.with_help("write it as YYYY-MM-DD"));
        }
        Some(AcceptedEntry {
            fingerprint,
            acceptance: Acceptance {
                reason: self.reason.into_inner(),
                expires: expires?,
            },
            operations: self.operations.map(Spanned::into_inner),
            places,
        })
    }
}

fn repeated(entries: &[AcceptedEntry]) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let again = entries.iter().filter(|it| !seen.insert(&it.fingerprint));
    let errors = again.map(|entry| {
        let message = format!("`{}` is accepted twice", entry.fingerprint);
        let error = Diagnostic::error("accepted::repeated", message, entry.places.fingerprint);
        error.with_help("keep one of the entries")
    });
    errors.collect()
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
    Diagnostic::error("accepted::syntax", message, span).with_help(
        "an entry is `[[accepted]]` with `fingerprint`, `reason`, `expires` and, if it holds for \
         some operations only, `operations`",
    )
}

/// Conformance kept a list in JSON without reasons and days.
fn old_baseline(file: FileId) -> Diagnostic {
    let message = "this is a baseline in JSON, which has neither reasons nor days";
    let error = Diagnostic::error("accepted::json", message, Span::new(file, 0, 1));
    error.with_help(
        "write it anew: `--accepted accepted.toml --write-accepted --reason TEXT --expires DAY`",
    )
}
