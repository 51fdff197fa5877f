//! The lists, of everything or of what belongs to one customer, account or card. They are read in pages and
//! written as they are read, so that a list of a million takes no more memory than one of a thousand. A list
//! that fits into one page is one body, with its length.
//!
//! A page is read by the number of the row before it, so no entity is left out or listed twice. An entity
//! that changes while the list is written may be shown in its state before or after the change.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use offblocks_server::support::{Incoming, Location, respond};
use offblocks_server::{ApiRouter, Problem, Rejection, operations};
use offblocks_types::{Account, AccountId, Card, CardId, Customer, CustomerId, Transaction};
use serde::Serialize;

use crate::domain::{Work, accounts, cards, customers};
use crate::failure::Failure;
use crate::store::Of;
use crate::store::paged::{self, Paged};
use crate::world::World;

/// Serves the lists. Their handlers take the place of those that collect a list.
pub(super) fn router(world: &Arc<World>) -> ApiRouter {
    let world = || Arc::clone(world);
    ApiRouter::new()
        .operation(&operations::GET_CUSTOMERS, world(), all::<Customer>)
        .operation(&operations::GET_ACCOUNTS, world(), all::<Account>)
        .operation(&operations::GET_CARDS, world(), all::<Card>)
        .operation(
            &operations::GET_CUSTOMER_ACCOUNTS,
            world(),
            of_customer::<Account>,
        )
        .operation(&operations::GET_ACCOUNT_CARDS, world(), of_account::<Card>)
        .operation(
            &operations::GET_ACCOUNT_TRANSACTIONS,
            world(),
            of_account::<Transaction>,
        )
        .operation(
            &operations::GET_CARD_TRANSACTIONS,
            world(),
            of_card::<Transaction>,
        )
}

/// Whose entities are listed.
#[derive(Debug, Clone, Copy)]
enum Owner {
    Everybody,
    Customer(CustomerId),
    Account(AccountId),
    Card(CardId),
}

impl Owner {
    /// Fails where there is no such owner.
    async fn check(self, work: &mut Work<'_>) -> Result<(), Failure> {
        match self {
            Self::Everybody => {}
            Self::Customer(id) => drop(customers::get(work, id).await?),
            Self::Account(id) => drop(accounts::find(work, id).await?),
            Self::Card(id) => drop(cards::find(work, id).await?),
        }
        Ok(())
    }

    /// The column that names it, and its id.
    fn column(self) -> Of {
        match self {
            Self::Everybody => None,
            Self::Customer(id) => Some(("customer_id", id.into())),
            Self::Account(id) => Some(("account_id", id.into())),
            Self::Card(id) => Some(("card_id", id.into())),
        }
    }
}

async fn all<T: Paged + Serialize>(world: Arc<World>, _: Incoming) -> Result<Response, Rejection> {
    Ok(list::<T>(world, Owner::Everybody).await)
}

async fn of_customer<T: Paged + Serialize>(
    world: Arc<World>,
    incoming: Incoming,
) -> Result<Response, Rejection> {
    let id = incoming.required(Location::Path, "customerId")?;
    Ok(list::<T>(world, Owner::Customer(id)).await)
}

async fn of_account<T: Paged + Serialize>(
    world: Arc<World>,
    incoming: Incoming,
) -> Result<Response, Rejection> {
    let id = incoming.required(Location::Path, "accountId")?;
    Ok(list::<T>(world, Owner::Account(id)).await)
}

async fn of_card<T: Paged + Serialize>(
    world: Arc<World>,
    incoming: Incoming,
) -> Result<Response, Rejection> {
    let id = incoming.required(Location::Path, "cardId")?;
    Ok(list::<T>(world, Owner::Card(id)).await)
}

/// Rows with their numbers.
type Page<T> = Vec<(i64, T)>;

async fn list<T: Paged + Serialize>(world: Arc<World>, owner: Owner) -> Response {
    let first = match first::<T>(&world, owner).await {
        Ok(first) => first,
        Err(failure) => return problem(failure).into_response(),
    };
    let (bytes, after) = written(&first, "[");
    let body = match after {
        None => Body::from(bytes),
        Some(after) => {
            let begin = stream::iter([Ok(bytes)]);
            let rest = stream::try_unfold(Some((world, owner, after)), next::<T>);
            Body::from_stream(stream::StreamExt::chain(begin, rest))
        }
    };
    respond::bytes(200, "application/json", body)
}

/// The first page, after all that is due has happened.
async fn first<T: Paged>(world: &World, owner: Owner) -> Result<Page<T>, Failure> {
    let reading = world.clone();
    let unit_of_work = async move {
        let mut unit = reading.read().await?;
        let mut work = unit.work()?;
        owner.check(&mut work).await?;
        Ok(paged::page(work.conn, owner.column(), 0).await?)
    };
    world.run(unit_of_work).await
}

type Position = Option<(Arc<World>, Owner, i64)>;

/// The bytes of the page after a row, and where to continue.
async fn next<T: Paged + Serialize>(
    position: Position,
) -> Result<Option<(Bytes, Position)>, Failure> {
    let Some((world, owner, after)) = position else {
        return Ok(None);
    };
    let reading = World::clone(&world);
    let unit_of_work = async move {
        let mut reader = reading.store.read().await?;
        Ok(paged::page::<T>(&mut reader, owner.column(), after).await?)
    };
    let page = world.run(unit_of_work).await?;
    let (bytes, after) = written(&page, "");
    Ok(Some((bytes, after.map(|after| (world, owner, after)))))
}

/// A page as a part of a JSON array, and the number of its last row where others may follow.
fn written<T: Serialize>(page: &Page<T>, begin: &str) -> (Bytes, Option<i64>) {
    let mut bytes = begin.as_bytes().to_vec();
    for (index, (_, item)) in page.iter().enumerate() {
        if index > 0 || begin.is_empty() {
            bytes.push(b',');
        }
        serde_json::to_writer(&mut bytes, item).expect("contract types have string keys only");
    }
    let full = page.len() == paged::PAGE;
    let after = page.last().filter(|_| full).map(|&(number, _)| number);
    if after.is_none() {
        bytes.push(b']');
    }
    (bytes.into(), after)
}

fn problem(failure: Failure) -> Problem {
    if let Failure::Missing(reason) = failure {
        return Problem::not_found(reason);
    }
    let error: &dyn std::error::Error = &failure;
    tracing::error!(error, "a list cannot be read");
    Problem::internal()
}
