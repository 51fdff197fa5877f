//! The lifecycle of an account.

use super::lifecycle::{Actor, Lifecycle, Transition, step};

named! {
    /// The state of an account (`AccountStatus` of the contract).
    AccountState {
        /// Its owner has not signed the challenge yet.
        Initiating = "initiating",
        /// Is being deployed on chain.
        Pending = "pending",
        /// Is deployed and may have cards.
        Active = "active",
        /// Deactivated by the programme, and can be activated again.
        Inactive = "inactive",
        /// Closed by the programme.
        Closed = "closed",
        /// Validation failed.
        Failed = "failed",
    }
}

named! {
    /// The moves of an account.
    AccountMove {
        /// The ownership challenge is signed and verified.
        ProveOwnership = "proven to be owned",
        /// Validation fails.
        Fail = "failed",
        /// The account is deployed, and its `chainId` assigned.
        Deploy = "deployed",
        /// The programme deactivates it.
        Deactivate = "deactivated",
        /// The programme activates it again.
        Activate = "activated",
        /// The programme closes it (`DELETE`).
        Close = "closed",
    }
}

impl Lifecycle for AccountState {
    type Move = AccountMove;

    const ENTITY: &'static str = "account";
    const STATES: &'static [Self] = Self::ALL;
    const TRANSITIONS: &'static [Transition<Self>] = {
        use AccountMove::*;
        use AccountState::*;
        use Actor::*;
        &[
            step(Initiating, ProveOwnership, Pending, &[Programme]),
            step(Initiating, Fail, Failed, &[OffBlocks]),
            step(Pending, Deploy, Active, &[OffBlocks]),
            step(Active, Deactivate, Inactive, &[Programme]),
            step(Inactive, Activate, Active, &[Programme]),
            step(Active, Close, Closed, &[Programme]),
            step(Inactive, Close, Closed, &[Programme]),
        ]
    };
}
