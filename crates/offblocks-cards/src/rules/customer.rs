//! The lifecycle of a customer.

use super::lifecycle::{Actor, Lifecycle, Transition, step};

named! {
    /// The state of a customer (`CustomerStatus` of the contract).
    CustomerState {
        /// Has not proven yet that it owns the blockchain address.
        Initiating = "initiating",
        /// Is being screened.
        Screening = "screening",
        /// Is being verified (KYC).
        Verifying = "verifying",
        /// Did not pass a check, at first or later.
        Rejected = "rejected",
        /// May have accounts.
        Active = "active",
        /// Deactivated by the programme, and can be activated again.
        Inactive = "inactive",
    }
}

named! {
    /// The moves of a customer.
    CustomerMove {
        /// The ownership challenge is signed and verified.
        ProveOwnership = "proven the owner",
        /// Screening passes.
        PassScreening = "screened",
        /// Verification passes.
        Verify = "verified",
        /// Screening or verification fails, or a later check does.
        Reject = "rejected",
        /// The programme deactivates it.
        Deactivate = "deactivated",
        /// The programme activates it again.
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
