//! The server: one trait and one router for each tag, result types that hold only what the
//! contract documents, and the tables layers decide by.
//!
//! What every server needs, whatever its contract, is written by hand in `runtime/` and copied
//! beside the generated files as `support/`.

mod errors;
mod handlers;
mod method;
mod names;
mod receivers;
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
pub use schemas::emit as schemas_json;

use super::{EmitError, Extent, Sink, TypePaths, header, print};
use crate::lower::Lowered;
use crate::model::Api;
use crate::policy::Policy;
use files::FileSet;

/// Every file of the server's generated folder: `mod.rs`, one file for each tag, `receivers.rs`
/// where the contract calls back, `operations.rs`, `not_implemented.rs`, `schemas.json`, and the
/// hand-written support files below `support/` unless those of another server are used.
///
/// The crate that holds them depends on axum, bytes, http, http-body-util, jsonschema, serde,
/// serde_json, serde_path_to_error, thiserror, tower and uuid, and on what its types name.
///
/// # Errors
///
/// [`EmitError`] when a name or path is not valid Rust, or two files want one place.
pub fn emit(api: &Api, lowered: &Lowered, policy: &Policy) -> Result<FileSet, EmitError> {
    let mut files = match policy.emit.server_support {
        Some(_) => FileSet::new(),
        None => support::files(&api.source)?,
    };
    let header = header(&api.source);
    write(api, policy, Extent::Whole, &mut |path, items| {
        let text = print(&path, &header, items)?;
        insert(&mut files, path, text)
    })?;
    insert(
        &mut files,
        "schemas.json".to_owned(),
        schemas::emit(api, lowered),
    )?;
    Ok(files)
}

/// Passes on every Rust file but those of `support`.
pub fn write(
    api: &Api,
    policy: &Policy,
    extent: Extent<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), EmitError> {
    let api = &*extent.by_tag(api);
    let paths = TypePaths::outside(api, &policy.emit.types)?;
    let scope = Scope {
        api,
        paths: &paths,
        support: policy.emit.server_support.as_deref(),
    };
    for tag in names::tags(api) {
        sink(format!("{}.rs", tag.module), tag::emit(&scope, &tag)?)?;
    }
    if !api.receivers.is_empty() {
        sink("receivers.rs".to_owned(), receivers::emit(&scope)?)?;
    }
    sink("mod.rs".to_owned(), root::emit(&scope)?)?;
    sink("operations.rs".to_owned(), table::emit(&scope)?)?;
    sink("not_implemented.rs".to_owned(), stub::emit(&scope)?)
}

/// What emitting one operation needs to know of the whole contract.
struct Scope<'a> {
    api: &'a Api,
    paths: &'a TypePaths<'a>,
    /// The path of the support module of another server, where that is used.
    support: Option<&'a str>,
}

fn insert(files: &mut FileSet, path: String, text: String) -> Result<(), EmitError> {
    files
        .insert(path.clone(), text)
        .map_err(|_| EmitError::DuplicateFile { path })
}

#[cfg(test)]
mod tests;
