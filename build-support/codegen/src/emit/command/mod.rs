//! Emits what a command line needs to know of each operation, as tables: what it is called, which
//! arguments it takes, and what comes back.
//!
//! Tables rather than a function for each operation: the client sends a call that is put together at
//! run time through the same loop as its typed calls, so the tables cost next to no compile time.

mod arguments;
mod names;
mod texts;
mod types;

use proc_macro2::TokenStream;
use quote::quote;

use self::names::Name;
use self::texts::one_line;
use self::types::Types;
use super::client::constant;
use crate::emit::{EmitError, FileContent, Sink, ident};
use crate::model::{Api, Content, Operation, Tag, TypeRef};
use crate::policy::{Policy, TransportRole};

/// Passes on every file of the command's generated folder: the definitions, and the operations of
/// each tag.
///
/// # Errors
///
/// [`EmitError`] when a name is not valid Rust, and what the sink fails with.
pub fn emit(api: &Api, policy: &Policy, sink: &mut Sink<'_>) -> Result<(), EmitError> {
    let types = Types::new(api);
    let client = policy.emit.types.replace("_types", "_client");
    let client: syn::Path = syn::parse_str(&client).map_err(|_| EmitError::Path {
        path: client.clone(),
        schema: "emit.types".to_owned(),
    })?;
    let names = names::names(&api.operations, |operation| {
        list(&types, operation).is_some()
    });
    let mut modules = Vec::new();
    for tag in &api.tags {
        let of_tag = api.operations.iter().zip(&names);
        let rows = of_tag.filter(|(operation, _)| operation.tag == tag.name);
        let rows = rows.map(|(operation, name)| row(&types, operation, name, &client));
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        if !rows.is_empty() {
            let module = module(tag);
            sink(format!("{module}.rs"), FileContent::Items(file(tag, &rows)))?;
            modules.push(ident(&module, &format!("tag `{}`", tag.name))?);
        }
    }
    sink(
        "mod.rs".to_owned(),
        FileContent::Items(root(api, &modules, &client)),
    )
}

/// The module of a tag, out of the way of `mod.rs`.
fn module(tag: &Tag) -> String {
    match tag.module.trim_start_matches("r#") {
        "mod" => "mod_calls".to_owned(),
        other => other.to_owned(),
    }
}

fn file(tag: &Tag, rows: &[TokenStream]) -> TokenStream {
    let about = format!(" Calls under the tag `{}`.", one_line(&tag.name));
    quote! {
        #![doc = #about]
        use super::{Argument, Call, Kind, Place};

        pub(super) const CALLS: &[Call] = &[#(#rows),*];
    }
}

fn row(
    types: &Types<'_>,
    operation: &Operation,
    name: &Name,
    client: &syn::Path,
) -> Result<TokenStream, EmitError> {
    let place = format!("operation `{}`", operation.id);
    let constant = ident(&constant(&operation.rust_name), &place)?;
    let Name { noun, verb } = name;
    let parameters = arguments::parameters(types, operation);
    let body = operation.body.as_ref();
    let properties = body.map(|body| arguments::properties(types, body));
    let arguments = parameters
        .into_iter()
        .chain(properties.into_iter().flatten());
    let body = match body.map(|body| body.required) {
        None => quote!(None),
        Some(required) => quote!(Some(#required)),
    };
    let success = success(operation);
    let secrets = success.map(|ty| types.secrets(ty)).unwrap_or_default();
    let item = list(types, operation);
    let object = item.or(success).and_then(|ty| types.object(ty));
    let columns = object
        .map(|object| types.columns(object))
        .unwrap_or_default();
    let fields = object.into_iter().flat_map(|object| &object.fields);
    let fields = fields.map(|field| &field.wire_name);
    let (is_list, keyed) = (item.is_some(), is_keyed(operation));
    let summary = operation.docs.summary.as_deref().map(one_line);
    let summary = summary.unwrap_or_else(|| format!("Call {}", operation.id));
    let details = operation.docs.description.as_deref().map(one_line);
    let details = details.unwrap_or_default();
    Ok(quote! {
        Call {
            noun: #noun,
            verb: #verb,
            operation: &#client::operations::#constant,
            about: #summary,
            long_about: #details,
            arguments: &[#(#arguments),*],
            body: #body,
            keyed: #keyed,
            list: #is_list,
            columns: &[#(#columns),*],
            fields: &[#(#fields),*],
            secrets: &[#(#secrets),*],
        }
    })
}

fn is_keyed(operation: &Operation) -> bool {
    let mut headers = operation.transport.iter();
    headers.any(|header| header.role == TransportRole::IdempotencyKey)
}

/// What a success brings, where it is JSON.
fn success(operation: &Operation) -> Option<&TypeRef> {
    let mut successes = operation.responses.iter();
    let success = successes.find(|response| response.status.is_success())?;
    match &success.content.as_ref()?.1 {
        Content::Json(ty) => Some(ty),
        _ => None,
    }
}

/// The items of the list that comes back, where one does.
fn list<'t, 'a: 't>(types: &Types<'a>, operation: &'t Operation) -> Option<&'t TypeRef> {
    types.items(success(operation)?)
}

fn root(api: &Api, modules: &[proc_macro2::Ident], client: &syn::Path) -> TokenStream {
    let title = one_line(&format!("{} {}", api.title, api.version));
    let about = format!(" The operations of {title} as a command line knows them.");
    quote! {
        #![doc = #about]
        #(mod #modules;)*

        /// All operations, by tag.
        pub(crate) const CALLS: &[&[Call]] = &[#(#modules::CALLS),*];

        /// An operation.
        #[derive(Debug)]
        pub(crate) struct Call {
            /// What it is about: the first segment of its path.
            pub(crate) noun: &'static str,
            /// What it does.
            pub(crate) verb: &'static str,
            /// The operation, as the client knows it.
            pub(crate) operation: &'static #client::Operation,
            /// The contract's summary.
            pub(crate) about: &'static str,
            /// The contract's description.
            pub(crate) long_about: &'static str,
            /// Parameters, those of the path first, then the properties of the body.
            pub(crate) arguments: &'static [Argument],
            /// Whether a body is required, where there can be one.
            pub(crate) body: Option<bool>,
            /// Whether it carries an idempotency key.
            pub(crate) keyed: bool,
            /// Whether a list comes back.
            pub(crate) list: bool,
            /// The properties that a table shows, of an item where a list comes back.
            pub(crate) columns: &'static [&'static str],
            /// All properties, in the contract's order.
            pub(crate) fields: &'static [&'static str],
            /// The names of properties of the response that are secrets.
            pub(crate) secrets: &'static [&'static str],
        }

        /// A parameter, or a property of the body.
        #[derive(Debug)]
        pub(crate) struct Argument {
            /// Its name on the wire; more than one where it is inside other properties.
            pub(crate) path: &'static [&'static str],
            /// The same in kebab case, as an option is spelt.
            pub(crate) flag: &'static str,
            /// Where it is sent.
            pub(crate) place: Place,
            /// What it is.
            pub(crate) kind: Kind,
            /// Whether it is a list of such values.
            pub(crate) list: bool,
            /// The values that the contract lists; none where it lists none.
            pub(crate) values: &'static [&'static str],
            /// Whether a call without it is rejected.
            pub(crate) required: bool,
            /// What it is without being given, as JSON.
            pub(crate) default: Option<&'static str>,
            /// Whether it is a secret.
            pub(crate) secret: bool,
            /// The contract's description.
            pub(crate) about: &'static str,
        }

        /// Where an argument is sent.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(dead_code, reason = "which places there are depends on the contract")]
        pub(crate) enum Place { Path, Query, Header, Cookie, Body }

        /// What an argument is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(dead_code, reason = "which kinds there are depends on the contract")]
        pub(crate) enum Kind {
            Text, Uuid, Integer, Number, Boolean, Date, DateTime, Decimal,
            /// Anything else, as JSON.
            Json,
            /// An object whose properties are arguments.
            Object,
        }
    }
}

#[cfg(test)]
mod tests;
