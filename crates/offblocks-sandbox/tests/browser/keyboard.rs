//! Pages without a mouse.

use crate::chromium::open;
use crate::driver::{ENTER, TAB};

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_reached_with_the_keyboard() {
    let Some(browser) = open().await else { return };
    browser.goto("/_sandbox/").await;
    let active = async || browser.driver.active().await;
    let press = async |key: &str| active().await.send_keys(key).await.unwrap();
    press(TAB).await;
    assert_eq!(active().await.text().await.unwrap(), "Skip to the content");
    let outline = "const look = getComputedStyle(document.activeElement); \
                   return look.outlineStyle + ' ' + look.outlineWidth";
    assert_eq!(browser.ask(outline).await, "solid 3px", "focus is visible");
    press(ENTER).await;
    assert_eq!(
        browser.ask("return document.activeElement.id").await,
        "main"
    );
    // From the content on, each stop is something that can be used, and shows its focus.
    for _ in 0..40 {
        press(TAB).await;
        let stop = browser
            .ask("return document.activeElement.textContent.trim()")
            .await;
        if stop == "Create a customer" {
            press(ENTER).await;
            browser.heading("Customer customer-").await;
            return browser.close().await;
        }
        let tag = browser.ask("return document.activeElement.tagName").await;
        if tag != "BODY" {
            assert_eq!(browser.ask(outline).await, "solid 3px", "{tag} {stop}");
        }
    }
    panic!("the button was not reached");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_have_landmarks_and_labels() {
    let Some(browser) = open().await else { return };
    let paths = [
        "/_sandbox/",
        "/_sandbox/ui/customers",
        "/_sandbox/ui/webhooks",
        "/_sandbox/ui/log",
    ];
    for path in paths {
        browser.goto(path).await;
        let counts = "return ['h1', 'main', 'header', 'nav[aria-label]'].map(it => \
                      document.querySelectorAll(it).length)";
        let counts = browser.ask(counts).await;
        assert_eq!(counts, serde_json::json!([1, 1, 1, 1]), "{path}");
        let unlabelled = "return [...document.querySelectorAll('input:not([type=hidden])')]\
                          .filter(it => it.labels.length === 0).map(it => it.outerHTML)";
        assert_eq!(
            browser.ask(unlabelled).await,
            serde_json::json!([]),
            "{path}"
        );
        let nameless = "return [...document.querySelectorAll('a, button')]\
                        .filter(it => it.textContent.trim() === '').map(it => it.outerHTML)";
        assert_eq!(browser.ask(nameless).await, serde_json::json!([]), "{path}");
    }
    browser.close().await;
}
