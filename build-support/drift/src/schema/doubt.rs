//! Changes that a person has to decide: they break something by the keywords, but no value shows it.

use super::engine::{Doubt, Way};
use super::set::Set;
use super::side::Side;
use super::view::View;
use super::{Comparison, interplay};
use crate::finding::Finding;
use crate::kind::Kind;
use crate::report::{Directions, Severity};
use crate::witness::Proof;
use std::rc::Rc;

/// What a value of an open object can show, or one that fits several open members of a `oneOf`.
pub(super) const OPEN: [Kind; 10] = [
    Kind::AdditionalPropertiesNarrowed,
    Kind::AdditionalPropertiesWidened,
    Kind::PropertyNamesNarrowed,
    Kind::PropertyNamesWidened,
    Kind::UnevaluatedNarrowed,
    Kind::UnevaluatedWidened,
    Kind::AlternativeAdded,
    Kind::AlternativeRemoved,
    Kind::UnionNarrowed,
    Kind::UnionWidened,
];

impl<'a> Comparison<'_, 'a> {
    /// Where the keywords alone do not say what is accepted, a breaking change is undecided unless a value
    /// shows it: exclusions, conditions and alternatives may reject the changed values anyway.
    pub(super) fn doubt(&mut self, base: &Set<'a>, revision: &Set<'a>) {
        let directions = self.way.directions;
        let breaks =
            |finding: &Finding| finding.severity(Some(directions), false) == Severity::Breaking;
        if self.way.text || !self.out.findings.iter().any(breaks) {
            return;
        }
        if !self.is_doubtful(base, revision) {
            return;
        }
        let Some((old, new)) = self.home.clone() else {
            return;
        };
        let mut certain = vec![
            Kind::DiscriminatorChanged,
            Kind::DiscriminatorValueAdded,
            Kind::DiscriminatorValueRemoved,
        ];
        match self.engine.proof(&old, &new, directions) {
            None | Some(Proof::Meant) => return,
            Some(Proof::Open) => certain.extend(OPEN),
            Some(Proof::Nothing) => {}
        }
        // An open object accepts nearly every other, and that is not what people mean.
        let is_open = self.has_open_member(&self.engine.base, base)
            || self.has_open_member(&self.engine.revision, revision);
        if is_open {
            certain.extend([Kind::AlternativeAdded, Kind::AlternativeRemoved]);
        }
        let is_named = |finding: &Finding| certain.contains(&finding.kind);
        let doubted = self.out.findings.iter_mut();
        for finding in doubted.filter(|finding| breaks(finding) && !is_named(finding)) {
            finding.doubt();
        }
    }

    /// Whether an alternative is an object that says nothing of other properties.
    fn has_open_member(&self, side: &Side<'a>, set: &Set<'a>) -> bool {
        let view = side.view(set);
        let mut members = view.unions.iter().flat_map(|union| &union.members);
        members.any(|member| side.view(&Set::one(member.clone())).is_open_object())
    }

    /// Whether something beside what changed may reject the values that it is about.
    fn is_doubtful(&self, base: &Set<'a>, revision: &Set<'a>) -> bool {
        let is_picked = !base.picks.is_empty() || !revision.picks.is_empty();
        let views = [
            self.engine.base.view(base),
            self.engine.revision.view(revision),
        ];
        let mut views = views.iter();
        is_picked || views.any(|view| interplay::acts(view) || interplay::is_mixed(view))
    }

    /// A pair of schemas that hold for a value beside others, which may reject what changed anyway.
    pub(super) fn beside(&mut self, base: Set<'a>, revision: Set<'a>) {
        self.doubted(base, revision, Doubt::None);
    }

    /// A pair of alternatives: what one rejects another may accept.
    pub(super) fn among(&mut self, base: Set<'a>, revision: Set<'a>) {
        self.doubted(base, revision, Doubt::Open);
    }

    /// `open`: how much is doubted that only what an open object accepts shows.
    fn doubted(&mut self, base: Set<'a>, revision: Set<'a>, open: Doubt) {
        let directions = self.way.directions;
        let effect = self.effect(&base, &revision);
        let finding = Finding::new(Kind::ConstraintsAdded, effect, "");
        let breaks = finding.severity(Some(directions), false) == Severity::Breaking;
        let home = self.home.clone().filter(|_| breaks && !self.way.text);
        let proof = home.and_then(|(old, new)| self.engine.proof(&old, &new, directions));
        let doubt = match proof {
            None | Some(Proof::Meant) => Doubt::None,
            Some(Proof::Open) => open,
            Some(Proof::Nothing) => Doubt::Whole,
        };
        let way = Way {
            doubt: self.way.doubt.max(doubt),
            ..self.way
        };
        let id = self.engine.pair(base, revision, way);
        self.out.parts.push(id);
    }

    /// A pair of schemas that is part of two views, in which something may reject what changed anyway.
    pub(super) fn part_of(&mut self, (b, base): Of<'_, 'a>, (r, revision): Of<'_, 'a>) {
        match interplay::is_conditional(b) || interplay::is_conditional(r) {
            true => self.beside(base, revision),
            false => self.part(base, revision),
        }
    }

    /// The same for schemas of what is inside of the value, which may be left out there or not.
    pub(super) fn inside_of(
        &mut self,
        (b, base): Of<'_, 'a>,
        (r, revision): Of<'_, 'a>,
        optional: bool,
    ) {
        match interplay::is_conditional(b) || interplay::is_conditional(r) {
            true => self.beside(base, revision),
            false => self.inside(base, revision, optional),
        }
    }

    /// A finding that is left to people where it would break and no value is found that its sender may
    /// send by some schemas.
    pub(super) fn if_it_occurs(&mut self, mut finding: Finding, pointers: &[Rc<str>]) -> Finding {
        let directions = self.way.directions;
        let breaks = finding.severity(Some(directions), false) == Severity::Breaking;
        let is_sent = breaks && !self.way.text && directions != Directions::Both;
        if is_sent && self.engine.overlaps.occurs(pointers, directions) == Some(false) {
            finding.doubt();
        }
        finding
    }
}

/// A view and a part of it.
type Of<'v, 'a> = (&'v View<'a>, Set<'a>);
