//! What an emitter passes on: one file after another, so that no more than one stands in memory
//! before it is printed.

use super::{EmitError, header, print};
use crate::model::Source;
use files::FileSet;
use proc_macro2::TokenStream;

/// What a file holds.
#[derive(Debug, Clone)]
pub enum FileContent {
    /// Rust items, not printed yet and without a header.
    Items(TokenStream),
    /// The whole text of a file that is not made of items: a file that is written by hand and
    /// copied, or data.
    Text(String),
}

/// Takes one file after another: its path, and what it holds.
pub type Sink<'a> = dyn FnMut(String, FileContent) -> Result<(), EmitError> + 'a;

/// Prints every file that an emitter passes on.
///
/// # Errors
///
/// [`EmitError`] of the emitter; where items are not valid Rust, or two files have one path.
pub fn printed(
    source: &Source,
    emit: impl FnOnce(&mut Sink<'_>) -> Result<(), EmitError>,
) -> Result<FileSet, EmitError> {
    let header = header(source);
    let mut files = FileSet::new();
    emit(&mut |path, content| {
        let text = match content {
            FileContent::Items(items) => print(&path, &header, items)?,
            FileContent::Text(text) => text,
        };
        files
            .insert(path.clone(), text)
            .map_err(|_| EmitError::DuplicateFile { path })
    })?;
    Ok(files)
}

/// Passes on the files that generated code stands on, below `support/` and behind the header.
pub(super) fn copied<'a>(
    source: &Source,
    files: impl IntoIterator<Item = (&'a str, &'a str)>,
    sink: &mut Sink<'_>,
) -> Result<(), EmitError> {
    let header = header(source);
    for (name, text) in files {
        let text = format!("{header}{text}");
        sink(format!("support/{name}.rs"), FileContent::Text(text))?;
    }
    Ok(())
}
