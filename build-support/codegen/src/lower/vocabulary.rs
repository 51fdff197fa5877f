//! Schema keywords that OpenAPI 3.0 does not have and no pass can lower.

use contract::Node;

/// Keywords that only narrow what is valid, and what is therefore not enforced. `then` and `else`
/// go with their `if`.
pub const NARROWING: [(&str, &str); 13] = [
    ("if", "values that break the condition are accepted"),
    ("not", "values that match the excluded schema are accepted"),
    (
        "unevaluatedProperties",
        "properties that no schema names are accepted",
    ),
    (
        "unevaluatedItems",
        "items that no schema describes are accepted",
    ),
    (
        "dependentSchemas",
        "what the presence of a property asks of the others is not checked",
    ),
    (
        "dependentRequired",
        "properties that others call for may be missing",
    ),
    (
        "dependencies",
        "what the presence of a property asks of the others is not checked",
    ),
    ("contains", "lists without a matching item are accepted"),
    ("minContains", "the number of matching items is not counted"),
    ("maxContains", "the number of matching items is not counted"),
    ("propertyNames", "properties of any name are accepted"),
    (
        "contentSchema",
        "the value inside the encoded string is not checked",
    ),
    (
        "$vocabulary",
        "the vocabularies a schema asks for are not checked",
    ),
];

/// Keywords that mean nothing by themselves once the passes before have run.
pub const SILENT: [&str; 5] = ["then", "else", "$comment", "$anchor", "$recursiveAnchor"];

/// The keyword that names the document against which the references below it resolve.
pub const BASE: &str = "$id";

/// Whether a keyword of [`NARROWING`] narrows nothing with this value: `true` and `{}` take every value,
/// and a map without members asks for nothing.
#[must_use]
pub fn says_nothing(keyword: &str, value: &Node) -> bool {
    let empty = value.as_object().is_some() && value.members().is_empty();
    match keyword {
        "unevaluatedProperties" | "unevaluatedItems" | "propertyNames" | "contentSchema" => {
            empty || value.as_bool() == Some(true)
        }
        "dependentSchemas" | "dependentRequired" | "dependencies" => empty,
        "not" => value.as_bool() == Some(false),
        _ => false,
    }
}
