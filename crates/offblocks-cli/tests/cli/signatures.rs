//! `offblocks sign` and `offblocks verify`.

use serde_json::{Value, json};

use crate::golden;
use crate::offblocks::{Said, command, finish};

const KEY_ID: &str = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";
const URL: &str = "http://api.test:8080/v1/customers";
const BODY: &str = r#"{"a": 1}"#;

/// A folder with a key and a request that is signed with it.
struct Desk {
    folder: tempfile::TempDir,
    headers: Vec<(String, String)>,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = Self {
            folder,
            headers: Vec::new(),
        };
        assert_eq!(desk.run(&["keys", "new", "@key.pem"]).code, Some(0));
        let sign = [
            "sign",
            "POST",
            URL,
            "--body",
            BODY,
            "--signing-key",
            "@key.pem",
        ];
        let said = desk.run(&[&sign[..], &["--key-id", KEY_ID, "--json"]].concat());
        assert_eq!(said.code, Some(0), "{}", said.err);
        let signed: Value = serde_json::from_str(&said.out).unwrap();
        let headers = signed["headers"].as_object().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        desk.headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect();
        desk
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) {
        golden::write(self.file(name), text);
    }

    fn run(&self, words: &[&str]) -> Said {
        let words = words.iter().map(|word| match word.strip_prefix('@') {
            Some(name) => self.file(name),
            None => (*word).to_owned(),
        });
        let words: Vec<String> = words.collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        finish(command(&words).output().unwrap())
    }

    /// The request as it was sent, with something changed.
    fn raw(&self, head: &str, host: &str, body: &str) -> String {
        let mut text = format!(
            "{head}\r\nhost: {host}\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in &self.headers {
            text += &format!("{name}: {value}\r\n");
        }
        text + "\r\n" + body
    }

    fn verify(&self, request: &str, more: &[&str]) -> Said {
        self.write("request.http", request);
        let verify = [
            "verify",
            "@request.http",
            "--key",
            "@key.pem",
            "--scheme",
            "http",
        ];
        self.run(&[&verify[..], more].concat())
    }
}

const HEAD: &str = "POST /v1/customers HTTP/1.1";
const HOST: &str = "api.test:8080";

#[test]
fn the_base_of_a_request_is_printed() {
    let desk = Desk::new();
    let sign = [
        "sign",
        "get",
        URL,
        "--signing-key",
        "@key.pem",
        "--key-id",
        KEY_ID,
    ];
    let said = desk.run(&sign);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for line in [
        "  \"@method\": GET",
        "  \"@authority\": api.test:8080",
        "  \"@path\": /v1/customers",
        "  \"@signature-params\": (",
        "  signature-input: ",
    ] {
        assert!(said.out.contains(line), "{line} is not in:\n{}", said.out);
    }
    assert!(!said.out.contains("PRIVATE"), "{}", said.out);
}

#[test]
fn a_request_as_it_was_sent_is_valid() {
    let desk = Desk::new();
    let said = desk.verify(&desk.raw(HEAD, HOST, BODY), &[]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("signature   valid"), "{}", said.out);
    let said = desk.verify(&desk.raw(HEAD, HOST, BODY), &["--json"]);
    let verdict: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        (&verdict["valid"], &verdict["digest"]),
        (&json!(true), &json!("right"))
    );
    assert_eq!(verdict["keyId"], KEY_ID);
    assert_eq!(verdict["difference"], Value::Null);
}

/// What was changed on the way, and the component that is named for it.
#[test]
fn what_differs_is_named() {
    let desk = Desk::new();
    for (head, host, body, component, signed) in [
        (HEAD, "api.test", BODY, "@authority", "api.test:8080"),
        (
            "POST /customers HTTP/1.1",
            HOST,
            BODY,
            "@path",
            "/v1/customers",
        ),
        (
            "POST /v1/customers/ HTTP/1.1",
            HOST,
            BODY,
            "@path",
            "/v1/customers",
        ),
        ("PUT /v1/customers HTTP/1.1", HOST, BODY, "@method", "POST"),
    ] {
        let request = desk.raw(head, host, body);
        let said = desk.verify(&request, &["--json"]);
        assert_eq!(
            said.code,
            Some(100),
            "{head} {host}: {}{}",
            said.out,
            said.err
        );
        let verdict: Value = serde_json::from_str(&said.out).unwrap();
        let difference = &verdict["difference"][0];
        assert_eq!(
            difference["component"], component,
            "{head} {host}: {verdict}"
        );
        assert_eq!(difference["signed"], signed, "{head} {host}: {verdict}");
        let said = desk.verify(&request, &[]);
        let line = format!("{component} is ");
        assert!(said.out.contains(&line), "{}", said.out);
    }
    let said = desk.verify(&desk.raw(HEAD, HOST, r#"{"a": 2}"#), &["--json"]);
    let verdict: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        (said.code, &verdict["digest"]),
        (Some(100), &json!("wrong"))
    );
    let reason = verdict["reason"].as_str().unwrap();
    assert!(reason.contains("digest"), "{reason}");
}

#[test]
fn the_signers_base_is_compared_by_component() {
    let desk = Desk::new();
    let request = desk.raw(HEAD, HOST, BODY);
    let verdict = desk.verify(&request, &["--json"]).out;
    let verdict: Value = serde_json::from_str(&verdict).unwrap();
    let lines = verdict["signatureBase"].as_array().unwrap();
    let lines: Vec<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
    let theirs = lines.join("\n").replace(
        "\"@authority\": api.test:8080",
        "\"@authority\": other.test",
    );
    desk.write("base.txt", &theirs);
    let said = desk.verify(&request, &["--base", "@base.txt"]);
    let expected = "@authority is \"api.test:8080\" in the request, and \"other.test\" was signed";
    assert!(said.out.contains(expected), "{}", said.out);
}

#[test]
fn a_har_file_is_checked_entry_by_entry() {
    let desk = Desk::new();
    let header = |(name, value): &(String, String)| json!({"name": name, "value": value});
    let headers: Vec<Value> = desk.headers.iter().map(header).collect();
    let entry = |url: &str| {
        json!({
            "startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "cache": {}, "timings": {},
            "request": {
                "method": "POST", "url": url, "httpVersion": "HTTP/1.1", "headers": headers,
                "cookies": [], "queryString": [], "headersSize": -1, "bodySize": -1,
                "postData": {"mimeType": "application/json", "text": BODY}
            },
            "response": {
                "status": 201, "statusText": "", "httpVersion": "HTTP/1.1", "headers": [],
                "cookies": [], "redirectURL": "", "headersSize": -1, "bodySize": -1,
                "content": {"size": 0, "mimeType": ""}
            }
        })
    };
    let entries = [entry(URL), entry("http://api.test/v1/customers")];
    let creator = json!({"name": "test", "version": "1"});
    let har = json!({"log": {"version": "1.2", "creator": creator, "entries": entries}});
    desk.write("traffic.har", &har.to_string());
    let verify = [
        "verify",
        "@traffic.har",
        "--key",
        "@key.pem",
        "--scheme",
        "http",
    ];
    let said = desk.run(&verify);
    assert_eq!(said.code, Some(100), "{}{}", said.out, said.err);
    assert!(said.out.contains("signature   valid"), "{}", said.out);
    assert!(
        said.out.contains("@authority is \"api.test\""),
        "{}",
        said.out
    );
    let first = desk.run(&[&verify[..], &["--entry", "1"]].concat());
    assert_eq!(first.code, Some(0), "{}{}", first.out, first.err);
    let none = desk.run(&[&verify[..], &["--entry", "3"]].concat());
    assert_eq!(none.code, Some(2), "{}", none.err);
}

#[test]
fn what_is_not_a_request_is_said() {
    let desk = Desk::new();
    let said = desk.verify("hello", &[]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err
            .contains("neither a HAR file nor an HTTP/1.1 request"),
        "{}",
        said.err
    );
    golden::check("verify-help.txt", &desk.run(&["verify", "--help"]).out);
}
