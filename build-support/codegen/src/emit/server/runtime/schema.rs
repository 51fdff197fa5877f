//! The contract's schemas, compiled once and asked for every request.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use jsonschema::{Draft, Validator, error::ValidationErrorKind};
use serde_json::{Value, json};

use super::{Violation, formats::FORMATS, reason::reason};

/// The schemas of a contract: JSON Schema 2020-12, component schemas under `$defs`.
///
/// A validator is compiled when its schema is first asked for, and kept.
pub struct Schemas {
    document: Value,
    compiled: RwLock<HashMap<&'static str, Arc<Validator>>>,
}

/// Why a schema cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The document is not JSON.
    #[error("the schemas document is not json: {0}")]
    NotJson(String),
    /// Nothing stands at the pointer.
    #[error("no schema stands at {0}")]
    Missing(String),
    /// The schema is not valid JSON Schema.
    #[error("the schema at {0} does not compile: {1}")]
    Unusable(String, String),
}

impl Schemas {
    /// Reads the schemas document.
    ///
    /// # Errors
    /// [`SchemaError::NotJson`].
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        let document =
            serde_json::from_str(text).map_err(|error| SchemaError::NotJson(error.to_string()))?;
        Ok(Self {
            document,
            compiled: RwLock::default(),
        })
    }

    /// Every place where `value` breaks the schema at `pointer`; empty when it fits.
    ///
    /// # Errors
    /// [`SchemaError`] when there is no such schema or it does not compile; the tables and the
    /// document are generated together, so this means that a build is damaged.
    pub fn violations(
        &self,
        pointer: &'static str,
        value: &Value,
    ) -> Result<Vec<Violation>, SchemaError> {
        let validator = self.validator(pointer)?;
        Ok(validator
            .iter_errors(value)
            .map(|error| Violation::at(error.instance_path().as_str(), reason(&error)))
            .collect())
    }

    /// The members that an object lacks by the schema at `pointer`.
    ///
    /// # Errors
    /// As [`Schemas::violations`].
    pub(super) fn missing(
        &self,
        pointer: &'static str,
        value: &Value,
    ) -> Result<BTreeSet<String>, SchemaError> {
        let validator = self.validator(pointer)?;
        let own = validator
            .iter_errors(value)
            .filter(|error| error.instance_path().as_str().is_empty());
        let lacking = own.filter_map(|error| match error.kind() {
            ValidationErrorKind::Required { property } => property.as_str().map(str::to_owned),
            _ => None,
        });
        Ok(lacking.collect())
    }

    /// The document itself.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Two requests may compile the same schema at once; either result serves.
    fn validator(&self, pointer: &'static str) -> Result<Arc<Validator>, SchemaError> {
        let compiled = self.compiled.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = compiled.get(pointer) {
            return Ok(validator.clone());
        }
        drop(compiled);
        let validator = Arc::new(self.compile(pointer)?);
        let mut compiled = self
            .compiled
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        compiled.insert(pointer, validator.clone());
        Ok(validator)
    }

    fn compile(&self, pointer: &str) -> Result<Validator, SchemaError> {
        let schema = self
            .document
            .pointer(pointer)
            .ok_or_else(|| SchemaError::Missing(pointer.to_owned()))?;
        let definitions = self
            .document
            .get("$defs")
            .cloned()
            .unwrap_or_else(|| json!({}));
        let root = json!({ "allOf": [schema], "$defs": definitions });
        let options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true);
        let options = FORMATS.into_iter().fold(options, |options, (name, is_in)| {
            options.with_format(name, is_in)
        });
        options
            .build(&root)
            .map_err(|error| SchemaError::Unusable(pointer.to_owned(), error.to_string()))
    }
}

impl fmt::Debug for Schemas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schemas").finish_non_exhaustive()
    }
}
