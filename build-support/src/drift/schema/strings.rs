//! Lengths, patterns, formats and contents of texts. Formats of numbers too.

use super::types::Types;
use super::view::{Limit, View};
use super::{Comparison, bounds, formats, patterns, place};
use crate::drift::at::At;
use crate::drift::finding::{Finding, Verdict};
use crate::drift::kind::Kind;
use crate::drift::report::Effect;

/// Everything that is said of texts, where both accept texts; and formats.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>, types: Types) {
    if types.has(Types::STRING) {
        bounds::limit(c, b, r, Limit::MinLength, true);
        bounds::limit(c, b, r, Limit::MaxLength, true);
        pattern(c, b, r);
        contents(c, b, r);
    }
    if types.has(Types::STRING.or(Types::NUMBER)) {
        format(c, b, r);
    }
}

fn pattern<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let only = |one: &View<'a>, other: &View<'a>| -> Vec<(&'a str, At<'a>)> {
        let new = one.patterns.iter();
        let new = new.filter(|(text, _)| !other.patterns.iter().any(|(known, _)| known == text));
        new.filter(|(text, _)| !patterns::is_idle(text))
            .cloned()
            .collect()
    };
    let (gone, new) = (only(b, r), only(r, b));
    let (effect, kind) = match (gone.as_slice(), new.as_slice()) {
        ([], []) => return,
        ([], _) => (Effect::Narrowed, Kind::PatternNarrowed),
        (_, []) => (Effect::Widened, Kind::PatternWidened),
        ([(old, _)], [(new, _)]) => match patterns::effect(old, new) {
            Effect::Equal => return,
            Effect::Narrowed => (Effect::Narrowed, Kind::PatternNarrowed),
            Effect::Widened => (Effect::Widened, Kind::PatternWidened),
            effect => (effect, Kind::PatternChanged),
        },
        _ => (Effect::Undecided, Kind::PatternChanged),
    };
    let shown = |list: &[(&str, At<'a>)]| match list.first() {
        Some((text, _)) => format!("`{}`", crate::drift::text::shorten(text)),
        None => "none".to_owned(),
    };
    let message = format!(
        "the pattern changed from {} to {}",
        shown(&gone),
        shown(&new)
    );
    let first = |list: Vec<(&str, At<'a>)>| list.into_iter().next().map(|(_, at)| at);
    let places = (place(&first(gone), b), place(&first(new), r));
    c.out
        .findings
        .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
}

fn format<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let (base, revision) = (b.formats.first(), r.formats.first());
    let (from, to) = (base.map(|of| of.0), revision.map(|of| of.0));
    let (effect, sure) = formats::effect(from, to);
    let kind = match effect {
        Effect::Equal => return,
        Effect::Narrowed => Kind::FormatNarrowed,
        Effect::Widened => Kind::FormatWidened,
        _ => Kind::FormatChanged,
    };
    let shown = |format: Option<&str>| format.map_or("none".to_owned(), |of| format!("`{of}`"));
    let message = format!("the format changed from {} to {}", shown(from), shown(to));
    let verdict = match sure {
        true => Verdict::ByEffect,
        false => Verdict::Unsure,
    };
    let at = |format: Option<&(&str, At<'a>)>| format.map(|(_, at)| at.clone());
    let places = (place(&at(base), b), place(&at(revision), r));
    let finding = Finding::new(kind, effect, message).judged(verdict);
    c.out.findings.push(finding.at(&places.0, &places.1));
}

fn contents<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    for keyword in ["contentEncoding", "contentMediaType"] {
        let of = |view: &View<'a>| {
            let mut found = view.contents.iter();
            found
                .find(|(name, ..)| *name == keyword)
                .map(|(_, text, at)| (*text, at.clone()))
        };
        let (base, revision) = (of(b), of(r));
        let (kind, effect) = match (&base, &revision) {
            (None, None) => continue,
            (Some((b, _)), Some((r, _))) if b.eq_ignore_ascii_case(r) => continue,
            (None, Some(_)) => (Kind::ContentNarrowed, Effect::Narrowed),
            (Some(_), None) => (Kind::ContentWidened, Effect::Widened),
            _ => (Kind::ContentChanged, Effect::Both),
        };
        let shown = |of: &Option<(&str, At<'a>)>| match of {
            Some((text, _)) => format!("`{text}`"),
            None => "none".to_owned(),
        };
        let message = format!(
            "`{keyword}` changed from {} to {}",
            shown(&base),
            shown(&revision)
        );
        let places = (
            place(&base.map(|of| of.1), b),
            place(&revision.map(|of| of.1), r),
        );
        c.out
            .findings
            .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
    }
    if !b.content_schemas.is_empty() || !r.content_schemas.is_empty() {
        let sets = (&b.content_schemas, &r.content_schemas);
        c.part(
            super::Set::all(sets.0.clone()),
            super::Set::all(sets.1.clone()),
        );
    }
}
