//! Whether a view accepts a value, as far as this can be decided.

use super::amount::Amount;
use super::canonical::canonical;
use super::set::Set;
use super::side::Side;
use super::types::Types;
use super::view::{Limit, View};
use super::{patterns, values};
use crate::at::At;
use contract::{Member, Node, Value};
use std::collections::{HashMap, HashSet};

/// Whether a view accepts a value; `None` where that takes more than is looked at here: what is left
/// unevaluated, patterns that cannot be read, references that lead nowhere, and schemas that ask for
/// themselves about the same value.
pub(super) fn accepts<'a>(side: &Side<'a>, view: &View<'a>, value: &Node) -> Option<bool> {
    let around = side.judged.take();
    let verdict = judged(side, view, value);
    side.judged.replace(around);
    verdict
}

/// What is known of schemas and values, by their identities; nothing of those that are under way.
pub(super) type Judged = HashMap<(usize, usize), Option<bool>>;

fn judged<'a>(side: &Side<'a>, view: &View<'a>, value: &Node) -> Option<bool> {
    let mut verdicts = Verdicts::default();
    if view.never.is_some() || view.contradicts {
        return Some(false);
    }
    let is_typed = match value.is_null() {
        true => view.accepts_null(),
        false => view
            .declared
            .unwrap_or(Types::ALL)
            .has(Types::of_value(value)),
    };
    verdicts.and(Some(is_typed));
    if let Some(values) = &view.values {
        verdicts.and(Some(values.holds(value) || values.null && value.is_null()));
    }
    match &value.value {
        Value::Array(items) => array(side, view, items, &mut verdicts),
        Value::Object(members) => object(side, view, (value, members), &mut verdicts),
        _ => verdicts.and(Some(values::admits(view, value) || value.is_null())),
    }
    if !view.opaque.is_empty() || !view.dynamic.is_empty() {
        verdicts.and(None);
    }
    for excluded in &view.excluded {
        verdicts.and(part(side, excluded, value).map(|accepted| !accepted));
    }
    for condition in &view.conditions {
        let branch = match part(side, &condition.test, value) {
            None => {
                verdicts.and(None);
                continue;
            }
            Some(true) => &condition.then,
            Some(false) => &condition.otherwise,
        };
        verdicts.and(
            branch
                .as_ref()
                .map_or(Some(true), |branch| part(side, branch, value)),
        );
    }
    for union in &view.unions {
        let members = union.members.iter().map(|member| part(side, member, value));
        verdicts.and(chosen(members.collect(), union.exclusive));
    }
    verdicts.verdict()
}

fn part<'a>(side: &Side<'a>, at: &At<'a>, value: &Node) -> Option<bool> {
    identified(side, at, value, std::ptr::from_ref(value) as usize)
}

/// Whether a schema accepts a value with an identity. Each is judged once: unions that lead into one another
/// would be entered in more ways than anyone waits for.
fn identified<'a>(side: &Side<'a>, at: &At<'a>, value: &Node, identity: usize) -> Option<bool> {
    let key = (at.id(), identity);
    if let Some(known) = side.judged.borrow().get(&key) {
        return *known;
    }
    side.judged.borrow_mut().insert(key, None);
    let view = side.view_unless_under_way(&Set::one(at.clone()))?;
    let verdict = judged(side, &view, value);
    side.judged.borrow_mut().insert(key, verdict);
    verdict
}

/// Whether some member accepts, or exactly one.
fn chosen(members: Vec<Option<bool>>, exclusive: bool) -> Option<bool> {
    let met = members.iter().filter(|one| **one == Some(true)).count();
    let unknown = members.iter().any(Option::is_none);
    match (met, exclusive) {
        (0, _) => (!unknown).then_some(false),
        (1, true) => (!unknown).then_some(true),
        (_, true) => Some(false),
        (_, false) => Some(true),
    }
}

/// What is said of arrays.
fn array<'a>(side: &Side<'a>, view: &View<'a>, items: &[Node], verdicts: &mut Verdicts) {
    let count = |count: usize| Amount::whole(count as i128);
    let length = count(items.len());
    let is_long_enough = values::within(view, Limit::MinItems, length);
    verdicts.and(Some(
        is_long_enough && values::within(view, Limit::MaxItems, length),
    ));
    let known: HashSet<String> = items.iter().map(canonical).collect();
    verdicts.and(Some(view.unique.is_none() || known.len() == items.len()));
    for list in &view.arrays {
        for (at, item) in items.iter().enumerate() {
            if let Some(schema) = list.first.get(at).or(list.rest.as_ref()) {
                verdicts.and(part(side, schema, item));
            }
        }
    }
    let is_left = !view.arrays.iter().any(|list| list.rest.is_some());
    if !view.unevaluated_items.is_empty() && is_left {
        verdicts.and(None);
    }
    let [contained] = view.contains.as_slice() else {
        return verdicts.and(view.contains.is_empty().then_some(true));
    };
    let found = items.iter().map(|item| part(side, contained, item));
    let Some(found) = found.collect::<Option<Vec<bool>>>() else {
        return verdicts.and(None);
    };
    let found = found.into_iter().filter(|is_met| *is_met).count();
    let is_asked = !view.bounds.contains_key(&Limit::MinContains);
    let is_enough = found > 0 || !is_asked;
    verdicts.and(Some(
        is_enough
            && values::within(view, Limit::MinContains, count(found))
            && values::within(view, Limit::MaxContains, count(found)),
    ));
}

/// What is said of objects.
fn object<'a>(
    side: &Side<'a>,
    view: &View<'a>,
    (value, members): (&Node, &[Member]),
    verdicts: &mut Verdicts,
) {
    let count = Amount::whole(members.len() as i128);
    let has = |name: &str| value.contains_key(name);
    let mut needs = view.needs.keys();
    verdicts.and(Some(
        values::within(view, Limit::MinProperties, count)
            && values::within(view, Limit::MaxProperties, count)
            && view.required.keys().all(|name| has(name))
            && needs.all(|(name, needed)| !has(name) || has(needed)),
    ));
    for member in members {
        let name = Node {
            value: Value::String(member.key.clone()),
            span: member.value.span,
        };
        // It is made for this look alone, and known by the key that it holds.
        let identity = std::ptr::from_ref(&member.key) as usize;
        for names in &view.names {
            verdicts.and(identified(side, names, &name, identity));
        }
        for schema in view
            .dependents
            .get(member.key.as_str())
            .into_iter()
            .flatten()
        {
            verdicts.and(part(side, schema, value));
        }
        for own in &view.objects {
            let listed = own.properties.get(member.key.as_str());
            let mut is_met = listed.is_some();
            let matching = own.patterns.iter().filter(|(pattern, _)| {
                let is_known = patterns::is_readable(pattern);
                verdicts.and(is_known.then_some(true));
                patterns::surely_matches(pattern, &member.key)
            });
            let matching: Vec<&At<'a>> = matching.map(|(_, schema)| schema).collect();
            is_met |= !matching.is_empty();
            let rest = own.additional.as_ref().filter(|_| !is_met);
            for schema in listed.into_iter().chain(matching).chain(rest) {
                verdicts.and(part(side, schema, &member.value));
            }
        }
    }
    if !view.unevaluated_properties.is_empty() {
        verdicts.and(None);
    }
}

/// Everything must hold.
#[derive(Default)]
struct Verdicts {
    failed: bool,
    unknown: bool,
}

impl Verdicts {
    fn and(&mut self, verdict: Option<bool>) {
        self.failed |= verdict == Some(false);
        self.unknown |= verdict.is_none();
    }

    fn verdict(&self) -> Option<bool> {
        match (self.failed, self.unknown) {
            (true, _) => Some(false),
            (false, true) => None,
            (false, false) => Some(true),
        }
    }
}
