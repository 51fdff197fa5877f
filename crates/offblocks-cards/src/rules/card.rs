//! The lifecycle of a card.

use super::lifecycle::{Actor, Lifecycle, Transition, step};

named! {
    /// The state of a card (`CardStatus` of the contract).
    CardState {
        /// Ordered and not there yet.
        Issuing = "issuing",
        /// Could not be issued.
        IssueFailed = "issue_failed",
        /// Takes payments.
        Active = "active",
        /// Switched off by the programme, and can be switched on again.
        Inactive = "inactive",
        /// Under suspicion of misuse.
        Suspended = "suspended",
        /// Misused, and closed for good.
        Blocked = "blocked",
        /// Given up by the programme. Earlier authorisations still settle.
        Terminated = "terminated",
    }
}

named! {
    /// What moves a card.
    CardMove {
        /// The card is issued and activated by itself.
        Issue = "issued",
        /// Issuing fails.
        Fail = "failed",
        /// The programme switches it off.
        Deactivate = "deactivated",
        /// The programme switches it on again.
        Activate = "activated",
        /// Misuse is suspected.
        Suspend = "suspended",
        /// The suspicion was unfounded.
        Reinstate = "reinstated",
        /// There is evidence of misuse.
        Block = "blocked",
        /// The programme gives the card up (`DELETE`).
        Terminate = "terminated",
    }
}

impl Lifecycle for CardState {
    type Move = CardMove;

    const ENTITY: &'static str = "card";
    const STATES: &'static [Self] = Self::ALL;

    /// The guides name termination from `active`; that it is possible from `inactive` and
    /// `suspended` too is this project's choice, so that a programme can always part with a card.
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

    /// Whether the card takes up its account's place for a card of its kind.
    #[must_use]
    pub const fn counts_towards_limit(self) -> bool {
        matches!(
            self,
            Self::Issuing | Self::Active | Self::Inactive | Self::Suspended
        )
    }
}
