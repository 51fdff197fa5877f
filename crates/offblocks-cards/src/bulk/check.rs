//! A dry run: which rows would fail, without ordering anything.

use futures_util::stream::{Stream, StreamExt as _};
use offblocks_client::Error;

use super::row::CardRow;
use crate::Cards;
use crate::order::OrderProblem;

/// A row and why it would fail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckedRow {
    /// The row's number, from zero.
    pub number: u64,
    /// The row.
    pub row: CardRow,
    /// Why it would fail; empty when no problem is known now.
    pub problems: Vec<OrderProblem>,
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
                let problems = self.check_order(row.account, &row.order).await?;
                Ok(CheckedRow {
                    number,
                    row,
                    problems,
                })
            })
            .buffered(concurrency.max(1))
    }
}
