//! How text outside JSON becomes a value of a type.

use proc_macro2::TokenStream;
use quote::quote;

use super::Scope;
use crate::emit::EmitError;
use crate::model::{TypeKind, TypeRef};

/// The runtime's shape for a type.
pub(super) fn emit(scope: &Scope<'_>, ty: &TypeRef) -> Result<TokenStream, EmitError> {
    shape(scope, ty, true)
}

/// Objects have shapes for their members only at the top: text has no deeper structure.
fn shape(scope: &Scope<'_>, ty: &TypeRef, top: bool) -> Result<TokenStream, EmitError> {
    Ok(match ty {
        ty if ty.is_integer() => quote!(Shape::Integer),
        TypeRef::F64 => quote!(Shape::Number),
        TypeRef::Bool => quote!(Shape::Boolean),
        TypeRef::Array(item) => {
            let item = shape(scope, item, false)?;
            quote!(Shape::List(&#item))
        }
        TypeRef::Nullable(inner) => shape(scope, inner, top)?,
        TypeRef::Named(name) | TypeRef::Boxed(name) => named(scope, name, top)?,
        _ => quote!(Shape::Text),
    })
}

fn named(scope: &Scope<'_>, name: &str, top: bool) -> Result<TokenStream, EmitError> {
    Ok(match &scope.paths.definition(name)?.kind {
        TypeKind::Alias(target) => shape(scope, target, top)?,
        TypeKind::Newtype(newtype) => shape(scope, &newtype.inner, top)?,
        TypeKind::Struct(object) if top => {
            let fields = object.fields.iter().map(|field| {
                let (name, shape) = (&field.wire_name, shape(scope, &field.ty, false)?);
                Ok(quote!((#name, #shape)))
            });
            let fields = fields.collect::<Result<Vec<_>, EmitError>>()?;
            quote!(Shape::Object(&[#(#fields),*]))
        }
        _ => quote!(Shape::Text),
    })
}
