//! The successes of an operation: one type, or an enum where the contract documents several.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::responses::{Payload, Responses, sending, size_allowance, variants};
use super::{Scope, names};
use crate::emit::{EmitError, code_span, doc};
use crate::model::Operation;

/// The type a handler responds with.
pub(super) fn ty(scope: &Scope<'_>, operation: &Operation) -> Result<TokenStream, EmitError> {
    let responses = Responses::of(operation);
    if let Some((response, _)) = responses.only_success() {
        return Ok(Payload::of(scope, response)?
            .ty()
            .unwrap_or_else(|| quote!(())));
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
        let (body, send) = Payload::of(scope, response)?.send(&quote!(#code));
        let body = body.map_or_else(|| quote!(()), |body| quote!(#body));
        return Ok(quote!(Ok(#body) => #send,));
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
