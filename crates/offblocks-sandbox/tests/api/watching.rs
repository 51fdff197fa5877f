//! Whether it works, and figures.

use offblocks_sandbox::Database;
use serde_json::Value;

use crate::common::{LocalWallet, Stage, skips};

#[tokio::test]
async fn a_sandbox_that_works_says_so() {
    let stage = Stage::new().await;
    let response = stage.caller.watch("/_sandbox/healthz").await;
    assert_eq!(response.status(), 200);
    let health: Value = response.json().await.unwrap();
    assert_eq!(health["status"], "ok");
    assert_eq!(health["database"]["works"], true);
    assert_eq!(health["steps"]["behind"], false);
    assert_eq!(health["steps"]["waiting"], 0);
    stage.stop().await;
}

#[tokio::test]
async fn a_sandbox_is_well_while_a_long_call_has_its_database() {
    let stage = Stage::new().await;
    let sandbox = stage.sandbox.clone();
    sandbox.populate(3_000, |_| ()).await.unwrap();
    let (snapshot, _) = sandbox.snapshot(Vec::new()).await.unwrap();
    let restore =
        tokio::spawn(async move { sandbox.restore(std::io::Cursor::new(snapshot)).await });
    while stage.sandbox.work().is_empty() {
        tokio::task::yield_now().await;
    }
    let response = stage.caller.watch("/_sandbox/healthz").await;
    assert_eq!(response.status(), 200);
    assert!(
        !restore.is_finished(),
        "it has waited for the whole of the call"
    );
    let health: Value = response.json().await.unwrap();
    assert_eq!(health["status"], "ok");
    assert_eq!(health["database"]["works"], true);
    restore.await.unwrap().unwrap();
    stage.stop().await;
}

#[tokio::test]
async fn a_sandbox_without_its_database_says_so() {
    if skips("it deletes the file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("offblocks.db");
    let stage = Stage::with(|settings| settings.database = Database::File(file.clone())).await;
    std::fs::remove_file(&file).unwrap();
    let response = stage.caller.watch("/_sandbox/healthz").await;
    assert_eq!(response.status(), 503);
    let health: Value = response.json().await.unwrap();
    assert_eq!(health["status"], "failing");
    let reason = health["database"]["reason"].as_str().unwrap();
    assert!(reason.contains("delete"), "{reason}");
    let metrics = stage.caller.watch("/_sandbox/metrics").await;
    assert_eq!(metrics.status(), 503);
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let stage = Stage::new().await;
    let http = reqwest::Client::new();
    for (method, path, status) in [
        ("DELETE", "/_sandbox/healthz", 405),
        ("PUT", "/_sandbox/requests.har", 405),
        ("PUT", "/_sandbox/assets/style.css", 405),
        ("GET", "/_sandbox/assets/x", 404),
    ] {
        let url = stage.caller.base_url.join(path).unwrap();
        let response = http
            .request(method.parse().unwrap(), url)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        assert_eq!(response.headers().contains_key("allow"), status == 405);
        let problem: Value = response.json().await.unwrap();
        assert!(problem["detail"].is_string(), "{problem}");
    }
    stage.stop().await;
}

#[tokio::test]
async fn figures_count_what_happened() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let (_, _, card) = caller.everything(&LocalWallet::numbered(1)).await;
    caller.get(&format!("/cards/{card}")).await.expect(200);
    caller.get("/nowhere").await.rejected(404);
    let response = caller.watch("/_sandbox/metrics").await;
    let kind = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
    let text = response.text().await.unwrap();
    for line in [
        "offblocks_sandbox_requests_total{operation=\"createAccountCard\",status=\"201\"} 1",
        "offblocks_sandbox_requests_total{operation=\"none\",status=\"404\"} 1",
        "offblocks_sandbox_entities{kind=\"card\",state=\"active\"} 1",
        "offblocks_sandbox_deliveries_waiting 0",
        "offblocks_sandbox_steps_waiting 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    let commits = text
        .lines()
        .find_map(|line| line.strip_prefix("offblocks_sandbox_store_commits_total "));
    assert!(commits.unwrap().parse::<u64>().unwrap() >= 8, "{text}");
    stage.stop().await;
}
