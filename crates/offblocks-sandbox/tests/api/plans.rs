//! No statement of the API reads a whole table that grows: the plan of each is looked at, in the
//! database that the tests run on. So a million rows cost what ten do.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use offblocks_sandbox::Database;
use serde_json::json;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, SqliteConnection};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::common::{ALL, Direct, LocalWallet, Receiver, Stage, chosen, text};

/// The tables that grow with what callers do.
const GROWING: [&str; 15] = [
    "accounts",
    "authorisations",
    "cards",
    "chain_transactions",
    "challenges",
    "customers",
    "deliveries",
    "delivery_attempts",
    "fees",
    "idempotency",
    "ledger_books",
    "ledger_holds",
    "ledger_postings",
    "scheduled_steps",
    "webhook_events",
];

#[tokio::test]
async fn no_statement_reads_a_whole_table_that_grows() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let statements = Statements::default();
    // While there is one subscriber alone, an event that another test's thread meets first is switched off
    // for this one too.
    let _other = tracing::Dispatch::new(tracing_subscriber::registry());
    let subscriber = tracing_subscriber::registry().with(statements.clone());
    let listening = tracing::subscriber::set_default(subscriber);
    let stage = Stage::on_file(&file).await;
    walk(&stage).await;
    stage.stop().await;
    drop(listening);
    let found = statements.found();
    assert!(found.len() > 60, "only these were heard of: {found:#?}");
    let mut direct = Direct::to(&chosen(Database::File(file))).await;
    let without_index = "SELECT * FROM cards WHERE name = $1";
    let known = scan(&mut direct, without_index).await;
    assert!(known.is_some(), "a plan is not understood any more");
    let mut whole = Vec::new();
    for statement in found {
        let line = scan(&mut direct, &statement).await;
        whole.extend(line.map(|line| format!("{line}\n    {statement}")));
    }
    assert!(
        whole.is_empty(),
        "give these an index:\n{}",
        whole.join("\n")
    );
}

/// The line of a statement's plan that is about all rows of a table that grows.
async fn scan(direct: &mut Direct, statement: &str) -> Option<String> {
    let plan = match direct {
        Direct::Sqlite(connection) => sqlite(connection, statement).await,
        Direct::Postgres(connection) => postgres(connection, statement).await,
    };
    plan.into_iter().find(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        reads_all(&words)
    })
}

/// Whether a line of a plan is about all rows of a table that grows, in no order that ends it.
fn reads_all(words: &[&str]) -> bool {
    let table = match words {
        // With an index the rows come in its order, and `LIMIT` ends it.
        ["SCAN", table, rest @ ..] if !rest.contains(&"INDEX") => table,
        ["Seq", "Scan", "on", table, ..] | ["->", "Seq", "Scan", "on", table, ..] => table,
        _ => return false,
    };
    GROWING.contains(table)
}

/// The plan as SQLite tells it.
async fn sqlite(connection: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
    let rows = sqlx::query(explain).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| row.get("detail")).collect()
}

/// The plan as PostgreSQL tells it, for whatever arguments. Small tables are read whole where that is
/// cheaper, so that is made dear.
async fn postgres(connection: &mut PgConnection, statement: &str) -> Vec<String> {
    let arguments = (1..=40).take_while(|number| statement.contains(&format!("${number}")));
    let nulls = vec!["NULL"; arguments.count()].join(", ");
    let run = match nulls.as_str() {
        "" => "EXPLAIN EXECUTE asked".to_owned(),
        nulls => format!("EXPLAIN EXECUTE asked ({nulls})"),
    };
    let begin = "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan";
    let prepare = format!("PREPARE asked AS {statement}");
    for statement in [begin.to_owned(), prepare] {
        let statement = sqlx::raw_sql(AssertSqlSafe(statement.clone()));
        if statement.execute(&mut *connection).await.is_err() {
            // What cannot be prepared is not a query.
            return Vec::new();
        }
    }
    let rows = sqlx::raw_sql(AssertSqlSafe(run))
        .fetch_all(&mut *connection)
        .await;
    let done = sqlx::raw_sql("DEALLOCATE asked").execute(connection).await;
    done.unwrap();
    rows.unwrap().iter().map(|row| row.get(0)).collect()
}

/// Whatever the API has, once.
async fn walk(stage: &Stage) {
    let caller = &stage.caller;
    let receiver = Receiver::start().await;
    let webhook = caller.subscribe(&receiver.url(), ALL).await;
    let (customer, account, card) = caller.everything(&LocalWallet::numbered(1)).await;
    let path = format!("/simulator/cards/{card}/authorisation");
    let mut held = Vec::new();
    for capture in [true, false, false] {
        let body = json!({"amount": "1", "currency": "EUR", "capture": capture});
        held.push(text(&caller.post(&path, body).await.expect(201), "id"));
    }
    for (at, what) in [(1, "capture"), (2, "release")] {
        let path = format!("/simulator/authorisations/{}/{what}", held[at]);
        caller.patch(&path).await.expect(202);
    }
    let transactions = caller.get(&format!("/cards/{card}/transactions")).await;
    let transaction = text(&transactions.expect(200)[0], "id");
    receiver.received(8).await;
    for path in [
        "/customers".to_owned(),
        "/accounts".to_owned(),
        "/cards".to_owned(),
        "/webhooks".to_owned(),
        "/webhooks/verification-key".to_owned(),
        format!("/webhooks/{}", text(&webhook, "id")),
        format!("/customers/{customer}"),
        format!("/customers/{customer}/accounts"),
        format!("/accounts/{account}"),
        format!("/accounts/{account}/challenge"),
        format!("/accounts/{account}/cards"),
        format!("/accounts/{account}/transactions"),
        format!("/cards/{card}"),
        format!("/transactions/{transaction}"),
        format!("/authorisations/{}", held[0]),
    ] {
        let response = caller.get(&path).await;
        assert!(
            [200, 400].contains(&response.status),
            "{path}: {response:?}"
        );
    }
    for path in [
        format!("/cards/{card}"),
        format!("/accounts/{account}"),
        format!("/customers/{customer}"),
    ] {
        for what in ["deactivate", "activate"] {
            caller.patch(&format!("{path}/{what}")).await.expect(200);
        }
    }
    caller
        .delete(&format!("/accounts/{account}"))
        .await
        .expect(204);
    let id = text(&webhook, "id");
    caller.delete(&format!("/webhooks/{id}")).await.expect(204);
}

/// The statements that were run.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<BTreeSet<String>>>);

impl Statements {
    fn found(&self) -> BTreeSet<String> {
        let mut found = self.0.lock().unwrap().clone();
        // What only the start and a snapshot run is about all rows on purpose.
        found.retain(|statement| !statement.starts_with("CREATE"));
        found
    }
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().ends_with("store::sql::query") {
            event.record(&mut &*self);
        }
    }
}

impl Visit for &Statements {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "statement" {
            self.0.lock().unwrap().insert(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
