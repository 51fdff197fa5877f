//! Bytes become text.

use crate::diagnostics::Diagnostic;
use crate::span::{FileId, MAX_TEXT, Span};

/// Decodes UTF-8. What is not text is described by the message of the error.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if matches!(bytes.get(..2), Some([0xff, 0xfe] | [0xfe, 0xff])) {
        return Err("the file is in UTF-16; save it as UTF-8".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at]
            .iter()
            .filter(|b| **b == b'\n')
            .count()
            + 1;
        format!("the file is not UTF-8: line {line} holds a byte that is not a valid part of a character")
    })
}

/// How many bytes a byte order mark takes at the beginning.
pub(super) fn mark_length(text: &str) -> usize {
    text.len() - text.trim_start_matches('\u{feff}').len()
}

/// A text whose bytes a [`Span`] cannot count.
pub(super) fn reject_long(file: FileId, length: usize) -> Result<(), Box<Diagnostic>> {
    if length <= MAX_TEXT {
        return Ok(());
    }
    let message = format!("the text has {length} bytes, of which {MAX_TEXT} at most are read");
    Err(
        Diagnostic::error("read::too-long", message, Span::new(file, 0, 0))
            .with_help("split the contract into files, and point from one to the other with `$ref`")
            .into(),
    )
}

/// YAML's parser takes a NUL for the end and would drop the rest in silence.
pub(super) fn reject_nul(file: FileId, text: &str) -> Result<(), Box<Diagnostic>> {
    let Some(at) = text.find('\0') else {
        return Ok(());
    };
    let span = Span::new(file, at, at + 1);
    Err(
        Diagnostic::error("read::syntax", "a NUL character is not text", span)
            .with_label("this character")
            .with_help("delete the character, or write it escaped in a double-quoted string")
            .into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_up_to_the_last_byte_that_a_place_can_name() {
        let file = FileId::default();
        assert!(reject_long(file, MAX_TEXT).is_ok());
        let end = Span::new(file, MAX_TEXT, MAX_TEXT);
        assert_eq!((end.start(), end.end()), (MAX_TEXT, MAX_TEXT));
        let error = reject_long(file, MAX_TEXT + 1).expect_err("no place names its end");
        assert!(error.message.contains("4294967296 bytes"), "{error:?}");
    }
}
