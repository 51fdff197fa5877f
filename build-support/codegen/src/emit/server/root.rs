//! `mod.rs`: the modules, their items once more at the top, and a router for everything.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Scope, names};
use crate::emit::{EmitError, ident, inner_doc, parse_path, prose};
use crate::model::Tag;

/// The file.
pub(super) fn emit(scope: &Scope<'_>) -> Result<TokenStream, EmitError> {
    let api = scope.api;
    let docs = inner_doc(&format!(
        "The server of {} {}.",
        prose(&api.title),
        api.version
    ));
    let tags = names::tags(api);
    let mut modules = tags
        .iter()
        .map(|tag| tag.module.as_str())
        .collect::<Vec<_>>();
    modules.push("not_implemented");
    if !api.receivers.is_empty() {
        modules.push("receivers");
    }
    modules.sort_unstable();
    let modules = modules.into_iter().map(|name| ident(name, "a module"));
    let modules = modules.collect::<Result<Vec<_>, _>>()?;
    let router = router(&tags)?;
    let support = match scope.support {
        Some(path) => {
            let path = parse_path(path, "emit.server_support")?;
            quote!(pub use #path;)
        }
        None => quote!(
            pub mod support;
        ),
    };
    Ok(quote! {
        #docs
        use std::sync::{Arc, LazyLock};
        use support::{ApiRouter, Schemas};
        #(mod #modules;)*
        pub mod not_enforced;
        pub mod operations;
        #support
        #(pub use #modules::*;)*

        #[doc = " The contract's schemas, which bodies and parameters are checked against."]
        pub static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
            Schemas::parse(include_str!("schemas.json"))
                .expect("the file is JSON, because it was generated together with this one")
        });

        #router
    })
}

fn router(tags: &[Tag]) -> Result<TokenStream, EmitError> {
    let traits = tags
        .iter()
        .map(names::tag_trait)
        .collect::<Result<Vec<_>, _>>()?;
    let routers = tags
        .iter()
        .map(names::tag_router)
        .collect::<Result<Vec<_>, _>>()?;
    if traits.is_empty() {
        return Ok(quote! {
            #[doc = " A router without operations, for the contract has none."]
            pub fn router<A>(_: Arc<A>) -> ApiRouter { ApiRouter::new() }
        });
    }
    Ok(quote! {
        #[doc = " Serves every operation of the contract with `api`."]
        pub fn router<A>(api: Arc<A>) -> ApiRouter
        where
            A: #(#traits)+*
        {
            ApiRouter::new() #(.merge(#routers(api.clone())))*
        }
    })
}
