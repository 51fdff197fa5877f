//! No format shows a secret, whatever a server does.

use http::StatusCode;
use serde_json::json;

use crate::bank::TOKEN;
use crate::command::conformance;
use crate::tamper::{self, as_sent};

#[test]
fn no_output_holds_a_secret_a_token_or_a_signature() {
    // A server that fails everywhere, so that every call is reported and repeated. It says its
    // secrets wherever it can.
    let server = tamper::start(as_sent, |request, response| {
        let signs_in = request.uri.path() == "/v1/auth/token";
        if response.status.is_success() && !signs_in {
            let mut body = json!({"leak": TOKEN, "status": TOKEN, "pan": "4111111111111111"});
            body[TOKEN] = json!(1);
            response.say(&json!([body]));
        }
        if signs_in && response.status.is_success() {
            response.change(|body| body["tokenType"] = json!(7));
        } else if response.status == StatusCode::UNAUTHORIZED {
            response.status = StatusCode::OK;
            let sent = request.headers.get("authorization").cloned();
            let sent = sent.map(|it| it.to_str().unwrap_or_default().to_owned());
            response.say(&json!({"authorization": sent}));
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("run.ndjson");
    let key = std::fs::read_to_string(server.key_file.path()).unwrap();
    let key_line = key.lines().nth(1).unwrap();
    let secret = offblocks_sandbox::DEFAULT_API_SECRET;
    let secrets = [
        TOKEN,
        secret,
        key_line,
        "sig=:",
        "sha-512=:",
        "4111111111111111",
        "keyid=",
    ];
    for format in ["text", "json", "markdown", "github", "sarif", "junit"] {
        let said = conformance(&[
            "--base-url",
            &server.base_url,
            "--signing-key",
            server.key_file.path().to_str().unwrap(),
            "--key-id",
            server.key_id,
            "--mutate",
            "--record",
            record.to_str().unwrap(),
            "--format",
            format,
        ]);
        assert_eq!(said.code, Some(100), "{}{}", said.out, said.err);
        let recorded = std::fs::read_to_string(&record).unwrap();
        for secret in secrets {
            assert!(
                !said.out.contains(secret),
                "{secret} in {format}:\n{}",
                said.out
            );
            assert!(
                !said.err.contains(secret),
                "{secret} in {format}: {}",
                said.err
            );
            assert!(!recorded.contains(secret), "{secret} in the recording");
        }
        if format == "text" {
            assert!(said.out.contains("Bearer $OFFBLOCKS_TOKEN"), "{}", said.out);
            assert!(
                said.out.contains("'\"$OFFBLOCKS_API_SECRET\"'"),
                "{}",
                said.out
            );
        }
    }
}
