//! Which way objects travel, and what that means for properties that travel one way only.
//!
//! One Rust type serves both directions, so that small contracts get no doubles. A required property
//! that one direction of its object does not carry is an `Option` there, and each direction has a
//! constructor that asks for what it needs.

use crate::model::{Field, Operation, Response, TypeDef, TypeKind, TypeRef};
use contract::schema::Direction;
use std::collections::{BTreeMap, BTreeSet};

/// Makes optional what a direction of its object does not carry.
pub(super) fn settle(types: &mut [TypeDef], operations: &[Operation], receivers: &[Operation]) {
    let one_way = |def: &TypeDef| match &def.kind {
        TypeKind::Struct(shape) => shape.fields.iter().any(|it| it.read_only || it.write_only),
        _ => false,
    };
    if !types.iter().any(one_way) {
        return;
    }
    // A receiver is sent what an operation responds with, and the other way round.
    let asked = operations.iter().flat_map(sent);
    let asked = asked.chain(receivers.iter().flat_map(returned));
    let given = operations.iter().flat_map(returned);
    let given = given.chain(receivers.iter().flat_map(sent));
    let requests = reached(types, asked);
    let responses = reached(types, given);
    for def in types {
        let travels = [
            requests.contains(&def.rust_name),
            responses.contains(&def.rust_name),
        ];
        if let TypeKind::Struct(shape) = &mut def.kind {
            let fields = shape.fields.iter_mut();
            fields.for_each(|field| settle_field(field, travels));
        }
    }
}

/// `travels`: whether the object is in requests, and whether it is in responses.
fn settle_field(field: &mut Field, [in_requests, in_responses]: [bool; 2]) {
    if !field.required {
        return;
    }
    let (lacks, carries, direction) = match (field.read_only, field.write_only) {
        (true, false) => (in_requests, in_responses, Direction::Response),
        (false, true) => (in_responses, in_requests, Direction::Request),
        _ => return,
    };
    if lacks {
        field.required = false;
        field.required_in = carries.then_some(direction);
    }
}

fn sent(operation: &Operation) -> impl Iterator<Item = &TypeRef> {
    let body = operation.body.iter();
    body.flat_map(|body| body.content.types())
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
