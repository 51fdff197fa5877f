//! Rows and their outcomes.

use std::fmt;

use offblocks_types::{AccountId, CardId, CreateAccountCardRequest};
use serde::{Deserialize, Serialize};

/// One card to order.
///
/// `Debug` shows neither addresses nor names.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CardRow {
    /// Your own name for the row, for example the number of an employee. It is not sent.
    pub reference: String,
    /// The account that the card is for.
    pub account: AccountId,
    /// What is ordered.
    pub order: CreateAccountCardRequest,
}

impl CardRow {
    /// A row.
    #[must_use]
    pub fn new(
        reference: impl Into<String>,
        account: AccountId,
        order: CreateAccountCardRequest,
    ) -> Self {
        Self {
            reference: reference.into(),
            account,
            order,
        }
    }
}

impl fmt::Debug for CardRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CardRow")
            .field("reference", &self.reference)
            .field("account", &self.account)
            .field("type", &self.order.r#type)
            .finish_non_exhaustive()
    }
}

/// How a row ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RowOutcome {
    /// The row has its card.
    Issued {
        /// The card.
        card: CardId,
        /// Whether the card was found among the account's cards, instead of being returned by the
        /// order.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        found: bool,
    },
    /// The row has no card.
    Failed(RowFailure),
}

/// Why a row has no card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct RowFailure {
    /// The kind of failure, for a `match`.
    pub kind: RowFailureKind,
    /// The status of the response, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What happened and what to do now, in words.
    pub message: String,
}

impl RowFailure {
    pub(crate) fn new(
        kind: RowFailureKind,
        status: Option<u16>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            status,
            message: message.into(),
        }
    }
}

/// The kinds of [`RowFailure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RowFailureKind {
    /// The rules of this crate reject the order; nothing was sent. *Now:* correct the row and issue it
    /// in another job.
    Rules,
    /// The server rejected the order. *Now:* read the message; correct the row or the account, and
    /// issue it in another job.
    Rejected,
    /// The row's idempotency key was used with another order (422): the row was changed between two
    /// runs of the job. *Now:* look for the card among the account's cards.
    KeyReused,
    /// Whether a card was ordered could not be found out in [`BulkOptions::patience`], while other
    /// rows succeeded. *Now:* read the account's cards before the row is issued in another job.
    ///
    /// [`BulkOptions::patience`]: crate::bulk::BulkOptions::patience
    OutcomeUnknown,
}

impl RowFailureKind {
    /// The kind as it stands in journals and results (`rejected`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Rejected => "rejected",
            Self::KeyReused => "key_reused",
            Self::OutcomeUnknown => "outcome_unknown",
        }
    }
}
