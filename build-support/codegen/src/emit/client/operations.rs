//! `operations.rs`: what the contract says of each operation, as a table.

use proc_macro2::TokenStream;
use quote::quote;

use super::plan::{Call, Plan};
use crate::emit::{doc, documentation};
use crate::model::{Operation, Status};
use crate::policy::TransportRole;

/// The file's items.
pub(super) fn operations(plan: &Plan<'_>) -> TokenStream {
    let rows = plan.calls.iter().map(|call| row(plan, call));
    let constants = plan.calls.iter().map(|call| &call.constant);
    let definition = definition();
    let all = quote!(&[#(&#constants),*]);
    quote! {
        #![doc = " What the contract says of each operation, apart from its types."]

        #definition

        impl Operation {
            /// Every operation of the contract, in its order.
            pub const ALL: &'static [&'static Operation] = #all;

            /// The operation with this `operationId`.
            #[must_use]
            pub fn find(id: &str) -> Option<&'static Operation> {
                Self::ALL.iter().copied().find(|operation| operation.id == id)
            }
        }

        #(#rows)*
    }
}

fn definition() -> TokenStream {
    quote! {
        /// One operation of the contract.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Operation {
            /// The contract's `operationId`.
            pub id: &'static str,
            /// The HTTP method, upper case.
            pub method: &'static str,
            /// The path template.
            pub path: &'static str,
            /// The tag the contract files it under.
            pub tag: &'static str,
            /// The security schemes of which the contract asks for one alternative, each with the names
            /// that belong together; an empty one says that the call can do without.
            pub security: &'static [&'static [&'static str]],
            /// Whether the contract asks for a bearer token.
            pub bearer: bool,
            /// Whether the request carries an HTTP message signature.
            pub signed: bool,
            /// Whether the request carries a digest of its body.
            pub digest: bool,
            /// Whether the request carries an idempotency key.
            pub idempotent: bool,
            /// The statuses the contract documents, ascending.
            pub statuses: &'static [u16],
        }
    }
}

fn row(plan: &Plan<'_>, call: &Call<'_>) -> TokenStream {
    let operation = call.operation;
    let constant = &call.constant;
    let Operation {
        id,
        method,
        path,
        tag,
        ..
    } = operation;
    let about = doc(&format!(
        "`{method} {path}`: {}",
        headline(&documentation(&operation.docs, id))
    ));
    let carries = |role| operation.transport.iter().any(|header| header.role == role);
    let (signed, digest) = (
        carries(TransportRole::Signature),
        carries(TransportRole::Digest),
    );
    let idempotent = carries(TransportRole::IdempotencyKey);
    let alternatives = operation.security.iter();
    let security = alternatives.map(|schemes| quote!(&[#(#schemes),*]));
    let bearer = bearer(plan, operation);
    let statuses = operation
        .responses
        .iter()
        .filter(|response| response.alternative.is_none())
        .filter_map(|response| match response.status {
            Status::Code(code) => Some(proc_macro2::Literal::u16_unsuffixed(code)),
            _ => None,
        });
    quote! {
        #about
        pub static #constant: Operation = Operation {
            id: #id,
            method: #method,
            path: #path,
            tag: #tag,
            security: &[#(#security),*],
            bearer: #bearer,
            signed: #signed,
            digest: #digest,
            idempotent: #idempotent,
            statuses: &[#(#statuses),*],
        };
    }
}

/// The first paragraph, on one line.
fn headline(text: &str) -> String {
    let first = text
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .replace('\n', " ");
    first.trim_end_matches('.').to_owned() + "."
}

fn bearer(plan: &Plan<'_>, operation: &Operation) -> bool {
    let is_bearer = |name: &String| {
        let mut schemes = plan.api.security_schemes.iter();
        schemes
            .find(|scheme| scheme.name == *name)
            .is_some_and(|scheme| {
                let kind = scheme.scheme.as_deref().unwrap_or_default();
                scheme.kind == "oauth2" || kind.eq_ignore_ascii_case("bearer")
            })
    };
    let mut alternatives = operation.security.iter();
    !operation.security.iter().any(Vec::is_empty)
        && alternatives.any(|schemes| schemes.iter().any(is_bearer))
}
