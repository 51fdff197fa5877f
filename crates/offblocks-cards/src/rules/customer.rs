//! The lifecycle of a customer.

use super::lifecycle::{Actor, Lifecycle, Transition, step};

named! {
    /// The state of a customer (`CustomerStatus` of the contract).
    CustomerState {
        /// Has yet to prove that the blockchain address is its own.
        Initiating = "initiating",
        /// Is being screened.
        Screening = "screening",
        /// Is being verified (KYC).
        Verifying = "verifying",
        /// Did not pass, or passes no longer.
        Rejected = "rejected",
        /// May have accounts.
        Active = "active",
        /// Switched off by the programme, and can be switched on again.
        Inactive = "inactive",
    }
}

named! {
    /// What moves a customer.
    CustomerMove {
        /// The ownership challenge is signed and verified.
        ProveOwnership = "proven the owner",
        /// Screening passes.
        PassScreening = "screened",
        /// Verification passes.
        Verify = "verified",
        /// Screening or verification fails, or a later check does.
        Reject = "rejected",
        /// The programme switches it off.
        Deactivate = "deactivated",
        /// The programme switches it on again.
        Activate = "activated",
    }
}

impl Lifecycle for CustomerState {
    type Move = CustomerMove;

    const ENTITY: &'static str = "customer";
    const STATES: &'static [Self] = Self::ALL;

    /// The simulator decides verification; other rejections are OffBlocks' own.
    const TRANSITIONS: &'static [Transition<Self>] = {
        use Actor::*;
        use CustomerMove::*;
        use CustomerState::*;
        &[
            step(Initiating, ProveOwnership, Screening, &[Programme]),
            step(Screening, PassScreening, Verifying, &[OffBlocks]),
            step(Verifying, Verify, Active, &[OffBlocks, Simulator]),
            step(Screening, Reject, Rejected, &[OffBlocks]),
            step(Verifying, Reject, Rejected, &[OffBlocks, Simulator]),
            step(Active, Reject, Rejected, &[OffBlocks]),
            step(Active, Deactivate, Inactive, &[Programme]),
            step(Inactive, Activate, Active, &[Programme]),
        ]
    };
}
