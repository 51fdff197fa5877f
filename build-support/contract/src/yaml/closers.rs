//! Closing brackets that stand too far left. YAML asks that the lines of a `{…}` or `[…]` begin further
//! right than the key it belongs to, its end included. JSON that was pasted into a contract often ends
//! like this, and other parsers let it pass.

use crate::diagnostics::Diagnostic;
use crate::span::{FileId, Span};

/// How many brackets of one text are looked at: the text is read again for each.
pub(super) const MOST: usize = 64;

/// The text with the line of the bracket that the error is about joined to the one before it, which
/// means the same and moves no byte; nothing where the error is another one.
pub(super) fn joined(text: &str, error: &Diagnostic) -> Option<String> {
    let at = error.span?.start();
    let line = text.get(..at)?.rfind('\n')?;
    let is_closing = text[line + 1..at].trim_matches(' ').is_empty()
        && text[at..].starts_with(['}', ']'])
        && error.message.contains("invalid indentation");
    let before = text[..line].trim_end_matches('\r');
    let above = &before[before.rfind('\n').map_or(0, |start| start + 1)..];
    // Behind a comment, the bracket would belong to it.
    if !is_closing || above.trim_start().starts_with('#') || above.contains(" #") {
        return None;
    }
    let ending = line + 1 - before.len();
    let mut joined = text.to_owned();
    joined.replace_range(before.len()..=line, &" ".repeat(ending));
    Some(joined)
}

/// What is said of such a bracket.
pub(super) fn warning(file: FileId, at: usize) -> Diagnostic {
    let message = "a closing bracket begins further left than the key it belongs to";
    Diagnostic::warning("read::indentation", message, Span::new(file, at, at + 1))
        .with_help("indent it further than that key")
}
