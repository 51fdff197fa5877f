//! The lifecycle of an authorisation.

use super::lifecycle::{Actor, Lifecycle, Transition, step};

named! {
    /// The state of an authorisation (`AuthorisationStatus` of the contract).
    AuthorisationState {
        /// The amount is held.
        Pending = "pending",
        /// The amount is being collected.
        Capturing = "capturing",
        /// The amount was collected, and a transaction made of it.
        Captured = "captured",
        /// The hold is being given up.
        Releasing = "releasing",
        /// The hold was given up.
        Released = "released",
    }
}

named! {
    /// What moves an authorisation.
    AuthorisationMove {
        /// The merchant collects.
        Capture = "captured",
        /// The collection is done.
        FinishCapture = "settled",
        /// The merchant gives the hold up.
        Release = "released",
        /// The hold is gone.
        FinishRelease = "freed",
    }
}

impl Lifecycle for AuthorisationState {
    type Move = AuthorisationMove;

    const ENTITY: &'static str = "authorisation";
    const STATES: &'static [Self] = Self::ALL;
    const TRANSITIONS: &'static [Transition<Self>] = {
        use Actor::*;
        use AuthorisationMove::*;
        use AuthorisationState::*;
        &[
            step(Pending, Capture, Capturing, &[OffBlocks, Simulator]),
            step(Capturing, FinishCapture, Captured, &[OffBlocks]),
            step(Pending, Release, Releasing, &[OffBlocks, Simulator]),
            step(Releasing, FinishRelease, Released, &[OffBlocks]),
        ]
    };
}
