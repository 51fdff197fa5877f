//! Ordering a card in one expression, with a check of the rules before where it is asked for.

mod check;
mod error;

use std::future::IntoFuture;
use std::pin::Pin;

use offblocks_types::uuid::Uuid;
use offblocks_types::{AccountId, Address, CardType, CreateAccountCardRequest};

use crate::Cards;
use crate::handle::{ActiveCard, PendingCard};

pub use check::OrderProblem;
pub use error::{IssueError, OrderFailure};

/// An order of a card, made by [`Cards::order`]. Await it for the ordered card, or
/// [`until_active`](Self::until_active) for the active card.
#[must_use = "nothing is ordered until it is awaited"]
#[derive(Debug)]
pub struct CardOrder {
    cards: Cards,
    account: AccountId,
    request: CreateAccountCardRequest,
    key: Option<Uuid>,
    checked: bool,
    simulate: bool,
}

impl Cards {
    /// An order of a virtual card for an account:
    ///
    /// ```no_run
    /// # async fn example(cards: offblocks_cards::Cards, account: offblocks_types::AccountId)
    /// # -> Result<(), Box<dyn std::error::Error>> {
    /// use offblocks_types::Address;
    ///
    /// let address = Address::new("4 Quay Lane", "Bristol", "GB", "BS1 4RN");
    /// let card = cards.order(account, address).checked().until_active().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn order(&self, account: AccountId, billing_address: Address) -> CardOrder {
        CardOrder {
            cards: self.clone(),
            account,
            request: CreateAccountCardRequest::new(CardType::Virtual, billing_address),
            key: None,
            checked: false,
            simulate: false,
        }
    }
}

impl CardOrder {
    /// Orders under an idempotency key of your own; see
    /// [`Cards::issue_with_key`](crate::Cards::issue_with_key).
    pub fn key(self, key: Uuid) -> Self {
        let key = Some(key);
        Self { key, ..self }
    }

    /// Reads the account, its customer and its cards first, and orders nothing where the rules say
    /// that no card would be issued. It costs three reads. Changes between the reads and the order are
    /// not seen.
    pub fn checked(self) -> Self {
        let checked = true;
        Self { checked, ..self }
    }

    /// Has the sandbox's simulator issue the card. Elsewhere OffBlocks decides.
    pub fn simulate(self) -> Self {
        let simulate = true;
        Self { simulate, ..self }
    }

    /// Orders the card and waits until it is active, by the polling policy of [`Cards`](crate::Cards).
    ///
    /// # Errors
    /// When the card is not ordered, cannot be issued, or is not active in time.
    pub async fn until_active(self) -> Result<ActiveCard, IssueError> {
        Ok(self.run().await?.wait_until_active().await?)
    }

    async fn run(self) -> Result<PendingCard, IssueError> {
        if self.checked {
            let problems = self.cards.check_order(self.account, &self.request).await?;
            if !problems.is_empty() {
                return Err(IssueError::Order(OrderFailure::Problems(problems)));
            }
        }
        let pending = match self.key {
            Some(key) => {
                let ordered = self.cards.issue_with_key(self.account, self.request, key);
                ordered.await
            }
            None => self.cards.issue(self.account, self.request).await,
        };
        let pending = pending.map_err(OrderFailure::Order)?;
        if self.simulate {
            pending.simulate_issue().await?;
        }
        Ok(pending)
    }
}

impl IntoFuture for CardOrder {
    type Output = Result<PendingCard, IssueError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
