//! What a type is for, where the contract does not describe it.

use crate::emit::code_span;
use crate::model::{Api, Content, Operation, TypeDef, TypeRef};
use std::collections::BTreeMap;

/// What carries each type.
pub(super) struct Origins<'a> {
    /// By the type's Rust name, what it is to the only operation that carries it; nothing where there
    /// are more.
    only: BTreeMap<&'a str, Option<String>>,
}

impl<'a> Origins<'a> {
    /// Looks at every operation once.
    pub(super) fn of(api: &'a Api) -> Self {
        let mut only = BTreeMap::new();
        for (name, sentence) in api.operations.iter().flat_map(uses) {
            let known = only.entry(name);
            known
                .and_modify(|first| *first = None)
                .or_insert(Some(sentence));
        }
        Self { only }
    }

    /// One sentence: the only call that carries the type, or that it is a schema of the contract.
    pub(super) fn sentence(&self, def: &TypeDef) -> String {
        let only = self.only.get(def.rust_name.as_str());
        only.cloned().flatten().unwrap_or_else(|| {
            format!(
                "The {} schema of the contract.",
                code_span(&def.schema_name)
            )
        })
    }
}

/// The types that bodies of an operation are, and what each is to it.
fn uses(operation: &Operation) -> impl Iterator<Item = (&str, String)> {
    let request = operation.contents().filter_map(named);
    let request = request.map(|name| (name, format!("The body of {}.", call(operation))));
    let responses = operation.responses.iter();
    let responses = responses.filter_map(|response| named(&response.content.as_ref()?.1));
    let responses =
        responses.map(|name| (name, format!("What {} responds with.", call(operation))));
    request.chain(responses)
}

fn named(content: &Content) -> Option<&str> {
    let (Content::Json(ty) | Content::Form(ty)) = content else {
        return None;
    };
    match ty {
        TypeRef::Named(name) | TypeRef::Boxed(name) => Some(name),
        _ => None,
    }
}

fn call(operation: &Operation) -> String {
    let (method, path, id) = (&operation.method, &operation.path, &operation.id);
    format!(
        "{} ({})",
        code_span(&format!("{method} {path}")),
        code_span(id)
    )
}
