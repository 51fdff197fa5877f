//! Places in source texts.

use std::ops::Range;
use std::sync::Arc;

/// One of the texts a document was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(u32);

/// A stretch of one text, in bytes; `start == end` marks a point.
///
/// Every value of a document has one, and large documents have millions of values: it is as small as
/// texts of up to four gigabytes allow. Longer ones are not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The text.
    pub file: FileId,
    start: u32,
    end: u32,
}

/// The longest text that is read, in bytes.
pub(crate) const MAX_TEXT: usize = u32::MAX as usize;

impl Span {
    /// A stretch of `file` from byte `start` up to byte `end`.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let short = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            file,
            start: short(start),
            end: short(end),
        }
    }

    /// The first byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The byte after the last one.
    #[must_use]
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// The bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// The point where the stretch begins.
    #[must_use]
    pub fn at_start(self) -> Self {
        Self {
            end: self.start,
            ..self
        }
    }
}

/// The texts a document was read from, by name. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Arc<Source>>,
}

#[derive(Debug)]
struct Source {
    name: String,
    text: String,
    line_starts: Vec<usize>,
    /// How many characters stand before each [`STRETCH`] of the text, so that a column far into a
    /// line of megabytes, as in minified JSON, is found without counting from its beginning.
    counted: Vec<usize>,
}

/// How many bytes are counted at once.
const STRETCH: usize = 4096;

impl Source {
    fn new(name: String, text: String) -> Self {
        Self {
            line_starts: line_starts(&text),
            counted: counted(&text),
            name,
            text,
        }
    }

    /// How many characters stand before a byte that begins one.
    fn characters(&self, before: usize) -> usize {
        let stretch = before / STRETCH;
        let known = self.counted.get(stretch).copied().unwrap_or_default();
        known + begun(&self.text.as_bytes()[stretch * STRETCH..before])
    }
}

impl Sources {
    /// A single text.
    #[must_use]
    pub fn single(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut sources = Self::default();
        sources.add(name, text);
        sources
    }

    /// Adds a text and says under which id it is found.
    ///
    /// # Panics
    /// Above four thousand million files.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = u32::try_from(self.files.len()).expect("fewer files than u32 can count");
        let source = Source::new(name.into(), text.into());
        self.files.push(Arc::new(source));
        FileId(id)
    }

    /// The name a text was read under, a path as a rule; empty for an unknown id.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.file(file).map_or("", |source| &source.name)
    }

    /// A whole text; empty for an unknown id.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        self.file(file).map_or("", |source| &source.text)
    }

    /// The text of a stretch; empty where it does not lie in the text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let text = self.text(span.file);
        text.get(span.range()).unwrap_or("")
    }

    /// Line and column of a stretch's first character, both counted from one; columns are
    /// characters.
    #[must_use]
    pub fn position(&self, span: Span) -> (usize, usize) {
        let Some(source) = self.file(span.file) else {
            return (1, 1);
        };
        let start = floor_boundary(&source.text, span.start());
        let line = source.line_starts.partition_point(|&at| at <= start);
        let line_start = source.line_starts[line - 1];
        let column = source.characters(start) - source.characters(line_start) + 1;
        (line, column)
    }

    /// `name:line:column` of a stretch's first character.
    #[must_use]
    pub fn locate(&self, span: Span) -> String {
        let (line, column) = self.position(span);
        format!("{}:{line}:{column}", self.name(span.file))
    }

    /// The byte range of a line counted from one, without its line break.
    #[must_use]
    pub fn line(&self, file: FileId, line: usize) -> (usize, usize) {
        let Some(source) = self.file(file) else {
            return (0, 0);
        };
        let text_end = source.text.len();
        let start = line
            .checked_sub(1)
            .and_then(|index| source.line_starts.get(index));
        let Some(&start) = start else {
            return (text_end, text_end);
        };
        let end = source.line_starts.get(line).copied().unwrap_or(text_end);
        let kept = source.text[start..end].trim_end_matches(['\n', '\r']).len();
        (start, start + kept)
    }

    /// Every text's id, in the order they were read.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        (0_u32..).map(FileId).take(self.files.len())
    }

    fn file(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize).map(AsRef::as_ref)
    }
}

/// Where each line begins. `\n`, `\r\n` and a lone `\r` end a line, as in YAML.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (at, &byte) in bytes.iter().enumerate() {
        let ends = byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if ends {
            starts.push(at + 1);
        }
    }
    starts
}

/// How many characters begin in the bytes of a UTF-8 text.
fn begun(bytes: &[u8]) -> usize {
    let goes_on = |byte: &&u8| **byte & 0b1100_0000 == 0b1000_0000;
    bytes.len() - bytes.iter().filter(goes_on).count()
}

fn counted(text: &str) -> Vec<usize> {
    let stretches = text.as_bytes().chunks(STRETCH);
    let counted = stretches.scan(0, |sum, stretch| {
        let before = *sum;
        *sum += begun(stretch);
        Some(before)
    });
    let mut counted: Vec<usize> = counted.collect();
    // A text that ends with a stretch has an empty one behind it.
    if text.len().is_multiple_of(STRETCH) {
        counted.push(begun(text.as_bytes()));
    }
    counted
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_every_kind_of_line_break() {
        let sources = Sources::single("a.yaml", "é: 1\r\nb: ü2\rc\nd");
        let file = sources.files().next().expect("one file was added");
        let at = |start| sources.position(Span::new(file, start, start));
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 2));
        assert_eq!(at(7), (2, 1));
        assert_eq!(at(12), (2, 5));
        assert_eq!(at(14), (3, 1));
        assert_eq!(at(999), (4, 2));
        assert_eq!(sources.line(file, 2), (7, 13));
    }

    #[test]
    fn positions_far_into_a_line_are_those_that_counting_gives() {
        for unit in ["a", "é", "日", "🂡b"] {
            for length in [STRETCH - 1, STRETCH, STRETCH + 1, 3 * STRETCH] {
                let text = format!("x\n{}", unit.repeat(length));
                let sources = Sources::single("a.json", text.as_str());
                let file = sources.files().next().expect("one file was added");
                for (index, (at, _)) in text[2..].char_indices().enumerate() {
                    let span = Span::new(file, at + 2, at + 2);
                    assert_eq!(sources.position(span), (2, index + 1), "{unit} at {at}");
                }
                let end = Span::new(file, text.len(), text.len());
                let column = text[2..].chars().count() + 1;
                assert_eq!(sources.position(end), (2, column), "{unit} at the end");
            }
        }
    }
}
