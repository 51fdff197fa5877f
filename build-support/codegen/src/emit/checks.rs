//! What the test of derived schemas compares: the contract's schemas, and those of the types.

use super::{EmitError, FileContent, Sink, TypePaths, inner_doc, layout, raw_string};
use crate::model::Api;
use contract::Node;
use contract::schema::without_prose;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

/// Passes on `schema_checks.rs`, a module for the types crate's tests alone: for every type the
/// contract's schema, which the lowered document at `root` has, and the derived one.
///
/// # Errors
///
/// [`EmitError`] when a name is not valid Rust, and what the sink fails with.
pub fn emit(api: &Api, root: &Node, sink: &mut Sink<'_>) -> Result<(), EmitError> {
    let paths = TypePaths::outside(api, "crate")?;
    let schemas = root.pointer("/components/schemas");
    let docs = inner_doc("The contract's schemas beside those derived from the types, for a test.");
    let mut entries = TokenStream::new();
    for def in &api.types {
        let (schema, ty) = (&def.schema_name, paths.named(&def.rust_name)?);
        let json = schemas.and_then(|schemas| schemas.get(schema));
        let json = raw(&json.map_or(Value::Null, without_prose))?;
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
    sink("schema_checks.rs".to_owned(), FileContent::Items(items))
}

/// The literal of a raw string, which keeps the JSON readable.
fn raw(value: &Value) -> Result<Literal, EmitError> {
    let text = raw_string(&layout(value));
    text.parse().map_err(|source| EmitError::Syntax {
        file: "schema_checks.rs".to_owned(),
        source: syn::Error::from(source),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::printed;
    use crate::policy::Policy;
    use crate::{lower, model};

    const CONTRACT: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    Card:
      type: object
      description: prose
      properties: {description: {type: string, example: prose}, id: {$ref: '#/components/schemas/Id'}}
    Id: {type: string, format: uuid}
";

    #[test]
    fn every_type_is_listed_beside_the_contract() {
        let document = contract::read_str("trial.yaml", CONTRACT).unwrap();
        let lowered = lower::lower(&document, &Policy::default()).unwrap();
        let api = model::build(&document, &lowered, &Policy::default()).unwrap();
        let files = printed(&api.source, |sink| emit(&api, &lowered.node, sink)).unwrap();
        let text = files.get("schema_checks.rs").unwrap();
        for part in [
            "generator.subschema_for::<crate::Card>()",
            "\"description\": {",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(!text.contains("prose"), "{text}");
    }
}
