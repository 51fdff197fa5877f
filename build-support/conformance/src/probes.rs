//! Whether a call that is wrong on purpose was rejected.

use super::exchange::{Exchange, Probe};
use super::index::{Contract, Operation};
use super::observe::Observation;

/// What a probe asks for, and what it means when it is accepted.
struct Expectation {
    /// The statuses it should be rejected with.
    statuses: &'static [u16],
    /// The rule that is broken when it is not rejected.
    rule: &'static str,
    /// What is wrong with the call.
    what: &'static str,
}

impl Probe {
    fn expectation(self) -> Expectation {
        let (statuses, rule, what): (&[u16], _, _) = match self {
            Self::MissingToken => (&[401], "token-not-required", "a call without a token"),
            Self::WrongToken => (&[401], "token-not-checked", "a call with an unknown token"),
            Self::MissingSignature => (
                &[400, 401],
                "signature-not-required",
                "a call without a signature",
            ),
            Self::WrongSignature => (
                &[401],
                "signature-not-checked",
                "a call signed by another key",
            ),
            Self::MissingDigest => (
                &[400, 401],
                "digest-not-required",
                "a body without its digest",
            ),
            Self::WrongDigest => (
                &[400, 401],
                "digest-not-checked",
                "a body with the digest of another one",
            ),
            Self::MissingKey => (
                &[400],
                "idempotency-key-not-required",
                "a call without its idempotency key",
            ),
            Self::ReplayedKey => (
                &[],
                "idempotency-not-replayed",
                "the same call with the same idempotency key",
            ),
            Self::ReusedKey => (
                &[422],
                "idempotency-key-reused",
                "an idempotency key with another payload",
            ),
            Self::UnknownId => (&[404], "unknown-id-accepted", "an unknown identifier"),
            Self::MalformedId => (
                &[400, 404],
                "malformed-id-accepted",
                "a malformed identifier",
            ),
            Self::WrongMethod => (&[405], "method-not-rejected", "an undeclared method"),
            Self::MalformedBody => (&[400], "malformed-body-accepted", "a malformed body"),
        };
        Expectation {
            statuses,
            rule,
            what,
        }
    }

    /// Its name, as it is written in recordings.
    #[must_use]
    pub fn name(self) -> String {
        let value = serde_json::to_value(self).ok();
        let name = value.as_ref().and_then(serde_json::Value::as_str);
        name.unwrap_or_default().to_owned()
    }
}

/// What is wrong with the response to a probe.
pub(super) fn check(
    contract: &Contract,
    path: &str,
    operation: Option<&Operation>,
    exchange: &Exchange,
    probe: Probe,
) -> Option<Observation> {
    let status = exchange.response.status;
    let expected = probe.expectation();
    let place = place(contract, path, operation, probe);
    let see = |rule, cause: String, message: String| Observation::new(rule, cause, &place, message);
    if probe == Probe::ReplayedKey {
        return replay(exchange).map(|how| {
            let message = format!("{} {how}", expected.what);
            see(expected.rule, String::new(), message)
        });
    }
    if expected.statuses.contains(&status) || says_nothing(status) {
        return lacks_allow(exchange).then(|| {
            let message = "a 405 comes without `Allow`".to_owned();
            see("allow-missing", String::new(), message)
        });
    }
    match status {
        400..500 => {
            let wanted = expected.statuses.iter().map(u16::to_string);
            let wanted = wanted.collect::<Vec<_>>().join(" or ");
            let message = format!("{} is rejected with {status}, not {wanted}", expected.what);
            let cause = format!("{}\n{status}", probe.name());
            Some(see("rejection-status", cause, message))
        }
        500.. => {
            let message = format!("{} makes the server fail with {status}", expected.what);
            Some(see(
                "server-error",
                format!("{}\n{status}", probe.name()),
                message,
            ))
        }
        _ => {
            let message = format!("{} is accepted: the response is {status}", expected.what);
            Some(see(expected.rule, String::new(), message))
        }
    }
}

/// Statuses that say nothing about the call: not served, too many, not now.
fn says_nothing(status: u16) -> bool {
    matches!(status, 429 | 501 | 503)
}

fn lacks_allow(exchange: &Exchange) -> bool {
    exchange.response.status == 405 && exchange.response.headers.get("allow").is_none()
}

/// How the second response differs from the first, where it does.
fn replay(exchange: &Exchange) -> Option<&'static str> {
    let first = exchange.first_response.as_ref()?;
    if says_nothing(exchange.response.status) {
        return None;
    }
    let same_status = first.status == exchange.response.status;
    let same_body = first.body == exchange.response.body;
    match (same_status, same_body) {
        (true, true) => None,
        (true, false) => Some("gets another body"),
        (false, _) => Some("gets another status"),
    }
}

/// The part of the contract that asks for the rejection.
fn place(contract: &Contract, path: &str, operation: Option<&Operation>, probe: Probe) -> String {
    let path = format!("/paths/{}", contract::pointer::escape(path));
    let Some(operation) = operation else {
        return path;
    };
    let header = |name: &str| {
        let parameter = operation.parameter("header", name);
        parameter.map(|parameter| parameter.pointer.clone())
    };
    let found = match probe {
        Probe::MissingToken | Probe::WrongToken => {
            let own = format!("{}/security", operation.pointer);
            contract.resolve(&own).map(|(pointer, _)| pointer)
        }
        Probe::MissingSignature | Probe::WrongSignature => header("signature"),
        Probe::MissingDigest | Probe::WrongDigest => header("content-digest"),
        Probe::MissingKey | Probe::ReplayedKey | Probe::ReusedKey => header("idempotency-key"),
        Probe::UnknownId | Probe::MalformedId => {
            let parameter = operation.path_parameters().next();
            parameter.map(|parameter| parameter.pointer.clone())
        }
        Probe::WrongMethod => Some(path),
        Probe::MalformedBody => Some(format!("{}/requestBody", operation.pointer)),
    };
    found.unwrap_or_else(|| operation.pointer.clone())
}
