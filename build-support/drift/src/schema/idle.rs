//! Keywords without effect on the types of a schema: a `minimum` does not reject a string.

use super::types::Types;
use super::view::{Limit, View};
use super::{Comparison, formats, site};
use crate::at::At;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::report::Severity;
use std::collections::BTreeMap;

/// Says of each keyword without effect that it came or went.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let (old, new) = (idle(b), idle(r));
    let finding =
        |message: String| Finding::fixed(Kind::KeywordIdle, Severity::Compatible, message);
    for (key, at) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        let types = r.types().words();
        let message = format!("`{key}` says nothing about values of the type {types}");
        c.out
            .findings
            .push(finding(message).at(site(b), &at.pointer));
    }
    for (key, at) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
        let types = b.types().words();
        let message = format!("`{key}` said nothing about values of the type {types}");
        c.out
            .findings
            .push(finding(message).at(&at.pointer, site(r)));
    }
}

/// The keywords of a view that are about none of its types. Among alternatives each has its types.
fn idle<'a>(view: &View<'a>) -> BTreeMap<&'static str, At<'a>> {
    if view.declared.is_none() || view.types().is_empty() || !view.unions.is_empty() {
        return BTreeMap::new();
    }
    let mut found: Vec<(Types, &str, &At<'a>)> = Vec::new();
    found.extend(view.bounds.iter().map(|(limit, bound)| {
        let (types, key) = about(*limit);
        (types, key, &bound.at)
    }));
    let steps = view.multiples.iter();
    found.extend(steps.map(|(_, at)| (Types::NUMBER, "multipleOf", at)));
    let patterns = view.patterns.iter();
    found.extend(patterns.map(|(_, at)| (Types::STRING, "pattern", at)));
    let unique = view.unique.iter();
    found.extend(unique.map(|at| (Types::ARRAY, "uniqueItems", at)));
    let contains = view.contains.iter();
    found.extend(contains.map(|at| (Types::ARRAY, "contains", at)));
    let required = view.required.values();
    found.extend(required.map(|at| (Types::OBJECT, "required", at)));
    let parts = view.objects.iter();
    let own = parts
        .clone()
        .filter_map(|part| part.properties.values().next());
    found.extend(own.map(|at| (Types::OBJECT, "properties", at)));
    let own = parts
        .clone()
        .filter_map(|part| part.patterns.values().next());
    found.extend(own.map(|at| (Types::OBJECT, "patternProperties", at)));
    let rest = parts.filter_map(|part| part.additional.as_ref());
    found.extend(rest.map(|at| (Types::OBJECT, "additionalProperties", at)));
    let needs = view.needs.values();
    found.extend(needs.map(|at| (Types::OBJECT, "dependentRequired", at)));
    let dependents = view.dependents.values().flatten();
    found.extend(dependents.map(|at| (Types::OBJECT, "dependentSchemas", at)));
    let first = view.arrays.iter().filter_map(|part| part.first.first());
    found.extend(first.map(|at| (Types::ARRAY, "prefixItems", at)));
    let formats = view.formats.iter().filter_map(|(name, at)| {
        let types = match formats::is_of_numbers(name)? {
            true => Types::NUMBER,
            false => Types::STRING,
        };
        Some((types, "format", at))
    });
    found.extend(formats);
    let contents = view.contents.iter();
    found.extend(contents.map(|(key, _, at)| (Types::STRING, *key, at)));
    let rest = view.arrays.iter().filter_map(|part| part.rest.as_ref());
    found.extend(rest.map(|at| (Types::ARRAY, "items", at)));
    let names = view.names.iter();
    found.extend(names.map(|at| (Types::OBJECT, "propertyNames", at)));
    let idle = found
        .into_iter()
        .filter(|(types, ..)| !view.types().has(*types));
    idle.map(|(_, key, at)| (key, at.clone())).collect()
}

/// The types a bound is about, and its keyword.
fn about(limit: Limit) -> (Types, &'static str) {
    match limit {
        Limit::Minimum => (Types::NUMBER, "minimum"),
        Limit::Maximum => (Types::NUMBER, "maximum"),
        Limit::MinLength => (Types::STRING, "minLength"),
        Limit::MaxLength => (Types::STRING, "maxLength"),
        Limit::MinItems => (Types::ARRAY, "minItems"),
        Limit::MaxItems => (Types::ARRAY, "maxItems"),
        Limit::MinProperties => (Types::OBJECT, "minProperties"),
        Limit::MaxProperties => (Types::OBJECT, "maxProperties"),
        Limit::MinContains => (Types::ARRAY, "minContains"),
        Limit::MaxContains => (Types::ARRAY, "maxContains"),
    }
}
