//! How text outside JSON becomes a value of a type.

use proc_macro2::TokenStream;
use quote::quote;

use super::Scope;
use crate::emit::EmitError;
use crate::model::{Encoding, Style, TypeKind, TypeRef};

/// The runtime's shape for a type.
pub(super) fn emit(scope: &Scope<'_>, ty: &TypeRef) -> Result<TokenStream, EmitError> {
    shape(scope, ty, Depth::Top)
}

/// The runtime's shape for a form, of which some members are written in a way of their own.
pub(super) fn form(
    scope: &Scope<'_>,
    ty: &TypeRef,
    encodings: &[Encoding],
) -> Result<TokenStream, EmitError> {
    let TypeRef::Named(name) = scope.paths.resolve(ty)? else {
        return emit(scope, ty);
    };
    let TypeKind::Struct(object) = &scope.paths.definition(name)?.kind else {
        return emit(scope, ty);
    };
    let fields = object.fields.iter().map(|field| {
        let encoding = encodings.iter().find(|one| one.name == field.wire_name);
        let shape = match encoding {
            Some(encoding) => encoded(scope, &field.ty, encoding)?,
            None => shape(scope, &field.ty, Depth::Member)?,
        };
        let name = &field.wire_name;
        Ok(quote!((#name, #shape)))
    });
    let fields = fields.collect::<Result<Vec<_>, EmitError>>()?;
    Ok(quote!(Shape::Object(&[#(#fields),*])))
}

/// The shape of a member of a form that is written in a way of its own.
fn encoded(scope: &Scope<'_>, ty: &TypeRef, encoding: &Encoding) -> Result<TokenStream, EmitError> {
    let plain = shape(scope, ty, Depth::Top)?;
    let style = match (encoding.style, encoding.explode) {
        (Style::Json, _) => return Ok(quote!(Shape::Json)),
        (Style::DeepObject, _) => return Ok(plain),
        (_, true) => return Ok(quote!(Shape::Spread(&#plain))),
        (Style::SpaceDelimited, _) => quote!(Style::Space),
        (Style::PipeDelimited, _) => quote!(Style::Pipe),
        _ => quote!(Style::Plain),
    };
    Ok(quote!(Shape::Joined(#style, &#plain)))
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
