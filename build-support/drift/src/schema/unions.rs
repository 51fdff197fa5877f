//! Alternatives: each of one document is matched with one of the other.

use super::set::Set;
use super::side::Side;
use super::types::Types;
use super::view::{Values, View};
use super::{Comparison, home, place, values};
use crate::at::At;
use crate::finding::{Finding, Spot, Verdict};
use crate::kind::Kind;
use crate::report::{Effect, Severity};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

mod apart;
mod discriminators;
mod finite;
mod matching;
mod null;
mod overlap;
mod ways;

/// One way to meet a schema.
#[derive(Clone)]
pub(super) struct Alternative<'a> {
    pub set: Set<'a>,
    pub view: Rc<View<'a>>,
    /// The members chosen on the way.
    pub members: Vec<At<'a>>,
    /// The discriminators beside the unions on the way.
    pub discriminators: Vec<At<'a>>,
    /// Whether it is a member of a `oneOf` within another union, so that it may reject what its own
    /// words accept.
    pub guarded: bool,
    /// The names of the referenced members, and their names by a discriminator.
    pub label: Option<String>,
    pub tags: Vec<String>,
    /// The properties that are limited to values, and these as texts.
    fixed: OnceCell<Rc<Fixed<'a>>>,
}

/// Properties that are limited to values.
type Fixed<'a> = BTreeMap<&'a str, BTreeSet<String>>;

/// Compares two schemas, alternatives first.
pub(super) fn compare<'a>(
    c: &mut Comparison<'_, 'a>,
    base: &Set<'a>,
    revision: &Set<'a>,
    b: &View<'a>,
    r: &View<'a>,
) {
    if b.unions.is_empty() && r.unions.is_empty() {
        return plain(c, (base, b), (revision, r));
    }
    if finite::compare(c, b, r) {
        return;
    }
    if apart::one_sided(c, (base, b), (revision, r)) {
        c.nested = has_one_of(b) || has_one_of(r);
        return;
    }
    let old = ways::alternatives(&c.engine.base, base);
    let new = ways::alternatives(&c.engine.revision, revision);
    let (Some(old), Some(new)) = (old, new) else {
        c.nested = has_one_of(b) || has_one_of(r);
        if !apart::one_by_one(c, (base, b), (revision, r)) {
            too_many(c, b, r);
        }
        return;
    };
    if !base.null_settled {
        null::compare(c, b, r, (null::is_taken(b, &old), null::is_taken(r, &new)));
    }
    c.nested = old.iter().chain(&new).any(|one| one.guarded);
    let (old, new) = (null::without(old), null::without(new));
    let (old, new) = (without_unmet(old), without_unmet(new));
    let (old, new) = (without_absorbed(b, old), without_absorbed(r, new));
    let (old, new) = (
        by_type(&c.engine.base, &old, &new),
        by_type(&c.engine.revision, &new, &old),
    );
    kinds(c, b, r, &old);
    discriminators::of_unions(c, (b, &old), (r, &new));
    let moved = match_up(c, (b, &old), (r, &new));
    overlap::compare(c, (base, b, &old), (revision, r, &new), &moved);
}

/// Compares two schemas of which neither has alternatives.
fn plain<'a>(
    c: &mut Comparison<'_, 'a>,
    (base, b): (&Set<'a>, &View<'a>),
    (revision, r): (&Set<'a>, &View<'a>),
) {
    if !base.null_settled {
        null::compare(c, b, r, (b.accepts_null(), r.accepts_null()));
    }
    if base.picks.is_empty() && revision.picks.is_empty() {
        discriminators::inherited(c, b, r);
    }
    c.views(b, r);
}

fn too_many<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let message = "there are too many combinations of alternatives to compare";
    let finding = Finding::new(Kind::UnionChanged, Effect::Undecided, message);
    c.report(b, r, finding);
}

/// Whether one of its unions is a `oneOf`.
fn has_one_of(view: &View<'_>) -> bool {
    view.unions.iter().any(|union| union.exclusive)
}

/// Beside a type without more, `anyOf` needs no other values of that type: that is how people say
/// that a list of values is open.
fn without_absorbed<'a>(view: &View<'a>, list: Vec<Alternative<'a>>) -> Vec<Alternative<'a>> {
    if view.unions.iter().any(|union| union.exclusive) {
        return list;
    }
    let is_free = |one: &Alternative<'a>| {
        let is_bare = one.tags.is_empty() && !one.guarded;
        is_bare && one.view.declared.is_some() && !one.view.says_more_than_types()
    };
    let absorbs = |(other, free): (usize, &Alternative<'a>), at: usize, one: &Alternative<'a>| {
        let left = one.types().without(free.types());
        // Of two that are the same the first stays.
        let is_twin = is_free(one) && one.types() == free.types();
        other != at && left.is_empty() && (!is_twin || other < at)
    };
    let free: Vec<(usize, Alternative<'a>)> = list
        .iter()
        .enumerate()
        .filter(|(_, one)| is_free(one))
        .map(|(at, one)| (at, one.clone()))
        .collect();
    let mut list: Vec<(usize, Alternative<'a>)> = list.into_iter().enumerate().collect();
    list.retain(|(at, one)| {
        !free
            .iter()
            .any(|(other, free)| absorbs((*other, free), *at, one))
    });
    let list: Vec<Alternative<'a>> = list.into_iter().map(|(_, one)| one).collect();
    let repeats = |at: usize| list[..at].iter().any(|earlier| earlier.repeats(&list[at]));
    let kept = (0..list.len()).filter(|at| !repeats(*at));
    kept.map(|at| list[at].clone()).collect()
}

/// Beside a list of values an alternative that accepts none of them accepts nothing. Where all of
/// them are like that, what is listed is meant.
fn without_unmet(list: Vec<Alternative<'_>>) -> Vec<Alternative<'_>> {
    let is_met = |one: &Alternative<'_>| match &one.view.values {
        Some(values) => values
            .list
            .iter()
            .any(|at| values::admits(&one.view, at.node)),
        None => true,
    };
    let is_listed = list.iter().all(|one| one.view.values.is_some());
    match is_listed && list.iter().any(is_met) {
        true => list.into_iter().filter(is_met).collect(),
        false => list,
    }
}

/// The alternatives with those of several types taken apart, unless the other side has one of the
/// same types: `type: [string, integer]` is `oneOf` of both.
fn by_type<'a>(
    side: &Side<'a>,
    list: &[Alternative<'a>],
    other: &[Alternative<'a>],
) -> Vec<Alternative<'a>> {
    let apart = |one: &Alternative<'a>| -> Vec<Alternative<'a>> {
        let types = one.types();
        let kinds = types.kinds();
        let is_known = other.iter().any(|other| other.types() == types);
        match one.view.declared.is_none() || kinds.len() < 2 || is_known {
            true => vec![one.clone()],
            false => kinds
                .iter()
                .map(|&kind| one.restricted(side, kind))
                .collect(),
        }
    };
    list.iter().flat_map(apart).collect()
}

/// `oneOf` rejects what fits two alternatives, `anyOf` does not.
fn kinds<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>, old: &[Alternative<'a>]) {
    let ([base], [revision]) = (b.unions.as_slice(), r.unions.as_slice()) else {
        return;
    };
    if base.exclusive == revision.exclusive
        || old.len() < 2
        || matching::are_apart(&c.engine.base, old)
    {
        return;
    }
    let (kind, effect, message) = match revision.exclusive {
        true => (
            Kind::UnionNarrowed,
            Effect::Narrowed,
            "a value that fits several alternatives is rejected",
        ),
        false => (
            Kind::UnionWidened,
            Effect::Widened,
            "a value may fit several alternatives",
        ),
    };
    let finding = Finding::new(kind, effect, message).judged(Verdict::AtMost(Severity::Warning));
    c.out
        .findings
        .push(finding.at(&base.at.pointer, &revision.at.pointer));
}

/// Compares alternative by alternative. What may have become more or less of each.
fn match_up<'a>(
    c: &mut Comparison<'_, 'a>,
    (b, old): (&View<'a>, &[Alternative<'a>]),
    (r, new): (&View<'a>, &[Alternative<'a>]),
) -> Moved {
    let matched = matching::pairs(c, old, new);
    let mut moved = Moved {
        shrunk: vec![true; old.len()],
        grown: vec![true; new.len()],
    };
    let shared = (shared_tags(old), shared_tags(new));
    let is_named_alone = |(one, other): (usize, usize)| {
        let alone = |one: &Alternative<'a>, shared: &BTreeSet<&str>| {
            let mut tags = one.tags.iter();
            !one.tags.is_empty() && !tags.any(|tag| shared.contains(tag.as_str()))
        };
        alone(&old[one], &shared.0) && alone(&new[other], &shared.1)
    };
    let is_open = has_open(&c.engine.base, old) || has_open(&c.engine.revision, new);
    let is_meant = is_open && old.len() > 1 && new.len() > 1;
    for &(one, other) in &matched.pairs {
        let is_any = [b, r]
            .iter()
            .all(|view| view.unions.iter().all(|union| !union.exclusive));
        let is_covered = is_any && matching::are_covered(c, (old, one), (new, other));
        let at = (one, other);
        let (one, other) = (&old[one], &new[other]);
        discriminators::names(c, (b, one), (r, other));
        let is_named = matching::names(&one.view) == matching::names(&other.view);
        let is_named = is_named && one.tags == other.tags;
        let (one, other) = (one.set.without_null(), other.set.without_null());
        let effect = c.effect(&one, &other);
        let may = |way| !is_named || effect != Effect::Equal && effect != way;
        moved.shrunk[at.0] = may(Effect::Widened);
        moved.grown[at.1] = may(Effect::Narrowed);
        match is_named_alone(at) || is_meant && !is_any {
            _ if is_covered => {}
            true => c.part(one, other),
            // Another alternative may accept what this one rejects.
            false => c.among(one, other),
        }
    }
    if let Some((ours, theirs)) = matched.lists {
        let ours = listed(&c.engine.base, b, old, &ours);
        let theirs = listed(&c.engine.revision, r, new, &theirs);
        values::compare(c, &ours, &theirs);
    }
    gone(c, (b, old), r, &matched.gone);
    added(c, b, (r, new), &matched.new);
    moved
}

/// Whether an alternative is an open object. It accepts nearly every other, and that is not what people
/// mean, unless one schema stands for several alternatives, or one name does. Alternatives that list no
/// properties are conditions on one object.
fn has_open<'a>(side: &Side<'a>, list: &[Alternative<'a>]) -> bool {
    let mut open = list
        .iter()
        .filter(|one| one.tags.is_empty() && one.view.is_open_object());
    open.any(|one| one.lists_properties(side))
}

/// Reports the alternatives that are not there any more.
fn gone<'a>(
    c: &mut Comparison<'_, 'a>,
    (b, old): (&View<'a>, &[Alternative<'a>]),
    r: &View<'a>,
    list: &[usize],
) {
    for &at in list {
        let message = format!("the alternative {} was removed", old[at].name());
        let finding = Finding::new(Kind::AlternativeRemoved, Effect::Narrowed, message);
        let finding = c.if_it_occurs(finding, &old[at].pointers());
        c.out
            .findings
            .push(finding.at(old[at].place(b), union_of(r)));
    }
}

/// Reports the alternatives that were not there before.
fn added<'a>(
    c: &mut Comparison<'_, 'a>,
    b: &View<'a>,
    (r, new): (&View<'a>, &[Alternative<'a>]),
    list: &[usize],
) {
    for &at in list {
        let message = format!("the alternative {} was added", new[at].name());
        let mut finding = Finding::new(Kind::AlternativeAdded, Effect::Widened, message);
        let is_tagged = !new[at].tags.is_empty();
        let is_open = c.engine.options.open_enums.is_open(&union_of(r).pointer);
        if is_tagged && is_open && !c.is_request() {
            finding = finding.judged(Verdict::AtMost(Severity::Warning));
        }
        let finding = c.if_it_occurs(finding, &new[at].pointers());
        c.out
            .findings
            .push(finding.at(union_of(b), new[at].place(r)));
    }
}

/// The values of a discriminator that stand for several alternatives.
fn shared_tags<'l>(list: &'l [Alternative<'_>]) -> BTreeSet<&'l str> {
    let mut known = BTreeSet::new();
    let tags = list.iter().flat_map(|one| &one.tags).map(String::as_str);
    tags.filter(|tag| !known.insert(*tag)).collect()
}

/// Which alternatives may accept less than before, or more.
struct Moved {
    /// Of the base.
    shrunk: Vec<bool>,
    /// Of the revision.
    grown: Vec<bool>,
}

/// Alternatives that are lists of values, as one list.
fn listed<'a>(
    side: &Side<'a>,
    view: &View<'a>,
    all: &[Alternative<'a>],
    some: &[usize],
) -> View<'a> {
    let views = some.iter().map(|&at| &all[at].view);
    let lists = views.filter_map(|view| Some((view, view.values.as_ref()?)));
    let each = lists.clone();
    let list: Vec<At<'a>> = each
        .flat_map(|(view, one)| values::accepted(side, view, one))
        .collect();
    let union = view.unions.first().map(|union| union.at.clone());
    let at = union.or_else(|| lists.map(|(_, one)| one.at.clone()).next());
    View {
        home: view.home.clone(),
        values: at.map(|at| Values::new(at, list)),
        ..View::default()
    }
}

/// The list of alternatives, where one is missing.
fn union_of(view: &View<'_>) -> Spot {
    let union = view.unions.first();
    let pointer = union.map_or_else(|| home(view), |union| Rc::clone(&union.at.pointer));
    Spot {
        pointer,
        exact: false,
    }
}

impl<'a> Alternative<'a> {
    /// Whether it is nothing but a list of values.
    pub fn is_list(&self) -> bool {
        self.view.values.is_some() && self.view.objects.is_empty() && self.tags.is_empty()
    }

    fn types(&self) -> Types {
        self.view.types().without(Types::NULL)
    }

    /// Whether another one is written in the same words.
    fn repeats(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.members.iter(), other.members.iter());
        let nodes = |at: &At<'a>| at.node;
        self.tags == other.tags && ours.map(nodes).eq(theirs.map(nodes))
    }

    /// Whether its members list properties, whatever is listed beside them.
    fn lists_properties(&self, side: &Side<'a>) -> bool {
        let mut members = self.members.iter();
        members.any(|at| !matching::names(&side.view(&Set::one(at.clone()))).is_empty())
    }

    /// Where the schemas stand that all hold for it: the members on the way, and the whole, unless that
    /// may reject an object because it fits several open members, which is not what people mean.
    fn pointers(&self) -> Vec<Rc<str>> {
        let is_object = self.types().has(Types::OBJECT);
        let whole = self.set.home_pointer();
        let whole = whole.filter(|_| self.members.is_empty() || !is_object);
        let members = self.members.iter().map(|at| Rc::clone(&at.pointer));
        whole.into_iter().chain(members).collect()
    }

    fn restricted(&self, side: &Side<'a>, only: Types) -> Self {
        let set = self.set.restricted(only);
        Self {
            view: side.view(&set),
            set,
            fixed: OnceCell::new(),
            ..self.clone()
        }
    }

    fn name(&self) -> String {
        let label = self.label.as_deref().map(|label| {
            let names = label.split(" + ");
            let last = |text: &str| text.rsplit('/').next().unwrap_or(text).to_owned();
            names.map(last).collect::<Vec<_>>().join(" + ")
        });
        match label {
            Some(label) => format!("`{label}`"),
            None => format!("({})", self.view.types().words()),
        }
    }

    fn place(&self, view: &View<'a>) -> Spot {
        place(&self.members.last().cloned(), view)
    }
}
