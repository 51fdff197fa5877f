//! What can be found, by stable names.

use ::report::{Rule, Severity};

/// A rule of findings, with what is the same for each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingRule {
    /// The rule.
    pub rule: Rule,
    /// How bad every finding of it is.
    pub severity: Severity,
    /// What to do about it.
    pub help: &'static str,
}

use Severity::{Breaking, Note, Warning};

const SERVER: &str = "fix the server, or document it in the contract";
const CONTRACT: &str = "keep to the schema, or widen the schema in the contract";
const REJECT: &str = "reject such calls: clients that rely on the rejection are not protected";

const UNREADABLE: &str = "A client that reads the value by the contract fails.";
const UNPROTECTED: &str = "The contract asks for it, and the server works without it.";

/// Every rule, sorted by name.
pub const ALL: &[FindingRule] = &[
    rule(
        ("allow-missing", "rejection", Warning),
        "a 405 names no methods",
        "A client cannot know which methods the path has.",
        "`405` without `Allow`",
        "send `Allow` with every 405 (RFC 9110, section 15.5.6)",
    ),
    rule(
        ("alternative-ambiguous", "body", Breaking),
        "a value fits several alternatives",
        "A client cannot know which of the alternatives it is.",
        "a value that fits two schemas of `oneOf`",
        CONTRACT,
    ),
    rule(
        ("alternative-unmatched", "body", Breaking),
        "a value fits no alternative",
        UNREADABLE,
        "`7` where `oneOf` has objects",
        CONTRACT,
    ),
    rule(
        ("body-missing", "body", Breaking),
        "a documented body is absent",
        "A client that reads the body fails.",
        "`200` with a documented body, and nothing comes",
        SERVER,
    ),
    rule(
        ("body-not-json", "body", Breaking),
        "a body is not the JSON it says it is",
        "No client can read the body.",
        "`{` as `application/json`",
        SERVER,
    ),
    rule(
        ("body-undocumented", "body", Warning),
        "a body where the contract has none",
        "Clients made from the contract do not read it.",
        "`204` with a body",
        SERVER,
    ),
    rule(
        ("content-type-missing", "header", Breaking),
        "a body without a content type",
        "A client cannot know how to read the body.",
        "a JSON body without `Content-Type`",
        SERVER,
    ),
    rule(
        ("content-type-wrong", "header", Breaking),
        "a content type the contract does not have",
        "A client made from the contract cannot read the body.",
        "`text/html` where `application/json` is documented",
        SERVER,
    ),
    rule(
        ("digest-not-checked", "security", Breaking),
        "a wrong content digest is accepted",
        "A body that was changed on its way is taken for the signed one.",
        "`Content-Digest` of another body, and the response is `201`",
        REJECT,
    ),
    rule(
        ("digest-not-required", "security", Breaking),
        "a missing content digest is accepted",
        UNPROTECTED,
        "a signed call without `Content-Digest`, and the response is `201`",
        REJECT,
    ),
    rule(
        ("enum-value-undocumented", "body", Breaking),
        "a value outside an enum",
        UNREADABLE,
        "`frozen` where the enum has `active` and `inactive`",
        CONTRACT,
    ),
    rule(
        ("field-forbidden", "body", Breaking),
        "a field that the contract forbids",
        "A client that rejects further fields fails.",
        "`additionalProperties: false`, and a field that is not declared",
        CONTRACT,
    ),
    rule(
        ("field-missing", "body", Breaking),
        "a required field is missing",
        UNREADABLE,
        "`required: [id]`, and an object without `id`",
        CONTRACT,
    ),
    rule(
        ("field-undocumented", "body", Warning),
        "a field that no schema declares",
        "Clients made from the contract do not see it.",
        "`colour`, which no schema of the object declares",
        "document the field, or do not send it",
    ),
    rule(
        ("format-invalid", "body", Breaking),
        "a string is not in its format",
        UNREADABLE,
        "`soon` where the format is `date`",
        CONTRACT,
    ),
    rule(
        ("given-id-not-found", "status", Breaking),
        "an identifier that the server gave is not found",
        "A client asks for what it has just received, and the server responds that it does not exist.",
        "`GET /cards/{cardId}` is 404 for a card that a response named before",
        "find what you gave an identifier of, or say by the contract when it can go",
    ),
    rule(
        ("header-invalid", "header", Breaking),
        "the value of a response header breaks its schema",
        "A client that reads the header by the contract fails.",
        "`X-Total: many` where the schema is `type: integer`",
        CONTRACT,
    ),
    rule(
        ("header-missing", "header", Breaking),
        "a required response header is missing",
        "A client that reads the header fails.",
        "`X-Total` is required, and does not come",
        SERVER,
    ),
    rule(
        ("idempotency-key-not-required", "idempotency", Breaking),
        "a missing idempotency key is accepted",
        UNPROTECTED,
        "a call without `Idempotency-Key`, and the response is `201`",
        REJECT,
    ),
    rule(
        ("idempotency-key-reused", "idempotency", Breaking),
        "an idempotency key is accepted with another payload",
        "Two different calls under one key cannot be distinguished.",
        "the key of an earlier call with another body, and the response is `201`",
        REJECT,
    ),
    rule(
        ("idempotency-not-replayed", "idempotency", Breaking),
        "a repeated call gets another response",
        "A client that repeats a call after a lost connection may act twice.",
        "the same key and body twice, and two different bodies come",
        "send the stored response for the same key and payload",
    ),
    rule(
        ("malformed-body-accepted", "rejection", Breaking),
        "a malformed body is accepted",
        "A mistake of a client is not noticed.",
        "a body without a required field, and the response is `201`",
        REJECT,
    ),
    rule(
        ("malformed-id-accepted", "rejection", Breaking),
        "a malformed identifier is accepted",
        "A mistake of a client is not noticed.",
        "`not-an-id` as a UUID, and the response is `200`",
        REJECT,
    ),
    rule(
        ("method-not-rejected", "rejection", Breaking),
        "a method that the path does not have is served",
        "The server does more than the contract says.",
        "`DELETE` where the path has only `GET`, and the response is `204`",
        "send 405 with `Allow`",
    ),
    rule(
        ("null-not-allowed", "body", Breaking),
        "null where the contract allows none",
        UNREADABLE,
        "`null` where the type is `string`",
        CONTRACT,
    ),
    rule(
        ("operation-not-implemented", "operation", Note),
        "the response of an operation is 501",
        "The server says that it does not serve the operation.",
        "`501` from `getLoans`",
        "nothing, unless the server is meant to serve it",
    ),
    rule(
        ("operation-undocumented", "operation", Warning),
        "a call that the contract does not have is served",
        "Clients made from the contract cannot make the call.",
        "`200` from a path that the contract does not have",
        SERVER,
    ),
    rule(
        ("rejection-status", "rejection", Warning),
        "a wrong call is rejected with an unexpected status",
        "A client that decides by the status takes it for another fault.",
        "`403` for a call without a token",
        "reject it with the status the API documents for it",
    ),
    rule(
        ("server-error", "operation", Warning),
        "the server failed",
        "The call may have been carried out in part.",
        "`500`",
        "look at the server's log",
    ),
    rule(
        ("signature-not-checked", "security", Breaking),
        "a wrong signature is accepted",
        "Anybody can sign for the holder of a key.",
        "a call signed by another key, and the response is `201`",
        REJECT,
    ),
    rule(
        ("signature-not-required", "security", Breaking),
        "a missing signature is accepted",
        UNPROTECTED,
        "a call without `Signature`, and the response is `201`",
        REJECT,
    ),
    rule(
        ("status-undocumented", "operation", Breaking),
        "a status that the contract does not have",
        "A client made from the contract does not know what the response means.",
        "`302` where the contract has `200` and `404`",
        SERVER,
    ),
    rule(
        ("token-not-checked", "security", Breaking),
        "an unknown token is accepted",
        "Anybody can call the operation.",
        "`Bearer unknown`, and the response is `200`",
        REJECT,
    ),
    rule(
        ("token-not-required", "security", Breaking),
        "a missing token is accepted",
        UNPROTECTED,
        "a call without `Authorization`, and the response is `200`",
        REJECT,
    ),
    rule(
        ("type-wrong", "body", Breaking),
        "a value of another type",
        UNREADABLE,
        "`7` where the type is `string`",
        CONTRACT,
    ),
    rule(
        ("unknown-id-accepted", "rejection", Breaking),
        "an unknown identifier is treated as if it were known",
        "A client takes something for existing that does not.",
        "a random UUID, and the response is `200`",
        "send 404",
    ),
    rule(
        ("value-out-of-range", "body", Breaking),
        "a value breaks a bound of its schema",
        UNREADABLE,
        "`0` where `minimum` is 1",
        CONTRACT,
    ),
];

const fn rule(
    (id, area, severity): (&'static str, &'static str, Severity),
    title: &'static str,
    explanation: &'static str,
    example: &'static str,
    help: &'static str,
) -> FindingRule {
    let rule = Rule {
        id,
        area,
        title,
        explanation,
        example,
        severity: Some(severity),
    };
    FindingRule {
        rule,
        severity,
        help,
    }
}

/// The rule of this name.
pub(super) fn find(id: &str) -> &'static FindingRule {
    let found = ALL.binary_search_by(|rule| rule.rule.id.cmp(id));
    &ALL[found.expect("every observation names a rule of the table")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_so_that_they_can_be_searched() {
        assert!(
            ALL.is_sorted_by(|a, b| a.rule.id < b.rule.id),
            "sort the table by name"
        );
    }
}
