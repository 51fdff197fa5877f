//! What statuses mean.
//!
//! Which moves are legal is the business of the lifecycle crate; here is only what a status says
//! by itself.

use crate::{AccountStatus, AuthorisationStatus, CardStatus, CustomerStatus, TransactionStatus};

impl CustomerStatus {
    /// Whether the customer stays as it is for good: rejected. A status this version does not know
    /// is not final.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Rejected)
    }

    /// Whether accounts can be opened for the customer.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

impl AccountStatus {
    /// Whether the account stays as it is for good: closed or failed. A status this version does
    /// not know is not final.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Closed | Self::Failed)
    }

    /// Whether cards can be issued on the account.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

impl CardStatus {
    /// Whether the card stays as it is for good: its issuing failed, or it is blocked or
    /// terminated. A status this version does not know is not final.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::IssueFailed | Self::Blocked | Self::Terminated)
    }

    /// Whether the card can be authorised for payments. No other status can.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

impl AuthorisationStatus {
    /// Whether the authorisation stays as it is for good: captured or released. A status this
    /// version does not know is not final.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Captured | Self::Released)
    }
}

impl TransactionStatus {
    /// Whether the transaction stays as it is for good: reversed. One that is processed can still
    /// be reversed. A status this version does not know is not final.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Reversed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finals<T>(all: &[T], is_final: fn(&T) -> bool, text: fn(&T) -> &str) -> Vec<String> {
        all.iter()
            .filter(|status| is_final(status))
            .map(|status| text(status).to_owned())
            .collect()
    }

    /// The statuses in bold in the line that begins with this word.
    fn in_bold(facts: &str, entity: &str) -> Vec<String> {
        let line = facts
            .lines()
            .find(|line| line.starts_with(&format!("{entity}: `")));
        let mut found: Vec<_> = line
            .expect("behaviour.md has a line for each entity")
            .split("**`")
            .skip(1)
            .filter_map(|rest| rest.split('`').next())
            .map(str::to_owned)
            .collect();
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn final_statuses_are_those_of_the_guides() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/offblocks/behaviour.md"
        );
        let Ok(facts) = std::fs::read_to_string(path) else {
            println!("skipped: {path} is absent");
            return;
        };
        let sorted = |mut found: Vec<String>| {
            found.sort();
            found
        };
        let table = [
            (
                "Customer",
                finals(
                    CustomerStatus::ALL,
                    CustomerStatus::is_final,
                    CustomerStatus::as_str,
                ),
            ),
            (
                "Account",
                finals(
                    AccountStatus::ALL,
                    AccountStatus::is_final,
                    AccountStatus::as_str,
                ),
            ),
            (
                "Card",
                finals(CardStatus::ALL, CardStatus::is_final, CardStatus::as_str),
            ),
            (
                "Authorisation",
                finals(
                    AuthorisationStatus::ALL,
                    AuthorisationStatus::is_final,
                    AuthorisationStatus::as_str,
                ),
            ),
            (
                "Transaction",
                finals(
                    TransactionStatus::ALL,
                    TransactionStatus::is_final,
                    TransactionStatus::as_str,
                ),
            ),
        ];
        for (entity, ours) in table {
            assert_eq!(
                sorted(ours),
                in_bold(&facts, entity),
                "final statuses of {entity}; mend status.rs"
            );
        }
    }

    #[test]
    fn only_active_is_active_and_nothing_unknown_is_final() {
        let active: Vec<_> = CardStatus::ALL
            .iter()
            .filter(|status| status.is_active())
            .collect();
        assert_eq!(active, [&CardStatus::Active]);
        let active: Vec<_> = AccountStatus::ALL
            .iter()
            .filter(|status| status.is_active())
            .collect();
        assert_eq!(active, [&AccountStatus::Active]);
        let active: Vec<_> = CustomerStatus::ALL
            .iter()
            .filter(|status| status.is_active())
            .collect();
        assert_eq!(active, [&CustomerStatus::Active]);
        assert!(!CardStatus::from("frozen").is_final());
    }
}
