//! A method of a trait: typed arguments in, a documented response out.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Scope, bodies, names, success};
use crate::emit::{EmitError, code_span, doc, documentation};
use crate::model::Operation;

/// How many arguments clippy takes without asking; `self` and the context are two of them.
const MANY: usize = 7;

/// The declaration.
pub(super) fn emit(scope: &Scope<'_>, operation: &Operation) -> Result<TokenStream, EmitError> {
    let (name, error) = (names::method(operation)?, names::error(operation)?);
    let docs = doc(&docs(operation)?);
    let success = success::ty(scope, operation)?;
    let mut arguments = Vec::new();
    for parameter in &operation.parameters {
        let name = names::argument(operation, parameter)?;
        let ty = scope.paths.ty(&parameter.ty)?;
        let ty = if parameter.required {
            ty
        } else {
            quote!(Option<#ty>)
        };
        arguments.push(quote!(#name: #ty));
    }
    if let Some(body) = &operation.body {
        let ty = bodies::ty(scope, operation, body)?;
        arguments.push(quote!(body: #ty));
    }
    let allowance = (arguments.len() + 2 > MANY).then(|| {
        let reason = "the contract gives this operation as many";
        quote!(#[allow(clippy::too_many_arguments, reason = #reason)])
    });
    Ok(quote! {
        #docs
        #allowance
        fn #name(&self, context: RequestContext, #(#arguments),*)
            -> impl Future<Output = Result<#success, #error>> + Send;
    })
}

fn docs(operation: &Operation) -> Result<String, EmitError> {
    let fallback = format!("The operation {}.", code_span(&operation.id));
    let mut text = documentation(&operation.docs, &fallback);
    let call = code_span(&names::call(operation));
    text.push_str(&format!(
        "\n\n{call}, operation {}.",
        code_span(&operation.id)
    ));
    if let Some(description) = operation
        .body
        .as_ref()
        .and_then(|body| body.description.as_ref())
    {
        text.push_str(&format!(
            "\n\nThe body: {}",
            crate::emit::prose(description)
        ));
    }
    let error = names::error(operation)?;
    text.push_str(&format!(
        "\n\n# Errors\n\n[`{error}`] holds every rejection the contract knows."
    ));
    Ok(text)
}
