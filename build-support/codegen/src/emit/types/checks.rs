//! What the test of derived schemas compares: the contract's schemas, and those of the types.

use super::examples::longest_run;
use crate::emit::{EmitError, TypePaths, header, inner_doc, layout, print};
use crate::model::Api;
use contract::vocabulary::{self, Holds};
use files::FileSet;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

/// `schema_checks.rs`, a module for the types crate's tests alone: for every type the contract's
/// schema (`schemas` is the lowered document's `components.schemas`) and the derived one.
///
/// # Errors
///
/// [`EmitError`] when a name is not valid Rust.
pub fn emit(api: &Api, schemas: &Value) -> Result<FileSet, EmitError> {
    let paths = TypePaths::outside(api, "crate")?;
    let docs = inner_doc("The contract's schemas beside those derived from the types, for a test.");
    let mut entries = TokenStream::new();
    for def in &api.types {
        let (schema, ty) = (&def.schema_name, paths.named(&def.rust_name)?);
        let json = raw(&without_prose(schemas.get(schema).unwrap_or(&Value::Null)))?;
        entries.extend(quote!((#schema, #json, generator.subschema_for::<#ty>()),));
    }
    let items = quote! {
        #docs
        #[doc = " Of each type: its name in the contract, the contract's schema, the derived one."]
        pub(crate) fn pairs(
            generator: &mut schemars::SchemaGenerator,
        ) -> Vec<(&'static str, &'static str, schemars::Schema)> {
            Vec::from([#entries])
        }
    };
    let text = print("schema_checks.rs", &header(&api.source), items)?;
    let mut files = FileSet::new();
    super::insert(&mut files, "schema_checks.rs".to_owned(), text)?;
    Ok(files)
}

/// A raw string, which keeps the JSON readable.
fn raw(value: &Value) -> Result<Literal, EmitError> {
    let json = layout(value);
    let hashes = "#".repeat(longest_run(&json) + 1);
    let text = format!("r{hashes}\"{json}\"{hashes}");
    text.parse().map_err(|source| EmitError::Syntax {
        file: "schema_checks.rs".to_owned(),
        source: syn::Error::from(source),
    })
}

/// A schema without what only people read, so that the file changes with the contract's meaning
/// and not with its words.
fn without_prose(schema: &Value) -> Value {
    let Value::Object(object) = schema else {
        return schema.clone();
    };
    let kept = object.iter().filter(|(key, _)| !vocabulary::is_prose(key));
    kept.map(|(key, value)| (key.clone(), part(key, value)))
        .collect()
}

/// What a keyword holds: a schema, schemas in a list or by name, or a plain value.
fn part(key: &str, value: &Value) -> Value {
    match (vocabulary::holds(key), value) {
        (Some(Holds::Named), Value::Object(schemas)) => schemas
            .iter()
            .map(|(name, schema)| (name.clone(), without_prose(schema)))
            .collect(),
        (Some(Holds::List), Value::Array(schemas)) => schemas.iter().map(without_prose).collect(),
        (Some(Holds::One), schema) => without_prose(schema),
        (_, value) => value.clone(),
    }
}
