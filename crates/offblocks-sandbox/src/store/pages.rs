//! Lists in parts, the newest first, for pages that show them.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use offblocks_types::{Authorisation, Customer, Transaction, WebhookId, WebhookType};
use uuid::Uuid;

use super::accounts::AccountRecord;
use super::cards::CardRecord;
use super::outbox::Kept;
use super::rows::Of;
use super::sql::{self, AssertSqlSafe, Connection, Row};
use super::{StoreError, accounts, authorisations, cards, customers, outbox, rows, transactions};
use crate::deliveries::Attempt;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    /// Only what is older than the row of this number.
    pub(crate) before: Option<i64>,
    pub(crate) limit: u32,
}

/// A part of a list, the newest first.
#[derive(Debug, Clone)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// What [`Part::before`] is for the next part, where there is one.
    pub(crate) next: Option<i64>,
}

macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident($table:ident: $entity:ty);)+) => {$(
        $(#[$doc])*
        pub(crate) async fn $name(
            conn: &mut Connection,
            of: Of,
            part: Part,
        ) -> Result<Page<$entity>, StoreError> {
            page(conn, stringify!($table), of, part, $table::from_row).await
        }
    )+};
}

pages! {
    /// Customers.
    customer_page(customers: Customer);
    /// Accounts, all or those of a `customer_id`.
    account_page(accounts: AccountRecord);
    /// Cards, all or those of an `account_id`.
    card_page(cards: CardRecord);
    /// Authorisations, all or those of an `account_id` or `card_id`.
    authorisation_page(authorisations: Authorisation);
    /// Transactions without their fees, all or those of an `account_id`, `card_id` or
    /// `authorisation_id`.
    transaction_page(transactions: Transaction);
}

async fn page<T>(
    conn: &mut Connection,
    table: &'static str,
    of: Of,
    part: Part,
    read: fn(&Row) -> Result<T, sqlx::Error>,
) -> Result<Page<T>, StoreError> {
    let (before, limit) = part.bounds();
    let found = match of {
        None => {
            let query = format!("SELECT * FROM {table} WHERE seq < $1 ORDER BY seq DESC LIMIT $2");
            let query = sql::query(AssertSqlSafe(query)).bind(before).bind(limit);
            query.fetch_all(conn).await?
        }
        Some((column, id)) => {
            let query = format!(
                "SELECT * FROM {table} WHERE {column} = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3"
            );
            let query = sql::query(AssertSqlSafe(query)).bind(id.to_string());
            query.bind(before).bind(limit).fetch_all(conn).await?
        }
    };
    part.page(&found, read)
}

impl Part {
    /// The row before which it begins, and how many rows to ask for: one more than are shown tells
    /// whether there is another part.
    fn bounds(self) -> (i64, i64) {
        (self.before.unwrap_or(i64::MAX), i64::from(self.limit) + 1)
    }

    fn page<T>(
        self,
        found: &[Row],
        read: fn(&Row) -> Result<T, sqlx::Error>,
    ) -> Result<Page<T>, StoreError> {
        let shown = found.len().min(self.limit as usize);
        let next = match (found.len() > shown, shown.checked_sub(1)) {
            (true, Some(last)) => Some(found[last].try_get("seq")?),
            _ => None,
        };
        let items = found[..shown].iter().map(read);
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            next,
        })
    }
}

/// A delivery of a webhook in a list.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) seq: i64,
    pub(crate) webhook_id: WebhookId,
    pub(crate) kind: WebhookType,
    pub(crate) status: String,
    pub(crate) attempts: u32,
    pub(crate) created_at: DateTime<Utc>,
}

/// Deliveries, all or those of a subscription.
pub(crate) async fn delivery_page(
    conn: &mut Connection,
    of: Option<WebhookId>,
    part: Part,
) -> Result<Page<Listed>, StoreError> {
    let select = "SELECT d.seq, d.webhook_id, e.type, d.status, d.attempts, e.created_at \
                  FROM deliveries AS d JOIN webhook_events AS e ON e.seq = d.event_seq \
                  WHERE d.seq < $1";
    let (before, limit) = part.bounds();
    let found = match of {
        None => {
            let query = format!("{select} ORDER BY d.seq DESC LIMIT $2");
            let query = sql::query(AssertSqlSafe(query)).bind(before).bind(limit);
            query.fetch_all(conn).await?
        }
        Some(id) => {
            let query = format!("{select} AND d.webhook_id = $2 ORDER BY d.seq DESC LIMIT $3");
            let query = sql::query(AssertSqlSafe(query)).bind(before);
            query
                .bind(id.to_string())
                .bind(limit)
                .fetch_all(conn)
                .await?
        }
    };
    part.page(&found, |row| {
        Ok(Listed {
            seq: row.try_get("seq")?,
            webhook_id: rows::parsed(row, "webhook_id")?,
            kind: rows::parsed(row, "type")?,
            status: row.try_get("status")?,
            attempts: row.try_get("attempts")?,
            created_at: rows::instant(row, "created_at")?,
        })
    })
}

/// A delivery with its attempts.
pub(crate) async fn delivery(
    conn: &mut Connection,
    seq: i64,
) -> Result<Option<(Kept, Vec<Attempt>)>, StoreError> {
    let query = sql::query(
        "SELECT d.seq, d.webhook_id, e.id AS event_id, e.type, e.body, d.reason, d.due_at, \
         e.created_at, d.updated_at FROM deliveries AS d \
         JOIN webhook_events AS e ON e.seq = d.event_seq WHERE d.seq = $1",
    );
    let Some(kept) = rows::one(&mut *conn, query.bind(seq), outbox::kept).await? else {
        return Ok(None);
    };
    let query = sql::query("SELECT * FROM delivery_attempts WHERE delivery_seq = $1 ORDER BY seq");
    let attempts = rows::all(conn, query.bind(seq), outbox::attempt).await?;
    Ok(Some((kept, attempts)))
}

/// What an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Customer,
    Account,
    Card,
    Authorisation,
    Transaction,
    Webhook,
}

/// The kind of entity that has this id.
pub(crate) async fn named(conn: &mut Connection, id: Uuid) -> Result<Option<Named>, StoreError> {
    let query = "SELECT 'customers' AS kind FROM customers WHERE id = $1 \
                 UNION ALL SELECT 'accounts' FROM accounts WHERE id = $1 \
                 UNION ALL SELECT 'cards' FROM cards WHERE id = $1 \
                 UNION ALL SELECT 'authorisations' FROM authorisations WHERE id = $1 \
                 UNION ALL SELECT 'transactions' FROM transactions WHERE id = $1 \
                 UNION ALL SELECT 'webhooks' FROM webhooks WHERE id = $1";
    let query = sql::query(query).bind(id.to_string());
    rows::one(conn, query, |row| rows::parsed(row, "kind")).await
}

/// What has an id that begins with these eight digits, two things at most. Lists show ids so short.
pub(crate) async fn beginning(
    conn: &mut Connection,
    digits: &str,
) -> Result<Vec<(Named, Uuid)>, StoreError> {
    let kinds = [
        "customers",
        "accounts",
        "cards",
        "authorisations",
        "transactions",
        "webhooks",
    ];
    // A hexadecimal digit stands before every `g`, by any collation.
    let of = |kind| format!("SELECT '{kind}' AS kind, id FROM {kind} WHERE id >= $1 AND id < $2");
    let query = kinds.map(of).join(" UNION ALL ") + " LIMIT 2";
    let query = sql::query(AssertSqlSafe(query))
        .bind(digits)
        .bind(format!("{digits}g"));
    rows::all(conn, query, |row| {
        Ok((rows::parsed(row, "kind")?, rows::parsed(row, "id")?))
    })
    .await
}

/// The query above found a kind that it does not name.
#[derive(Debug, thiserror::Error)]
#[error("unknown kind of entity")]
pub(crate) struct UnknownKind;

impl FromStr for Named {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "customers" => Ok(Self::Customer),
            "accounts" => Ok(Self::Account),
            "cards" => Ok(Self::Card),
            "authorisations" => Ok(Self::Authorisation),
            "transactions" => Ok(Self::Transaction),
            "webhooks" => Ok(Self::Webhook),
            _ => Err(UnknownKind),
        }
    }
}
