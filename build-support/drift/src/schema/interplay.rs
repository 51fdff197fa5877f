//! Keywords that affect one another, so that one keyword alone does not say what is accepted.

use super::types::Types;
use super::view::{Limit, View};

/// Whether keywords of a schema act on one another.
pub(super) fn acts(view: &View<'_>) -> bool {
    !view.unions.is_empty() || view.unique.is_some() || is_hidden(view)
}

/// Whether what keywords say together is not compared word by word.
pub(super) fn is_hidden(view: &View<'_>) -> bool {
    let counts = [
        Limit::MinProperties,
        Limit::MaxProperties,
        Limit::MinContains,
        Limit::MaxContains,
    ];
    let is_counted = counts.iter().any(|limit| view.bounds.contains_key(limit));
    let is_composed = !view.excluded.is_empty()
        || !view.conditions.is_empty()
        || !view.dependents.is_empty()
        || !view.needs.is_empty();
    let is_evaluated = !view.unevaluated_properties.is_empty()
        || !view.unevaluated_items.is_empty()
        || !view.contains.is_empty()
        || !view.names.is_empty();
    let mut parts = view.objects.iter();
    let is_patterned = parts.any(|part| !part.patterns.is_empty());
    is_counted || is_composed || is_evaluated || is_patterned || is_listed(view)
}

/// Whether something may reject a value for what is inside of it, besides the schema of that. Where
/// as many properties are asked for as there may be, there is none beside them.
pub(super) fn is_conditional(view: &View<'_>) -> bool {
    let is_counted = view.bounds.contains_key(&Limit::MaxProperties);
    let is_tested = !view.conditions.is_empty() || !view.dependents.is_empty();
    !view.excluded.is_empty() || is_tested || is_counted
}

/// Whether schemas within a schema are not compared by themselves.
pub(super) fn is_composed(view: &View<'_>) -> bool {
    let is_left = !view.unevaluated_properties.is_empty() || !view.unevaluated_items.is_empty();
    is_conditional(view) || is_left || !view.contains.is_empty()
}

/// Whether values are listed that hold others, or a pattern is beside a list.
fn is_listed(view: &View<'_>) -> bool {
    let types = view.types();
    view.values.is_some()
        && (types.has(Types::ARRAY.or(Types::OBJECT)) || !view.patterns.is_empty())
}

/// Whether several constraints are about the same plain value.
pub(super) fn is_mixed(view: &View<'_>) -> bool {
    let constraints = view.bounds.len()
        + view.multiples.len()
        + view.patterns.len()
        + view.formats.len()
        + usize::from(view.values.is_some());
    constraints > 1
}
