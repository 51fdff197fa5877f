//! The successes of an operation: one type, or an enum where the contract documents several.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::responses::{Payload, Responses, headers_type, held, sending, size_allowance, variants};
use super::{Scope, names};
use crate::emit::{EmitError, code_span, doc};
use crate::model::Operation;

/// The type a handler responds with.
pub(super) fn ty(scope: &Scope<'_>, operation: &Operation) -> Result<TokenStream, EmitError> {
    let responses = Responses::of(operation);
    if let Some((response, _)) = responses.only_success() {
        let headers = headers_type(scope, response)?;
        let body = Payload::of(scope, response)?.ty();
        return Ok(match (headers, body) {
            (None, None) => quote!(()),
            (Some(one), None) | (None, Some(one)) => one,
            (Some(headers), Some(body)) => quote!((#headers, #body)),
        });
    }
    if responses.success.is_empty() {
        return Ok(quote!(std::convert::Infallible));
    }
    let name = names::success(operation)?;
    Ok(quote!(#name))
}

/// The arm of a handler that sends it.
pub(super) fn arm(scope: &Scope<'_>, operation: &Operation) -> Result<TokenStream, EmitError> {
    let responses = Responses::of(operation);
    if let Some((response, code)) = responses.only_success() {
        let code = Literal::u16_unsuffixed(code);
        let (held, send) = held(scope, response, &quote!(#code))?;
        let bound = match &held[..] {
            [one] => quote!(#one),
            held => quote!((#(#held),*)),
        };
        return Ok(quote!(Ok(#bound) => #send,));
    }
    if responses.success.is_empty() {
        return Ok(quote!(Ok(never) => match never {},));
    }
    Ok(quote!(Ok(success) => success.into_response(),))
}

/// The enum, where there is one.
pub(super) fn emit(scope: &Scope<'_>, operation: &Operation) -> Result<TokenStream, EmitError> {
    let responses = Responses::of(operation);
    if responses.only_success().is_some() || responses.success.is_empty() {
        return Ok(TokenStream::new());
    }
    let name = names::success(operation)?;
    let docs = doc(&format!(
        "What {} may respond with when it succeeds.",
        code_span(&operation.id)
    ));
    let allowance = size_allowance(scope, &responses.success)?;
    let variants = variants(scope, &responses.success)?;
    let sending = sending(scope, &responses.success)?;
    Ok(quote! {
        #docs
        #[derive(Debug)]
        #allowance
        pub enum #name { #variants }

        impl IntoResponse for #name {
            fn into_response(self) -> Response { #sending }
        }
    })
}
