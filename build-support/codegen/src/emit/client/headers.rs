//! How the headers of a response are read: a function for the text of each.

use proc_macro2::TokenStream;
use quote::quote;

use super::plan::Plan;
use crate::emit::EmitError;
use crate::model::{HeaderRule, Headers, TypeKind, TypeRef, Union};

/// The table that `wire::read_headers` reads by.
///
/// # Errors
/// Fails when the model does not know a type.
pub(super) fn readers(plan: &Plan<'_>, headers: &Headers) -> Result<TokenStream, EmitError> {
    let rows = headers.rules.iter().map(|rule| {
        let reader = reader(plan, headers, rule)?;
        let name = &rule.wire_name;
        Ok(quote!((#name, #reader)))
    });
    let rows = rows.collect::<Result<Vec<_>, EmitError>>()?;
    Ok(quote!(&[#(#rows),*]))
}

fn reader(plan: &Plan<'_>, headers: &Headers, rule: &HeaderRule) -> Result<TokenStream, EmitError> {
    if rule.json {
        return Ok(quote!(wire::json_of));
    }
    let TypeRef::Named(name) = plan.paths.resolve(&headers.ty)? else {
        return Ok(quote!(wire::text_of));
    };
    let TypeKind::Struct(object) = &plan.paths.definition(name)?.kind else {
        return Ok(quote!(wire::text_of));
    };
    let mut fields = object.fields.iter();
    match fields.find(|field| field.wire_name == rule.wire_name) {
        Some(field) => of_type(plan, &field.ty, rule.explode),
        None => Ok(quote!(wire::text_of)),
    }
}

/// A function from the text of a header to JSON of the type.
fn of_type(plan: &Plan<'_>, ty: &TypeRef, explode: bool) -> Result<TokenStream, EmitError> {
    Ok(match plan.paths.resolve(ty)? {
        TypeRef::Nullable(inner) => of_type(plan, inner, explode)?,
        TypeRef::Array(item) => {
            let item = scalar(plan, item)?;
            quote!(|text| wire::list_of(text, #item))
        }
        TypeRef::Map(values) => {
            let values = scalar(plan, values)?;
            quote!(|text| wire::members_of(text, #explode, |_| #values))
        }
        TypeRef::Named(name) | TypeRef::Boxed(name) => match &plan.paths.definition(name)?.kind {
            TypeKind::Newtype(newtype) => of_type(plan, &newtype.inner, explode)?,
            TypeKind::Struct(object) => {
                let arms = object.fields.iter().map(|field| {
                    let (name, reader) = (&field.wire_name, scalar(plan, &field.ty)?);
                    Ok(quote!(#name => #reader,))
                });
                let arms = arms.collect::<Result<TokenStream, EmitError>>()?;
                let names = quote!(|name| match name { #arms _ => wire::text_of });
                quote!(|text| wire::members_of(text, #explode, #names))
            }
            _ => scalar(plan, ty)?,
        },
        _ => scalar(plan, ty)?,
    })
}

fn scalar(plan: &Plan<'_>, ty: &TypeRef) -> Result<TokenStream, EmitError> {
    Ok(match plan.paths.resolve(ty)? {
        TypeRef::Nullable(inner) => scalar(plan, inner)?,
        ty if ty.is_integer() || matches!(ty, TypeRef::F64 | TypeRef::Bool) => {
            quote!(wire::scalar_of)
        }
        TypeRef::Array(_) | TypeRef::Map(_) => quote!(wire::json_of),
        TypeRef::Named(name) | TypeRef::Boxed(name) => match &plan.paths.definition(name)?.kind {
            TypeKind::Newtype(newtype) => scalar(plan, &newtype.inner)?,
            TypeKind::Struct(_) => quote!(wire::json_of),
            TypeKind::Union(union) => one_of(plan, union)?,
            _ => quote!(wire::text_of),
        },
        _ => quote!(wire::text_of),
    })
}

/// How a text of one of several types is read: as text where that is one of them, else as a number or
/// a boolean where it is written like one.
fn one_of(plan: &Plan<'_>, union: &Union) -> Result<TokenStream, EmitError> {
    let (mut texts, mut scalars) = (false, false);
    for variant in &union.variants {
        match plan.paths.resolve(&variant.ty)? {
            TypeRef::F64 | TypeRef::Bool => scalars = true,
            ty if ty.is_integer() => scalars = true,
            TypeRef::Named(name) => {
                texts |= !matches!(plan.paths.definition(name)?.kind, TypeKind::Enum(_));
            }
            _ => texts = true,
        }
    }
    Ok(match scalars && !texts {
        true => quote!(wire::scalar_or_text_of),
        false => quote!(wire::text_of),
    })
}
