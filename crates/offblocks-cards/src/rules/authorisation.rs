//! The lifecycle of an authorisation.

use super::lifecycle::{Actor, Lifecycle, Transition, step};

named! {
    /// The state of an authorisation (`AuthorisationStatus` of the contract).
    AuthorisationState {
        /// The amount is held.
        Pending = "pending",
        /// The amount is being captured.
        Capturing = "capturing",
        /// The amount was captured, and a transaction was created.
        Captured = "captured",
        /// The hold is being released.
        Releasing = "releasing",
        /// The hold was released.
        Released = "released",
    }
}

named! {
    /// The moves of an authorisation.
    AuthorisationMove {
        /// The merchant captures the amount.
        Capture = "captured",
        /// The capture is done.
        FinishCapture = "settled",
        /// The merchant releases the hold.
        Release = "released",
        /// The release is done.
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
