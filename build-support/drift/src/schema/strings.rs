//! Lengths, patterns, formats and contents of texts. Formats of numbers too.

use super::types::Types;
use super::view::{Limit, View};
use super::{Comparison, bounds, formats, patterns, place};
use crate::at::At;
use crate::finding::{Finding, Verdict};
use crate::kind::Kind;
use crate::report::Effect;

/// Everything that is said of texts, where both accept texts; and formats.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>, types: Types) {
    if types.has(Types::STRING) {
        bounds::limit(c, b, r, Limit::MinLength);
        bounds::limit(c, b, r, Limit::MaxLength);
        pattern(c, b, r);
        contents(c, b, r);
    }
    if types.has(Types::STRING.or(Types::NUMBER)) {
        format(c, b, r, types);
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
        // What lengths say of texts may be all that a pattern says.
        ([], [(new, _)]) if says_it(b, new) => return,
        ([(old, _)], []) if says_it(r, old) => return,
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
        Some((text, _)) => format!("`{}`", crate::text::shorten(text)),
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

/// Whether every text of the lengths that a view allows meets a pattern.
fn says_it(view: &View<'_>, pattern: &str) -> bool {
    const LONGEST: usize = 64;
    let bound = |limit| {
        let bound = view.bounds.get(&limit)?;
        usize::try_from(bound.value.to_i128()?).ok()
    };
    let (least, most) = (bound(Limit::MinLength), bound(Limit::MaxLength));
    let known = least.into_iter().chain(most);
    if known.clone().count() == 0 || known.clone().any(|length| length > LONGEST) {
        return false;
    }
    let most = most.map_or_else(String::new, |most| most.to_string());
    let lengths = format!(r"^[\s\S]{{{},{most}}}$", least.unwrap_or(0));
    matches!(
        patterns::effect(&lengths, pattern),
        Effect::Equal | Effect::Widened
    )
}

/// A format has no effect where its type of value is not accepted.
fn effective<'v, 'a>(view: &'v View<'a>, types: Types) -> Option<&'v (&'a str, At<'a>)> {
    let speaks = |name: &str| match formats::is_of_numbers(name) {
        Some(true) => types.has(Types::NUMBER),
        Some(false) => types.has(Types::STRING),
        None => true,
    };
    view.formats.iter().find(|(name, _)| speaks(name))
}

fn format<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>, types: Types) {
    let (base, revision) = (effective(b, types), effective(r, types));
    let (from, to) = (base.map(|of| of.0), revision.map(|of| of.0));
    let numeric =
        |name: Option<&str>| name.is_none_or(|name| formats::is_of_numbers(name) == Some(true));
    let is_whole = |view: &View<'a>| !view.types().has(Types::FRACTION);
    let (effect, sure) = match numeric(from) && numeric(to) {
        // The type says more than its format.
        true if is_whole(b) != is_whole(r) && types.has(Types::NUMBER) => return,
        true if !types.has(Types::FRACTION) && !types.has(Types::STRING) => {
            (bounds::formats_of_whole(b, r), true)
        }
        _ => formats::effect(from, to),
    };
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
    // Of what is in a text of no media type nothing can be said.
    let held = |view: &View<'a>| -> Vec<At<'a>> {
        let typed = view
            .contents
            .iter()
            .any(|(name, ..)| *name == "contentMediaType");
        let schemas = view.content_schemas.iter().filter(|_| typed);
        schemas.cloned().collect()
    };
    let (old, new) = (held(b), held(r));
    if !old.is_empty() || !new.is_empty() {
        c.part(
            super::Set::all(old).within(&super::home(b)),
            super::Set::all(new).within(&super::home(r)),
        );
    }
}
