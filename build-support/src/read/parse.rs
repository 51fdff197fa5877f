//! Chooses between YAML and JSON.

use super::node::Node;
use super::span::FileId;
use super::text::refuse_nul;
use super::{json, yaml};
use crate::diagnostics::Diagnostic;

/// Reads a text as what its name says: `.json` is JSON. Any other text is YAML, unless it begins
/// like JSON and is JSON.
pub(super) fn parse(
    file: FileId,
    name: &str,
    text: &str,
    found: &mut Vec<Diagnostic>,
) -> Result<Node, Diagnostic> {
    refuse_nul(file, text)?;
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

#[cfg(test)]
mod tests;
