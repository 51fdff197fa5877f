//! `offblocks sign`: the signature base of a request, and its headers.

use offblocks_signature::{Message, explain};
use serde_json::{Map, json};

use crate::arguments::ExplainedSign;
use crate::failure::Failure;
use crate::keys;
use crate::print::print;

const FAILED: &str = "the signature cannot be explained";

/// Signs a request as it is sent now, and prints what was signed.
pub(crate) fn run(options: &ExplainedSign) -> Result<(), Failure> {
    let request = &options.request;
    let headers = keys::signed_headers(request)?;
    let message = Message::new(&request.method, &request.url, &headers);
    let explanation = explain(&message, None).map_err(|error| Failure::new(FAILED, error))?;
    let base = explanation.signature_base;
    let base = base.map_err(|error| Failure::new(FAILED, error))?;
    let base = base.lines();
    let shown = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let named = headers
        .iter()
        .map(|(name, value)| (name.to_string(), shown(value)));
    let named: Vec<_> = named.collect();
    let mut lines = vec!["signature base".to_owned()];
    lines.extend(base.clone().map(|line| format!("  {line}")));
    lines.push("headers".to_owned());
    lines.extend(
        named
            .iter()
            .map(|(name, value)| format!("  {name}: {value}")),
    );
    let all: Map<_, _> = named
        .into_iter()
        .map(|(name, value)| (name, value.into()))
        .collect();
    let value = json!({ "signatureBase": base.collect::<Vec<_>>(), "headers": all });
    print(options.json, &value, &lines)
}
