//! The issuance guide, by clicking.

use crate::chromium::open;

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_can_be_walked_by_clicking() {
    let Some(browser) = open().await else { return };
    browser.goto("/_sandbox/").await;
    browser.press("Create a customer").await;
    browser.heading("Customer customer-").await;
    // Screening passes by itself, and the page shows it without being asked.
    browser.press("Verify").await;
    browser.state("active").await;
    browser.press("Open an account").await;
    browser.heading("Account of customer-").await;
    browser.state("active").await;
    browser.press("Order a virtual card").await;
    browser.heading("Card").await;
    browser.state("issuing").await;
    browser.press("Issue").await;
    browser.state("active").await;
    browser.heading("Card ending in ").await;
    let present = browser
        .ask("return document.querySelector('.node.present').textContent")
        .await;
    assert_eq!(present, "active", "the diagram marks the present state");

    browser.press("Deactivate").await;
    browser.state("inactive").await;
    browser.press("Activate").await;
    browser.state("active").await;

    browser.fill("amount", "12.50").await;
    browser.press("Authorise").await;
    browser.heading("Authorisation of 12.5 EUR").await;
    browser.press("Capture").await;
    browser.state("captured").await;
    browser.follow("main table.rows a.id").await;
    browser.heading("Transaction of 12.5 EUR").await;
    browser.state("processed").await;
    let text = browser.text().await;
    for line in [
        "Amount 12.5 EUR",
        "Fee: network 0.01",
        "Settled in tokens 12.51",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    // The refund's page has the same heading and state as the one it was pressed on.
    browser.press("Refund").await;
    let credit = async || browser.text().await.contains("credit").then_some(());
    browser.until("credit", credit).await;

    browser.goto("/_sandbox/").await;
    let text = browser.text().await;
    assert!(
        !text.contains("Go there"),
        "every step of the guide is taken: {text}"
    );
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_request_log_grows_while_one_looks() {
    let Some(browser) = open().await else { return };
    browser.goto("/_sandbox/ui/log").await;
    assert!(browser.text().await.contains("No request has come yet"));
    let live = async || browser.text().await.contains("Live").then_some(());
    browser.until("Live", live).await;
    let url = format!("{}/cards", browser.sandbox.base_url());
    reqwest::Client::new()
        .get(&url)
        .bearer_auth("not a token")
        .send()
        .await
        .unwrap();
    let row = async || browser.text().await.contains("getCards").then_some(());
    browser.until("getCards", row).await;
    browser.follow("main a.request").await;
    browser.heading("Request 1: getCards").await;
    let text = browser.text().await;
    for line in [
        "token failed",
        "signature not reached",
        "authorization\nBearer [redacted]",
    ] {
        let squeezed = text.replace('\n', " ");
        assert!(
            squeezed.contains(&line.replace('\n', " ")),
            "{line} in {text}"
        );
    }
    browser.close().await;
}
