//! Validators.

use super::formats::FORMATS;
use jsonschema::{Draft, Validator};
use serde_json::Value;

/// A schema that no validator can be made from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid schema of JSON Schema 2020-12: {0}")]
pub struct Unusable(String);

/// A validator of JSON Schema 2020-12 that checks formats, those of [`FORMATS`] among them.
///
/// # Errors
/// [`Unusable`] where the schema is not valid: a pattern that is not a regular expression, a
/// reference that leads nowhere.
pub fn validator(schema: &Value) -> Result<Validator, Unusable> {
    let options = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true);
    let options = FORMATS.into_iter().fold(options, |options, (name, is_in)| {
        options.with_format(name, is_in)
    });
    options
        .build(schema)
        .map_err(|error| Unusable(error.to_string()))
}
