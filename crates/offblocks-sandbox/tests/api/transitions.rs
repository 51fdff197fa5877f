//! Every operation that changes a status, from every status: which are allowed, and which respond
//! the others get. States that only OffBlocks itself reaches are written into the database.

use crate::common::{Direct, LocalWallet, Stage, chosen, text};
use offblocks_sandbox::Database;
use serde_json::json;

/// An operation: its name here, the statuses it is allowed from, what it responds with then and
/// otherwise, and the status that follows.
type Row = (
    &'static str,
    &'static [&'static str],
    u16,
    u16,
    &'static str,
);

const CARD: &[&str] = &[
    "issuing",
    "issue_failed",
    "active",
    "inactive",
    "suspended",
    "blocked",
    "terminated",
];
const CARD_ROWS: &[Row] = &[
    (
        "PATCH /cards/{id}/activate",
        &["inactive"],
        200,
        409,
        "active",
    ),
    (
        "PATCH /cards/{id}/deactivate",
        &["active"],
        200,
        409,
        "inactive",
    ),
    (
        "DELETE /cards/{id}",
        &["active", "inactive", "suspended"],
        204,
        409,
        "terminated",
    ),
    (
        "PATCH /simulator/cards/{id}/issue",
        &["issuing"],
        202,
        400,
        "active",
    ),
    (
        "PATCH /simulator/cards/{id}/fail",
        &["issuing"],
        202,
        400,
        "issue_failed",
    ),
    (
        "POST /simulator/cards/{id}/authorisation",
        &["active"],
        201,
        400,
        "active",
    ),
];

const CUSTOMER: &[&str] = &[
    "initiating",
    "screening",
    "verifying",
    "rejected",
    "active",
    "inactive",
];
const CUSTOMER_ROWS: &[Row] = &[
    (
        "PATCH /customers/{id}/activate",
        &["inactive"],
        200,
        409,
        "active",
    ),
    (
        "PATCH /customers/{id}/deactivate",
        &["active"],
        200,
        409,
        "inactive",
    ),
    (
        "PATCH /simulator/customers/{id}/verify",
        &["verifying"],
        202,
        400,
        "active",
    ),
    (
        "PATCH /simulator/customers/{id}/reject",
        &["verifying"],
        202,
        400,
        "rejected",
    ),
    (
        "GET /customers/{id}/challenge",
        &["initiating"],
        200,
        400,
        "initiating",
    ),
];

const ACCOUNT: &[&str] = &[
    "initiating",
    "pending",
    "active",
    "inactive",
    "closed",
    "failed",
];
const ACCOUNT_ROWS: &[Row] = &[
    (
        "PATCH /accounts/{id}/activate",
        &["inactive"],
        200,
        409,
        "active",
    ),
    (
        "PATCH /accounts/{id}/deactivate",
        &["active"],
        200,
        409,
        "inactive",
    ),
    (
        "DELETE /accounts/{id}",
        &["active", "inactive"],
        204,
        409,
        "closed",
    ),
];

const AUTHORISATION: &[&str] = &["pending", "capturing", "captured", "releasing", "released"];
const AUTHORISATION_ROWS: &[Row] = &[
    (
        "PATCH /simulator/authorisations/{id}/capture",
        &["pending"],
        202,
        400,
        "captured",
    ),
    (
        "PATCH /simulator/authorisations/{id}/release",
        &["pending"],
        202,
        400,
        "released",
    ),
];

#[tokio::test]
async fn every_operation_from_every_status() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let stage = Stage::on_file(&file).await;
    let mut database = Direct::to(&chosen(Database::File(file))).await;
    let (customer, account, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    let body = json!({"amount": "1", "currency": "EUR", "capture": false});
    let path = format!("/simulator/cards/{card}/authorisation");
    let held = text(&stage.caller.post(&path, body).await.expect(201), "id");
    for (table, id, statuses, rows) in [
        ("authorisations", &held, AUTHORISATION, AUTHORISATION_ROWS),
        ("cards", &card, CARD, CARD_ROWS),
        ("accounts", &account, ACCOUNT, ACCOUNT_ROWS),
        ("customers", &customer, CUSTOMER, CUSTOMER_ROWS),
    ] {
        for row in rows {
            for status in statuses {
                set(&mut database, table, id, status).await;
                try_row(&stage, &format!("/{table}/{id}"), id, status, row).await;
            }
        }
        // The next table needs this one's entity alive again.
        set(&mut database, table, id, "active").await;
    }
    stage.stop().await;
}

async fn try_row(stage: &Stage, entity: &str, id: &str, from: &str, row: &Row) {
    let &(operation, allowed, accepted, rejected, to) = row;
    let (method, path) = operation.split_once(' ').unwrap();
    let mut call = stage.caller.call(method, &path.replace("{id}", id));
    if method == "POST" {
        call = call.body(json!({"amount": "1", "currency": "EUR", "capture": false}));
    }
    let response = call.send().await;
    let (status, next) = if allowed.contains(&from) {
        (accepted, to)
    } else {
        (rejected, from)
    };
    assert_eq!(
        response.status, status,
        "{operation} from {from}: {}",
        response.text
    );
    assert_eq!(
        stage.caller.status(entity).await,
        next,
        "{operation} from {from}"
    );
}

async fn set(database: &mut Direct, table: &str, id: &str, status: &str) {
    let update = format!("UPDATE {table} SET status = $1 WHERE id = $2");
    database.run(&update, &[status, id]).await;
}
