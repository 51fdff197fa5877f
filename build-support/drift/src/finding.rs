//! The findings of a comparison, before it is known whether clients or servers are affected.

use super::kind::Kind;
use super::report::{Directions, Effect, Severity};
use std::rc::Rc;

/// A difference.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub kind: Kind,
    /// What it does to the accepted values; `None` where it is not about values.
    pub effect: Option<Effect>,
    pub verdict: Verdict,
    pub base: Option<Spot>,
    pub revision: Option<Spot>,
    pub message: String,
    /// The property of an object that it is about.
    pub property: Option<Rc<str>>,
}

/// A pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub pointer: Rc<str>,
    /// Whether what changed stands there; else it is where it is missing, which is not always the
    /// same place for one and the same cause.
    pub exact: bool,
}

impl From<&Rc<str>> for Spot {
    fn from(pointer: &Rc<str>) -> Self {
        Self {
            pointer: Rc::clone(pointer),
            exact: true,
        }
    }
}

impl From<&Self> for Spot {
    fn from(spot: &Self) -> Self {
        spot.clone()
    }
}

/// How its severity is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// From effect and directions.
    ByEffect,
    /// From effect and directions, but what would break is undecided.
    Unsure,
    /// From effect and directions, but no worse than this.
    AtMost(Severity),
    /// This, whatever the effect.
    Fixed(Severity),
}

impl Finding {
    pub fn new(kind: Kind, effect: Effect, message: impl Into<String>) -> Self {
        Self {
            kind,
            effect: Some(effect),
            verdict: Verdict::ByEffect,
            base: None,
            revision: None,
            message: message.into(),
            property: None,
        }
    }

    /// One about a property of an object.
    pub fn of(mut self, property: &str) -> Self {
        self.property = Some(Rc::from(property));
        self
    }

    /// One that changes no accepted values.
    pub fn fixed(kind: Kind, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            effect: None,
            verdict: Verdict::Fixed(severity),
            ..Self::new(kind, Effect::Equal, message)
        }
    }

    /// The same with its places.
    pub fn at(mut self, base: impl Into<Spot>, revision: impl Into<Spot>) -> Self {
        self.base = Some(base.into());
        self.revision = Some(revision.into());
        self
    }

    /// The same, with how its severity is found.
    pub fn judged(mut self, verdict: Verdict) -> Self {
        self.verdict = verdict;
        self
    }

    /// Makes it a warning at most, since no value can show it.
    pub fn moot(&mut self) {
        self.verdict = match self.verdict {
            Verdict::Fixed(severity) => Verdict::Fixed(severity.min(Severity::Warning)),
            Verdict::AtMost(limit) => Verdict::AtMost(limit.min(Severity::Warning)),
            Verdict::ByEffect | Verdict::Unsure => Verdict::AtMost(Severity::Warning),
        };
    }

    /// Makes a breaking change undecided, so that a person decides.
    pub fn doubt(&mut self) {
        if self.verdict == Verdict::ByEffect {
            self.verdict = Verdict::Unsure;
        }
    }

    /// The same inside of what may hold for no value.
    pub fn leave_open(&mut self) {
        let is_removed = matches!(
            self.kind,
            Kind::RequiredPropertyRemoved | Kind::PropertyRemoved
        );
        match self.verdict {
            Verdict::Fixed(Severity::Breaking) if is_removed => {
                self.verdict = Verdict::Fixed(Severity::Undecided);
            }
            _ => self.doubt(),
        }
    }

    /// The severity for the side that consumes the values; `soft` where only errors are affected.
    pub fn severity(&self, directions: Option<Directions>, soft: bool) -> Severity {
        let derived = derived(self.effect.unwrap_or(Effect::Equal), directions);
        let severity = match self.verdict {
            Verdict::ByEffect => derived,
            Verdict::Unsure if derived == Severity::Breaking => Severity::Undecided,
            Verdict::Unsure => derived,
            Verdict::AtMost(limit) => derived.min(limit),
            Verdict::Fixed(severity) => severity,
        };
        match soft {
            true => severity.min(Severity::Warning),
            false => severity,
        }
    }
}

fn derived(effect: Effect, directions: Option<Directions>) -> Severity {
    match (effect, directions) {
        (Effect::Equal, _) => Severity::Compatible,
        (Effect::Undecided, _) => Severity::Undecided,
        (Effect::Both, _) | (_, Some(Directions::Both) | None) => Severity::Breaking,
        (Effect::Narrowed, Some(Directions::Request)) => Severity::Breaking,
        (Effect::Widened, Some(Directions::Response)) => Severity::Breaking,
        (Effect::Narrowed | Effect::Widened, _) => Severity::Compatible,
    }
}

/// The effect of two changes together.
pub(super) fn join(one: Effect, other: Effect) -> Effect {
    match (one, other) {
        (Effect::Equal, effect) | (effect, Effect::Equal) => effect,
        (Effect::Undecided, _) | (_, Effect::Undecided) => Effect::Undecided,
        (one, other) if one == other => one,
        _ => Effect::Both,
    }
}

/// The effect on what is left when a schema's values are excluded.
pub(super) fn flip(effect: Effect) -> Effect {
    match effect {
        Effect::Widened => Effect::Narrowed,
        Effect::Narrowed => Effect::Widened,
        same => same,
    }
}

/// The effect of losing some values and gaining others.
pub(super) fn effect(lost: bool, gained: bool) -> Effect {
    match (lost, gained) {
        (false, false) => Effect::Equal,
        (true, false) => Effect::Narrowed,
        (false, true) => Effect::Widened,
        (true, true) => Effect::Both,
    }
}
