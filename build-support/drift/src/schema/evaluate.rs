//! Whether a view accepts a value, as far as that can be said.

use super::set::Set;
use super::side::Side;
use super::types::Types;
use super::values;
use super::view::View;
use crate::at::At;
use contract::{Node, Value};

/// Whether a view accepts a value; `None` where that takes more than is looked at here: what is
/// inside of arrays and objects, and references that lead nowhere.
pub(super) fn accepts<'a>(side: &Side<'a>, view: &View<'a>, value: &Node) -> Option<bool> {
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
    verdicts.and(match value.value {
        Value::Array(_) | Value::Object(_) if view.values.is_none() => {
            is_free(view).then_some(true)
        }
        _ => Some(values::admits(view, value) || value.is_null()),
    });
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
    let view = side.view_unless_under_way(&Set::one(at.clone()))?;
    accepts(side, &view, value)
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

/// Whether arrays and objects are accepted as they are.
fn is_free(view: &View<'_>) -> bool {
    !view.says_more_than_types()
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
