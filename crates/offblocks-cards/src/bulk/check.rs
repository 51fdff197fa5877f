//! A dry run: which rows would fail, without ordering anything.

use futures_util::stream::{Stream, StreamExt as _};
use offblocks_client::Error;
use offblocks_types::AccountId;

use super::row::CardRow;
use crate::Cards;
use crate::rules::{
    AccountState, CardKind, CardOrderRejection, CardState, CustomerState, IssuingFailure,
    check_card_order, check_issuing,
};

/// A row and what stands in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckedRow {
    /// The row's number, from zero.
    pub number: u64,
    /// The row.
    pub row: CardRow,
    /// Why it would fail; empty when nothing speaks against it now.
    pub problems: Vec<RowProblem>,
}

/// Why a row would fail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowProblem {
    /// The rules reject the order.
    #[error(transparent)]
    Order(#[from] CardOrderRejection),
    /// The card would go to `issue_failed`.
    #[error(transparent)]
    Issuing(#[from] IssuingFailure),
    /// There is no such account.
    #[error("there is no account {0}")]
    NoAccount(AccountId),
    /// A type or state that this version does not know.
    #[error("{0:?} is not known to this version; update it")]
    Unknown(String),
}

impl Cards {
    /// Checks rows without ordering anything: the rules, and the accounts, customers and cards as
    /// they are now. Rows come back in their order; `concurrency` of them are checked at a time.
    ///
    /// Rows are checked one by one: two rows that order a second card for the same account both pass.
    ///
    /// # Errors
    /// A row's item is an error when its account, customer or cards cannot be read.
    pub fn check_many<'a>(
        &'a self,
        rows: impl Stream<Item = CardRow> + Send + 'a,
        concurrency: usize,
    ) -> impl Stream<Item = Result<CheckedRow, Error>> + Send + 'a {
        let numbered = rows.zip(futures_util::stream::iter(0_u64..));
        numbered
            .map(move |(row, number)| async move {
                let problems = self.problems(&row).await?;
                Ok(CheckedRow {
                    number,
                    row,
                    problems,
                })
            })
            .buffered(concurrency.max(1))
    }

    async fn problems(&self, row: &CardRow) -> Result<Vec<RowProblem>, Error> {
        let kind = match CardKind::try_from(&row.order.r#type) {
            Ok(kind) => kind,
            Err(_) => return Ok(vec![RowProblem::Unknown(row.order.r#type.to_string())]),
        };
        if let Err(rejection) = check_card_order(kind, []) {
            return Ok(vec![rejection.into()]);
        }
        let account = match self.client().get_account(row.account).send().await {
            Ok(account) => account.into_inner(),
            Err(error) if error.is_not_found() => {
                return Ok(vec![RowProblem::NoAccount(row.account)]);
            }
            Err(error) => return Err(error),
        };
        let customer = self
            .client()
            .get_customer(account.customer_id)
            .send()
            .await?;
        let mut problems = Vec::new();
        match (
            CustomerState::try_from(&customer.status),
            AccountState::try_from(&account.status),
        ) {
            (Ok(customer), Ok(account)) => {
                problems.extend(check_issuing(customer, account).err().map(RowProblem::from));
            }
            (Err(_), _) => problems.push(RowProblem::Unknown(customer.status.to_string())),
            (_, Err(_)) => problems.push(RowProblem::Unknown(account.status.to_string())),
        }
        let cards = self.client().get_account_cards(row.account).send().await?;
        // A card in a state of which nothing is known is not counted: the server decides.
        let existing = cards.iter().filter_map(|card| {
            let kind = CardKind::try_from(&card.r#type).ok()?;
            Some((kind, CardState::try_from(&card.status).ok()?))
        });
        problems.extend(check_card_order(kind, existing).err().map(RowProblem::from));
        Ok(problems)
    }
}
