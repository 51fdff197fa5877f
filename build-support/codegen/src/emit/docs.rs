//! The contract's prose as documentation comments.
//!
//! Contract text is Markdown written by somebody who did not think of rustdoc. What rustdoc would
//! take for a link, a tag or a test is escaped; paragraphs are wrapped; code fences that name no
//! language become plain text, so that no example of another language is compiled.

mod inline;
mod wrap;

use crate::model::Docs;
use proc_macro2::TokenStream;
use quote::quote;

/// `///` comments, one for each line, exactly as given. For text that comes from the contract,
/// pass it through [`prose`] first.
#[must_use]
pub fn doc(markdown: &str) -> TokenStream {
    markdown
        .lines()
        .map(|line| {
            let line = padded(line);
            quote!(#[doc = #line])
        })
        .collect()
}

/// `//!` comments, for the head of a file.
#[must_use]
pub fn inner_doc(markdown: &str) -> TokenStream {
    markdown
        .lines()
        .map(|line| {
            let line = padded(line);
            quote!(#![doc = #line])
        })
        .collect()
}

/// Text of the contract as Markdown that rustdoc takes without a warning, wrapped.
#[must_use]
pub fn prose(text: &str) -> String {
    wrap::wrap(&printable(text))
}

/// Summary, description and deprecation as one text; `fallback` stands in where the contract says
/// nothing.
#[must_use]
pub fn documentation(docs: &Docs, fallback: &str) -> String {
    let mut parts = Vec::new();
    for text in [&docs.summary, &docs.description].into_iter().flatten() {
        let text = prose(text);
        if !text.is_empty() && !parts.contains(&text) {
            parts.push(text);
        }
    }
    if parts.is_empty() {
        parts.push(fallback.to_owned());
    }
    if docs.deprecated {
        parts.push("Deprecated by the contract.".to_owned());
    }
    parts.join("\n\n")
}

/// A code span around any text without line breaks, with as many backticks as it needs.
#[must_use]
pub fn code_span(text: &str) -> String {
    let text = printable(text).replace('\n', " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn padded(line: &str) -> String {
    if line.is_empty() {
        String::new()
    } else {
        format!(" {line}")
    }
}

/// Without carriage returns, tabs, and the control characters that reorder text (rustc rejects
/// those in comments).
fn printable(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter_map(|c| match c {
            '\r' | '\n' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some(' '),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

#[cfg(test)]
mod tests;
