//! The lifecycle of an account.

use super::lifecycle::{Actor, Lifecycle, Transition, step};

named! {
    /// The state of an account (`AccountStatus` of the contract).
    AccountState {
        /// Its owner has yet to sign the challenge.
        Initiating = "initiating",
        /// Is being deployed on chain.
        Pending = "pending",
        /// Is deployed and may have cards.
        Active = "active",
        /// Switched off by the programme, and can be switched on again.
        Inactive = "inactive",
        /// Given up by the programme.
        Closed = "closed",
        /// Validation failed.
        Failed = "failed",
    }
}

named! {
    /// What moves an account.
    AccountMove {
        /// The ownership challenge is signed and verified.
        ProveOwnership = "proven to be owned",
        /// Validation fails.
        Fail = "failed",
        /// The account is deployed, and its `chainId` assigned.
        Deploy = "deployed",
        /// The programme switches it off.
        Deactivate = "deactivated",
        /// The programme switches it on again.
        Activate = "activated",
        /// The programme gives it up (`DELETE`).
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
