//! `receivers.rs`: traits for what the contract's server sends to its callers.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{Scope, handlers, method, names, schemas, table, tag};
use crate::emit::{EmitError, code_span, doc, ident, inner_doc, prose};
use crate::model::Operation;

/// The file.
pub(super) fn emit(scope: &Scope<'_>) -> Result<TokenStream, EmitError> {
    let docs = inner_doc(&prose(
        "Receiving what the contract's server sends: its webhooks and callbacks.\n\n\
         Bodies are read by their Rust types alone, so that a value the contract does not know yet \
         is not a reason to reject a message.",
    ));
    let code = scope
        .api
        .receivers
        .iter()
        .map(|receiver| one(scope, receiver));
    let code = code.collect::<Result<TokenStream, _>>()?;
    let imports = tag::imports(&code);
    Ok(quote!(#docs #imports #code))
}

/// The trait and the router of a receiver: `receiveWebhookEvent` is taken by a
/// `WebhookEventReceiver` and routed by `webhook_event_receiver`.
fn receiver_names(receiver: &Operation) -> Result<(Ident, Ident), EmitError> {
    let place = format!("receiver `{}`", receiver.id);
    let bare = |name: &str, prefix: &str| match name.strip_prefix(prefix) {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => name.to_owned(),
    };
    let trait_base = bare(&receiver.type_name, "Receive");
    let router_base = bare(receiver.rust_name.trim_start_matches("r#"), "receive_");
    Ok((
        ident(&format!("{trait_base}Receiver"), &place)?,
        ident(&format!("{router_base}_receiver"), &place)?,
    ))
}

fn one(scope: &Scope<'_>, receiver: &Operation) -> Result<TokenStream, EmitError> {
    let (name, router) = receiver_names(receiver)?;
    let declared = method::emit(scope, receiver)?;
    let results = tag::results(scope, receiver, schemas::RECEIVERS)?;
    let handler = handlers::emit(scope, receiver, &name)?;
    let entry = table::entry(scope, receiver, schemas::RECEIVERS)?;
    let constant = names::constant(receiver)?;
    let function = names::method(receiver)?;
    let id = code_span(&receiver.id);
    let router_docs = doc(&format!("Receives {id} at `path` with `api`."));
    let docs = doc(&format!(
        "Receives {id}, which is sent to {}.",
        code_span(&receiver.path)
    ));
    Ok(quote! {
        #docs
        pub trait #name: Send + Sync + 'static { #declared }

        #router_docs
        pub fn #router<A: #name>(path: &str, api: Arc<A>) -> ApiRouter {
            ApiRouter::new().operation_at(path, &#constant, api, #function)
        }

        #entry
        #results
        #handler
    })
}
