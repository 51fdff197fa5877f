//! What can be found, by stable names.

use super::report::Severity;

/// One kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about, for lists of rules.
    pub title: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

use Severity::{Breaking, Note, Warning};

const SERVER: &str = "mend the server, or document it in the contract";
const CONTRACT: &str = "keep to the schema, or widen the schema in the contract";
const REFUSE: &str = "refuse such calls: whoever relies on the refusal is let down";

/// Every rule, sorted by name.
pub const ALL: &[Rule] = &[
    rule(
        "allow-missing",
        Warning,
        "a 405 names no methods",
        "send `Allow` with every 405 (RFC 9110, section 15.5.6)",
    ),
    rule(
        "alternative-ambiguous",
        Breaking,
        "a value fits several alternatives",
        CONTRACT,
    ),
    rule(
        "alternative-unmatched",
        Breaking,
        "a value fits no alternative",
        CONTRACT,
    ),
    rule(
        "body-missing",
        Breaking,
        "a documented body is absent",
        SERVER,
    ),
    rule(
        "body-not-json",
        Breaking,
        "a body is not the JSON it says it is",
        SERVER,
    ),
    rule(
        "body-undocumented",
        Warning,
        "a body where the contract has none",
        SERVER,
    ),
    rule(
        "content-type-missing",
        Breaking,
        "a body without a content type",
        SERVER,
    ),
    rule(
        "content-type-wrong",
        Breaking,
        "a content type the contract does not have",
        SERVER,
    ),
    rule(
        "digest-not-checked",
        Breaking,
        "a wrong content digest is accepted",
        REFUSE,
    ),
    rule(
        "digest-not-required",
        Breaking,
        "a missing content digest is accepted",
        REFUSE,
    ),
    rule(
        "enum-value-undocumented",
        Breaking,
        "a value outside an enum",
        CONTRACT,
    ),
    rule(
        "field-forbidden",
        Breaking,
        "a field that the contract forbids",
        CONTRACT,
    ),
    rule(
        "field-missing",
        Breaking,
        "a required field is missing",
        CONTRACT,
    ),
    rule(
        "field-undocumented",
        Warning,
        "a field that no schema declares",
        "document the field, or do not send it",
    ),
    rule(
        "format-invalid",
        Breaking,
        "a text is not in its format",
        CONTRACT,
    ),
    rule(
        "header-missing",
        Breaking,
        "a required response header is missing",
        SERVER,
    ),
    rule(
        "idempotency-key-not-required",
        Breaking,
        "a missing idempotency key is accepted",
        REFUSE,
    ),
    rule(
        "idempotency-key-reused",
        Breaking,
        "an idempotency key is accepted with another payload",
        REFUSE,
    ),
    rule(
        "idempotency-not-replayed",
        Breaking,
        "a repeated call gets another answer",
        "answer the same key and payload with the stored answer",
    ),
    rule(
        "malformed-body-accepted",
        Breaking,
        "a malformed body is accepted",
        REFUSE,
    ),
    rule(
        "malformed-id-accepted",
        Breaking,
        "a malformed identifier is accepted",
        REFUSE,
    ),
    rule(
        "method-not-refused",
        Breaking,
        "a method that the path does not have is answered",
        "answer 405 with `Allow`",
    ),
    rule(
        "null-not-allowed",
        Breaking,
        "null where the contract allows none",
        CONTRACT,
    ),
    rule(
        "operation-not-implemented",
        Note,
        "an operation is answered with 501",
        "nothing, unless the server is meant to serve it",
    ),
    rule(
        "operation-undocumented",
        Warning,
        "a call that the contract does not know is answered",
        SERVER,
    ),
    rule(
        "refusal-status",
        Warning,
        "a wrong call is refused with an unexpected status",
        "refuse it with the status the API documents for it",
    ),
    rule(
        "server-error",
        Warning,
        "the server failed",
        "look at the server's log",
    ),
    rule(
        "signature-not-checked",
        Breaking,
        "a wrong signature is accepted",
        REFUSE,
    ),
    rule(
        "signature-not-required",
        Breaking,
        "a missing signature is accepted",
        REFUSE,
    ),
    rule(
        "status-undocumented",
        Breaking,
        "a status that the contract does not have",
        SERVER,
    ),
    rule(
        "token-not-checked",
        Breaking,
        "an unknown token is accepted",
        REFUSE,
    ),
    rule(
        "token-not-required",
        Breaking,
        "a missing token is accepted",
        REFUSE,
    ),
    rule("type-wrong", Breaking, "a value of another type", CONTRACT),
    rule(
        "unknown-id-accepted",
        Breaking,
        "an unknown identifier is answered as if it were known",
        "answer 404",
    ),
    rule(
        "value-out-of-range",
        Breaking,
        "a value breaks a bound of its schema",
        CONTRACT,
    ),
];

const fn rule(
    id: &'static str,
    severity: Severity,
    title: &'static str,
    help: &'static str,
) -> Rule {
    Rule {
        id,
        severity,
        title,
        help,
    }
}

/// The rule of this name.
pub(super) fn find(id: &str) -> &'static Rule {
    let found = ALL.binary_search_by(|rule| rule.id.cmp(id));
    &ALL[found.expect("every observation names a rule of the table")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_so_that_they_can_be_searched() {
        assert!(
            ALL.is_sorted_by(|a, b| a.id < b.id),
            "sort the table by name"
        );
    }
}
