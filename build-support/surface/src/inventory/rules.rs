//! The rules of generated code.

use report::{Rule, Severity};

/// What a report calls the generated code.
pub const CODE: &str = "generated code";

/// Every rule of `cargo xtask drift --code`.
pub const RULES: &[Rule] = &[
    rule(
        "code-stale",
        "a generated file is missing, stale or extra",
        "What is committed is not what the generator makes of the contract.",
        "the contract gained a property → `cards.rs` without it",
    ),
    rule(
        "code-unreadable",
        "a generated file is not valid Rust",
        "What is in it cannot be compared with the contract.",
        "`cards.rs` → `cards.rs` with markers of an unfinished merge",
    ),
    rule(
        "code-schema-differs",
        "a derived schema is not the contract's",
        "The Rust types read or write something else than the contract says.",
        "`#[serde(rename = \"a\")]` → `#[serde(rename = \"b\")]`",
    ),
    rule(
        "code-operation-missing",
        "an operation of the contract is not in the code",
        "It cannot be called, or the response is 404.",
        "`GET /cards` in the contract → no `get_cards`",
    ),
    rule(
        "code-operation-extra",
        "an operation of the code is not in the contract",
        "It is called or served, although the contract does not have it.",
        "`get_cards` → no `GET /cards` in the contract",
    ),
    rule(
        "code-parameter-missing",
        "a parameter of the contract is not in the code",
        "It cannot be sent, or is not read.",
        "query parameter `chain` in the contract → no `chain`",
    ),
    rule(
        "code-parameter-extra",
        "a parameter of the code is not in the contract",
        "What is sent is not understood.",
        "`chain` → no query parameter `chain` in the contract",
    ),
    rule(
        "code-status-missing",
        "a status of the contract is not in the code",
        "It cannot be sent in a response, or is not understood.",
        "`404` in the contract → no `NotFound`",
    ),
    rule(
        "code-status-extra",
        "a status of the code is not in the contract",
        "A server may send what no client expects.",
        "`NotFound` → no `404` in the contract",
    ),
    rule(
        "code-schema-missing",
        "a schema of the contract has no type",
        "Its values cannot be made, or an alternative of a union cannot be read.",
        "schema `Card` in the contract → no `Card`",
    ),
    rule(
        "code-schema-extra",
        "a type of the code has no schema",
        "Its values mean nothing to the other end.",
        "`Card` → no schema `Card` in the contract",
    ),
    rule(
        "code-field-missing",
        "a property of the contract has no field",
        "What is read loses it, and it cannot be sent.",
        "property `maskedPan` in the contract → no `masked_pan`",
    ),
    rule(
        "code-field-extra",
        "a field of the code is not a property",
        "The code expects a property that is never sent.",
        "`masked_pan` → no property `maskedPan` in the contract",
    ),
    rule(
        "code-enum-value-missing",
        "an enum value of the contract is not in the code",
        "It cannot be written, or is read as an unknown value.",
        "`visa` in the contract → no `Visa`",
    ),
    rule(
        "code-enum-value-extra",
        "an enum value of the code is not in the contract",
        "The other end does not know it.",
        "`Visa` → no `visa` in the contract",
    ),
];

/// The rule of a name.
pub(super) fn of(id: &str) -> &'static Rule {
    let found = RULES.iter().find(|rule| rule.id == id);
    found.expect("every entry of the inventory names a rule of the table")
}

const fn rule(
    id: &'static str,
    title: &'static str,
    explanation: &'static str,
    example: &'static str,
) -> Rule {
    Rule {
        id,
        area: "code",
        title,
        explanation,
        example,
        severity: Some(Severity::Breaking),
    }
}
