//! Lays Markdown out in lines of one width.

use super::inline::escape;

/// How wide a comment's text becomes: with four columns of indentation and `/// ` it ends before
/// column 100.
const WIDTH: usize = 90;

/// Joins the lines of each paragraph and list item and breaks them again at [`WIDTH`].
pub(super) fn wrap(text: &str) -> String {
    let mut page = Page::default();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        match fence(line.trim()) {
            Some(mark) => page.fenced(line.trim(), mark, &mut lines),
            None => page.line(line),
        }
    }
    page.finish()
}

/// Text in the making: finished lines, and the paragraph that is still growing.
#[derive(Default)]
struct Page {
    lines: Vec<String>,
    block: Option<Block>,
    /// The column where the text of the current list item begins; 0 outside lists.
    item: usize,
}

/// A paragraph or a list item.
struct Block {
    first: String,
    rest: String,
    words: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        let text = line.trim();
        if text.is_empty() {
            self.flush();
            self.blank();
        } else if text.starts_with('|') || is_heading(text) {
            self.flush();
            self.item = 0;
            self.lines.push(escape(text));
        } else if let Some(marker) = marker(text) {
            self.list_item(line, text, marker);
        } else {
            self.continued(text);
        }
    }

    fn list_item(&mut self, line: &str, text: &str, marker: &str) {
        self.flush();
        let depth = if self.item == 0 {
            0
        } else {
            (line.len() - line.trim_start().len()).min(8)
        };
        let depth = if depth >= 2 { depth } else { 0 };
        self.item = depth + marker.len() + 1;
        self.block = Some(Block {
            first: format!("{}{marker} ", " ".repeat(depth)),
            rest: " ".repeat(self.item),
            words: text[marker.len()..].trim().to_owned(),
        });
    }

    fn continued(&mut self, text: &str) {
        match &mut self.block {
            Some(block) => {
                block.words.push(' ');
                block.words.push_str(text);
            }
            None => {
                self.item = 0;
                self.block = Some(Block {
                    first: String::new(),
                    rest: String::new(),
                    words: text.to_owned(),
                });
            }
        }
    }

    fn fenced(&mut self, opening: &str, mark: &str, lines: &mut std::str::Lines<'_>) {
        self.flush();
        self.item = 0;
        let language = opening.trim_start_matches(['`', '~']).trim();
        let language = if is_foreign(language) {
            language
        } else {
            "text"
        };
        self.lines.push(format!("{mark}{language}"));
        for line in lines {
            if line.trim().starts_with(mark) && line.trim().trim_matches(['`', '~']).is_empty() {
                break;
            }
            self.lines.push(line.trim_end().to_owned());
        }
        self.lines.push(mark.to_owned());
    }

    fn flush(&mut self) {
        if let Some(block) = self.block.take() {
            fill(&block, &mut self.lines);
        }
    }

    fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    fn finish(mut self) -> String {
        self.flush();
        while self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
        self.lines.join("\n")
    }
}

fn fill(block: &Block, lines: &mut Vec<String>) {
    let escaped = escape(&block.words);
    let mut line = block.first.clone();
    let mut empty = true;
    for word in escaped.split_whitespace() {
        let wide = line.chars().count() + 1 + word.chars().count() > WIDTH;
        if !empty && wide && !opens_block(word) {
            lines.push(std::mem::replace(&mut line, block.rest.clone()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line.trim_end().to_owned());
}

/// Whether a line that begins with this word would no longer be part of the paragraph.
fn opens_block(word: &str) -> bool {
    let rule = word.chars().all(|c| c == '-') || word.chars().all(|c| c == '=');
    rule || marker(&format!("{word} x")).is_some_and(|found| found == word)
        || is_heading(&format!("{word} x"))
        || fence(word).is_some()
        || word.starts_with(['>', '|'])
}

/// The bullet or number a list item begins with.
fn marker(text: &str) -> Option<&str> {
    let end = text.find(' ')?;
    let word = &text[..end];
    let digits = word.trim_end_matches(['.', ')']);
    let number = digits.len() + 1 == word.len()
        && (1..=3).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit());
    (matches!(word, "-" | "*" | "+") || number).then_some(word)
}

fn is_heading(text: &str) -> bool {
    let level = text.len() - text.trim_start_matches('#').len();
    (1..=6).contains(&level) && text[level..].starts_with(' ')
}

fn fence(text: &str) -> Option<&'static str> {
    if text.starts_with("```") {
        return Some("```");
    }
    text.starts_with("~~~").then_some("~~~")
}

/// Whether a fence names a language that rustdoc does not compile.
fn is_foreign(language: &str) -> bool {
    const FOREIGN: [&str; 12] = [
        "json",
        "yaml",
        "http",
        "text",
        "bash",
        "sh",
        "shell",
        "xml",
        "javascript",
        "typescript",
        "go",
        "python",
    ];
    FOREIGN.contains(&language)
}
