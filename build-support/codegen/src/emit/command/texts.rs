//! What the contract says, as lines of a command's help.

use crate::model::Docs;

/// One paragraph, without line breaks.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the contract says in its own words: the description, or the summary.
pub(super) fn said(docs: &Docs) -> Option<String> {
    let text = docs.description.as_deref().or(docs.summary.as_deref());
    text.map(one_line).filter(|text| !text.is_empty())
}
