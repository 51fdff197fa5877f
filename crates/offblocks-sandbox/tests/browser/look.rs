//! How pages look: at phone width, in both colour schemes, and for the README.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::chromium::{Browser, open};

/// The longest picture of the README, in bytes.
const PICTURE: usize = 100 * 1024;

/// What sticks out of the screen, except where it is scrolled in a box of its own. Measured once two
/// frames were painted: a phone's width reaches a new page with its first frame, and before that a
/// busy machine measures a layout that nobody sees.
const STICKS_OUT: &str = "
    const painted = () => new Promise((then) => requestAnimationFrame(then));
    const measure = () => {
        const width = document.documentElement.clientWidth;
        const boxed = (it) => it.closest('pre, .hidden, table.rows thead, svg') !== null;
        const out = [...document.querySelectorAll('body *')]
            .filter((it) => !boxed(it) && it.getBoundingClientRect().right > width + 0.5)
            .map((it) => it.outerHTML.slice(0, 200));
        return document.documentElement.scrollWidth > width || out.length > 0
            ? [document.documentElement.scrollWidth, ...out.slice(0, 5)] : [];
    };
    return painted().then(painted).then(measure);";

/// Makes one of everything, and returns the pages that show them.
async fn fill(browser: &Browser) -> Vec<String> {
    let mut paths = Vec::new();
    browser.goto("/_sandbox/ui/webhooks").await;
    browser
        .fill("url", "http://127.0.0.1:9/nobody-listens")
        .await;
    browser.press("Subscribe").await;
    browser.heading("Webhook subscription").await;
    paths.push(browser.path().await);
    browser.goto("/_sandbox/ui/customers").await;
    browser
        .fill(
            "external_id",
            "a-customer-with-a-rather-long-external-id-of-its-own",
        )
        .await;
    browser.press("Create a customer").await;
    browser.press("Verify").await;
    browser.state("active").await;
    paths.push(browser.path().await);
    browser.press("Open an account").await;
    browser.heading("Account").await;
    browser.state("active").await;
    paths.push(browser.path().await);
    browser.press("Order a virtual card").await;
    browser.press("Issue").await;
    browser.state("active").await;
    paths.push(browser.path().await);
    browser.press("Authorise").await;
    browser.heading("Authorisation").await;
    browser.press("Capture").await;
    browser.state("captured").await;
    paths.push(browser.path().await);
    browser.follow("main table.rows a.id").await;
    browser.heading("Transaction").await;
    paths.push(browser.path().await);
    call_wrongly(browser).await;
    browser.goto("/_sandbox/ui/deliveries").await;
    browser.follow("main table.rows a").await;
    browser.heading("Delivery").await;
    paths.push(browser.path().await);
    for name in [
        "customers",
        "accounts",
        "cards",
        "authorisations",
        "transactions",
        "webhooks",
        "deliveries",
        "log",
        "log/3",
        "clock",
        "data",
        "programmes",
        "cards/nothing",
    ] {
        paths.push(format!("/_sandbox/ui/{name}"));
    }
    paths.push("/_sandbox/".to_owned());
    paths
}

/// Calls of the API, the last of which has a signature that does not match.
async fn call_wrongly(browser: &Browser) {
    let base_url = browser.sandbox.base_url();
    let http = reqwest::Client::new();
    http.get(format!("{base_url}/cards")).send().await.unwrap();
    let credentials = json!({
        "apiKey": offblocks_sandbox::DEFAULT_API_KEY,
        "apiSecret": offblocks_sandbox::DEFAULT_API_SECRET,
    });
    let token = http
        .post(format!("{base_url}/auth/token"))
        .json(&credentials);
    let token: Value = token.send().await.unwrap().json().await.unwrap();
    let (key, id) = (
        offblocks_signature::SigningKey::generate().unwrap(),
        "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c",
    );
    let upload = json!({"signingKeyId": id, "signingKey": key.public_key().to_base64_pem()});
    let token = token["token"].as_str().unwrap();
    let upload = http
        .put(format!("{base_url}/auth/signing"))
        .bearer_auth(token)
        .json(&upload);
    assert_eq!(upload.send().await.unwrap().status(), 204);
    let wrong = http
        .get(format!("{base_url}/cards"))
        .bearer_auth(token)
        .header(
            "signature-input",
            format!("sig=(\"@method\" \"@authority\" \"@path\");keyid=\"{id}\""),
        )
        .header("signature", format!("sig=:{}:", "A".repeat(128)));
    assert_eq!(wrong.send().await.unwrap().status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_sticks_out_of_a_phone() {
    let Some(browser) = open().await else { return };
    browser.resize(360, 740, "light").await;
    // Empty pages first.
    for path in [
        "/_sandbox/",
        "/_sandbox/ui/cards",
        "/_sandbox/ui/log",
        "/_sandbox/ui/webhooks",
    ] {
        browser.goto(path).await;
        assert_eq!(
            browser.ask(STICKS_OUT).await,
            json!([]),
            "{path} at 360 pixels"
        );
    }
    let paths = fill(&browser).await;
    for (width, height) in [(360, 740), (768, 900), (1000, 800), (1280, 800)] {
        browser.resize(width, height, "light").await;
        for path in &paths {
            browser.goto(path).await;
            assert_eq!(
                browser.ask(STICKS_OUT).await,
                json!([]),
                "{path} at {width} pixels"
            );
        }
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_light_or_dark_as_the_reader_wants() {
    let Some(browser) = open().await else { return };
    let ground = "return getComputedStyle(document.body).backgroundColor";
    let mut grounds = Vec::new();
    for scheme in ["light", "dark"] {
        browser.resize(1280, 800, scheme).await;
        browser.goto("/_sandbox/").await;
        grounds.push(browser.ask(ground).await);
    }
    assert_eq!(grounds, ["rgb(245, 246, 249)", "rgb(15, 18, 24)"]);
    if let Some(folder) = std::env::var_os("OFFBLOCKS_SCREENSHOTS") {
        photograph(&browser, &PathBuf::from(folder)).await;
    }
    browser.close().await;
}

/// Writes the pictures of the README, and more with `OFFBLOCKS_SCREENSHOTS_ALL`.
async fn photograph(browser: &Browser, folder: &std::path::Path) {
    std::fs::create_dir_all(folder).unwrap();
    let paths = fill(browser).await;
    let of = |part: &str| {
        paths
            .iter()
            .find(|path| path.contains(part))
            .unwrap()
            .clone()
    };
    let mut wanted = vec![
        ("overview", "/_sandbox/".to_owned(), 1120, 760, "light"),
        ("card", of("/cards/"), 1120, 760, "light"),
        (
            "explain",
            "/_sandbox/ui/log/4".to_owned(),
            1120,
            760,
            "dark",
        ),
        ("card-phone", of("/cards/"), 360, 740, "dark"),
    ];
    let all = std::env::var_os("OFFBLOCKS_SCREENSHOTS_ALL").is_some();
    let names: Vec<String> = paths
        .iter()
        .map(|path| path[10..].replace('/', "_"))
        .collect();
    for (path, name) in paths.iter().zip(&names).filter(|_| all) {
        wanted.push((name, path.clone(), 1280, 900, "light"));
        wanted.push((name, path.clone(), 360, 900, "dark"));
    }
    for (name, path, width, height, scheme) in wanted {
        browser.resize(width, height, scheme).await;
        browser.goto(&path).await;
        let picture = browser.driver.picture().await;
        assert!(
            all || picture.len() <= PICTURE,
            "{name} has {} bytes",
            picture.len()
        );
        let suffix = if all {
            format!("-{width}")
        } else {
            String::new()
        };
        let file = std::fs::File::create(folder.join(format!("{name}{suffix}.png")));
        std::io::Write::write_all(&mut file.unwrap(), &picture).unwrap();
    }
}
