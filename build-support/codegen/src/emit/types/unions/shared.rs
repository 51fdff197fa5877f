//! What all members of a union have in common.

use super::super::Scope;
use crate::emit::{EmitError, TypePaths};
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
    match kind_of(scope.paths, ty)? {
        TypeKind::Struct(shape) => Some(shape),
        _ => None,
    }
}

fn kind_of<'a>(paths: &TypePaths<'a>, ty: &TypeRef) -> Option<&'a TypeKind> {
    let name = match paths.resolve(ty).ok()? {
        TypeRef::Named(name) | TypeRef::Boxed(name) => name,
        _ => return None,
    };
    Some(&paths.definition(name).ok()?.kind)
}

/// Whether a member of a union may be an object without the union's tag. A member that is a union
/// by the same tag may, where one of its own members may.
pub(super) fn may_lack(paths: &TypePaths<'_>, ty: &TypeRef, tag: &str) -> bool {
    may_lack_at(paths, ty, tag, 0)
}

fn may_lack_at(paths: &TypePaths<'_>, ty: &TypeRef, tag: &str, depth: usize) -> bool {
    match kind_of(paths, ty).filter(|_| depth < 16) {
        Some(TypeKind::Struct(shape)) => required(shape, tag).is_none(),
        Some(TypeKind::Union(shape)) => shape
            .variants
            .iter()
            .any(|variant| may_lack_at(paths, &variant.ty, tag, depth + 1)),
        _ => false,
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
