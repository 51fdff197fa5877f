//! The pages over plain HTTP: what protects them, and that they work without script.

use offblocks_sandbox::Settings;
use reqwest::{Client, Response, redirect::Policy};

use crate::common::Stage;

/// A browser without script: it follows links and sends forms.
struct Reader {
    http: Client,
    base: url::Url,
}

impl Reader {
    fn of(stage: &Stage) -> Self {
        Self {
            http: Client::builder().redirect(Policy::none()).build().unwrap(),
            base: stage.caller.base_url.clone(),
        }
    }

    async fn get(&self, path: &str) -> Response {
        self.http
            .get(self.base.join(path).unwrap())
            .send()
            .await
            .unwrap()
    }

    async fn text(&self, path: &str) -> String {
        let response = self.get(path).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// The token that the forms of a page carry.
    async fn token(&self) -> String {
        let page = self.text("/_sandbox/ui/customers").await;
        let (_, rest) = page.split_once("name=\"form_token\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        let body = body.extend_pairs(fields).finish();
        let request = self.http.post(self.base.join(path).unwrap()).body(body);
        let form = "application/x-www-form-urlencoded";
        request.header("content-type", form).send().await.unwrap()
    }

    /// Sends a form of a page, and returns where it leads.
    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let token = self.token().await;
        let response = self
            .post(path, &[&[("form_token", token.as_str())], fields].concat())
            .await;
        let status = response.status();
        let location = response.headers().get("location").cloned();
        assert_eq!(status, 303, "{path}: {}", response.text().await.unwrap());
        location.unwrap().to_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn the_guide_can_be_walked_without_script() {
    let stage = Stage::new().await;
    let reader = Reader::of(&stage);
    let customer = reader
        .send("/_sandbox/ui/customers", &[("external_id", "first")])
        .await;
    reader.send(&format!("{customer}/verify"), &[]).await;
    let account = reader.send(&format!("{customer}/accounts"), &[]).await;
    let card = reader.send(&format!("{account}/cards"), &[]).await;
    assert!(reader.text(&card).await.contains("Let issuing fail"));
    reader.send(&format!("{card}/issue"), &[]).await;
    reader.send(&format!("{card}/suspend"), &[]).await;
    reader.send(&format!("{card}/reinstate"), &[]).await;
    let payment = [("amount", "20.0"), ("currency", "EUR"), ("capture", "true")];
    let authorisation = reader.send(&format!("{card}/authorise"), &payment).await;
    let page = reader.text(&authorisation).await;
    assert!(page.contains("captured"), "{page}");
    let page = reader.text(&card).await;
    let transaction = page
        .split("href=\"/_sandbox/ui/transactions/")
        .nth(1)
        .unwrap();
    let transaction = transaction.split('"').next().unwrap();
    let page = reader
        .text(&format!("/_sandbox/ui/transactions/{transaction}"))
        .await;
    assert!(page.contains("20.01"), "amount and network fee: {page}");
    let found = reader
        .get(&format!("/_sandbox/ui/find?id={transaction}"))
        .await;
    let place = found.headers()["location"].to_str().unwrap();
    assert!(place.ends_with(transaction), "{place}");
    // Lists show the first eight digits of an id.
    let short = transaction.get(..8).unwrap();
    let found = reader.get(&format!("/_sandbox/ui/find?id={short}")).await;
    assert_eq!(found.headers()["location"], place);
    // No row has a number below one, so the newest ones are shown.
    let newest = reader.text("/_sandbox/ui/transactions?before=-1").await;
    assert!(newest.contains(transaction), "{newest}");
    // What a page may not do says why.
    let token = reader.token().await;
    let again = format!("{card}/issue");
    let response = reader.post(&again, &[("form_token", &token)]).await;
    assert_eq!(response.status(), 409);
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("an active card cannot be issued")
    );
    stage.stop().await;
}

/// The moves that are possible in a state are buttons, and others are not.
#[tokio::test]
async fn what_off_blocks_decides_can_be_clicked() {
    let stage = Stage::new().await;
    let reader = Reader::of(&stage);
    let button = |page: &str, label: &str| page.contains(&format!(">{label}</button>"));
    let customer = reader.send("/_sandbox/ui/customers", &[]).await;
    reader.send(&format!("{customer}/verify"), &[]).await;
    let account = reader.send(&format!("{customer}/accounts"), &[]).await;
    assert!(button(&reader.text(&account).await, "Order a virtual card"));
    let card = reader.send(&format!("{account}/cards"), &[]).await;
    assert!(!button(
        &reader.text(&account).await,
        "Order a virtual card"
    ));
    reader.send(&format!("{card}/fail"), &[]).await;
    reader.text(&card).await;
    assert!(button(&reader.text(&account).await, "Order a virtual card"));
    let id = customer.rsplit('/').next().unwrap();
    let open = serde_json::json!({"type": "card_account", "currencies": ["EUR"]});
    let accounts = format!("/customers/{id}/accounts");
    let opened = stage.caller.post(&accounts, open).await.expect(201);
    let fresh = format!("/_sandbox/ui/accounts/{}", opened["id"].as_str().unwrap());
    assert!(button(&reader.text(&fresh).await, "Fail"));
    reader.text("/_sandbox/ui/accounts").await;
    let kept = stage.caller.watch("/_sandbox/snapshot").await;
    let funded = format!("[{},\"available\"", opened["id"]);
    let kept = kept.text().await.unwrap();
    assert!(!kept.contains(&funded), "who looks at it funds it: {kept}");
    reader.send(&format!("{fresh}/fail"), &[]).await;
    assert!(reader.text(&fresh).await.contains(">failed<"));
    assert!(button(&reader.text(&customer).await, "Reject"));
    reader.send(&format!("{customer}/reject"), &[]).await;
    assert!(reader.text(&customer).await.contains(">rejected<"));
    assert!(reader.text(&account).await.contains(">inactive<"));
    stage.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_a_page_too() {
    let stage = Stage::new().await;
    let reader = Reader::of(&stage);
    let id = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";
    for (path, status) in [
        ("/_sandbox/ui/nothing".to_owned(), 404),
        ("/_sandbox/ui/cards/x".to_owned(), 404),
        (format!("/_sandbox/ui/cards/{id}"), 404),
        (format!("/_sandbox/ui/cards/{id}/suspend"), 405),
        ("/_sandbox/ui/log/x".to_owned(), 404),
    ] {
        let response = reader.get(&path).await;
        assert_eq!(response.status(), status, "{path}");
        let kind = response.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(kind.starts_with("text/html"), "{path}: {kind}");
        let policy = response.headers().contains_key("content-security-policy");
        assert!(policy, "{path}");
    }
    stage.stop().await;
}

#[tokio::test]
async fn pages_name_the_sandbox_that_they_are_of() {
    let stage = Stage::new().await;
    let reader = Reader::of(&stage);
    stage.sandbox.forget_requests();
    let origin = reader.base.origin().ascii_serialization();
    let command = format!("quickstart --base-url {origin}/v1<");
    for page in ["", "ui/customers", "ui/log"] {
        let text = reader.text(&format!("/_sandbox/{page}")).await;
        assert!(text.contains(&command), "{page}: {text}");
    }
    let name = "ci-job-17".parse().unwrap();
    stage.sandbox.create_programme(&name).await.unwrap();
    let within = "/programmes/ci-job-17/_sandbox/ui";
    let text = reader.text(&format!("{within}/customers")).await;
    let command = format!("quickstart --base-url {origin}/programmes/ci-job-17/v1<");
    assert!(text.contains(&command), "{text}");
    let create = "Create a programme</button>";
    let text = reader.text(&format!("{within}/programmes")).await;
    assert!(!text.contains(create), "{text}");
    let text = reader.text("/_sandbox/ui/programmes").await;
    assert!(text.contains(create), "{text}");
    stage.stop().await;
}

#[tokio::test]
async fn accounts_are_opened_where_their_signatures_are_checked() {
    let checked = |settings: &mut Settings| settings.check_account_signatures = true;
    let stage = Stage::with(checked).await;
    let reader = Reader::of(&stage);
    let customer = reader.send("/_sandbox/ui/customers", &[]).await;
    reader.send(&format!("{customer}/verify"), &[]).await;
    let account = reader.send(&format!("{customer}/accounts"), &[]).await;
    assert!(reader.text(&account).await.contains("state good\">active"));
    stage.stop().await;
}

#[tokio::test]
async fn only_forms_of_our_own_pages_change_anything() {
    let stage = Stage::new().await;
    let reader = Reader::of(&stage);
    let path = "/_sandbox/ui/customers";
    let fields = [("external_id", "of a stranger")];
    for token in [None, Some(""), Some("0123456789abcdef0123456789abcdef")] {
        let token = token.map(|token| ("form_token", token));
        let fields: Vec<_> = fields.into_iter().chain(token).collect();
        assert_eq!(reader.post(path, &fields).await.status(), 403);
    }
    let token = reader.token().await;
    let url = reader.base.join(path).unwrap();
    for (name, value) in [
        ("origin", "http://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let request = reader.http.post(url.clone()).header(name, value);
        let form = request.header("content-type", "application/x-www-form-urlencoded");
        let response = form
            .body(format!("form_token={token}"))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 403, "{name}: {value}");
    }
    assert!(!reader.text(path).await.contains("of a stranger"));
    stage.stop().await;
}

#[tokio::test]
async fn pages_run_nothing_that_data_brings() {
    let stage = Stage::new().await;
    let reader = Reader::of(&stage);
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let customer = reader
        .send("/_sandbox/ui/customers", &[("external_id", hostile)])
        .await;
    let agent = format!("/nowhere/<script>alert(1)</script>?{}", "x".repeat(9));
    stage
        .caller
        .call("GET", "/cards")
        .send_changed(|headers| {
            headers.insert("user-agent", hostile.parse().unwrap());
        })
        .await;
    reader.get(&agent).await;
    let newest = stage.sandbox.requests(1)[0].number;
    for path in [
        &customer,
        "/_sandbox/ui/customers",
        "/_sandbox/ui/log",
        &format!("/_sandbox/ui/log/{}", newest - 1),
    ] {
        let response = reader.get(path).await;
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        let page = response.text().await.unwrap();
        assert!(
            !page.contains("<script>alert") && !page.contains("<img"),
            "{path}: {page}"
        );
        assert!(
            !page.contains(" style=") && !page.contains(" onclick="),
            "{path}: {page}"
        );
        // Nothing comes from elsewhere.
        let urls = page
            .split("src=\"")
            .skip(1)
            .chain(page.split("href=\"").skip(1));
        for url in urls {
            assert!(
                url.starts_with('/') || url.starts_with('#'),
                "{path}: {}",
                &url[..40.min(url.len())]
            );
        }
    }
    stage.stop().await;
}

#[tokio::test]
async fn long_lists_come_in_parts() {
    let stage = Stage::new().await;
    let reader = Reader::of(&stage);
    let token = reader.token().await;
    for number in 0..120 {
        let id = format!("customer-{number:03}");
        let fields = [("form_token", token.as_str()), ("external_id", id.as_str())];
        assert_eq!(
            reader
                .post("/_sandbox/ui/customers", &fields)
                .await
                .status(),
            303
        );
    }
    let mut path = "/_sandbox/ui/customers".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = reader.text(&path).await;
        let names = page
            .split(">customer-")
            .skip(1)
            .map(|rest| rest[..3].to_owned());
        seen.push(names.collect::<Vec<_>>());
        match page.split_once("rel=\"next\" href=\"") {
            Some((_, rest)) => path = rest.split('"').next().unwrap().to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
    let expected: Vec<_> = (0..120)
        .rev()
        .map(|number| format!("{number:03}"))
        .collect();
    assert_eq!(seen.concat(), expected);
    stage.stop().await;
}

#[tokio::test]
async fn the_clock_and_faults_are_set_on_their_page() {
    let stage = Stage::new().await;
    let reader = Reader::of(&stage);
    let clock = "/_sandbox/ui/clock";
    reader.send(&format!("{clock}/freeze"), &[]).await;
    reader
        .send(&format!("{clock}/advance"), &[("seconds", "86400")])
        .await;
    let page = reader.text(clock).await;
    assert!(
        page.contains("stands still") && page.contains("1 d 0:00:00"),
        "{page}"
    );
    let fault = [
        ("kind", "status"),
        ("number", "503"),
        ("operation", "getChains"),
        ("times", "1"),
    ];
    reader.send("/_sandbox/ui/faults", &fault).await;
    stage.caller.get("/chains").await.rejected(503);
    let page = reader.text(clock).await;
    assert!(
        page.contains("503 Service Unavailable") && page.contains("once at most"),
        "{page}"
    );
    reader.send("/_sandbox/ui/faults/clear", &[]).await;
    assert!(
        reader
            .text(clock)
            .await
            .contains("No call fails on purpose")
    );
    stage.stop().await;
}

/// What the control plane rejects, the pages reject too, and say why.
#[tokio::test]
async fn forms_are_held_to_the_rules_of_the_control_plane() {
    let stage = Stage::new().await;
    let reader = Reader::of(&stage);
    let customer = reader.send("/_sandbox/ui/customers", &[]).await;
    reader.send(&format!("{customer}/verify"), &[]).await;
    let account = reader.send(&format!("{customer}/accounts"), &[]).await;
    reader.text(&account).await;
    let money = format!("{account}/money");
    let faults = "/_sandbox/ui/faults";
    let advance = "/_sandbox/ui/clock/advance";
    let token = reader.token().await;
    for (path, fields, reason) in [
        (
            faults,
            &[("kind", "status"), ("number", "100")][..],
            "from 400 to 599",
        ),
        (
            faults,
            &[("kind", "status"), ("number", "204")],
            "from 400 to 599",
        ),
        (
            faults,
            &[("kind", "status_after_commit"), ("number", "304")],
            "from 400 to 599",
        ),
        (
            faults,
            &[("kind", "status"), ("number", "999")],
            "from 400 to 599",
        ),
        (
            faults,
            &[("kind", "status"), ("times", "0")],
            "at least once",
        ),
        (
            faults,
            &[("kind", "expired_token"), ("number", "3")],
            "has no effect",
        ),
        (
            faults,
            &[("kind", "latency"), ("number", "600001")],
            "600000 milliseconds at most",
        ),
        (
            &money,
            &[("amount", "5"), ("direction", "sideways")],
            "neither",
        ),
        (&money, &[("amount", "5")], "neither"),
        (
            &money,
            &[("amount", "1e5"), ("direction", "in")],
            "write an amount",
        ),
        (advance, &[("seconds", "0")], "from 1 to"),
        (advance, &[("seconds", "315360001")], "from 1 to"),
    ] {
        let fields = [&[("form_token", token.as_str())], fields].concat();
        let response = reader.post(path, &fields).await;
        assert_eq!(response.status(), 400, "{path} {fields:?}");
        let page = response.text().await.unwrap();
        assert!(page.contains(reason), "{path} {fields:?}: {page}");
    }
    assert!(stage.sandbox.faults().await.unwrap().is_empty());
    for (direction, amount) in [("in", "7"), ("out", "7")] {
        let fields = [("amount", amount), ("direction", direction)];
        reader.send(&money, &fields).await;
    }
    stage.stop().await;
}
