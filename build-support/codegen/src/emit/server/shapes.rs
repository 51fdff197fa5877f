//! How text outside JSON becomes a value of a type.

use proc_macro2::TokenStream;
use quote::quote;

use super::Scope;
use crate::emit::EmitError;
use crate::model::{TypeKind, TypeRef};

/// The runtime's shape for a type.
pub(super) fn emit(scope: &Scope<'_>, ty: &TypeRef) -> Result<TokenStream, EmitError> {
    shape(scope, ty, Depth::Top)
}

/// The runtime's shape for a form. `deep` are the members whose own members stand in brackets.
pub(super) fn form(
    scope: &Scope<'_>,
    ty: &TypeRef,
    deep: &[String],
) -> Result<TokenStream, EmitError> {
    let TypeRef::Named(name) = scope.paths.resolve(ty)? else {
        return emit(scope, ty);
    };
    let TypeKind::Struct(object) = &scope.paths.definition(name)?.kind else {
        return emit(scope, ty);
    };
    let fields = object.fields.iter().map(|field| {
        let depth = match deep.contains(&field.wire_name) {
            true => Depth::Top,
            false => Depth::Member,
        };
        let (name, shape) = (&field.wire_name, shape(scope, &field.ty, depth)?);
        Ok(quote!((#name, #shape)))
    });
    let fields = fields.collect::<Result<Vec<_>, EmitError>>()?;
    Ok(quote!(Shape::Object(&[#(#fields),*])))
}

/// Where a value stands. Text has structure at the top, and lists one level below; what is deeper
/// travels as JSON.
#[derive(Clone, Copy, PartialEq)]
enum Depth {
    Top,
    Member,
    Item,
}

fn shape(scope: &Scope<'_>, ty: &TypeRef, depth: Depth) -> Result<TokenStream, EmitError> {
    Ok(match ty {
        ty if ty.is_integer() => quote!(Shape::Integer),
        TypeRef::F64 => quote!(Shape::Number),
        TypeRef::Bool => quote!(Shape::Boolean),
        TypeRef::Array(item) if depth != Depth::Item => {
            let item = shape(scope, item, Depth::Item)?;
            quote!(Shape::List(&#item))
        }
        TypeRef::Map(values) if depth == Depth::Top => {
            let values = shape(scope, values, Depth::Member)?;
            quote!(Shape::Map(&#values))
        }
        TypeRef::Array(_) | TypeRef::Map(_) => quote!(Shape::Json),
        TypeRef::Nullable(inner) => shape(scope, inner, depth)?,
        TypeRef::Named(name) | TypeRef::Boxed(name) => named(scope, name, depth)?,
        _ => quote!(Shape::Text),
    })
}

fn named(scope: &Scope<'_>, name: &str, depth: Depth) -> Result<TokenStream, EmitError> {
    Ok(match &scope.paths.definition(name)?.kind {
        TypeKind::Alias(target) => shape(scope, target, depth)?,
        TypeKind::Newtype(newtype) => shape(scope, &newtype.inner, depth)?,
        TypeKind::Struct(object) if depth == Depth::Top => {
            let fields = object.fields.iter().map(|field| {
                let (name, shape) = (&field.wire_name, shape(scope, &field.ty, Depth::Member)?);
                Ok(quote!((#name, #shape)))
            });
            let fields = fields.collect::<Result<Vec<_>, EmitError>>()?;
            quote!(Shape::Object(&[#(#fields),*]))
        }
        TypeKind::Struct(_) => quote!(Shape::Json),
        _ => quote!(Shape::Text),
    })
}
