//! Every table with its columns, for snapshots, restores and resets, which treat all tables alike.

/// What a column holds, in both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Integer,
    Bytes,
}

/// The subject of a table's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Who may call, and the keys of the sandbox itself. A reset keeps them.
    Access,
    /// What callers made.
    Data,
}

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) subject: Subject,
    /// The columns that order its rows and tell them apart.
    pub(crate) key: &'static [&'static str],
    pub(crate) columns: &'static [(&'static str, Kind)],
}

macro_rules! tables {
    ($($name:literal $subject:ident [$($key:literal),+] { $($column:literal: $kind:ident),+ $(,)? })+) => {
        /// All of them, each after those that its rows refer to.
        pub(crate) const TABLES: &[Table] = &[
            $(Table {
                name: $name,
                subject: Subject::$subject,
                key: &[$($key),+],
                columns: &[$(($column, Kind::$kind)),+],
            }),+
        ];
    };
}

tables! {
    "programme" Access ["id"] {
        "id": Integer, "token_secret": Bytes, "token_epoch": Integer, "created_at": Integer,
    }
    "credentials" Access ["id"] {
        "id": Integer, "api_key": Text, "secret_salt": Bytes, "secret_hash": Bytes,
        "secret_scheme": Integer,
    }
    "signing_keys" Access ["id"] { "id": Text, "spki_pem": Text, "created_at": Integer }
    "webhook_key" Access ["id"] {
        "id": Integer, "key_id": Text, "private_pem": Text, "created_at": Integer,
    }
    "customers" Data ["seq"] {
        "seq": Integer, "id": Text, "external_id": Text, "chain_id": Text, "chain_key": Text,
        "status": Text, "created_at": Integer, "updated_at": Integer,
    }
    "accounts" Data ["seq"] {
        "seq": Integer, "id": Text, "customer_id": Text, "chain_id": Text, "status": Text,
        "inactive_cause": Text, "type": Text, "currency": Text, "created_at": Integer,
        "updated_at": Integer,
    }
    "cards" Data ["seq"] {
        "seq": Integer, "id": Text, "account_id": Text, "type": Text, "name": Text, "network": Text,
        "masked_pan": Text, "expiration_date": Text, "billing_address": Text, "status": Text,
        "inactive_cause": Text, "created_at": Integer, "updated_at": Integer,
    }
    "authorisations" Data ["seq"] {
        "seq": Integer, "id": Text, "account_id": Text, "card_id": Text, "status": Text,
        "amount": Text, "currency": Text, "merchant_amount": Text, "merchant_currency": Text,
        "exchange_rate": Text, "merchant": Text, "created_at": Integer, "updated_at": Integer,
    }
    "transactions" Data ["seq"] {
        "seq": Integer, "id": Text, "account_id": Text, "card_id": Text, "authorisation_id": Text,
        "status": Text, "direction": Text, "amount": Text, "currency": Text,
        "merchant_amount": Text, "merchant_currency": Text, "exchange_rate": Text,
        "merchant": Text, "token_amount": Text, "token": Text, "created_at": Integer,
        "updated_at": Integer,
    }
    "fees" Data ["seq"] {
        "seq": Integer, "transaction_id": Text, "type": Text, "token_amount": Text,
    }
    "chain_transactions" Data ["seq"] {
        "seq": Integer, "transaction_id": Text, "chain_id": Text, "created_at": Integer,
    }
    "challenges" Data ["owner_id"] {
        "owner_id": Text, "message": Text, "expires_at": Integer, "signed": Integer,
    }
    "idempotency" Data ["scope", "key"] {
        "scope": Text, "key": Text, "fingerprint": Text, "status": Integer, "content_type": Text,
        "body": Bytes, "expires_at": Integer,
    }
    "scheduled_steps" Data ["seq"] {
        "seq": Integer, "due_at": Integer, "step": Text, "entity_id": Text,
    }
    "webhooks" Data ["seq"] {
        "seq": Integer, "id": Text, "callback_url": Text, "created_at": Integer,
        "updated_at": Integer,
    }
    "webhook_types" Data ["seq"] { "seq": Integer, "webhook_id": Text, "type": Text }
    "webhook_events" Data ["seq"] {
        "seq": Integer, "id": Text, "type": Text, "body": Text, "created_at": Integer,
    }
    "deliveries" Data ["seq"] {
        "seq": Integer, "event_seq": Integer, "webhook_id": Text, "status": Text, "reason": Text,
        "attempts": Integer, "since": Integer, "due_at": Integer, "updated_at": Integer,
    }
    "delivery_attempts" Data ["seq"] {
        "seq": Integer, "delivery_seq": Integer, "attempted_at": Integer, "url": Text,
        "headers": Text, "status": Integer, "excerpt": Text, "failure": Text, "duration": Integer,
        "modes": Text, "body": Text, "response_headers": Text,
    }
    "ledger_books" Data ["account_id", "book"] {
        "account_id": Text, "book": Text, "amount": Text,
    }
    "ledger_postings" Data ["seq"] {
        "seq": Integer, "account_id": Text, "from_book": Text, "to_book": Text, "amount": Text,
        "entity_id": Text, "created_at": Integer,
    }
    "ledger_holds" Data ["authorisation_id"] {
        "authorisation_id": Text, "amount": Text, "fees": Text,
    }
}

/// A table by its name.
pub(crate) fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sqlx::{AssertSqlSafe, Row as _};

    use super::*;
    use crate::settings::Settings;
    use crate::store::{Connection, Store};

    /// What the migrations make, as this file writes it.
    async fn schema() -> BTreeSet<(String, String, &'static str)> {
        let store = Store::open(&Settings::default()).await.unwrap();
        let mut reader = store.read().await.unwrap();
        let Connection::Sqlite(connection) = &mut *reader else {
            panic!("the database in memory has one connection");
        };
        let connection = &mut **connection;
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' \
                      AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlx_%'";
        let tables = sqlx::query(tables).fetch_all(&mut *connection).await;
        let mut found = BTreeSet::new();
        for table in tables.unwrap() {
            let table: String = table.get(0);
            let columns = AssertSqlSafe(format!(
                "SELECT name, type FROM pragma_table_info('{table}')"
            ));
            let columns = sqlx::query(columns).fetch_all(&mut *connection).await;
            for column in columns.unwrap() {
                let kind = match column.get(1) {
                    "TEXT" => "Text",
                    "INTEGER" => "Integer",
                    "BLOB" => "Bytes",
                    other => panic!("a column of the type {other}"),
                };
                found.insert((table.clone(), column.get(0), kind));
            }
        }
        found
    }

    #[tokio::test]
    async fn every_column_of_the_schema_is_listed() {
        let mut listed = BTreeSet::new();
        for table in TABLES {
            for (column, kind) in table.columns {
                let kind = match kind {
                    Kind::Text => "Text",
                    Kind::Integer => "Integer",
                    Kind::Bytes => "Bytes",
                };
                listed.insert((table.name.to_owned(), (*column).to_owned(), kind));
            }
            assert!(
                table
                    .key
                    .iter()
                    .all(|key| table.columns.iter().any(|(name, _)| name == key)),
                "{}",
                table.name
            );
        }
        let schema = schema().await;
        let missing = schema.difference(&listed);
        // Which process has a delivery under way is of no use to any other. The clock, the rules for
        // steps, the faults and the programmes are those of the sandbox that runs, and not of its
        // data.
        let running = ["control", "faults", "programmes"];
        let missing: Vec<_> = missing
            .filter(|(table, column, _)| {
                !running.contains(&table.as_str()) && column != "claimed_by"
            })
            .collect();
        let extra: Vec<_> = listed.difference(&schema).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "list the tables and columns in store/tables.rs as the migrations make them: missing \
             {missing:?}, not there {extra:?}"
        );
    }
}
