//! Where the parser's characters stand in the text.

use crate::span::{FileId, Span};
use crate::text::mark_length;
use saphyr_parser::Marker;

/// Turns the parser's character positions into byte positions.
pub(super) struct Places<'t> {
    pub(super) file: FileId,
    skipped: usize,
    /// The text behind the mark.
    text: &'t str,
    /// The bytes of every [`STRETCH`]th character, only where some take more than one.
    known: Option<Vec<usize>>,
}

/// How far apart the characters are whose bytes are kept. One for each would be more than the text itself.
const STRETCH: usize = 32;

impl<'t> Places<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        let skipped = mark_length(text);
        let text = &text[skipped..];
        let bytes = || text.char_indices().map(|(at, _)| at);
        let known = (!text.is_ascii()).then(|| bytes().step_by(STRETCH).collect());
        Self {
            file,
            skipped,
            text,
            known,
        }
    }

    pub(super) fn byte(&self, marker: Marker) -> usize {
        let at = match &self.known {
            None => marker.index().min(self.text.len()),
            Some(known) => self.byte_of(known, marker.index()),
        };
        self.skipped + at
    }

    /// The byte of a character; the end of the text behind the last one.
    fn byte_of(&self, known: &[usize], character: usize) -> usize {
        let end = self.text.len();
        let Some(&begin) = known.get(character / STRETCH) else {
            return end;
        };
        let mut from_there = self.text[begin..].char_indices();
        from_there
            .nth(character % STRETCH)
            .map_or(end, |(at, _)| begin + at)
    }

    /// The text that the parser reads.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    pub(super) fn span(&self, span: saphyr_parser::Span) -> Span {
        let start = self.byte(span.start);
        Span::new(self.file, start, self.byte(span.end).max(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_stands_at_its_byte() {
        let mixed = "aé😀 ".repeat(50);
        for text in ["", "plain", "é", &mixed, &"é".repeat(STRETCH)] {
            let places = Places::new(FileId::default(), text);
            let bytes = text.char_indices().map(|(at, _)| at);
            for (character, byte) in bytes.chain([text.len(), text.len()]).enumerate() {
                let found = places.byte(Marker::new(character, 0, 0));
                assert_eq!(found, byte, "character {character} of {text:?}");
            }
        }
    }
}
