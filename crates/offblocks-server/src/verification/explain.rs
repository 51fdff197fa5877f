//! Explains to the caller why a signature was rejected.

use chrono::{DateTime, SecondsFormat, Utc};
use http::request::Parts;
use offblocks_signature::{Explanation, Verifier, VerifyError};
use serde_json::{Map, Value, json};

use super::steps;

/// Covered fields whose values are credentials.
const SECRET_FIELDS: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];

/// The members that explain `error` to the caller, as far as they are known.
pub(super) fn members(
    verifier: &Verifier,
    parts: &Parts,
    error: &VerifyError,
    now: DateTime<Utc>,
) -> Map<String, Value> {
    let mut members = Map::new();
    if let Some(component) = component(error) {
        members.insert("component".to_owned(), component.into());
    }
    if let Ok(explanation) = verifier.explain(&steps::message(parts), None) {
        if let Ok(base) = &explanation.signature_base {
            members.insert("signatureBase".to_owned(), without_secrets(base).into());
        }
        members.insert("signatureInput".to_owned(), input(&explanation));
    }
    let now = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    members.insert("serverTime".to_owned(), now.into());
    members
}

/// The component that is missing, or differs.
fn component(error: &VerifyError) -> Option<String> {
    match error {
        VerifyError::MissingComponent { component, .. } => Some(component.clone()),
        VerifyError::Component { source, .. } => Some(source.component().to_owned()),
        VerifyError::Digest(_) => Some("content-digest".to_owned()),
        _ => None,
    }
}

fn input(explanation: &Explanation) -> Value {
    let parameters = &explanation.parameters;
    json!({
        "label": explanation.label,
        "components": explanation.components,
        "created": parameters.created,
        "expires": parameters.expires,
        "keyid": parameters.key_id.as_ref().map(offblocks_signature::KeyId::as_str),
        "alg": parameters.algorithm,
        "signatureLength": explanation.signature_length,
    })
}

/// The base with the values of credentials left out, for signers who cover them.
fn without_secrets(base: &str) -> String {
    let lines = base.lines().map(|line| {
        let lower = line.to_ascii_lowercase();
        let field = SECRET_FIELDS
            .into_iter()
            .find(|field| lower.starts_with(&format!("\"{field}\"")));
        field.map_or_else(
            || line.to_owned(),
            |field| format!("\"{field}\": (not shown)"),
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_that_are_covered_are_not_shown() {
        let base = "\"@method\": GET\n\"authorization\": Bearer x\n\"cookie\";bs: :eA==:\n\"@signature-params\": ()";
        let shown = without_secrets(base);
        assert_eq!(
            shown,
            "\"@method\": GET\n\"authorization\": (not shown)\n\"cookie\": (not shown)\n\"@signature-params\": ()"
        );
    }
}
