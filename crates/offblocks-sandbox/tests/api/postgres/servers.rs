//! Servers that do not do what they are asked: standbys, restarts, ends of statements and of
//! connections in the middle of a transaction, and too few connections.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use offblocks_sandbox::{Database, PostgresSchema};

use super::outages::{authorisation, stage, until_it_reads, until_it_writes};
use super::proxy::Proxy;
use crate::common::{Direct, Response, new_schema, url_of};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.ci/postgres");

/// A copy of the server, which follows it until it is promoted.
struct Standby {
    folder: PathBuf,
    port: u16,
}

impl Standby {
    fn of(url: &str, folder: PathBuf) -> Self {
        let port = run(&["standby", url, folder.to_str().unwrap()]);
        Self {
            folder,
            port: port.trim().parse().unwrap(),
        }
    }

    fn tell(&self, what: &str) {
        run(&[what, self.folder.to_str().unwrap()]);
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        self.tell("stop");
    }
}

fn run(arguments: &[&str]) -> String {
    let output = Command::new("bash").arg(SCRIPT).args(arguments).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{SCRIPT} {arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// A folder that the server's own user can reach.
fn open_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mode = Command::new("chmod").arg("755").arg(folder.path()).status();
    assert!(mode.unwrap().success());
    folder
}

fn in_folder(folder: &Path) -> PathBuf {
    folder.join("standby")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_is_read_from_until_it_is_promoted_and_a_restart_passes() {
    let Some(schema) = new_schema() else { return };
    let url: url::Url = url_of(&schema, None).parse().unwrap();
    let proxy = Proxy::to(url.port().unwrap()).await;
    let through = url_of(&schema, Some(proxy.port()));
    let (stage, write, read) = stage(through.parse().unwrap()).await;
    let folder = open_folder();
    let mut whole = url.clone();
    whole.set_query(None);
    let standby = Standby::of(whole.as_str(), in_folder(folder.path()));
    proxy.lead_to(standby.port);
    let mut rejected = None;
    for _ in 0..50 {
        let response = stage.caller.post(&write, authorisation()).await;
        assert_eq!(response.status, 503, "{response:?}");
        assert!(response.retry_after.is_some(), "{response:?}");
        let detail = response.rejected(503);
        if detail.contains("standby") {
            rejected = Some(detail);
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(rejected.is_some(), "the reason is not said");
    until_it_reads(&stage, &read).await;
    standby.tell("promote");
    until_it_writes(&stage, &write).await;
    standby.tell("restart");
    until_it_writes(&stage, &write).await;
    until_it_reads(&stage, &read).await;
    stage.stop().await;
}

/// Runs a function of the server on each connection of a role that waits for the lock of writers.
async fn interrupt(direct: &mut Direct, function: &str) {
    let waiting = format!(
        "SELECT count({function}(pid)) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
         AND objsubid = 1 AND (classid::bigint << 32 | objid::bigint) = \
         hashtextextended('offblocks writer ' || current_schema(), 0)"
    );
    for _ in 0..200 {
        if direct.number(&waiting).await > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody waits to write");
}

#[tokio::test]
async fn a_statement_or_a_connection_that_is_ended_is_a_503() {
    let Some(schema) = new_schema() else { return };
    let (stage, write, read) = stage(Database::Postgres(schema.clone())).await;
    let mut direct = Direct::to_schema(&schema).await;
    let mut blocking = Direct::to_schema(&schema).await;
    for function in ["pg_cancel_backend", "pg_terminate_backend"] {
        blocking.block_writers().await;
        let call = stage.caller.post(&write, authorisation());
        let (response, ()) = tokio::join!(call, interrupt(&mut direct, function));
        assert_eq!(response.status, 503, "{function}: {response:?}");
        assert!(response.retry_after.is_some(), "{function}: {response:?}");
        assert_eq!(stage.caller.status(&read).await, "active");
        blocking.unblock().await;
        until_it_writes(&stage, &write).await;
    }
    stage.stop().await;
}

/// The schema's server as a role of its own sees it.
fn as_role(schema: &PostgresSchema, role: &str) -> Database {
    let mut url: url::Url = url_of(schema, None).parse().unwrap();
    url.set_username(role).unwrap();
    url.set_password(Some("for-tests")).unwrap();
    url.as_str().parse().unwrap()
}

#[tokio::test]
async fn too_few_connections_are_a_503_until_there_are_more() {
    let Some(schema) = new_schema() else { return };
    let role = format!("role_{}", schema.schema());
    let mut direct = Direct::to_schema(&schema).await;
    let make = format!("CREATE ROLE {role} LOGIN PASSWORD 'for-tests'");
    direct.run(&make, &[]).await;
    let grant = format!("GRANT CREATE ON DATABASE postgres TO {role}");
    direct.run(&grant, &[]).await;
    let (stage, write, read) = stage(as_role(&schema, &role)).await;
    let limit = async |direct: &mut Direct, limit: i32| {
        let limit = format!("ALTER ROLE {role} CONNECTION LIMIT {limit}");
        direct.run(&limit, &[]).await;
    };
    limit(&mut direct, 1).await;
    let end = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = '{role}'"
    );
    assert!(direct.number(&end).await > 0);
    let busy =
        |response: &Response| response.text.contains("busy") || response.text.contains("reached");
    for _ in 0..5 {
        let response = stage.caller.post(&write, authorisation()).await;
        assert!(response.status == 503 && busy(&response), "{response:?}");
        assert!(response.retry_after.is_some(), "{response:?}");
    }
    limit(&mut direct, -1).await;
    until_it_writes(&stage, &write).await;
    until_it_reads(&stage, &read).await;
    stage.stop().await;
}
