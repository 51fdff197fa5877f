//! Simplifies schemas that contradict themselves: types that no value has, alternatives that no value
//! meets, conditions that are known to hold or to fail.
//!
//! An object that requires a property and does not allow it is not treated as a contradiction here. It is
//! a common fault of `allOf`, and authors mean the property.

use super::keywords::is_stricter;
use super::set::{DROPPED, Set};
use super::side::Side;
use super::types::Types;
use super::view::{Bound, Builder, Condition, Limit, ObjectPart, Union, View};
use super::{bounds, evaluate, patterns};
use crate::at::At;
use contract::Node;

/// How many combinations of alternatives are looked at.
const MOST: usize = 64;

/// How many conditions of one schema are looked at together with everything beside them. For each, the
/// whole schema is looked at once more.
const FEW: usize = 16;

/// Decides the conditions of which it is known whether they hold. Their branches are schemas that
/// must hold too.
pub(super) fn conditions(builder: &mut Builder<'_, '_>) {
    let mut open = std::mem::take(&mut builder.view.conditions);
    let are_few = open.len() <= FEW;
    open.reverse();
    let mut kept = Vec::new();
    while let Some(condition) = open.pop() {
        let test = builder
            .side
            .view_unless_under_way(&Set::one(condition.test.clone()));
        let types = builder.view.types();
        let holds =
            test.and_then(
                |test| match test.is_unmet() || !may_have(builder.side, &test, types) {
                    true => Some(false),
                    false => covers(&test, types).then_some(true),
                },
            );
        let is_excluded = || are_few && excludes(builder, &condition.test);
        let holds = holds.or_else(|| is_excluded().then_some(false));
        let branch = match holds {
            None => {
                kept.push(condition);
                continue;
            }
            Some(true) => condition.then,
            Some(false) => condition.otherwise,
        };
        if let Some(branch) = branch {
            builder.push(branch);
        }
        open.extend(std::mem::take(&mut builder.view.conditions));
    }
    builder.view.conditions = kept;
}

/// What depends on a property that has to be there must hold too.
pub(super) fn dependents(builder: &mut Builder<'_, '_>) {
    loop {
        let view = &builder.view;
        let mut names = view.dependents.keys();
        let met = names.find(|name| view.required.contains_key(*name));
        let Some(name) = met.copied() else {
            return;
        };
        let schemas = builder.view.dependents.remove(name);
        schemas
            .into_iter()
            .flatten()
            .for_each(|at| builder.push(at));
    }
}

/// How many schemas are looked at together to see whether a condition can hold beside them.
const MOST_BESIDE: usize = 3;

/// Whether no value meets what is tested and everything beside it.
fn excludes<'a>(builder: &Builder<'_, 'a>, test: &At<'a>) -> bool {
    let roots = &builder.set.roots;
    if roots.len() > MOST_BESIDE || roots.iter().any(|root| root.id() == test.id()) {
        return false;
    }
    // What the condition itself leads to is not beside it.
    let mut beside = builder.set.pick(test.id(), DROPPED);
    beside.roots.push(test.clone());
    let view = builder.side.view_unless_under_way(&beside);
    view.is_some_and(|view| view.is_unmet())
}

/// Whether every value of some types is accepted.
fn covers(view: &View<'_>, types: Types) -> bool {
    let is_plain = !view.says_more_than_types() && view.unions.is_empty();
    is_plain
        && types
            .without(view.declared.unwrap_or(Types::ALL))
            .is_empty()
}

/// Takes the types out that no value can have, and says so where none is left.
pub(super) fn contradictions<'a>(side: &Side<'a>, view: &mut View<'a>) {
    let impossible = impossible(side, view);
    let types = view.types();
    if types.is_empty() || !impossible.has(types) {
        view.contradicts |= types.is_empty() && !view.accepts_null();
    } else {
        let left = types.without(impossible);
        match left.is_empty() && !view.accepts_null() {
            true => view.contradicts = true,
            false if view.declared.is_some() && view.values.is_none() => view.declared = Some(left),
            false => {}
        }
    }
    let types = view.types();
    let mut conditions = view.conditions.iter();
    view.contradicts |= conditions.any(|condition| leaves_nothing(side, types, condition));
    view.contradicts |= has_no_value(side, view);
}

/// Whether a view may accept values of some types, as far as types, lists and alternatives say.
fn may_have<'a>(side: &Side<'a>, view: &View<'a>, types: Types) -> bool {
    may_have_within(side, view, types, &mut Vec::new())
}

/// `around`: the unions that led here. One that leads back to itself may have what it may.
fn may_have_within<'a>(
    side: &Side<'a>,
    view: &View<'a>,
    types: Types,
    around: &mut Vec<usize>,
) -> bool {
    let own = match (&view.values, view.declared) {
        (Some(values), None) => values.types().or(match values.null {
            true => Types::NULL,
            false => Types::NONE,
        }),
        (_, declared) => declared.unwrap_or(Types::ALL),
    };
    let mut in_union = |union: &Union<'a>| {
        let id = union.at.id();
        if around.contains(&id) {
            return true;
        }
        around.push(id);
        let found = union.live.iter().any(|at| {
            let member = side.view_unless_under_way(&Set::one(union.members[*at].clone()));
            member.is_none_or(|member| may_have_within(side, &member, types, around))
        });
        around.pop();
        found
    };
    own.has(types) && view.unions.iter().all(&mut in_union)
}

/// The kinds of value that are excluded altogether.
fn excluded<'a>(side: &Side<'a>, view: &View<'a>) -> Types {
    let wholly = |at: &At<'a>| {
        let part = side.view_unless_under_way(&Set::one(at.clone()))?;
        // Its bounds exclude nothing more where those around it are as strict.
        let is_weaker = part.bounds.iter().all(|(limit, bound)| {
            let own = view.bounds.get(limit);
            own.is_some_and(|own| !is_stricter(*limit, bound, own))
        });
        let is_plain = part.says_only_bounds() && is_weaker && part.contents.is_empty();
        let is_plain = is_plain && part.unions.is_empty() && !part.is_unmet();
        part.declared.filter(|_| is_plain)
    };
    let gone = view
        .excluded
        .iter()
        .filter_map(wholly)
        .fold(Types::NONE, Types::or);
    let kinds = view.types().kinds().into_iter();
    let gone = kinds.filter(|kind| kind.without(gone).is_empty());
    gone.fold(Types::NONE, Types::or)
}

/// Whether a condition leaves nothing, whether it holds or not.
fn leaves_nothing<'a>(side: &Side<'a>, types: Types, condition: &Condition<'a>) -> bool {
    fails(side, &condition.then, types) && fails(side, &condition.otherwise, types)
}

/// Whether values are listed and none of them is accepted.
fn has_no_value<'a>(side: &Side<'a>, view: &View<'a>) -> bool {
    let Some(values) = &view.values else {
        return false;
    };
    let is_accepted = |at: &At<'a>| evaluate::accepts(side, view, at.node) != Some(false);
    let is_typed = |at: &&At<'a>| view.types().has(Types::of_value(at.node));
    // Where numbers are listed and texts were meant, in one and the same schema, the list shows what
    // is meant.
    let owner = |at: &At<'a>| {
        at.pointer
            .rsplit_once('/')
            .map(|(owner, _)| owner.to_owned())
    };
    let beside = view
        .type_at
        .as_ref()
        .is_some_and(|at| owner(at) == owner(&values.at));
    let is_meant = beside && !values.list.iter().any(|at| is_typed(&at));
    !values.null && !values.list.is_empty() && !is_meant && !values.list.iter().any(is_accepted)
}

/// The types of which no value can meet a view.
fn impossible<'a>(side: &Side<'a>, view: &View<'a>) -> Types {
    let types = view.types();
    let checks: [(Types, &dyn Fn() -> bool); 4] = [
        (Types::NUMBER, &|| bounds::are_crossed(view)),
        (Types::STRING, &|| crossed_lengths(view)),
        (Types::ARRAY, &|| no_array(side, view)),
        (Types::OBJECT, &|| no_object(side, view)),
    ];
    let met = checks
        .iter()
        .filter(|(kind, check)| types.has(*kind) && check());
    met.fold(excluded(side, view), |all, (kind, _)| all.or(*kind))
}

fn count(view: &View<'_>, limit: Limit) -> Option<i128> {
    view.bounds
        .get(&limit)
        .and_then(|bound: &Bound<'_>| bound.value.to_i128())
}

fn crossed_lengths(view: &View<'_>) -> bool {
    let lengths: Vec<_> = view
        .patterns
        .iter()
        .filter_map(|(text, _)| patterns::lengths(text))
        .collect();
    let least = view
        .patterns
        .iter()
        .map(|(text, _)| patterns::least(text) as i128);
    let most = lengths
        .iter()
        .filter_map(|(_, most)| most.map(|most| most as i128));
    let least = least.chain(count(view, Limit::MinLength)).max();
    let most = most.chain(count(view, Limit::MaxLength)).min();
    least.zip(most).is_some_and(|(least, most)| least > most)
}

/// Whether no value meets all of these.
fn is_unmet<'a>(side: &Side<'a>, schemas: Vec<At<'a>>) -> bool {
    let set = Set::all(schemas);
    side.view_unless_under_way(&set)
        .is_some_and(|view| view.is_unmet())
}

/// How many items have to be looked at: those after the listed ones are alike.
fn places(view: &View<'_>) -> usize {
    let listed = view.arrays.iter().map(|part| part.first.len()).max();
    listed.unwrap_or(0) + 1
}

/// The number of items before the first that cannot be, where one cannot: no array is longer.
pub(super) fn ends<'a>(side: &Side<'a>, view: &View<'a>) -> Option<usize> {
    let item = |index: usize| -> Vec<At<'a>> {
        let parts = view.arrays.iter();
        let each = parts.filter_map(|part| part.first.get(index).or(part.rest.as_ref()).cloned());
        each.collect()
    };
    (0..places(view)).find(|index| is_unmet(side, item(*index)))
}

fn no_array<'a>(side: &Side<'a>, view: &View<'a>) -> bool {
    let item = |index: usize| -> Vec<At<'a>> {
        let parts = view.arrays.iter();
        let each = parts.filter_map(|part| part.first.get(index).or(part.rest.as_ref()).cloned());
        each.collect()
    };
    let places = places(view);
    let ends = ends(side, view).map(|index| index as i128);
    let most = ends.into_iter().chain(count(view, Limit::MaxItems)).min();
    let least = count(view, Limit::MinItems).unwrap_or(0);
    if most.is_some_and(|most| least > most) {
        return true;
    }
    let wanted = match view.contains.is_empty() {
        true => 0,
        false => count(view, Limit::MinContains).unwrap_or(1),
    };
    let counted = count(view, Limit::MaxContains).into_iter().chain(most);
    if counted.min().is_some_and(|most| wanted > most) {
        return true;
    }
    let asked = wanted > 0;
    let places = most.map_or(places, |most| {
        usize::try_from(most).unwrap_or(0).min(places)
    });
    let is_met = |contained: &At<'a>, index: usize| {
        let mut all = item(index);
        all.push(contained.clone());
        !is_unmet(side, all)
    };
    let mut contains = view.contains.iter();
    asked && contains.any(|one| !(0..places).any(|index| is_met(one, index)))
}

fn no_object<'a>(side: &Side<'a>, view: &View<'a>) -> bool {
    let most = count(view, Limit::MaxProperties);
    let least = count(view, Limit::MinProperties).unwrap_or(0);
    if most.is_some_and(|most| least > most || view.required.len() as i128 > most) {
        return true;
    }
    if closed_count(view).is_some_and(|count| least > count) {
        return true;
    }
    // Nothing can be there that others have to be.
    let is_shut = |part: &ObjectPart<'a>| {
        let rest = part.additional.clone().filter(|_| part.patterns.is_empty());
        rest.is_some_and(|rest| is_unmet(side, vec![rest]))
    };
    let few = |part: &ObjectPart<'a>| least > part.properties.len() as i128;
    let mut parts = view.objects.iter();
    if least > 0 && parts.any(|part| few(part) && is_shut(part)) {
        return true;
    }
    let mut asked = view.required.clone();
    // What an asked property asks for in turn.
    let needs = || view.needs.iter();
    while let Some(((_, needed), at)) =
        needs().find(|((name, needed), _)| asked.contains_key(name) && !asked.contains_key(needed))
    {
        asked.insert(needed, at.clone());
    }
    let mut asked = asked.iter();
    asked.any(|(name, at)| is_misnamed(side, view, at.node) || is_unmet(side, declared(view, name)))
}

/// Whether the names of properties exclude one.
pub(super) fn is_misnamed<'a>(side: &Side<'a>, view: &View<'a>, name: &Node) -> bool {
    let names = view.names.iter();
    let mut verdicts = names.map(|names| {
        let names = side.view_unless_under_way(&Set::one(names.clone()))?;
        evaluate::accepts(side, &names, name)
    });
    verdicts.any(|verdict| verdict == Some(false))
}

/// How many properties an object can have, where it lists all of them.
pub(super) fn closed_count(view: &View<'_>) -> Option<i128> {
    let is_closed = |at: &At<'_>| at.node.as_bool() == Some(false);
    let parts = view.objects.iter();
    let closed = parts
        .filter(|part| part.additional.as_ref().is_some_and(is_closed) && part.patterns.is_empty());
    let additional = closed.map(|part| part.properties.len() as i128).min();
    // What nothing evaluates beside its own properties is all of the others.
    let mut unevaluated = view.unevaluated_properties.iter();
    let is_plain =
        view.unions.is_empty() && view.conditions.is_empty() && view.dependents.is_empty();
    let free = |part: &ObjectPart<'_>| part.patterns.is_empty() && part.additional.is_none();
    let is_left = is_plain && unevaluated.any(is_closed) && view.objects.iter().all(free);
    let listed = view
        .objects
        .iter()
        .map(|part| part.properties.len() as i128)
        .sum();
    additional
        .into_iter()
        .chain(is_left.then_some(listed))
        .min()
}

/// Whether a branch can hold for no value of some types.
pub(super) fn fails<'a>(side: &Side<'a>, branch: &Option<At<'a>>, types: Types) -> bool {
    let view = branch
        .as_ref()
        .and_then(|at| side.view_unless_under_way(&Set::one(at.clone())));
    view.is_some_and(|view| view.is_unmet() || !may_have(side, &view, types))
}

/// The schemas of a property, as far as they speak of it by its name.
fn declared<'a>(view: &View<'a>, name: &str) -> Vec<At<'a>> {
    let parts = view.speaking_of(name);
    let own = parts.flat_map(|part| {
        let own = part.properties.get(name).cloned();
        own.into_iter().chain(part.covering(name))
    });
    own.collect()
}

/// Takes out the alternatives that no value meets beside everything else. Where one is left, it must
/// hold: the set in which it is chosen.
pub(super) fn alternatives<'a>(
    side: &Side<'a>,
    set: &Set<'a>,
    view: &mut View<'a>,
) -> Option<Set<'a>> {
    let mut members = view.unions.iter().map(|union| union.members.len());
    let combinations = members.try_fold(1_usize, usize::checked_mul);
    let are_few = combinations.is_some_and(|count| count <= MOST);
    let endless = side.endless.borrow();
    let is_endless = view
        .unions
        .iter()
        .any(|union| endless.contains(&union.at.id()));
    drop(endless);
    if view.unions.is_empty() || !are_few || is_endless || set.picks.len() > 2 {
        return None;
    }
    for union in &mut view.unions {
        let id = union.at.id();
        let is_met = |index: &usize| {
            let chosen = side.view_unless_under_way(&set.pick(id, *index));
            chosen.is_none_or(|view| !view.is_unmet())
        };
        union.live.retain(is_met);
        match union.live.as_slice() {
            [] => view.contradicts = true,
            [only] if union.discriminator.is_none() && union.members.len() > 1 => {
                return Some(set.pick(id, *only));
            }
            _ => {}
        }
    }
    None
}
