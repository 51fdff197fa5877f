//! The transition tables: consistent, and equal to the facts in `transitions.txt`. Where the published
//! guide is beside the checkout, they are compared with it too.

mod written;

use std::collections::BTreeSet;

use offblocks_cards::rules::{
    AccountState, Actor, AuthorisationState, CardMove, CardState, CustomerMove, CustomerState,
    Lifecycle, TransactionState,
};
use written::Written;

/// A table that is true of every lifecycle.
fn is_whole<S: Lifecycle>(first: S) {
    let mut seen = BTreeSet::new();
    for step in S::TRANSITIONS {
        assert!(!step.actors.is_empty(), "{step:?} has no actor");
        assert_ne!(step.from, step.to, "{step:?} does not change the state");
        for actor in step.actors {
            let key = (step.from, step.cause.to_string(), *actor);
            assert!(seen.insert(key), "the table lists {step:?} twice");
            assert_eq!(step.from.after(step.cause, *actor), Ok(step.to));
        }
    }
    for state in S::STATES.iter().copied() {
        assert_eq!(state.to_string().parse::<S>().as_ref(), Ok(&state));
        assert!(
            first.can_become(state),
            "{state} is out of reach of {first}"
        );
    }
}

#[test]
fn every_state_is_in_reach_and_no_step_is_ambiguous() {
    is_whole(CustomerState::Initiating);
    is_whole(AccountState::Initiating);
    is_whole(CardState::Issuing);
    is_whole(AuthorisationState::Pending);
    is_whole(TransactionState::Processing);
}

#[test]
fn whatever_the_table_does_not_list_is_rejected() {
    for state in CardState::ALL.iter().copied() {
        for cause in CardMove::ALL.iter().copied() {
            let listed = state
                .transitions()
                .any(|step| step.cause == cause && step.actors.contains(&Actor::Programme));
            assert_eq!(
                state.after(cause, Actor::Programme).is_ok(),
                listed,
                "{state}, {cause}"
            );
        }
    }
}

#[test]
fn a_rejection_says_what_the_state_has_to_be() {
    let cases = [
        (
            CardState::Active,
            CardMove::Activate,
            "an active card cannot be activated: it has to be inactive",
        ),
        (
            CardState::Terminated,
            CardMove::Deactivate,
            "a terminated card cannot be deactivated: terminated is a final state",
        ),
        (
            CardState::Issuing,
            CardMove::Terminate,
            "an issuing card cannot be terminated: it has to be active or inactive or \
             suspended",
        ),
        (
            CardState::Active,
            CardMove::Block,
            "an active card cannot be blocked: only OffBlocks decides that",
        ),
        (
            CardState::Inactive,
            CardMove::Block,
            "an inactive card cannot be blocked: only OffBlocks decides that, and it has to be \
             suspended or active",
        ),
    ];
    for (state, cause, expected) in cases {
        let rejection = state.after(cause, Actor::Programme).unwrap_err();
        assert_eq!(rejection.to_string(), expected);
    }
}

/// A customer is rejected by two actors, each in states of its own.
#[test]
fn a_rejection_says_who_decides_in_which_states() {
    let simulator = "for the simulator it has to be verifying; OffBlocks decides that when it is \
                     screening or active";
    for (state, actor, expected) in [
        (CustomerState::Inactive, Actor::Simulator, simulator),
        (CustomerState::Initiating, Actor::Simulator, simulator),
        (CustomerState::Active, Actor::Simulator, simulator),
        (CustomerState::Screening, Actor::Simulator, simulator),
        (
            CustomerState::Inactive,
            Actor::OffBlocks,
            "it has to be screening or verifying or active",
        ),
        (
            CustomerState::Rejected,
            Actor::Simulator,
            "rejected is a final state",
        ),
    ] {
        let rejection = state.after(CustomerMove::Reject, actor).unwrap_err();
        let text = rejection.to_string();
        let reason = text.split_once(": ").unwrap().1;
        assert_eq!(reason, expected, "{state} by {actor}");
    }
}

/// Compares a table with the lines about it in `transitions.txt`.
fn is_listed<S: Lifecycle>() {
    let rows = include_str!("transitions.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|row| row.first() == Some(&S::ENTITY));
    let listed: BTreeSet<String> = rows.map(|row| row[1..].join(" ")).collect();
    let steps = S::TRANSITIONS.iter().map(|step| {
        let mut actors: Vec<_> = step.actors.iter().map(actor_name).collect();
        actors.sort_unstable();
        format!("{} {} {}", step.from, step.to, actors.join(" "))
    });
    let finals = S::STATES.iter().filter(|state| state.is_final());
    let table: BTreeSet<String> = steps
        .chain(finals.map(|state| format!("{state} (final)")))
        .collect();
    assert_eq!(
        table,
        listed,
        "{}: src/rules and tests/transitions.txt differ; one of them is wrong",
        S::ENTITY
    );
}

fn actor_name(actor: &Actor) -> &'static str {
    match actor {
        Actor::Programme => "programme",
        Actor::Simulator => "simulator",
        Actor::OffBlocks => "offblocks",
    }
}

#[test]
fn the_tables_are_the_listed_transitions() {
    is_listed::<CustomerState>();
    is_listed::<AccountState>();
    is_listed::<CardState>();
    is_listed::<AuthorisationState>();
    is_listed::<TransactionState>();
}

/// Compares a table with the sentence about it.
fn is_written<S: Lifecycle>(entity: &str, text: &str) {
    let written = Written::of(entity, text);
    let steps: BTreeSet<_> = S::TRANSITIONS
        .iter()
        .map(|step| (step.from.to_string(), step.to.to_string()))
        .collect();
    assert_eq!(
        steps, written.steps,
        "{entity}: the table and the text list other steps"
    );
    let finals: BTreeSet<_> = S::STATES
        .iter()
        .filter(|state| state.is_final())
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        finals, written.finals,
        "{entity}: the table and the text end elsewhere"
    );
    let states: BTreeSet<_> = S::STATES.iter().map(ToString::to_string).collect();
    assert_eq!(
        states,
        written.states(),
        "{entity}: the table and the text have other states"
    );
}

#[test]
#[ignore = "needs the published contract"]
fn the_tables_are_what_the_published_guide_says() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/offblocks/behaviour.md"
    );
    let text = std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("put the published guide at {path}: {error}"));
    is_written::<CustomerState>("Customer", &text);
    is_written::<AccountState>("Account", &text);
    is_written::<CardState>("Card", &text);
    is_written::<AuthorisationState>("Authorisation", &text);
    is_written::<TransactionState>("Transaction", &text);
}
