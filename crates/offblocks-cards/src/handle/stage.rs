//! The stages of a card's lifecycle, as types.

use crate::rules::CardState;

/// A stage of a card's lifecycle. The trait is sealed: this module has all stages.
pub trait Stage: sealed::Sealed + Send + Sync + 'static {
    /// The state that cards of this stage are in; none for [`Unknown`].
    const STATE: Option<CardState>;
}

mod sealed {
    /// Keeps [`Stage`](super::Stage) to this module.
    pub trait Sealed {}
}

macro_rules! stages {
    ($($(#[$doc:meta])* $name:ident: $state:expr,)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum $name {}

            impl sealed::Sealed for $name {}

            impl Stage for $name {
                const STATE: Option<CardState> = $state;
            }
        )+
    };
}

stages! {
    /// Ordered and not issued yet.
    Issuing: Some(CardState::Issuing),
    /// Could not be issued.
    IssueFailed: Some(CardState::IssueFailed),
    /// Takes payments.
    Active: Some(CardState::Active),
    /// Switched off by the programme.
    Inactive: Some(CardState::Inactive),
    /// Under suspicion of misuse.
    Suspended: Some(CardState::Suspended),
    /// Misused, and closed permanently.
    Blocked: Some(CardState::Blocked),
    /// Terminated by the programme.
    Terminated: Some(CardState::Terminated),
    /// In a state that this version does not know.
    Unknown: None,
}
