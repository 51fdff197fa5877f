//! The lifecycle of a card.

use super::lifecycle::{Actor, Lifecycle, Transition, step};

named! {
    /// The state of a card (`CardStatus` of the contract).
    CardState {
        /// Ordered and not issued yet.
        Issuing = "issuing",
        /// Could not be issued.
        IssueFailed = "issue_failed",
        /// Takes payments.
        Active = "active",
        /// Deactivated by the programme, and can be activated again.
        Inactive = "inactive",
        /// Under suspicion of misuse.
        Suspended = "suspended",
        /// Misused, and closed. This is final.
        Blocked = "blocked",
        /// Terminated by the programme. Earlier authorisations still settle.
        Terminated = "terminated",
    }
}

named! {
    /// The moves of a card.
    CardMove {
        /// The card is issued and activated by itself.
        Issue = "issued",
        /// Issuing fails.
        Fail = "failed",
        /// The programme deactivates it.
        Deactivate = "deactivated",
        /// The programme activates it again.
        Activate = "activated",
        /// Misuse is suspected.
        Suspend = "suspended",
        /// The suspicion was unfounded.
        Reinstate = "reinstated",
        /// There is evidence of misuse.
        Block = "blocked",
        /// The programme terminates it (`DELETE`).
        Terminate = "terminated",
    }
}

impl Lifecycle for CardState {
    type Move = CardMove;

    const ENTITY: &'static str = "card";
    const STATES: &'static [Self] = Self::ALL;

    /// The guides name termination from `active`; that it is possible from `inactive` and
    /// `suspended` too is this project's choice, so that a programme can always terminate a card.
    const TRANSITIONS: &'static [Transition<Self>] = {
        use Actor::*;
        use CardMove::*;
        use CardState::*;
        &[
            step(Issuing, Issue, Active, &[OffBlocks, Simulator]),
            step(Issuing, Fail, IssueFailed, &[OffBlocks, Simulator]),
            step(Active, Deactivate, Inactive, &[Programme]),
            step(Inactive, Activate, Active, &[Programme]),
            step(Active, Suspend, Suspended, &[OffBlocks]),
            step(Suspended, Reinstate, Active, &[OffBlocks]),
            step(Suspended, Block, Blocked, &[OffBlocks]),
            step(Active, Block, Blocked, &[OffBlocks]),
            step(Active, Terminate, Terminated, &[Programme]),
            step(Inactive, Terminate, Terminated, &[Programme]),
            step(Suspended, Terminate, Terminated, &[Programme]),
        ]
    };
}

impl CardState {
    /// Whether the card takes new payments: only an active one does.
    #[must_use]
    pub const fn authorises(self) -> bool {
        matches!(self, Self::Active)
    }

    /// Whether captures and refunds of earlier authorisations settle: on every card that was ever
    /// active, a terminated one included.
    #[must_use]
    pub const fn settles(self) -> bool {
        !matches!(self, Self::Issuing | Self::IssueFailed)
    }

    /// Whether the card counts towards the limit of one card of a kind on an account.
    #[must_use]
    pub const fn counts_towards_limit(self) -> bool {
        matches!(
            self,
            Self::Issuing | Self::Active | Self::Inactive | Self::Suspended
        )
    }
}
