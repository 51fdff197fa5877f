//! The only way to write entities: each change is written together with its event.
//!
//! The tables' own functions are private to the store, so nothing can change an entity without an
//! event, and an event is rolled back together with its change.

use chrono::{DateTime, SubsecRound as _, Utc};
use offblocks_types::{Authorisation, Customer, Transaction, WebhookType};
use serde::Serialize;
use uuid::Uuid;

use super::accounts::AccountRecord;
use super::cards::CardRecord;
use super::outbox::{self, Event};
use super::sql::Connection;
use super::{StoreError, accounts, authorisations, cards, customers, rows, transactions};

/// An entity whose changes cause webhooks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Entity<'a> {
    Customer(&'a Customer),
    Account(&'a AccountRecord),
    Card(&'a CardRecord),
    Authorisation(&'a Authorisation),
    Transaction(&'a Transaction),
}

/// What makes a change an event: its identifier, and when it happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occurrence {
    pub(crate) event_id: Uuid,
    pub(crate) at: DateTime<Utc>,
}

/// Writes a new entity, and its event.
pub(crate) async fn insert(
    conn: &mut Connection,
    entity: Entity<'_>,
    occurrence: Occurrence,
) -> Result<(), StoreError> {
    match entity {
        Entity::Customer(customer) => customers::insert(conn, customer).await?,
        Entity::Account(record) => accounts::insert(conn, record).await?,
        Entity::Card(record) => cards::insert(conn, record).await?,
        Entity::Authorisation(authorisation) => authorisations::insert(conn, authorisation).await?,
        Entity::Transaction(transaction) => transactions::insert(conn, transaction).await?,
    }
    publish(conn, entity, occurrence).await
}

/// Writes a change of an entity, and its event.
pub(crate) async fn update(
    conn: &mut Connection,
    entity: Entity<'_>,
    occurrence: Occurrence,
) -> Result<(), StoreError> {
    match entity {
        Entity::Customer(customer) => customers::update(conn, customer).await?,
        Entity::Account(record) => accounts::update(conn, record).await?,
        Entity::Card(record) => cards::update(conn, record).await?,
        Entity::Authorisation(authorisation) => authorisations::update(conn, authorisation).await?,
        Entity::Transaction(transaction) => transactions::update(conn, transaction).await?,
    }
    publish(conn, entity, occurrence).await
}

async fn publish(
    conn: &mut Connection,
    entity: Entity<'_>,
    occurrence: Occurrence,
) -> Result<(), StoreError> {
    let kind = entity.kind();
    if !outbox::is_wanted(conn, &kind).await? {
        return Ok(());
    }
    let event = Event {
        id: occurrence.event_id,
        body: entity.body(occurrence.event_id),
        kind,
    };
    outbox::publish(conn, &event, occurrence.at).await
}

impl Entity<'_> {
    const fn kind(self) -> WebhookType {
        match self {
            Self::Customer(_) => WebhookType::CustomerUpdated,
            Self::Account(_) => WebhookType::AccountUpdated,
            Self::Card(_) => WebhookType::CardUpdated,
            Self::Authorisation(_) => WebhookType::AuthorisationUpdated,
            Self::Transaction(_) => WebhookType::TransactionUpdated,
        }
    }

    /// The event's body, with the times that reading the entity shows from now on.
    fn body(self, event_id: Uuid) -> String {
        /// The entity's times as the database keeps them.
        macro_rules! stored {
            ($entity:expr) => {{
                let mut entity = $entity.clone();
                entity.created_at = entity.created_at.trunc_subsecs(6);
                entity.updated_at = entity.updated_at.trunc_subsecs(6);
                entity
            }};
        }
        let kind = self.kind();
        match self {
            Self::Customer(customer) => body(event_id, &kind, stored!(customer)),
            Self::Account(record) => body(event_id, &kind, stored!(record.account)),
            Self::Card(record) => body(event_id, &kind, stored!(record.card)),
            Self::Authorisation(authorisation) => body(event_id, &kind, stored!(authorisation)),
            Self::Transaction(transaction) => {
                let mut transaction = stored!(transaction);
                for link in &mut transaction.chain_transactions {
                    link.created_at = link.created_at.trunc_subsecs(6);
                }
                body(event_id, &kind, transaction)
            }
        }
    }
}

fn body<T: Serialize>(event_id: Uuid, webhook_type: &WebhookType, entity: T) -> String {
    /// The contract's `WebhookEvent`: what all events have, and the entity's own members.
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a, T> {
        event_id: Uuid,
        webhook_type: &'a WebhookType,
        #[serde(flatten)]
        entity: T,
    }
    rows::to_json(&Body {
        event_id,
        webhook_type,
        entity,
    })
}

macro_rules! entities {
    ($($kind:ident($entity:ty)),+ $(,)?) => {
        $(
            impl<'a> From<&'a $entity> for Entity<'a> {
                fn from(entity: &'a $entity) -> Self {
                    Self::$kind(entity)
                }
            }
        )+
    };
}

entities!(
    Customer(Customer),
    Account(AccountRecord),
    Card(CardRecord),
    Authorisation(Authorisation),
    Transaction(Transaction),
);
