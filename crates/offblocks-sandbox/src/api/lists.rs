//! The lists of everything: read in pages and written as they are read, so that a list of a million
//! takes no more memory than one of a thousand. What fits into one page is one body, with its length.
//!
//! A page is read by the number of the row before it, so no entity is left out or stands twice. One
//! that changes while the list is written may show its state before or after.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use offblocks_server::support::{Incoming, respond};
use offblocks_server::{ApiRouter, Problem, Rejection, operations};
use offblocks_types::{Account, Card, Customer};
use serde::Serialize;

use crate::failure::Failure;
use crate::store::paged::{self, Paged};
use crate::world::World;

/// Serves the lists. Their handlers take the place of those that collect a list.
pub(super) fn router(world: Arc<World>) -> ApiRouter {
    ApiRouter::new()
        .operation(
            &operations::GET_CUSTOMERS,
            Arc::clone(&world),
            list::<Customer>,
        )
        .operation(
            &operations::GET_ACCOUNTS,
            Arc::clone(&world),
            list::<Account>,
        )
        .operation(&operations::GET_CARDS, world, list::<Card>)
}

/// Rows with their numbers.
type Page<T> = Vec<(i64, T)>;

async fn list<T: Paged + Serialize>(world: Arc<World>, _: Incoming) -> Result<Response, Rejection> {
    let first = match first::<T>(&world).await {
        Ok(first) => first,
        Err(failure) => return Ok(problem(failure).into_response()),
    };
    let (bytes, after) = written(&first, "[");
    let body = match after {
        None => Body::from(bytes),
        Some(after) => {
            let begin = stream::iter([Ok(bytes)]);
            let rest = stream::try_unfold(Some((world, after)), next::<T>);
            Body::from_stream(stream::StreamExt::chain(begin, rest))
        }
    };
    Ok(respond::bytes(200, "application/json", body))
}

/// The first page, after whatever is due has happened.
async fn first<T: Paged>(world: &World) -> Result<Page<T>, Failure> {
    let reading = world.clone();
    let unit_of_work = async move {
        let mut unit = reading.read().await?;
        Ok(paged::page(unit.work()?.conn, 0).await?)
    };
    world.run(unit_of_work).await
}

type Position = Option<(Arc<World>, i64)>;

/// The bytes of the page after a row, and where to go on.
async fn next<T: Paged + Serialize>(
    position: Position,
) -> Result<Option<(Bytes, Position)>, Failure> {
    let Some((world, after)) = position else {
        return Ok(None);
    };
    let reading = World::clone(&world);
    let unit_of_work = async move {
        let mut reader = reading.store.read().await?;
        Ok(paged::page::<T>(&mut reader, after).await?)
    };
    let page = world.run(unit_of_work).await?;
    let (bytes, after) = written(&page, "");
    Ok(Some((bytes, after.map(|after| (world, after)))))
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
    let error: &dyn std::error::Error = &failure;
    tracing::error!(error, "a list cannot be read");
    Problem::internal()
}
