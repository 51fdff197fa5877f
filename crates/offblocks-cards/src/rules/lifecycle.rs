//! What all lifecycles have in common.

use std::fmt::{self, Debug, Display, Formatter};
use std::hash::Hash;
use std::str::FromStr;

use thiserror::Error;

/// The states of one kind of entity and the table of transitions between them.
///
/// A step that the table does not list is rejected; over the API that is a 409 or a 400.
pub trait Lifecycle:
    Copy + Debug + Display + Eq + FromStr<Err = UnknownName> + Hash + Ord + Send + Sync + 'static
{
    /// What moves an entity from one state to another. Its name is the participle that completes
    /// "the card cannot be …".
    type Move: Copy + Debug + Display + Eq + Send + Sync + 'static;

    /// What the entity is called, for example `card`.
    const ENTITY: &'static str;

    /// All states.
    const STATES: &'static [Self];

    /// The table: each legal step once.
    const TRANSITIONS: &'static [Transition<Self>];

    /// The state after a move, caused by this actor.
    ///
    /// # Errors
    /// When the table does not list the step, or lists it for other actors only.
    fn after(self, cause: Self::Move, actor: Actor) -> Result<Self, TransitionRejection<Self>> {
        self.transitions()
            .find(|step| step.cause == cause && step.actors.contains(&actor))
            .map(|step| step.to)
            .ok_or(TransitionRejection {
                state: self,
                cause,
                actor,
            })
    }

    /// The steps that begin in this state.
    fn transitions(self) -> impl Iterator<Item = &'static Transition<Self>> {
        Self::TRANSITIONS
            .iter()
            .filter(move |step| step.from == self)
    }

    /// Whether no step begins in this state.
    fn is_final(self) -> bool {
        self.transitions().next().is_none()
    }

    /// Whether a sequence of steps, possibly empty, leads from this state to the other.
    fn can_become(self, other: Self) -> bool {
        let mut reached = vec![self];
        let mut next = 0;
        while let Some(state) = reached.get(next).copied() {
            for step in state.transitions() {
                if !reached.contains(&step.to) {
                    reached.push(step.to);
                }
            }
            next += 1;
        }
        reached.contains(&other)
    }
}

/// One legal step of a lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition<S: Lifecycle> {
    /// The state before.
    pub from: S,
    /// What causes the step.
    pub cause: S::Move,
    /// The state after.
    pub to: S,
    /// Who may cause it.
    pub actors: &'static [Actor],
}

/// Who causes a step. The name is used in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// The programme, by a call of the API.
    Programme,
    /// A call of the sandbox's simulator, which takes the place of merchants, issuers and checks.
    Simulator,
    /// OffBlocks itself: its checks, the card network, the chain.
    OffBlocks,
}

/// A move that the state does not allow.
///
/// The text names the reason. Where possible, it also names a state that would allow the move, or the actor
/// that may cause it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{article} {state} {entity} cannot be {cause}: {reason}", article = article(self.state),
    entity = S::ENTITY, reason = reason(self))]
#[non_exhaustive]
pub struct TransitionRejection<S: Lifecycle> {
    /// The state the entity is in.
    pub state: S,
    /// The move that was asked for.
    pub cause: S::Move,
    /// Who asked for it.
    pub actor: Actor,
}

/// The text is not one of the names.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown name {name:?}")]
pub struct UnknownName {
    /// The text.
    pub name: String,
}

/// A transition in one line, for the tables.
pub(super) const fn step<S: Lifecycle>(
    from: S,
    cause: S::Move,
    to: S,
    actors: &'static [Actor],
) -> Transition<S> {
    Transition {
        from,
        cause,
        to,
        actors,
    }
}

fn article<S: Lifecycle>(state: S) -> &'static str {
    match state.to_string().starts_with(['a', 'e', 'i', 'o', 'u']) {
        true => "an",
        false => "a",
    }
}

fn reason<S: Lifecycle>(rejection: &TransitionRejection<S>) -> String {
    let &TransitionRejection {
        state,
        cause,
        actor,
    } = rejection;
    if state.is_final() {
        return format!("{state} is a final state");
    }
    let listed = S::TRANSITIONS.iter().filter(|step| step.cause == cause);
    let (own, others): (Vec<_>, Vec<_>) = listed.partition(|step| step.actors.contains(&actor));
    match (own.is_empty(), others.first()) {
        (true, None) => "no transition does that".to_owned(),
        (false, None) => format!("it has to be {}", states(&own)),
        (true, Some(other)) if others.iter().any(|step| step.from == state) => {
            format!("only {} decides that", actors(other))
        }
        (true, Some(other)) => {
            let (who, states) = (actors(other), states(&others));
            format!("only {who} decides that, and it has to be {states}")
        }
        (false, Some(other)) => format!(
            "for {actor} it has to be {}; {} decides that when it is {}",
            states(&own),
            actors(other),
            states(&others)
        ),
    }
}

/// The states that steps begin in: "active or inactive".
fn states<S: Lifecycle>(steps: &[&Transition<S>]) -> String {
    let states: Vec<_> = steps.iter().map(|step| step.from.to_string()).collect();
    states.join(" or ")
}

/// Who may cause a step: "the simulator or OffBlocks".
fn actors<S: Lifecycle>(step: &Transition<S>) -> String {
    let actors: Vec<_> = step.actors.iter().map(Actor::to_string).collect();
    actors.join(" or ")
}

impl Display for Actor {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Programme => "the programme",
            Self::Simulator => "the simulator",
            Self::OffBlocks => "OffBlocks",
        })
    }
}
