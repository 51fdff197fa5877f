//! The conditions for opening an account and for issuing a card.

use thiserror::Error;

use super::{AccountState, CardState, CustomerState};

named! {
    /// The kind of a card (`CardType` of the contract).
    CardKind {
        /// A card number without a physical card.
        Virtual = "virtual",
        /// A plastic card. Not supported at the moment.
        Physical = "physical",
    }
}

/// Why a card cannot be ordered; the API responds with 400 and creates no card.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CardOrderRejection {
    /// Physical cards are not supported at the moment.
    #[error("physical cards are not supported at the moment; order a virtual one")]
    PhysicalUnsupported,
    /// The account has a card of this kind already.
    #[error(
        "the account already has a {kind} card, and may have only one; terminate that card first"
    )]
    CardExists {
        /// The kind of both cards.
        kind: CardKind,
    },
}

/// Why an account cannot be opened or a card cannot be issued: an ordered card goes to
/// [`IssueFailed`](CardState::IssueFailed).
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssuingFailure {
    /// The customer is not active.
    #[error("the customer is {state} and has to be active")]
    Customer {
        /// The state the customer is in.
        state: CustomerState,
    },
    /// The account is not active.
    #[error("the account is {state} and has to be active")]
    Account {
        /// The state the account is in.
        state: AccountState,
    },
}

/// Whether a card of this kind may be ordered for an account that has these cards already.
///
/// An account has at most one card of a kind. A card that failed, was blocked or was terminated
/// no longer counts. That is this project's choice where the guides are silent.
///
/// # Errors
/// When the card would be physical, or the account has such a card already.
pub fn check_card_order(
    kind: CardKind,
    existing: impl IntoIterator<Item = (CardKind, CardState)>,
) -> Result<(), CardOrderRejection> {
    if kind == CardKind::Physical {
        return Err(CardOrderRejection::PhysicalUnsupported);
    }
    check_one_of_a_kind(kind, existing)
}

/// The part of [`check_card_order`] that holds once physical cards are supported.
///
/// # Errors
/// When the account has a card of this kind already.
pub fn check_one_of_a_kind(
    kind: CardKind,
    existing: impl IntoIterator<Item = (CardKind, CardState)>,
) -> Result<(), CardOrderRejection> {
    let taken = existing
        .into_iter()
        .any(|(other, state)| other == kind && state.counts_towards_limit());
    match taken {
        true => Err(CardOrderRejection::CardExists { kind }),
        false => Ok(()),
    }
}

/// Whether an ordered card can be issued: customer and account both have to be active.
///
/// # Errors
/// When one of them is not; the card then goes to [`IssueFailed`](CardState::IssueFailed).
pub fn check_issuing(customer: CustomerState, account: AccountState) -> Result<(), IssuingFailure> {
    check_account_owner(customer)?;
    match account {
        AccountState::Active => Ok(()),
        state => Err(IssuingFailure::Account { state }),
    }
}

/// Whether a customer may have an account opened: it has to be active.
///
/// # Errors
/// When it is not.
pub fn check_account_owner(customer: CustomerState) -> Result<(), IssuingFailure> {
    match customer {
        CustomerState::Active => Ok(()),
        state => Err(IssuingFailure::Customer { state }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_one_card_of_a_kind() {
        use CardKind::{Physical, Virtual};
        let taken = Err(CardOrderRejection::CardExists { kind: Virtual });
        for state in CardState::ALL.iter().copied() {
            let expected = if state.counts_towards_limit() {
                taken
            } else {
                Ok(())
            };
            assert_eq!(
                check_card_order(Virtual, [(Virtual, state)]),
                expected,
                "{state}"
            );
            assert_eq!(
                check_card_order(Virtual, [(Physical, state)]),
                Ok(()),
                "{state}"
            );
        }
        let physical = Err(CardOrderRejection::PhysicalUnsupported);
        assert_eq!(check_card_order(Physical, []), physical);
    }

    #[test]
    fn issuing_needs_an_active_customer_and_account() {
        for customer in CustomerState::ALL.iter().copied() {
            for account in AccountState::ALL.iter().copied() {
                let expected = match (customer, account) {
                    (CustomerState::Active, AccountState::Active) => Ok(()),
                    (CustomerState::Active, state) => Err(IssuingFailure::Account { state }),
                    (state, _) => Err(IssuingFailure::Customer { state }),
                };
                assert_eq!(
                    check_issuing(customer, account),
                    expected,
                    "{customer}, {account}"
                );
            }
        }
    }
}
