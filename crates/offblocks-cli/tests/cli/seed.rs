//! `offblocks sandbox --seed`: every response is the same in each run, byte for byte.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use http::Request;
use offblocks_sandbox::testing::LocalWallet;
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET};
use offblocks_signature::{KeyId, Signer, SigningKey};
use offblocks_types::Base64;
use serde_json::{Value, json};

use crate::offblocks::{Sandbox, run};

const KEY_ID: &str = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";

/// A caller that keeps every response as it came.
struct Caller {
    sandbox: Sandbox,
    token: Option<String>,
    key: SigningKey,
    responses: Vec<String>,
}

impl Caller {
    fn new(arguments: &[&str]) -> Self {
        Self {
            sandbox: Sandbox::start(arguments),
            token: None,
            key: SigningKey::generate().unwrap(),
            responses: Vec::new(),
        }
    }

    /// Sends a signed call and returns the body of the response as JSON.
    fn call(&mut self, method: &str, path: &str, body: Option<Value>) -> Value {
        let authority = self.sandbox.authority().to_owned();
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let number = self.responses.len();
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{authority}/v1{path}"))
            .header("connection", "close")
            .header("content-type", "application/json")
            .header(
                "idempotency-key",
                format!("00000000-0000-4000-8000-{number:012}"),
            );
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        if !path.starts_with("/auth/") {
            // Callers go by the machine's clock, whatever the sandbox's shows.
            let now = std::time::SystemTime::UNIX_EPOCH
                .elapsed()
                .unwrap()
                .as_secs();
            let signer = Signer::new(self.key.clone(), &KeyId::new(KEY_ID).unwrap());
            let now = i64::try_from(now).unwrap();
            signer.sign_parts(&mut parts, body.as_bytes(), now).unwrap();
        }
        let mut text = format!("{method} /v1{path} HTTP/1.1\r\nhost: {authority}\r\n");
        for (name, value) in &parts.headers {
            text += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
        let length = body.len();
        let mut connection = TcpStream::connect(&authority).unwrap();
        write!(connection, "{text}content-length: {length}\r\n\r\n{body}").unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).unwrap();
        assert!(
            response.starts_with("HTTP/1.1 20"),
            "{method} {path}: {response}"
        );
        let (_, body) = response.split_once("\r\n\r\n").unwrap();
        let value = serde_json::from_str(body).unwrap_or_default();
        self.responses.push(response);
        value
    }

    /// Signs the challenge of a customer or an account.
    fn sign(&mut self, path: &str, owner: &Value) {
        let challenge: Base64 = owner["challenge"].as_str().unwrap().parse().unwrap();
        let proof =
            serde_json::to_value(LocalWallet::numbered(1).prove(&challenge).unwrap()).unwrap();
        self.call("POST", &format!("{path}/challenge/sign"), Some(proof));
    }

    /// Walks the guide, from the token to a settled payment.
    fn walk(mut self) -> Vec<String> {
        let body = json!({"apiKey": DEFAULT_API_KEY, "apiSecret": DEFAULT_API_SECRET});
        let token = self.call("POST", "/auth/token", Some(body));
        self.token = Some(token["token"].as_str().unwrap().to_owned());
        let key = self.key.public_key().to_base64_pem();
        let body = json!({"signingKeyId": KEY_ID, "signingKey": key});
        self.call("PUT", "/auth/signing", Some(body));
        let types = ["customer.updated", "card.updated"];
        let body = json!({"callbackUrl": "http://127.0.0.1:9/", "types": types});
        self.call("PUT", "/webhooks", Some(body));

        let body = json!({"chainId": LocalWallet::numbered(1).owner(), "externalId": "customer-1"});
        let customer = self.call("POST", "/customers", Some(body));
        let path = format!("/customers/{}", customer["id"].as_str().unwrap());
        self.sign(&path, &customer);
        self.call("PATCH", &format!("/simulator{path}/verify"), None);
        let body = json!({"type": "card_account", "currencies": ["EUR"]});
        let account = self.call("POST", &format!("{path}/accounts"), Some(body));
        let path = format!("/accounts/{}", account["id"].as_str().unwrap());
        self.sign(&path, &account);
        let address = json!({
            "firstLine": "1 Test Avenue", "city": "London", "country": "GB", "postCode": "SW1 1AA",
        });
        let body = json!({"type": "virtual", "billingAddress": address});
        let card = self.call("POST", &format!("{path}/cards"), Some(body));
        let path = format!("/cards/{}", card["id"].as_str().unwrap());
        self.call("PATCH", &format!("/simulator{path}/issue"), None);
        let body = json!({"amount": "20.0", "currency": "EUR", "capture": true});
        self.call(
            "POST",
            &format!("/simulator{path}/authorisation"),
            Some(body),
        );
        let listed = self.call("GET", &format!("{path}/transactions"), None);
        assert_eq!(listed[0]["status"], "processed", "{listed}");
        let others = [
            "/customers",
            "/accounts",
            "/cards",
            "/webhooks",
            "/webhooks/verification-key",
        ];
        for path in others {
            self.call("GET", path, None);
        }
        self.sandbox.signal("TERM");
        assert_eq!(self.sandbox.wait().code, Some(0));
        self.responses
    }
}

#[test]
fn the_whole_guide_repeats_byte_for_byte() {
    let first = Caller::new(&["--seed", "7"]).walk();
    assert_eq!(first, Caller::new(&["--seed", "7"]).walk());
    assert!(
        first[3].contains("\r\ndate: Tue, 01 Jan 2030 00:00:00 GMT\r\n"),
        "{}",
        first[3]
    );
    assert!(
        first[3].contains("\"createdAt\":\"2030-01-01T00:00:00Z\""),
        "{}",
        first[3]
    );
    let others = [
        ["--seed", "8"].as_slice(),
        &["--seed", "7", "--freeze-clock", "2031-05-06T07:08:09Z"],
    ];
    for arguments in others {
        let other = Caller::new(arguments).walk();
        assert_ne!(first[3], other[3], "{arguments:?}");
    }
}

/// A seeded sandbox that starts again does not repeat the identifiers that it has made.
#[test]
fn a_seed_goes_on_where_the_database_ends() {
    let folder = tempfile::tempdir().unwrap();
    let databases = ["one.db", "other.db"].map(|name| {
        let file = folder.path().join(name);
        let database = format!("sqlite:{}", file.display());
        Caller::new(&["--seed", "7", "--database", &database]).walk();
        let mut again = Caller::new(&["--seed", "7", "--database", &database]);
        let body = json!({"apiKey": DEFAULT_API_KEY, "apiSecret": DEFAULT_API_SECRET});
        let token = again.call("POST", "/auth/token", Some(body));
        again.token = Some(token["token"].as_str().unwrap().to_owned());
        let key = again.key.public_key().to_base64_pem();
        again.call(
            "PUT",
            "/auth/signing",
            Some(json!({"signingKeyId": KEY_ID, "signingKey": key})),
        );
        let wallet = LocalWallet::numbered(2).owner();
        for number in 2..4 {
            let chain_id = if number == 2 {
                &wallet
            } else {
                &LocalWallet::numbered(3).owner()
            };
            let body = json!({"chainId": chain_id, "externalId": format!("customer-{number}")});
            // Under the keys of the first run these would be replays.
            again.responses.extend(vec![String::new(); 20]);
            again.call("POST", "/customers", Some(body));
        }
        again.sandbox.signal("TERM");
        again.responses.split_off(20)
    });
    assert_eq!(databases[0], databases[1]);
}

/// What the command says of a clock that stands still is true, and it can run.
#[test]
fn a_frozen_clock_is_frozen_by_its_own_words_and_runs_when_told() {
    let sandbox = Sandbox::start(&["--freeze-clock", "2090-05-06T07:08:09Z"]);
    let url = format!("http://{}", sandbox.authority());
    let clock = |what: &str| {
        let said = run(&["sandbox", "clock", what, "--url", &url, "--json"]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        let value: Value = serde_json::from_str(&said.out).unwrap();
        let clock = if what == "show" {
            &value
        } else {
            &value["clock"]
        };
        let now = clock["now"].as_str().unwrap().to_owned();
        (clock["mode"].as_str().unwrap().to_owned(), now)
    };
    let frozen = ("frozen".to_owned(), "2090-05-06T07:08:09Z".to_owned());
    assert_eq!(clock("show"), frozen);
    assert_eq!(clock("freeze"), frozen);
    assert_eq!(clock("run").0, "running");
    let (mode, first) = clock("show");
    assert_eq!(mode, "running");
    assert!(clock("show").1 > first, "it runs from {first}");
}

#[test]
fn an_instant_that_is_not_one_is_an_error_with_an_example() {
    let said = run(&["sandbox", "--freeze-clock", "tomorrow"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("2030-01-01T00:00:00Z"), "{}", said.err);
}
