//! What all members of a union have in common.

use super::super::Scope;
use crate::emit::EmitError;
use crate::model::{Field, Struct, TypeKind, TypeRef, Union};

/// The structs the members are, if all of them are structs.
pub(super) fn structs<'a>(scope: &Scope<'a>, shape: &Union) -> Option<Vec<&'a Struct>> {
    shape
        .variants
        .iter()
        .map(|variant| struct_of(scope, &variant.ty))
        .collect()
}

/// The struct behind a reference, aliases followed.
pub(super) fn struct_of<'a>(scope: &Scope<'a>, ty: &TypeRef) -> Option<&'a Struct> {
    let name = match scope.paths.resolve(ty).ok()? {
        TypeRef::Named(name) | TypeRef::Boxed(name) => name,
        _ => return None,
    };
    match &scope.paths.definition(name).ok()?.kind {
        TypeKind::Struct(shape) => Some(shape),
        _ => None,
    }
}

/// The required field of this name in a member.
pub(super) fn required<'a>(shape: &'a Struct, wire_name: &str) -> Option<&'a Field> {
    let mut fields = shape.fields.iter();
    fields.find(|field| field.wire_name == wire_name && field.required && !field.nullable)
}

/// The property that identifies every member alike: required in all of them, of one type, and that
/// type a UUID.
pub(super) fn identity<'a>(
    scope: &Scope<'a>,
    shape: &Union,
    tag: &str,
) -> Result<Option<&'a Field>, EmitError> {
    let Some(members) = structs(scope, shape) else {
        return Ok(None);
    };
    let Some((first, others)) = members.split_first() else {
        return Ok(None);
    };
    for field in first.fields.iter().filter(|field| field.wire_name != tag) {
        let shared = others.iter().all(|member| {
            required(member, &field.wire_name)
                .is_some_and(|other| other.ty == field.ty && other.rust_name == field.rust_name)
        });
        if shared && field.required && !field.nullable && is_uuid(scope, &field.ty)? {
            return Ok(Some(field));
        }
    }
    Ok(None)
}

fn is_uuid(scope: &Scope<'_>, ty: &TypeRef) -> Result<bool, EmitError> {
    Ok(match scope.paths.resolve(ty)? {
        TypeRef::Uuid => true,
        TypeRef::Named(name) => match &scope.paths.definition(name)?.kind {
            TypeKind::External(path) => path.ends_with("uuid::Uuid"),
            TypeKind::Newtype(shape) => is_uuid(scope, &shape.inner)?,
            _ => false,
        },
        _ => false,
    })
}
