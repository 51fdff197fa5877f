//! Why an order would fail, without ordering anything.

use offblocks_client::Error;
use offblocks_types::{AccountId, CreateAccountCardRequest};

use crate::Cards;
use crate::rules::{
    AccountState, CardKind, CardOrderRejection, CardState, CustomerState, IssuingFailure,
    check_card_order, check_issuing,
};

/// Why an order would fail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderProblem {
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
    #[error("{0:?} is not known to this version; install a newer version")]
    Unknown(String),
}

impl Cards {
    /// Why an order would fail now, by the rules and by the account, its customer and its cards as they
    /// are. `None` when nothing is against it. Nothing is ordered.
    ///
    /// # Errors
    /// When the account, the customer or the cards cannot be read.
    pub async fn check_order(
        &self,
        account: AccountId,
        order: &CreateAccountCardRequest,
    ) -> Result<Vec<OrderProblem>, Error> {
        let kind = match CardKind::try_from(&order.r#type) {
            Ok(kind) => kind,
            Err(_) => return Ok(vec![OrderProblem::Unknown(order.r#type.to_string())]),
        };
        if let Err(rejection) = check_card_order(kind, []) {
            return Ok(vec![rejection.into()]);
        }
        let opened = match self.client().get_account(account).send().await {
            Ok(opened) => opened.into_inner(),
            Err(error) if error.is_not_found() => {
                return Ok(vec![OrderProblem::NoAccount(account)]);
            }
            Err(error) => return Err(error),
        };
        let customer = self
            .client()
            .get_customer(opened.customer_id)
            .send()
            .await?;
        let mut problems = Vec::new();
        match (
            CustomerState::try_from(&customer.status),
            AccountState::try_from(&opened.status),
        ) {
            (Ok(customer), Ok(account)) => {
                problems.extend(
                    check_issuing(customer, account)
                        .err()
                        .map(OrderProblem::from),
                );
            }
            (Err(_), _) => problems.push(OrderProblem::Unknown(customer.status.to_string())),
            (_, Err(_)) => problems.push(OrderProblem::Unknown(opened.status.to_string())),
        }
        let cards = self.client().get_account_cards(account).send().await?;
        // A card in a state that this version does not know is not counted: the server decides.
        let existing = cards.iter().filter_map(|card| {
            let kind = CardKind::try_from(&card.r#type).ok()?;
            Some((kind, CardState::try_from(&card.status).ok()?))
        });
        problems.extend(
            check_card_order(kind, existing)
                .err()
                .map(OrderProblem::from),
        );
        Ok(problems)
    }
}
