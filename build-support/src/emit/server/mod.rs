//! The server: one trait and one router for each tag, result types that hold only what the
//! contract documents, and the tables layers decide by.
//!
//! What every server needs, whatever its contract, is written by hand in `runtime/` and copied
//! beside the generated files as `support/`.

mod answers;
mod errors;
mod handlers;
mod method;
mod names;
mod receivers;
mod root;
mod schemas;
mod shapes;
mod stub;
mod success;
mod support;
mod table;
mod tag;

pub(crate) use names::code_name;

use super::{EmitError, TypePaths};
use crate::files::FileSet;
use crate::lower::Lowered;
use crate::model::Api;
use crate::policy::Policy;

/// Every file of the server's generated folder: `mod.rs`, one file for each tag, `receivers.rs`
/// where the contract calls back, `operations.rs`, `not_implemented.rs`, `schemas.json`, and the
/// hand-written support files below `support/`.
///
/// The crate that holds them depends on axum, bytes, http, http-body-util, jsonschema, serde,
/// serde_json, serde_path_to_error, thiserror, tower and uuid, and on what its types name.
///
/// # Errors
///
/// [`EmitError`] when a name or path is no Rust, or two files want one place.
pub fn emit(api: &Api, lowered: &Lowered, policy: &Policy) -> Result<FileSet, EmitError> {
    let paths = TypePaths::outside(api, &policy.emit.types)?;
    let scope = Scope { api, paths: &paths };
    let mut files = support::files(&api.source)?;
    for tag in names::tags(api) {
        insert(
            &mut files,
            format!("{}.rs", tag.module),
            tag::emit(&scope, &tag)?,
        )?;
    }
    if !api.receivers.is_empty() {
        insert(
            &mut files,
            "receivers.rs".to_owned(),
            receivers::emit(&scope)?,
        )?;
    }
    insert(&mut files, "mod.rs".to_owned(), root::emit(&scope)?)?;
    insert(&mut files, "operations.rs".to_owned(), table::emit(&scope)?)?;
    insert(
        &mut files,
        "not_implemented.rs".to_owned(),
        stub::emit(&scope)?,
    )?;
    insert(
        &mut files,
        "schemas.json".to_owned(),
        schemas::emit(api, lowered),
    )?;
    Ok(files)
}

/// What emitting one operation needs to know of the whole contract.
struct Scope<'a> {
    api: &'a Api,
    paths: &'a TypePaths<'a>,
}

fn insert(files: &mut FileSet, path: String, text: String) -> Result<(), EmitError> {
    files
        .insert(path.clone(), text)
        .map_err(|_| EmitError::DuplicateFile { path })
}

#[cfg(test)]
mod tests;
