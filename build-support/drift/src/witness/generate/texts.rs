//! Texts: of the lengths, patterns and formats that either side asks for.

use super::super::pattern;
use super::Found;
use super::view::View;
use serde_json::Value;

/// The longest text that is made to show a limit.
const LONGEST: usize = 10_000;

/// Writes texts: those of a format or pattern first, then plain ones of every telling length.
pub(super) fn make(view: &View, receiver: &View, found: &mut Found) {
    let (least, most) = view.range("minLength", "maxLength");
    let fits = |text: &str| (least..=most).contains(&text.chars().count());
    let (foreign_least, foreign_most) = receiver.range("minLength", "maxLength");
    let fits_both =
        |text: &str| fits(text) && (foreign_least..=foreign_most).contains(&text.chars().count());
    let mut shaped = shaped(view);
    if shaped.is_empty() {
        shaped = shaped_for(receiver);
    } else {
        let more = lengthened(view, receiver);
        shaped.extend(more);
    }
    let free = view.all("pattern").next().is_none() && view.all("format").next().is_none();
    let plain = plain((least, most), (foreign_least, foreign_most));
    let mut all = Vec::new();
    if free && receiver.all("pattern").next().is_none() && receiver.all("format").next().is_none() {
        all.extend(plain);
        all.extend(shaped);
    } else {
        all.extend(shaped);
        all.extend(plain);
    }
    let mentioned = receiver
        .mentioned()
        .filter_map(Value::as_str)
        .map(str::to_owned);
    let both = all.iter().find(|text| fits_both(text)).cloned();
    let fitting = all.into_iter().chain(mentioned).filter(|text| fits(text));
    found.extend(both.into_iter().chain(fitting).map(Value::String));
}

/// Texts that follow the formats and patterns of a side.
fn shaped(view: &View) -> Vec<String> {
    let patterns = view.all("pattern").filter_map(Value::as_str);
    let formats = view.all("format").filter_map(Value::as_str);
    let of_formats = formats.flat_map(examples).map(|text| (*text).to_owned());
    let mut texts: Vec<String> = of_formats.collect();
    texts.extend(patterns.flat_map(pattern::samples));
    texts
}

/// Texts for a side that asks for nothing: what the other asks for, then what it would reject.
fn shaped_for(receiver: &View) -> Vec<String> {
    shaped(receiver)
}

/// Texts of a pattern, made longer up to the limits of either side.
fn lengthened(view: &View, receiver: &View) -> Vec<String> {
    let limits = ["minLength", "maxLength"];
    let lengths = limits
        .iter()
        .flat_map(|key| view.counts(key).into_iter().chain(receiver.counts(key)));
    let mut lengths: Vec<usize> = lengths
        .flat_map(|one| [one, one + 1, one.saturating_sub(1)])
        .collect();
    lengths.retain(|length| *length <= LONGEST);
    lengths.sort_unstable();
    lengths.dedup();
    let patterns: Vec<&str> = view.all("pattern").filter_map(Value::as_str).collect();
    let each = lengths.iter().flat_map(|length| {
        patterns
            .iter()
            .filter_map(|pattern| pattern::of_length(pattern, *length))
    });
    each.collect()
}

/// Plain texts at the limits of both sides, and a few that differ in kind.
fn plain(own: (usize, usize), foreign: (usize, usize)) -> Vec<String> {
    let (least, most) = own;
    let mut lengths = vec![least.max(foreign.0).max(1).min(most), least, most];
    for limit in [foreign.0, foreign.1] {
        lengths.extend([limit.saturating_sub(1), limit, limit.saturating_add(1)]);
    }
    lengths.push(least.saturating_add(1));
    lengths.retain(|length| *length <= LONGEST);
    let sized = lengths.into_iter().map(|length| "a".repeat(length));
    let kinds = ["text", "", "0", "A", "-", "é", "a b", "true"].map(str::to_owned);
    sized.chain(kinds).collect()
}

/// Texts that follow a format: first the plainest, then those that only a wider format takes.
fn examples(format: &str) -> &'static [&'static str] {
    match format {
        "date-time" => &["2024-02-29T12:00:00Z", "2024-02-29T12:00:00.5+02:00"],
        "date" => &["2024-02-29"],
        "time" => &["12:00:00Z"],
        "duration" => &["PT1H"],
        "uuid" => &["7c0b2f5e-3a51-4f0e-9d47-6f2f5d0a9b11"],
        "email" | "idn-email" => &["a@example.com"],
        "hostname" | "idn-hostname" => &["example.com"],
        "ipv4" => &["192.0.2.1"],
        "ipv6" => &["2001:db8::1"],
        "uri" | "url" | "iri" => &["https://example.com/a", "urn:example:a"],
        "uri-reference" | "iri-reference" => &["/a", "https://example.com/a"],
        "uri-template" => &["/a/{b}", "/a"],
        "json-pointer" => &["/a", ""],
        "relative-json-pointer" => &["0/a"],
        "regex" => &["a+"],
        "byte" => &["YQ==", ""],
        "decimal" => &["1.5", "0"],
        _ => &[],
    }
}
