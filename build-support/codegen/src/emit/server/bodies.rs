//! What a method takes for a body: one type, or an enum of several, by media type.

use proc_macro2::TokenStream;
use quote::quote;

use super::records::record;
use super::{Scope, names, parts};
use crate::emit::{EmitError, code_span, doc, ident};
use crate::model::{Body, Content, Operation};

/// The type of the argument.
pub(super) fn ty(
    scope: &Scope<'_>,
    operation: &Operation,
    body: &Body,
) -> Result<TokenStream, EmitError> {
    let ty = match body.has_others() {
        true => {
            let name = names::body(operation)?;
            quote!(#name)
        }
        false => one(scope, operation, body)?,
    };
    Ok(match body.required {
        true => ty,
        false => quote!(Option<#ty>),
    })
}

/// The enum, where there are several.
pub(super) fn emit(scope: &Scope<'_>, operation: &Operation) -> Result<TokenStream, EmitError> {
    let Some(body) = operation.body.as_ref().filter(|body| body.has_others()) else {
        return Ok(TokenStream::new());
    };
    let name = names::body(operation)?;
    let about = doc(&format!(
        "What the body of {} may be, by its media type.",
        code_span(&operation.id)
    ));
    let variants = body.all().map(|one| {
        let (variant, ty) = (
            variant_name(operation, one)?,
            self::one(scope, operation, one)?,
        );
        let about = doc(&about_types(one));
        Ok(quote!(#about #variant(#ty),))
    });
    let variants = variants.collect::<Result<TokenStream, EmitError>>()?;
    Ok(quote! {
        #about
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum #name { #variants }
    })
}

/// The path of a body's variant.
pub(super) fn variant(operation: &Operation, body: &Body) -> Result<TokenStream, EmitError> {
    let (name, variant) = (names::body(operation)?, variant_name(operation, body)?);
    Ok(quote!(#name::#variant))
}

fn variant_name(operation: &Operation, body: &Body) -> Result<syn::Ident, EmitError> {
    ident(
        &body.variant_name,
        &format!("a body of operation `{}`", operation.id),
    )
}

fn about_types(body: &Body) -> String {
    let also = body.also.iter().map(|(media_type, _)| media_type);
    let types = std::iter::once(&body.media_type).chain(also);
    let types: Vec<_> = types.map(|media_type| code_span(media_type)).collect();
    format!("{}.", types.join(" or "))
}

fn one(scope: &Scope<'_>, operation: &Operation, body: &Body) -> Result<TokenStream, EmitError> {
    Ok(match &body.content {
        Content::Json(ty) | Content::Form(ty) => scope.paths.ty(ty)?,
        Content::Text => quote!(String),
        Content::Binary => quote!(bytes::Bytes),
        Content::Stream => quote!(axum::body::Body),
        Content::Records(framing, ty) => {
            let record = record(scope, *framing, ty)?;
            quote!(RecordReader<#record>)
        }
        Content::Multipart(_) => {
            let reader = parts::reader(operation);
            quote!(#reader)
        }
    })
}
