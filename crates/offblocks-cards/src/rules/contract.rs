//! Conversions between the states and the contract's open enumerations, in both directions.

use offblocks_types::{
    AccountStatus, AuthorisationStatus, CardStatus, CardType, CustomerStatus, TransactionStatus,
};

use super::{
    AccountState, AuthorisationState, CardKind, CardState, CustomerState, TransactionState,
    UnknownName,
};

/// Conversions between a state and the status of the same name. A status that this version does not
/// know has no state. A value added to the contract stops the test below.
macro_rules! mirrors {
    ($state:ident, $status:ident { $($variant:ident),+ $(,)? }) => {
        impl From<$state> for $status {
            fn from(state: $state) -> Self {
                match state {
                    $($state::$variant => Self::$variant,)+
                }
            }
        }

        impl TryFrom<&$status> for $state {
            type Error = UnknownName;

            fn try_from(status: &$status) -> Result<Self, UnknownName> {
                match status {
                    $($status::$variant => Ok(Self::$variant),)+
                    other => Err(UnknownName { name: other.as_str().to_owned() }),
                }
            }
        }
    };
}

mirrors!(
    CardState,
    CardStatus {
        Issuing,
        IssueFailed,
        Active,
        Inactive,
        Suspended,
        Blocked,
        Terminated
    }
);
mirrors!(
    AuthorisationState,
    AuthorisationStatus {
        Pending,
        Capturing,
        Captured,
        Releasing,
        Released
    }
);
mirrors!(
    CustomerState,
    CustomerStatus {
        Initiating,
        Screening,
        Verifying,
        Rejected,
        Active,
        Inactive
    }
);
mirrors!(
    AccountState,
    AccountStatus {
        Initiating,
        Pending,
        Active,
        Inactive,
        Closed,
        Failed
    }
);
mirrors!(
    TransactionState,
    TransactionStatus {
        Processing,
        Processed,
        Reversing,
        Reversed
    }
);
mirrors!(CardKind, CardType { Virtual, Physical });

#[cfg(test)]
mod tests {
    use super::*;

    /// Both lists have the same names, in whatever order, and conversions keep them.
    macro_rules! same_names {
        ($state:ident, $status:ident) => {
            assert_eq!($state::ALL.len(), $status::ALL.len(), stringify!($state));
            for status in $status::ALL {
                let state = $state::try_from(status).unwrap();
                assert_eq!(state.as_str(), status.as_str());
                assert_eq!($status::from(state), *status);
            }
            let later = $status::from("later");
            let unknown = UnknownName {
                name: "later".to_owned(),
            };
            assert_eq!($state::try_from(&later), Err(unknown));
        };
    }

    #[test]
    fn states_are_the_contracts() {
        same_names!(CardState, CardStatus);
        same_names!(AuthorisationState, AuthorisationStatus);
        same_names!(CustomerState, CustomerStatus);
        same_names!(AccountState, AccountStatus);
        same_names!(TransactionState, TransactionStatus);
        same_names!(CardKind, CardType);
    }
}
