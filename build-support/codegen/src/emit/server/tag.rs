//! One tag: its trait, its router, its result types.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{Scope, bodies, errors, handlers, method, names, parts, schemas, success};
use crate::emit::{EmitError, doc, inner_doc, mentioned, prose};
use crate::model::{Operation, Tag};

/// The file of a tag.
pub(super) fn emit(scope: &Scope<'_>, tag: &Tag) -> Result<TokenStream, EmitError> {
    let operations = operations_of(scope, tag);
    let head = inner_doc(&format!("Serving {}.", prose(&tag.name)));
    let declared = declaration(scope, tag, &operations)?;
    let router = router(tag, &operations)?;
    let trait_name = names::tag_trait(tag)?;
    let results = operations
        .iter()
        .map(|operation| results(scope, operation, schemas::OPERATIONS));
    let results = results.collect::<Result<TokenStream, _>>()?;
    let handlers = operations
        .iter()
        .map(|operation| handlers::emit(scope, operation, &trait_name));
    let handlers = handlers.collect::<Result<TokenStream, _>>()?;
    let code = quote!(#declared #router #results #handlers);
    let imports = imports(&code);
    Ok(quote!(#head #imports #code))
}

/// The operations of a tag, in the contract's order.
pub(super) fn operations_of<'a>(scope: &Scope<'a>, tag: &Tag) -> Vec<&'a Operation> {
    scope
        .api
        .operations
        .iter()
        .filter(|operation| operation.tag == tag.name)
        .collect()
}

/// The body that a method takes, where it is not a type of the contract, and the types it responds with.
pub(super) fn results(
    scope: &Scope<'_>,
    operation: &Operation,
    group: &str,
) -> Result<TokenStream, EmitError> {
    let bodies = bodies::emit(scope, operation)?;
    let parts = parts::emit(scope, operation, group)?;
    let success = success::emit(scope, operation)?;
    let errors = errors::emit(scope, operation)?;
    Ok(quote!(#bodies #parts #success #errors))
}

/// The imports that some code needs.
pub(super) fn imports(code: &TokenStream) -> TokenStream {
    let outside = [
        (
            "Future",
            quote!(
                use std::future::Future;
            ),
        ),
        (
            "Arc",
            quote!(
                use std::sync::Arc;
            ),
        ),
        (
            "IntoResponse",
            quote!(
                use axum::response::IntoResponse;
            ),
        ),
        (
            "Response",
            quote!(
                use axum::response::Response;
            ),
        ),
        (
            "StatusCode",
            quote!(
                use http::StatusCode;
            ),
        ),
        (
            "operations",
            quote!(
                use super::operations;
            ),
        ),
        (
            "support",
            quote!(
                use super::support;
            ),
        ),
    ];
    let words = mentioned(code);
    let used = outside
        .into_iter()
        .filter(|(name, _)| words.contains(*name))
        .map(|(_, line)| line);
    let support = support_imports(code, &names::SUPPORT, &quote!(super));
    quote!(#(#used)* #support)
}

/// One import of what some code uses of the runtime.
pub(super) fn support_imports(
    code: &TokenStream,
    names: &[&str],
    parent: &TokenStream,
) -> TokenStream {
    let words = mentioned(code);
    let used = names
        .iter()
        .filter(|name| words.contains(**name))
        .map(|name| names::own(name));
    let used: Vec<Ident> = used.collect();
    if used.is_empty() {
        TokenStream::new()
    } else {
        quote!(use #parent::support::{#(#used),*};)
    }
}

fn declaration(
    scope: &Scope<'_>,
    tag: &Tag,
    operations: &[&Operation],
) -> Result<TokenStream, EmitError> {
    let name = names::tag_trait(tag)?;
    let described = tag.description.as_deref().map(prose).unwrap_or_default();
    let docs = format!("The operations of {}.\n\n{described}", prose(&tag.name));
    let docs = doc(docs.trim_end());
    let methods = operations
        .iter()
        .map(|operation| method::emit(scope, operation));
    let methods = methods.collect::<Result<TokenStream, _>>()?;
    Ok(quote!(#docs pub trait #name: Send + Sync + 'static { #methods }))
}

fn router(tag: &Tag, operations: &[&Operation]) -> Result<TokenStream, EmitError> {
    let (name, api) = (names::tag_router(tag)?, names::tag_trait(tag)?);
    let docs = doc(&format!(
        "Serves the operations of {} with `api`.",
        prose(&tag.name)
    ));
    let routes = operations.iter().map(|operation| {
        let (constant, handler) = (names::constant(operation)?, names::method(operation)?);
        Ok(quote!(.operation(&operations::#constant, api.clone(), #handler)))
    });
    let routes = routes.collect::<Result<TokenStream, EmitError>>()?;
    Ok(quote! {
        #docs
        pub fn #name<A: #api>(api: Arc<A>) -> ApiRouter { ApiRouter::new() #routes }
    })
}
