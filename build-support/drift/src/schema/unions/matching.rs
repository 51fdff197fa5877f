//! Matches the alternatives of one document with those of the other.

use super::{Alternative, Fixed};
use crate::report::Effect;
use crate::schema::Comparison;
use crate::schema::canonical::canonical;
use crate::schema::set::Set;
use crate::schema::side::Side;
use crate::schema::types::Types;
use crate::schema::view::{Bound, Limit, View};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The alternatives that belong together, and those without a counterpart.
pub(super) struct Matched {
    pub pairs: Vec<(usize, usize)>,
    pub gone: Vec<usize>,
    pub new: Vec<usize>,
    /// Lists of values that together are one list, on both sides.
    pub lists: Option<(Vec<usize>, Vec<usize>)>,
}

/// How many pairs are compared in full to find those that are equal.
const MOST_TRIALS: usize = 2_000;

/// Matches alternatives by their names, then equal ones, then the most similar ones.
pub(super) fn pairs<'a>(
    c: &mut Comparison<'_, 'a>,
    old: &[Alternative<'a>],
    new: &[Alternative<'a>],
) -> Matched {
    let mut matched = Matched {
        pairs: Vec::new(),
        gone: (0..old.len()).collect(),
        new: (0..new.len()).collect(),
        lists: None,
    };
    matched.take_tagged(c, old, new);
    let is_tagged = |list: &[Alternative<'a>]| list.iter().any(|one| !one.tags.is_empty());
    if !(is_tagged(old) && is_tagged(new)) {
        // Several of one name are the alternatives of a union that is referred to.
        let is_name = |list: &[Alternative<'a>], label: &Option<String>| {
            label.is_some() && list.iter().filter(|one| one.label == *label).count() == 1
        };
        let is_named = |one: usize, other: usize| {
            let label = &old[one].label;
            *label == new[other].label && is_name(old, label) && is_name(new, label)
        };
        let mut is_equal = |one: usize, other: usize| {
            may_be_equal(&old[one].view, &new[other].view)
                && c.is_equal(&old[one].set.without_null(), &new[other].set.without_null())
        };
        // Names may have been exchanged.
        matched.take(|one, other| is_named(one, other) && is_equal(one, other));
        if matched.gone.len() * matched.new.len() <= MOST_TRIALS {
            matched.take(&mut is_equal);
        }
        matched.take(is_named);
    }
    if matched.gone.len() * matched.new.len() <= MOST_TRIALS {
        matched.take(|one, other| {
            may_be_equal(&old[one].view, &new[other].view)
                && c.is_equal(&old[one].set.without_null(), &new[other].set.without_null())
        });
    }
    matched.take_lists(old, new);
    matched.take_most_alike(c, old, new);
    matched.drop_included(c, old, new);
    matched.pairs.sort_unstable();
    matched
}

fn share(one: &[String], other: &[String]) -> bool {
    one.iter().any(|tag| other.contains(tag))
}

fn may_be_equal(one: &View<'_>, other: &View<'_>) -> bool {
    let is_same_kind = one.types().without(Types::NULL) == other.types().without(Types::NULL);
    let is_listed = one.values.is_some() || other.values.is_some();
    is_listed || is_same_kind && !differ_in_bounds(one, other)
}

/// Whether two kinds of whole numbers, or of texts, have the same bounds with other values and nothing
/// else. Most alternatives that are alike differ in no more, and comparing them costs far more.
fn differ_in_bounds(one: &View<'_>, other: &View<'_>) -> bool {
    let limits = match one.types().without(Types::NULL) {
        Types::INTEGER => [Limit::Minimum, Limit::Maximum],
        Types::STRING => [Limit::MinLength, Limit::MaxLength],
        _ => return false,
    };
    let is_plain = |view: &View<'_>| {
        let mut bounds = view.bounds.iter();
        let is_exact = |(limit, bound): (&Limit, &Bound<'_>)| {
            limits.contains(limit) && !bound.exclusive && bound.value.is_whole()
        };
        view.says_only_bounds()
            && view.contents.is_empty()
            && view.unions.is_empty()
            && !view.is_unmet()
            && bounds.all(is_exact)
    };
    let values = |view: &View<'_>| limits.map(|limit| view.bounds.get(&limit).map(|it| it.value));
    let (ours, theirs) = (values(one), values(other));
    let is_given_alike = ours.map(|it| it.is_some()) == theirs.map(|it| it.is_some());
    is_plain(one) && is_plain(other) && is_given_alike && ours != theirs
}

impl Matched {
    fn take(&mut self, mut belong: impl FnMut(usize, usize) -> bool) {
        let mut left = Vec::new();
        for one in std::mem::take(&mut self.gone) {
            match self.new.iter().position(|&other| belong(one, other)) {
                Some(at) => self.pairs.push((one, self.new.remove(at))),
                None => left.push(one),
            }
        }
        self.gone = left;
    }

    /// Those that share a value of the discriminator. Where several have the same value, equal ones
    /// belong together, then those of one name, then those most alike. Their order says nothing.
    fn take_tagged<'a>(
        &mut self,
        c: &mut Comparison<'_, 'a>,
        old: &[Alternative<'a>],
        new: &[Alternative<'a>],
    ) {
        let related = |one: usize, other: usize| share(&old[one].tags, &new[other].tags);
        let is_alone = |list: &[Alternative<'a>], at: usize| {
            let same = list.iter().filter(|one| share(&one.tags, &list[at].tags));
            same.count() == 1
        };
        self.take(|one, other| related(one, other) && is_alone(old, one) && is_alone(new, other));
        let is_named = |one: usize, other: usize| {
            old[one].label.is_some() && old[one].label == new[other].label
        };
        let mut trials = 0;
        let mut is_equal = |one: usize, other: usize| {
            trials += 1;
            trials <= MOST_TRIALS
                && may_be_equal(&old[one].view, &new[other].view)
                && c.is_equal(&old[one].set.without_null(), &new[other].set.without_null())
        };
        self.take(|one, other| related(one, other) && is_named(one, other) && is_equal(one, other));
        self.take(|one, other| related(one, other) && is_equal(one, other));
        self.take(|one, other| related(one, other) && is_named(one, other));
        self.take_best(|one, other, _| match related(one, other) {
            true => likeness(c, &old[one], &new[other], false),
            false => 0.0,
        });
        self.take(related);
    }

    /// `enum: [a, b]` is `oneOf` of `const: a` and `const: b`.
    fn take_lists<'a>(&mut self, old: &[Alternative<'a>], new: &[Alternative<'a>]) {
        let listed = |at: &usize, of: &[Alternative<'a>]| of[*at].is_list();
        let count = |left: &[usize], of| left.iter().filter(|at| listed(at, of)).count();
        let counts = (count(&self.gone, old), count(&self.new, new));
        if counts.0 == 0 || counts.1 == 0 || counts == (1, 1) {
            return;
        }
        let ours = self.gone.extract_if(.., |at| listed(at, old)).collect();
        let theirs = self.new.extract_if(.., |at| listed(at, new)).collect();
        self.lists = Some((ours, theirs));
    }

    fn take_most_alike<'a>(
        &mut self,
        c: &Comparison<'_, 'a>,
        old: &[Alternative<'a>],
        new: &[Alternative<'a>],
    ) {
        self.take_best(|one, other, lone| likeness(c, &old[one], &new[other], lone));
    }

    /// Those most alike first, as far as they are alike at all. The measure also depends on whether the two
    /// are the only ones left.
    fn take_best(&mut self, alike: impl Fn(usize, usize, bool) -> f64) {
        let lone = self.gone.len() == 1 && self.new.len() == 1;
        let mut all: Vec<(f64, usize, usize)> = Vec::new();
        for &one in &self.gone {
            let each = self
                .new
                .iter()
                .map(|&other| (alike(one, other, lone), one, other));
            all.extend(each.filter(|(alike, ..)| *alike >= 0.5));
        }
        // Of those that are alike to the same degree the first stay first.
        all.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
        for (_, one, other) in all {
            if self.gone.contains(&one) && self.new.contains(&other) {
                self.gone.retain(|&at| at != one);
                self.new.retain(|&at| at != other);
                self.pairs.push((one, other));
            }
        }
    }

    /// An alternative whose values another one accepts too makes no difference. For objects the other
    /// must list all their properties: an open one accepts nearly every other, and that is not what
    /// people mean.
    fn drop_included<'a>(
        &mut self,
        c: &mut Comparison<'_, 'a>,
        old: &[Alternative<'a>],
        new: &[Alternative<'a>],
    ) {
        self.gone.retain(|&one| {
            !new.iter().any(|other| {
                may_hold(other, &old[one]) && {
                    let effect = c.effect(&old[one].set.without_null(), &other.set.without_null());
                    matches!(effect, Effect::Equal | Effect::Widened)
                }
            })
        });
        self.new.retain(|&other| {
            !old.iter().any(|one| {
                may_hold(one, &new[other]) && {
                    let effect = c.effect(&one.set.without_null(), &new[other].set.without_null());
                    matches!(effect, Effect::Equal | Effect::Narrowed)
                }
            })
        });
    }
}

/// Whether one alternative may be said to lie within another.
fn may_hold(outer: &Alternative<'_>, inner: &Alternative<'_>) -> bool {
    let names = names(&inner.view);
    let is_object = inner.view.types().has(Types::OBJECT);
    !outer.guarded
        && (!is_object || !names.is_empty() && names.is_subset(&self::names(&outer.view)))
}

/// Whether the values of two that belong together are accepted anyway, on both sides, by other
/// alternatives.
pub(super) fn are_covered<'a>(
    c: &mut Comparison<'_, 'a>,
    (old, one): (&[Alternative<'a>], usize),
    (new, other): (&[Alternative<'a>], usize),
) -> bool {
    const MOST: usize = 20;
    if old.len() < 2 || new.len() < 2 || old.len() + new.len() > MOST {
        return false;
    }
    let set = |one: &Alternative<'a>| one.set.without_null();
    if c.is_equal(&set(&old[one]), &set(&new[other])) {
        return false;
    }
    let by_new = new.iter().enumerate().any(|(at, outer)| {
        at != other && may_hold(outer, &old[one]) && {
            let effect = c.effect(&set(&old[one]), &set(outer));
            matches!(effect, Effect::Equal | Effect::Widened)
        }
    });
    by_new
        && old.iter().enumerate().any(|(at, outer)| {
            at != one && may_hold(outer, &new[other]) && {
                let effect = c.effect(&set(outer), &set(&new[other]));
                matches!(effect, Effect::Equal | Effect::Narrowed)
            }
        })
}

/// How alike two alternatives are, from 0 to 1. `lone`: nothing else is left on either side.
fn likeness<'a>(
    c: &Comparison<'_, 'a>,
    one: &Alternative<'a>,
    other: &Alternative<'a>,
    lone: bool,
) -> f64 {
    let (a, b) = (&one.view, &other.view);
    let types = a.types().and(b.types()).without(Types::NULL);
    let fixed = (one.fixed(&c.engine.base), other.fixed(&c.engine.revision));
    if types.is_empty() || are_fixed_apart(&fixed.0, &fixed.1) {
        return 0.0;
    }
    let named = one.label.is_some() || other.label.is_some();
    if lone && !named {
        return 1.0;
    }
    if !types.has(Types::OBJECT) {
        return 0.6;
    }
    let (a, b) = (names(a), names(b));
    let all = a.union(&b).count();
    match all {
        0 => 0.5,
        _ => a.intersection(&b).count() as f64 / all as f64,
    }
}

/// The properties that a view lists.
pub(super) fn names<'a>(view: &View<'a>) -> BTreeSet<&'a str> {
    let names = view.objects.iter().flat_map(|part| part.properties.keys());
    names.copied().collect()
}

/// Whether a property has some values in the one and others in the other.
fn are_fixed_apart(one: &Fixed<'_>, other: &Fixed<'_>) -> bool {
    let mut shared = one
        .iter()
        .filter_map(|(name, ours)| Some((ours, other.get(name)?)));
    shared.any(|(ours, theirs)| ours.is_disjoint(theirs))
}

impl<'a> Alternative<'a> {
    /// The properties that are limited to values.
    fn fixed(&self, side: &Side<'a>) -> Rc<Fixed<'a>> {
        let fixed = self.fixed.get_or_init(|| {
            let names = names(&self.view).into_iter();
            let fixed = names.filter_map(|name| Some((name, values(side, &self.view, name)?)));
            Rc::new(fixed.collect())
        });
        Rc::clone(fixed)
    }
}

/// The values that a property is limited to, as texts.
fn values<'a>(side: &Side<'a>, view: &View<'a>, name: &str) -> Option<BTreeSet<String>> {
    let parts = view.objects.iter();
    let schemas = parts.filter_map(|part| part.properties.get(name).cloned());
    let of = side.view(&Set::all(schemas.collect()));
    let values = of.values.as_ref()?;
    Some(values.list.iter().map(|at| canonical(at.node)).collect())
}

/// Whether no value fits two of the alternatives of one document.
pub(super) fn are_apart<'a>(side: &Side<'a>, list: &[Alternative<'a>]) -> bool {
    list.iter().enumerate().all(|(at, one)| {
        let mut others = list[at + 1..].iter();
        others.all(|other| is_apart(side, one, other))
    })
}

/// Whether no value fits both of two alternatives of one document.
pub(super) fn is_apart<'a>(
    side: &Side<'a>,
    one: &Alternative<'a>,
    other: &Alternative<'a>,
) -> bool {
    let shared = one.view.types().and(other.view.types());
    let is_tagged = !one.tags.is_empty() && !other.tags.is_empty();
    shared.without(Types::NULL).is_empty()
        || are_fixed_apart(&one.fixed(side), &other.fixed(side))
        || (is_tagged && !share(&one.tags, &other.tags))
}
