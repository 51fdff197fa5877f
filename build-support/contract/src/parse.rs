//! Chooses between YAML and JSON.

use super::node::Node;
use super::span::{FileId, Span};
use super::text::{reject_long, reject_nul};
use super::{json, yaml};
use crate::diagnostics::Diagnostic;

/// Reads a text as what its name says: `.json` is JSON. Any other text is YAML, unless it begins
/// like JSON and is JSON.
pub(super) fn parse(
    file: FileId,
    name: &str,
    text: &str,
    found: &mut Vec<Diagnostic>,
) -> Result<Node, Box<Diagnostic>> {
    reject_long(file, text.len())?;
    reject_nul(file, text)?;
    by_kind(file, name, text, found).map_err(|error| conflict(file, text).map_or(error, Box::new))
}

fn by_kind(
    file: FileId,
    name: &str,
    text: &str,
    found: &mut Vec<Diagnostic>,
) -> Result<Node, Box<Diagnostic>> {
    if name.to_ascii_lowercase().ends_with(".json") {
        return json::parse(file, text, found);
    }
    let trimmed = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if trimmed.starts_with(['{', '[']) {
        let mut of_json = Vec::new();
        if let Ok(root) = json::parse(file, text, &mut of_json) {
            found.append(&mut of_json);
            return Ok(root);
        }
    }
    yaml::parse(file, text, found)
}

/// What cannot be read may be the trace of an unfinished merge.
fn conflict(file: FileId, text: &str) -> Option<Diagnostic> {
    let mut at = 0;
    let marker = text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        let is_marker = line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ");
        is_marker.then(|| Span::new(file, start, start + line.trim_end().len()))
    })?;
    Some(
        Diagnostic::error("read::conflict", "a merge was left unfinished", marker)
            .with_label("conflict marker")
            .with_help("choose between the two versions and delete the markers"),
    )
}

#[cfg(test)]
mod tests;
