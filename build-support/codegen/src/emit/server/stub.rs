//! `not_implemented.rs`: responses for what a server does not serve.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Scope, names, tag};
use crate::emit::{EmitError, doc, ident, inner_doc, prose};
use crate::model::Tag;

/// The file.
pub(super) fn emit(scope: &Scope<'_>) -> Result<TokenStream, EmitError> {
    let docs = inner_doc("Responses for what a server does not serve.");
    let methods = names::tags(scope.api)
        .iter()
        .map(|tag| method(scope, tag))
        .collect::<Result<TokenStream, _>>()?;
    Ok(quote! {
        #docs
        use super::operations;
        use super::support::ApiRouter;

        #[doc = " Responds to operations with 501, once the router's layers have let a call through."]
        #[doc = ""]
        #[doc = " Merge it into the router of what is served: operations that are served stay as"]
        #[doc = " they are."]
        #[derive(Debug, Clone, Copy)]
        pub struct NotImplemented;

        impl NotImplemented {
            #[doc = " Every operation of the contract."]
            pub fn everything() -> ApiRouter {
                operations::all().iter().copied().fold(ApiRouter::new(), ApiRouter::not_implemented)
            }

            #methods
        }
    })
}

fn method(scope: &Scope<'_>, tag: &Tag) -> Result<TokenStream, EmitError> {
    // `default` would be taken for the trait's method, and `everything` is one of its own.
    let name = match tag.module.as_str() {
        "default" => "default_tag",
        "everything" => "everything_tag",
        module => module,
    };
    let name = ident(name, &format!("tag `{}`", tag.name))?;
    let docs = doc(&format!("Every operation of {}.", prose(&tag.name)));
    let operations = tag::operations_of(scope, tag);
    let entries = operations.iter().map(|operation| {
        let constant = names::constant(operation)?;
        Ok(quote!(.not_implemented(&operations::#constant)))
    });
    let entries = entries.collect::<Result<TokenStream, EmitError>>()?;
    Ok(quote!(#docs pub fn #name() -> ApiRouter { ApiRouter::new() #entries }))
}
