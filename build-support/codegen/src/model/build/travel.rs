//! Which types travel in requests, and which in responses.

use crate::model::{Content, Operation, Response, TypeDef, TypeRef};
use std::collections::{BTreeMap, BTreeSet};

/// The types that the client makes. A receiver is sent what an operation responds with, and the other
/// way round.
pub(super) fn in_requests(
    types: &[TypeDef],
    operations: &[Operation],
    receivers: &[Operation],
) -> BTreeSet<String> {
    let asked = operations.iter().flat_map(sent);
    reached(types, asked.chain(receivers.iter().flat_map(returned)))
}

/// The types that the server makes.
pub(super) fn in_responses(
    types: &[TypeDef],
    operations: &[Operation],
    receivers: &[Operation],
) -> BTreeSet<String> {
    let given = operations.iter().flat_map(returned);
    reached(types, given.chain(receivers.iter().flat_map(sent)))
}

fn sent(operation: &Operation) -> impl Iterator<Item = &TypeRef> {
    let body = operation.contents().flat_map(Content::types);
    let parameters = operation.parameters.iter().map(|one| &one.ty);
    body.chain(parameters)
}

fn returned(operation: &Operation) -> impl Iterator<Item = &TypeRef> {
    operation.responses.iter().flat_map(Response::type_refs)
}

/// The names of the types that some types are made of, however deep.
fn reached<'a>(types: &'a [TypeDef], roots: impl Iterator<Item = &'a TypeRef>) -> BTreeSet<String> {
    let types = types.iter();
    let parts = types.map(|def| (def.rust_name.as_str(), def.kind.parts()));
    let parts: BTreeMap<&str, Vec<&TypeRef>> = parts.collect();
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = roots.flat_map(names).collect();
    while let Some(name) = open.pop() {
        if found.insert(name.to_owned()) {
            let parts = parts.get(name).into_iter().flatten();
            open.extend(parts.flat_map(|part| names(part)));
        }
    }
    found
}

fn names(ty: &TypeRef) -> Vec<&str> {
    match ty {
        TypeRef::Named(name) | TypeRef::Boxed(name) => vec![name],
        TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => names(inner),
        _ => Vec::new(),
    }
}
