//! How an argument becomes text in a path, a header, a cookie or a query.

use proc_macro2::TokenStream;
use quote::quote;

use super::apart;
use super::plan::Plan;
use crate::model::{Encoding, Operation, Parameter, Style, TypeKind, TypeRef};

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

/// The encoded pairs of a query parameter.
pub(super) fn query(
    plan: &Plan<'_>,
    operation: &Operation,
    parameter: &Parameter,
    value: &TokenStream,
) -> TokenStream {
    let apart = |pairs| {
        let pairs = apart::parameter(plan, operation, parameter, pairs);
        quote!(#pairs?)
    };
    let name = &parameter.wire_name;
    let keep = match parameter.allow_reserved {
        true => ":/?@!$'()*,;[]",
        false => "",
    };
    let structure = structure(plan, &parameter.ty);
    let between = match parameter.style {
        Style::Json => return quote!(wire::json(#name, &#value)?),
        Style::DeepObject => return apart(quote!(wire::deep(#name, &#value, #keep))),
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "|",
        _ => ",",
    };
    if !parameter.explode && structure != Structure::Scalar {
        return quote!(wire::joined(#name, &#value, #between, #keep)?);
    }
    let value = match plan.paths.resolve(&parameter.ty) {
        Ok(TypeRef::Any) => quote!(&wire::memberless(#name, &#value)?),
        _ => quote!(&#value),
    };
    apart(quote!(wire::repeated(#name, #value, #keep)))
}

/// How a member of a form is written: its name, and a function of a name and a value.
pub(super) fn member(
    plan: &Plan<'_>,
    form: &TypeRef,
    encodings: &[Encoding],
    encoding: &Encoding,
) -> TokenStream {
    let name = &encoding.name;
    let apart = |pairs| apart::member(plan, form, encodings, encoding, pairs);
    let between = match encoding.style {
        Style::Json => return quote!((#name, wire::json)),
        Style::DeepObject => {
            let pairs = apart(quote!(wire::deep(name, value, "")));
            return quote!((#name, |name, value| #pairs));
        }
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "|",
        _ => ",",
    };
    match encoding.explode {
        true => {
            let pairs = apart(quote!(wire::repeated(name, value, "")));
            quote!((#name, |name, value| #pairs))
        }
        false => quote!((#name, |name, value| wire::joined(name, value, #between, ""))),
    }
}

/// The encoded text of a parameter in a path.
pub(super) fn path(
    plan: &Plan<'_>,
    operation: &Operation,
    parameter: &Parameter,
    value: &TokenStream,
) -> TokenStream {
    let (name, explode) = (&parameter.wire_name, parameter.explode);
    let text = match (parameter.style, structure(plan, &parameter.ty)) {
        (Style::Json, _) => quote!(wire::json_text(&#value)?),
        (Style::Matrix, _) => return quote!(wire::matrix(#name, &#value, #explode)?),
        (Style::Label, _) => return quote!(wire::path(&#value, ".", #explode)?),
        (_, Structure::Scalar) if is_unreserved(plan, &parameter.ty) => {
            text(plan, &parameter.ty, value, false)
        }
        (_, Structure::Scalar) => {
            let text = borrowed_text(plan, &parameter.ty, value, false);
            quote!(wire::segment(#text)?)
        }
        _ => quote!(wire::path(&#value, "", #explode)?),
    };
    match separator(&operation.path, name) {
        None => text,
        Some(separator) => {
            let escape = format!("%{:02X}", u32::from(separator));
            quote!(#text.replace(#separator, #escape))
        }
    }
}

/// The first character of the text that separates a parameter from another one behind it in the same
/// segment (`{name}.{ext}`), where values have it as it is.
fn separator(path: &str, name: &str) -> Option<char> {
    let behind = path.split_once(&format!("{{{name}}}"))?.1;
    let (between, next) = behind.split_once('{')?;
    let same_segment = !between.contains('/') && !next.is_empty();
    let first = between.chars().next().filter(|_| same_segment);
    first.filter(|c| "-._~".contains(*c))
}

/// How a parameter is written into a header; `borrowed` says that `value` is a reference already.
pub(super) fn header(
    plan: &Plan<'_>,
    parameter: &Parameter,
    value: &TokenStream,
    borrowed: bool,
) -> TokenStream {
    let reference = reference(value, borrowed);
    let explode = parameter.explode;
    match (parameter.style, structure(plan, &parameter.ty)) {
        (Style::Json, _) => quote!(wire::header_json(#reference)?),
        (_, Structure::Scalar) if is_unreserved(plan, &parameter.ty) => {
            text(plan, &parameter.ty, value, borrowed)
        }
        (_, Structure::Scalar) => {
            let text = text(plan, &parameter.ty, value, borrowed);
            quote!(wire::trimmed(#text)?)
        }
        _ => quote!(wire::header(#reference, #explode)?),
    }
}

/// The pairs of a cookie.
pub(super) fn cookie(
    plan: &Plan<'_>,
    operation: &Operation,
    parameter: &Parameter,
    value: &TokenStream,
    borrowed: bool,
) -> TokenStream {
    let reference = reference(value, borrowed);
    let (name, explode) = (&parameter.wire_name, parameter.explode);
    match parameter.style {
        Style::Json => quote!(wire::json(#name, #reference)?),
        _ if explode => {
            let pairs = quote!(wire::cookie(#name, #reference));
            let pairs = apart::parameter(plan, operation, parameter, pairs);
            quote!(#pairs?)
        }
        _ => quote!(wire::joined(#name, #reference, ",", "")?),
    }
}

fn reference(value: &TokenStream, borrowed: bool) -> TokenStream {
    match borrowed {
        true => quote!(#value),
        false => quote!(&#value),
    }
}

/// What a value consists of, as far as its type says.
#[derive(Clone, Copy, PartialEq)]
enum Structure {
    Scalar,
    List,
    Object,
    /// The value says it.
    Either,
}

fn structure(plan: &Plan<'_>, ty: &TypeRef) -> Structure {
    match plan.paths.resolve(ty) {
        Ok(TypeRef::Array(_)) => Structure::List,
        Ok(TypeRef::Map(_)) => Structure::Object,
        Ok(TypeRef::Nullable(inner)) => structure(plan, inner),
        Ok(TypeRef::Named(name) | TypeRef::Boxed(name)) => {
            match plan.paths.definition(name).map(|found| &found.kind) {
                Ok(TypeKind::Struct(_)) => Structure::Object,
                Ok(TypeKind::Newtype(newtype)) => structure(plan, &newtype.inner),
                Ok(TypeKind::Union(union)) => match union.variants.iter().all(|variant| {
                    // What contains itself is not followed.
                    !matches!(variant.ty, TypeRef::Boxed(_))
                        && structure(plan, &variant.ty) == Structure::Scalar
                }) {
                    true => Structure::Scalar,
                    false => Structure::Either,
                },
                _ => Structure::Scalar,
            }
        }
        Ok(TypeRef::Any) => Structure::Either,
        _ => Structure::Scalar,
    }
}

/// Whether a form has no members that are lists or objects, which progenitor cannot write.
pub(super) fn is_flat(plan: &Plan<'_>, ty: &TypeRef) -> bool {
    let Ok(TypeRef::Named(name)) = plan.paths.resolve(ty) else {
        return false;
    };
    let Ok(TypeKind::Struct(object)) = plan.paths.definition(name).map(|found| &found.kind) else {
        return false;
    };
    let is_scalar = |ty| structure(plan, ty) == Structure::Scalar && known(plan, ty);
    let listed = object.fields.iter().all(|field| is_scalar(&field.ty));
    listed && object.additional.values().is_none()
}

/// Whether every value of the type is text, a number or a boolean.
fn known(plan: &Plan<'_>, ty: &TypeRef) -> bool {
    match plan.paths.resolve(ty) {
        Ok(TypeRef::Named(name)) => match plan.paths.definition(name).map(|found| &found.kind) {
            Ok(TypeKind::Enum(_)) => true,
            Ok(TypeKind::Newtype(newtype)) => known(plan, &newtype.inner),
            _ => false,
        },
        Ok(TypeRef::Any | TypeRef::Boxed(_) | TypeRef::I128) | Err(_) => false,
        Ok(_) => true,
    }
}

/// Whether every value of the type is a segment of a path as it is: not empty, and without points
/// and what RFC 3986 reserves.
fn is_unreserved(plan: &Plan<'_>, ty: &TypeRef) -> bool {
    match plan.paths.resolve(ty) {
        Ok(TypeRef::Named(name)) => match plan.paths.definition(name).map(|found| &found.kind) {
            Ok(TypeKind::Newtype(newtype)) => is_unreserved(plan, &newtype.inner),
            _ => false,
        },
        Ok(TypeRef::String | TypeRef::Date | TypeRef::DateTime | TypeRef::F64) => false,
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
            Ok(TypeKind::Newtype(newtype)) => {
                matches!(newtype.inner, TypeRef::Uuid | TypeRef::UuidText)
            }
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
