//! What a state means for a wait.

use crate::rules::Lifecycle;

/// What a state means for a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is a state that was waited for.
    Reached,
    /// The lifecycle does not lead from here to a state that is waited for.
    Unreachable,
    /// Such a state can still be reached.
    Wait,
}

/// What a state means by the table of the lifecycle, when any of these is waited for, or any final state
/// where none is named. A state that this version does not know (`None`) can become any other.
#[must_use]
pub fn verdict<S: Lifecycle>(state: Option<S>, wanted: &[S]) -> Verdict {
    let Some(state) = state else {
        return Verdict::Wait;
    };
    let reached = match wanted {
        [] => state.is_final(),
        _ => wanted.contains(&state),
    };
    let final_states = || S::STATES.iter().filter(|state| state.is_final());
    let reachable = match wanted {
        // A lifecycle whose states all lead on has nothing to wait for.
        [] => final_states().any(|end| state.can_become(*end)),
        _ => wanted.iter().any(|end| state.can_become(*end)),
    };
    match (reached, reachable) {
        (true, _) => Verdict::Reached,
        (false, true) => Verdict::Wait,
        (false, false) => Verdict::Unreachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{
        AccountState, AuthorisationState, CardState, CustomerState, TransactionState,
    };

    /// The states by their verdicts: those that reach, those that fail, those that wait.
    fn table<S: Lifecycle>(wanted: &[S]) -> [String; 3] {
        let of = |meant: Verdict| {
            let states = S::STATES.iter();
            let states = states.filter(|state| verdict(Some(**state), wanted) == meant);
            let names: Vec<String> = states.map(ToString::to_string).collect();
            names.join(" ")
        };
        [Verdict::Reached, Verdict::Unreachable, Verdict::Wait].map(of)
    }

    #[test]
    fn each_entity_has_its_states_of_success_failure_and_waiting() {
        let [card, customer, account] = [
            table(&[CardState::Active]),
            table(&[CustomerState::Active]),
            table(&[AccountState::Active]),
        ];
        assert_eq!(
            card,
            [
                "active",
                "issue_failed blocked terminated",
                "issuing inactive suspended"
            ]
        );
        assert_eq!(
            customer,
            [
                "active",
                "rejected",
                "initiating screening verifying inactive"
            ]
        );
        assert_eq!(
            account,
            ["active", "closed failed", "initiating pending inactive"]
        );
        assert_eq!(
            table(&[AuthorisationState::Captured]),
            ["captured", "releasing released", "pending capturing"]
        );
        assert_eq!(
            table(&[TransactionState::Processed]),
            ["processed", "reversing reversed", "processing"]
        );
        assert_eq!(
            table::<AuthorisationState>(&[]),
            ["captured released", "", "pending capturing releasing"]
        );
        assert_eq!(
            table(&[CustomerState::Verifying, CustomerState::Active]),
            [
                "verifying active",
                "rejected",
                "initiating screening inactive"
            ]
        );
    }

    #[test]
    fn a_state_that_is_not_known_is_waited_out() {
        assert_eq!(verdict(None, &[CardState::Active]), Verdict::Wait);
    }
}
