//! Why a value breaks a schema, in words that never repeat the value.

use jsonschema::{ValidationError, error::ValidationErrorKind as Kind};

/// The reason a value was rejected, for the caller who sent it.
pub(super) fn reason(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Kind::Required { property } => format!("{property} is required"),
        Kind::Enum { options } => format!("is none of {options}"),
        Kind::Constant { expected_value } => format!("is not {expected_value}"),
        Kind::Format { format } => described(format),
        Kind::Pattern { pattern } => format!("does not match {pattern}"),
        Kind::MinLength { limit } => format!("is shorter than {limit} characters"),
        Kind::MaxLength { limit } => format!("is longer than {limit} characters"),
        Kind::MinItems { limit } => format!("has fewer than {limit} items"),
        Kind::MaxItems { limit } => format!("has more than {limit} items"),
        Kind::Minimum { limit } => format!("is less than {limit}"),
        Kind::Maximum { limit } => format!("is greater than {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("is not greater than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("is not less than {limit}"),
        Kind::UniqueItems => "has items that are alike".to_owned(),
        Kind::AdditionalProperties { unexpected } => {
            format!(
                "has members the contract does not know: {}",
                unexpected.join(", ")
            )
        }
        Kind::PropertyNames { error } => {
            format!("has a member whose name the contract does not allow: {}", error.instance())
        }
        Kind::OneOfNotValid { .. } | Kind::AnyOf { .. } => {
            "matches none of the alternatives".to_owned()
        }
        Kind::OneOfMultipleValid { .. } => "matches more than one of the alternatives".to_owned(),
        _ => masked(error),
    }
}

/// A format in words, with an example where its name alone does not say how to write it.
fn described(format: &str) -> String {
    match format {
        "byte" => "is not base64 in the standard alphabet, with padding".to_owned(),
        "date-time" => "is not a date and time such as 2026-03-01T09:30:00Z (RFC 3339)".to_owned(),
        "decimal" => "is not a decimal number such as 20.50, without an exponent".to_owned(),
        "uri" => "is not an absolute URI such as https://example.com/path".to_owned(),
        "uuid" => "is not a UUID such as 2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c".to_owned(),
        other => format!("is not in the format {other}"),
    }
}

/// The library's own text with the value left out.
fn masked(error: &ValidationError<'_>) -> String {
    let text = error.masked().to_string();
    text.strip_prefix("value ").unwrap_or(&text).to_owned()
}
