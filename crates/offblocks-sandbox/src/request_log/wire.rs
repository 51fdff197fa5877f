//! An entry as JSON, for callers of the control plane.

use offblocks_server::{Checks, Verdict};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{LoggedBody, LoggedHeaders, LoggedRequest};

/// An entry.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wire<'a> {
    /// Tells this start of the sandbox from others.
    run: &'a str,
    number: u64,
    received_at: String,
    duration_micros: u64,
    method: &'a str,
    path: &'a str,
    operation: Option<&'static str>,
    status: Option<u16>,
    fault: Option<WireFault>,
    request_id: Option<&'a str>,
    idempotency_key: Option<&'a str>,
    replayed: bool,
    checks: WireChecks<'a>,
    explanation: Option<&'a Map<String, Value>>,
    request: Message<'a>,
    response: Message<'a>,
}

/// The fault that was applied to it.
#[derive(Serialize)]
struct WireFault {
    id: u64,
    kind: &'static str,
}

/// What each check made of it.
#[derive(Serialize)]
struct WireChecks<'a> {
    token: WireVerdict<'a>,
    digest: WireVerdict<'a>,
    signature: WireVerdict<'a>,
    idempotency: WireVerdict<'a>,
    schema: WireVerdict<'a>,
}

#[derive(Serialize)]
struct WireVerdict<'a> {
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    headers: Vec<Field<'a>>,
    /// The text that is kept of the body; absent where it is not text.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    body_bytes: u64,
    /// Whether `body` is only the beginning.
    truncated: bool,
}

/// A header field.
#[derive(Serialize)]
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

impl<'a> Wire<'a> {
    pub(crate) fn of(run: &'a str, entry: &'a LoggedRequest) -> Self {
        Self {
            run,
            number: entry.number,
            received_at: instant(entry),
            duration_micros: u64::try_from(entry.duration.as_micros()).unwrap_or(u64::MAX),
            method: entry.method.as_str(),
            path: &entry.target,
            operation: entry.operation,
            status: entry.status,
            fault: entry.fault.map(|fault| WireFault {
                id: fault.id.number(),
                kind: fault.kind.name(),
            }),
            request_id: entry.request_id.as_deref(),
            idempotency_key: entry.idempotency_key.as_deref(),
            replayed: entry.replayed,
            checks: WireChecks::of(&entry.checks),
            explanation: entry.checks.explanation.as_ref(),
            request: Message::of(&entry.request_headers, &entry.request_body),
            response: Message::of(&entry.response_headers, &entry.response_body),
        }
    }
}

impl<'a> WireChecks<'a> {
    fn of(checks: &'a Checks) -> Self {
        let [token, digest, signature, idempotency, schema] =
            named(checks).map(|(_, verdict)| WireVerdict::of(verdict));
        Self {
            token,
            digest,
            signature,
            idempotency,
            schema,
        }
    }
}

/// The checks with their names.
pub(crate) const fn named(checks: &Checks) -> [(&'static str, &Verdict); 5] {
    [
        ("token", &checks.token),
        ("digest", &checks.digest),
        ("signature", &checks.signature),
        ("idempotency", &checks.idempotency),
        ("schema", &checks.schema),
    ]
}

/// What a verdict is called.
pub(crate) const fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::NotNeeded => "not needed",
        Verdict::Passed => "passed",
        Verdict::Failed(_) => "failed",
        _ => "not reached",
    }
}

/// Why a check failed.
pub(crate) fn reason(verdict: &Verdict) -> Option<&str> {
    match verdict {
        Verdict::Failed(reason) => Some(reason),
        _ => None,
    }
}

impl<'a> WireVerdict<'a> {
    fn of(verdict: &'a Verdict) -> Self {
        Self {
            verdict: word(verdict),
            reason: reason(verdict),
        }
    }
}

impl<'a> Message<'a> {
    fn of(headers: &'a LoggedHeaders, body: &'a LoggedBody) -> Self {
        Self {
            headers: fields(headers),
            body: body.text().filter(|text| !text.is_empty()),
            body_bytes: body.length,
            truncated: !body.whole,
        }
    }
}

pub(super) fn fields(headers: &LoggedHeaders) -> Vec<Field<'_>> {
    let fields = headers.iter();
    fields.map(|(name, value)| Field { name, value }).collect()
}

/// When it was received, to the millisecond.
pub(super) fn instant(entry: &LoggedRequest) -> String {
    let millis = chrono::SecondsFormat::Millis;
    entry.received_at.to_rfc3339_opts(millis, true)
}
