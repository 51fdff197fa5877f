//! The server: one trait and one router for each tag, result types that hold only what the
//! contract documents, and the tables layers decide by.
//!
//! What every server needs, whatever its contract, is written by hand in `runtime/` and copied
//! beside the generated files as `support/`.

mod bodies;
mod errors;
mod handlers;
mod method;
mod names;
mod parts;
mod receivers;
mod records;
mod responses;
mod root;
mod schemas;
mod shapes;
mod stub;
mod success;
mod support;
mod table;
mod tag;

pub use names::code_name;

use super::page::{self, Reader};
use super::{EmitError, Extent, FileContent, Sink, TypePaths};
use crate::lower::Lowered;
use crate::model::Api;
use crate::policy::Policy;

/// Passes on every file of the server's generated folder: `mod.rs`, one file for each tag,
/// `receivers.rs` where the contract calls back, `operations.rs`, and `not_implemented.rs`. With
/// the whole crate also `schemas.json`, and the hand-written support files below `support/`, unless
/// those of another server are used: no signature depends on these.
///
/// The crate that holds them depends on axum, bytes, http, http-body-util, jsonschema, serde,
/// serde_json, serde_path_to_error, thiserror, tower and uuid, where records are streamed also on
/// futures-util, and on what its types name.
///
/// # Errors
///
/// [`EmitError`] when a name or path is not valid Rust, and what the sink fails with.
pub fn emit(
    api: &Api,
    lowered: &Lowered,
    policy: &Policy,
    extent: Extent<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), EmitError> {
    if extent.is_whole() {
        if policy.emit.server_support.is_none() {
            support::emit(api, sink)?;
        }
        let schemas = FileContent::Text(schemas::emit(api, lowered));
        sink("schemas.json".to_owned(), schemas)?;
        page::emit(api, Reader::Server, sink)?;
    }
    let api = &*extent.by_tag(api);
    let paths = TypePaths::outside(api, &policy.emit.types)?;
    let scope = Scope {
        api,
        paths: &paths,
        support: policy.emit.server_support.as_deref(),
    };
    let mut items = |name: &str, items| sink(format!("{name}.rs"), FileContent::Items(items));
    for tag in names::tags(api) {
        items(&tag.module, tag::emit(&scope, &tag)?)?;
    }
    if !api.receivers.is_empty() {
        items("receivers", receivers::emit(&scope)?)?;
    }
    items("mod", root::emit(&scope)?)?;
    items("operations", table::emit(&scope)?)?;
    items("not_implemented", stub::emit(&scope)?)
}

/// What emitting one operation needs to know of the whole contract.
struct Scope<'a> {
    api: &'a Api,
    paths: &'a TypePaths<'a>,
    /// The path of the support module of another server, where that is used.
    support: Option<&'a str>,
}

#[cfg(test)]
mod tests;
