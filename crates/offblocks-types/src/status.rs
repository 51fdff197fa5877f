//! Predicates of statuses.
//!
//! Only the tables of the lifecycle crate say which moves are legal and which statuses are final.

use crate::{AccountStatus, CardStatus, CustomerStatus};

impl CustomerStatus {
    /// Whether accounts can be opened for the customer.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

impl AccountStatus {
    /// Whether cards can be issued on the account.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

impl CardStatus {
    /// Whether the card can be authorised for payments. No other status can.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_active_is_active() {
        let active = |all: &[bool]| all.iter().filter(|active| **active).count();
        let cards: Vec<_> = CardStatus::ALL.iter().map(CardStatus::is_active).collect();
        let accounts: Vec<_> = AccountStatus::ALL
            .iter()
            .map(AccountStatus::is_active)
            .collect();
        let customers: Vec<_> = CustomerStatus::ALL
            .iter()
            .map(CustomerStatus::is_active)
            .collect();
        assert_eq!(
            [active(&cards), active(&accounts), active(&customers)],
            [1, 1, 1]
        );
        assert!(CardStatus::Active.is_active());
        assert!(AccountStatus::Active.is_active());
        assert!(CustomerStatus::Active.is_active());
        assert!(
            !CardStatus::from("frozen").is_active(),
            "what is not known is not active"
        );
    }
}
