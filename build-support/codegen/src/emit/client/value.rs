//! How an argument becomes text in a path, a header, a cookie or a query.

use proc_macro2::TokenStream;
use quote::quote;

use super::plan::Plan;
use crate::model::{Parameter, TypeKind, TypeRef};

/// The text of a value as a `String`; `borrowed` says that `value` is a reference already.
pub(super) fn text(
    plan: &Plan<'_>,
    ty: &TypeRef,
    value: &TokenStream,
    borrowed: bool,
) -> TokenStream {
    if is_display(plan, ty) {
        quote!(#value.to_string())
    } else if borrowed {
        quote!(wire::text(#value)?)
    } else {
        quote!(wire::text(&#value)?)
    }
}

/// The text of a value as a `&str`.
pub(super) fn borrowed_text(
    plan: &Plan<'_>,
    ty: &TypeRef,
    value: &TokenStream,
    borrowed: bool,
) -> TokenStream {
    match plan.paths.resolve(ty) {
        Ok(TypeRef::String) if borrowed => quote!(#value),
        Ok(TypeRef::String) => quote!(&#value),
        Ok(TypeRef::Named(name)) if is_enum(plan, name) => quote!(#value.as_str()),
        _ => {
            let text = text(plan, ty, value, borrowed);
            quote!(&#text)
        }
    }
}

/// The value of a query parameter: itself, where its serialisation is what the query wants, else
/// a list of texts.
pub(super) fn query(plan: &Plan<'_>, parameter: &Parameter, value: &TokenStream) -> TokenStream {
    let direct = match plan.paths.resolve(&parameter.ty) {
        Ok(TypeRef::Array(item)) => parameter.explode && is_plain(item),
        Ok(TypeRef::Named(name)) => parameter.explode && is_struct(plan, name),
        Ok(other) => is_plain(other),
        Err(_) => false,
    };
    if direct {
        return quote!(#value);
    }
    let explode = parameter.explode;
    quote!(wire::query(&#value, #explode)?)
}

/// Whether no value of the type is empty or a dot segment, which would name another path.
pub(super) fn is_confined(plan: &Plan<'_>, ty: &TypeRef) -> bool {
    match plan.paths.resolve(ty) {
        Ok(TypeRef::Named(name)) => match plan.paths.definition(name).map(|found| &found.kind) {
            Ok(TypeKind::Newtype(newtype)) => is_confined(plan, &newtype.inner),
            _ => false,
        },
        Ok(TypeRef::String) => false,
        Ok(other) => is_plain(other),
        Err(_) => false,
    }
}

/// Whether `Display` prints the value as the wire wants it. Where this is not certain, the value
/// goes the way of its serialisation.
fn is_display(plan: &Plan<'_>, ty: &TypeRef) -> bool {
    match plan.paths.resolve(ty) {
        Ok(TypeRef::Named(name)) => match plan.paths.definition(name).map(|found| &found.kind) {
            Ok(TypeKind::Enum(_)) => true,
            Ok(TypeKind::Newtype(newtype)) => newtype.inner == TypeRef::Uuid,
            _ => false,
        },
        Ok(TypeRef::DateTime | TypeRef::F64) => false,
        Ok(other) => is_plain(other),
        Err(_) => false,
    }
}

/// Whether the value serialises as one scalar whatever the serialiser.
fn is_plain(ty: &TypeRef) -> bool {
    use TypeRef::{Bool, Date, DateTime, F64, I128, String, Uuid};
    // Not every serialiser knows 128 bits.
    let integer = ty.is_integer() && *ty != I128;
    integer || matches!(ty, String | Bool | F64 | Uuid | Date | DateTime)
}

fn is_enum(plan: &Plan<'_>, name: &str) -> bool {
    matches!(
        plan.paths.definition(name).map(|found| &found.kind),
        Ok(TypeKind::Enum(_))
    )
}

fn is_struct(plan: &Plan<'_>, name: &str) -> bool {
    matches!(
        plan.paths.definition(name).map(|found| &found.kind),
        Ok(TypeKind::Struct(_))
    )
}
