//! All data at once, and programmes, by clicking.

use std::io::Write as _;

use crate::chromium::{Browser, open};

/// Presses a button behind the one that asks whether it is meant.
async fn confirm(browser: &Browser, first: &str, second: &str) {
    browser.follow(first).await;
    browser.press(second).await;
}

/// What the link to a snapshot leads to.
async fn snapshot(browser: &Browser) -> String {
    let url = browser.url("/_sandbox/snapshot");
    reqwest::get(url).await.unwrap().text().await.unwrap()
}

fn holders(snapshot: &str) -> usize {
    snapshot.matches("\"holder-").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn data_is_made_saved_removed_and_restored_by_clicking() {
    let Some(browser) = open().await else { return };
    browser.goto("/_sandbox/ui/data").await;
    browser.press("Make it all").await;
    browser.heading("Fixtures are made").await;
    assert!(browser.text().await.contains("alice"));
    browser.goto("/_sandbox/ui/data").await;
    browser.fill("number", "30").await;
    browser.press("Add cards").await;
    browser.heading("Cards").await;
    let saved = snapshot(&browser).await;
    assert_eq!(holders(&saved), 30);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.jsonl");
    let mut out = std::fs::File::create(&file).unwrap();
    out.write_all(saved.as_bytes()).unwrap();

    browser.goto("/_sandbox/ui/data").await;
    // Nothing happens before it is confirmed.
    confirm(
        &browser,
        "main > section:last-of-type summary",
        "Yes, remove all data",
    )
    .await;
    browser.heading("Programme").await;
    assert_eq!(holders(&snapshot(&browser).await), 0);

    browser.goto("/_sandbox/ui/data").await;
    browser.choose("snapshot", &file).await;
    confirm(&browser, "[data-restore] summary", "Yes, restore it").await;
    let restored = async || browser.text().await.contains("Restored: ").then_some(());
    browser.until("Restored", restored).await;
    assert_eq!(holders(&snapshot(&browser).await), 30);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_fixtures_is_said() {
    let Some(browser) = open().await else { return };
    browser.goto("/_sandbox/ui/data").await;
    let steps = r#"{"steps": [{"card": {"account": "nobody"}}]}"#;
    browser.fill("fixtures", steps).await;
    browser.press("Make it all").await;
    browser.heading("That was not done").await;
    let text = browser.text().await;
    assert!(
        text.contains("/steps/0/card/account: no step above"),
        "{text}"
    );
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programmes_are_created_and_dropped_by_clicking() {
    let Some(browser) = open().await else { return };
    browser.goto("/_sandbox/ui/programmes").await;
    browser.fill("name", "ci-job-17").await;
    browser.press("Create a programme").await;
    browser.heading("Programme ci-job-17").await;
    let text = browser.text().await;
    for part in ["/programmes/ci-job-17/v1", "API secret"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    browser.goto("/_sandbox/ui/programmes").await;
    assert!(!browser.text().await.contains("API secret"));
    // Its pages are the same ones, at a place of their own.
    browser.follow("main table.rows a").await;
    browser.heading("Programme").await;
    browser.press("Create a customer").await;
    browser.heading("Customer customer-").await;
    let path = browser.path().await;
    assert!(
        path.starts_with("/programmes/ci-job-17/_sandbox/ui/customers/"),
        "{path}"
    );
    browser.press("Verify").await;
    browser.state("active").await;
    browser.goto("/_sandbox/ui/customers").await;
    assert!(browser.text().await.contains("There are no customers yet"));
    browser.goto("/_sandbox/ui/programmes").await;
    confirm(&browser, "main table.rows summary", "Yes, drop it").await;
    let none = async || {
        browser
            .text()
            .await
            .contains("There are no programmes")
            .then_some(())
    };
    browser.until("no programmes", none).await;
    browser.close().await;
}
