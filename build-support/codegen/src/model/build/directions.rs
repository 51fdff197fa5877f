//! Which way objects travel, and what that means for properties that travel one way only.
//!
//! One Rust type serves both directions, so that small contracts get no doubles. A required property
//! that one direction of its object does not carry is an `Option` there, and each direction has a
//! constructor that asks for what it needs.

use super::travel::{in_requests, in_responses};
use crate::model::{Field, Operation, TypeDef, TypeKind};
use contract::schema::Direction;
use std::collections::BTreeSet;

/// Marks what callers make, and makes optional what a direction of its object does not carry.
pub(super) fn settle(types: &mut [TypeDef], operations: &[Operation], receivers: &[Operation]) {
    let requests = in_requests(types, operations, receivers);
    // Without operations, callers make every type.
    let alone = operations.is_empty() && receivers.is_empty();
    let one_way = |def: &TypeDef| match &def.kind {
        TypeKind::Struct(shape) => shape.fields.iter().any(|it| it.read_only || it.write_only),
        _ => false,
    };
    let responses = match types.iter().any(one_way) {
        true => in_responses(types, operations, receivers),
        false => BTreeSet::new(),
    };
    for def in types {
        let travels = [
            requests.contains(&def.rust_name),
            responses.contains(&def.rust_name),
        ];
        if let TypeKind::Struct(shape) = &mut def.kind {
            shape.sent = alone || requests.contains(&def.rust_name);
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
