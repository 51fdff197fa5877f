//! The rules of the lifecycle, as data: the states, the steps from one to another, who may cause a step,
//! and the conditions for issuing a card.
//!
//! This module uses no network, no clock and no storage. The card handles of this crate use it
//! before they call, and the sandbox before it writes. Each table exists once, here.
//!
//! ```
//! use offblocks_cards::rules::{CardMove, CardState, Lifecycle as _, Actor};
//!
//! let card = CardState::Active;
//! assert_eq!(card.after(CardMove::Deactivate, Actor::Programme), Ok(CardState::Inactive));
//!
//! let rejection = CardState::Blocked.after(CardMove::Activate, Actor::Programme).unwrap_err();
//! assert_eq!(rejection.to_string(), "a blocked card cannot be activated: blocked is a final state");
//! ```

#[macro_use]
mod names;
mod account;
mod authorisation;
mod card;
mod contract;
mod customer;
mod issuing;
mod lifecycle;
mod transaction;

pub use account::{AccountMove, AccountState};
pub use authorisation::{AuthorisationMove, AuthorisationState};
pub use card::{CardMove, CardState};
pub use customer::{CustomerMove, CustomerState};
pub use issuing::{
    CardKind, CardOrderRejection, IssuingFailure, check_account_owner, check_card_order,
    check_issuing, check_one_of_a_kind,
};
pub use lifecycle::{Actor, Lifecycle, Transition, TransitionRejection, UnknownName};
pub use transaction::{TransactionMove, TransactionState};
