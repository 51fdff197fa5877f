//! Findings as text, in the manner of rustc: the line shown, the place underlined.

use super::{Diagnostic, Diagnostics, Severity};
use crate::span::{Sources, Span};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

impl Diagnostics {
    /// All findings as a person reads them: severity, code and message, the place, the source
    /// line with the place marked, related places, help. Ends with a line break unless empty.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        self.render_most(usize::MAX, colour)
    }

    /// The same with at most so many findings of each severity and code, the first ones. How many
    /// others there are stands behind them, with the place of the next.
    #[must_use]
    pub fn render_most(&self, most: usize, colour: bool) -> String {
        let painter = Painter { colour };
        let mut kinds: BTreeMap<(Severity, &str), Kind<'_>> = BTreeMap::new();
        let mut rendered = Vec::new();
        for item in &self.items {
            let kind = kinds.entry((item.severity, item.code)).or_default();
            match kind.shown < most {
                true => {
                    kind.shown += 1;
                    rendered.push(one(item, &self.sources, painter));
                }
                false => {
                    kind.next.get_or_insert(item);
                    kind.left += 1;
                }
            }
        }
        let kinds = kinds.values();
        rendered.extend(kinds.filter_map(|kind| kind.rest(&self.sources, painter)));
        rendered.join("\n")
    }
}

/// What is shown and what is not of the findings of one severity and code.
#[derive(Default)]
struct Kind<'a> {
    shown: usize,
    left: usize,
    next: Option<&'a Diagnostic>,
}

impl Kind<'_> {
    /// How many are left, and where the next stands.
    fn rest(&self, sources: &Sources, painter: Painter) -> Option<String> {
        let next = self.next?;
        let count = match self.left {
            1 => "1 more of these".to_owned(),
            left => format!("{left} more of these"),
        };
        let mut out = heading(next, &count, painter);
        if let Some(span) = next.span {
            let arrow = painter.paint(Style::Frame, "-->");
            let others = if self.left > 1 { " and further on" } else { "" };
            line(
                &mut out,
                &format!(" {arrow} {}{others}", sources.locate(span)),
            );
        }
        Some(out)
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

fn one(item: &Diagnostic, sources: &Sources, painter: Painter) -> String {
    let style = word_and_style(item.severity).1;
    let spans = item.span.iter().chain(item.related.iter().map(|(s, _)| s));
    let last_line = spans.map(|span| sources.position(*span).0).max();
    let frame = Frame {
        sources,
        painter,
        gutter: last_line.map_or(1, |line| line.to_string().len()),
    };
    let mut out = heading(item, &item.message, painter);
    if let Some(span) = item.span {
        frame.place(&mut out, "-->", span);
        frame.snippet(&mut out, span, '^', style, &item.label);
    }
    for (span, label) in &item.related {
        frame.place(&mut out, ":::", *span);
        frame.snippet(&mut out, *span, '-', Style::Frame, label);
    }
    if let Some(help) = &item.help {
        frame.note(&mut out, "help", help);
    }
    out
}

/// Severity and code, and a message.
fn heading(item: &Diagnostic, message: &str, painter: Painter) -> String {
    let (word, style) = word_and_style(item.severity);
    let head = painter.paint(style, &format!("{word}[{}]", item.code));
    let message = painter.paint(Style::Strong, &format!(": {message}"));
    format!("{head}{message}\n")
}

fn word_and_style(severity: Severity) -> (&'static str, Style) {
    match severity {
        Severity::Error => ("error", Style::Error),
        Severity::Warning => ("warning", Style::Warning),
    }
}

/// How wide the line numbers are, and whether colour is used.
pub struct Frame<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// How to colour.
    pub painter: Painter,
    /// The width of line numbers.
    pub gutter: usize,
}

impl Frame<'_> {
    fn place(&self, out: &mut String, arrow: &str, span: Span) {
        let arrow = self.painter.paint(Style::Frame, arrow);
        let place = self.sources.locate(span);
        line(out, &format!("{:w$}{arrow} {place}", "", w = self.gutter));
    }

    /// The line of a place and the place underlined.
    pub fn snippet(&self, out: &mut String, span: Span, mark: char, style: Style, label: &str) {
        let (number, _) = self.sources.position(span);
        let excerpt = Excerpt::new(self.sources, span, number);
        let bar = self.painter.paint(Style::Frame, "|");
        let number = self
            .painter
            .paint(Style::Frame, &format!("{number:>w$}", w = self.gutter));
        let marks = mark.to_string().repeat(excerpt.marked);
        let marks = self
            .painter
            .paint(style, format!("{marks} {label}").trim_end());
        let pad = " ".repeat(self.gutter);
        line(out, &format!("{pad} {bar}"));
        line(out, &format!("{number} {bar} {}", excerpt.text));
        let before = " ".repeat(excerpt.before);
        line(out, &format!("{pad} {bar} {before}{marks}"));
    }

    /// `= title: text`, further lines of the text below its first.
    pub fn note(&self, out: &mut String, title: &str, text: &str) {
        let sign = self.painter.paint(Style::Frame, "=");
        for (index, text) in text.lines().enumerate() {
            let head = if index == 0 {
                let title = self.painter.paint(Style::Strong, &format!("{title}:"));
                format!("{sign} {title}")
            } else {
                " ".repeat(title.chars().count() + 3)
            };
            line(out, &format!("{:w$} {head} {text}", "", w = self.gutter));
        }
    }
}

/// A line without spaces at its end.
pub fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{}", text.trim_end());
}

/// The part of a line that is shown, never wider than [`WIDTH`] characters, and the marked
/// stretch in it.
struct Excerpt {
    text: String,
    before: usize,
    marked: usize,
}

/// Longer lines (a base64 example, minified JSON) are cut around the marked place.
const WIDTH: usize = 100;

impl Excerpt {
    fn new(sources: &Sources, span: Span, line: usize) -> Self {
        let (start, end) = sources.line(span.file, line);
        let text = sources.slice(Span::new(span.file, start, end));
        let inside = |at: usize| {
            let at = at.saturating_sub(start).min(text.len());
            if text.is_char_boundary(at) {
                at
            } else {
                text.len()
            }
        };
        let from = inside(span.start());
        Self::cut(text, from, inside(span.end()).max(from))
    }

    /// The bytes from `start` to `end` of a line are marked. A line may have millions of characters,
    /// so that only those around them are looked at.
    fn cut(line: &str, start: usize, end: usize) -> Self {
        let up_to = |text: &str, most: usize| text.chars().take(most).count();
        let marked = up_to(&line[start..end], WIDTH).max(1);
        let near = up_to(&line[..start], WIDTH + 1) + marked <= WIDTH;
        let first = if near || up_to(line, WIDTH + 1) <= WIDTH {
            0
        } else {
            let before = line[..start].char_indices().rev().take(WIDTH / 4);
            before.last().map_or(0, |(at, _)| at)
        };
        let before = line[first..start].chars().count();
        let shown: String = line[first..].chars().take(WIDTH).map(plain).collect();
        let head = if first > 0 { "…" } else { "" };
        let is_cut = up_to(&line[first..], WIDTH + 1) > WIDTH;
        let tail = if is_cut { "…" } else { "" };
        Self {
            text: format!("{head}{shown}{tail}"),
            before: before + head.chars().count(),
            marked: marked.min(WIDTH.saturating_sub(before)).max(1),
        }
    }
}

/// Tabs take one column and control characters cannot disturb a terminal.
fn plain(character: char) -> char {
    match character {
        '\t' => ' ',
        other if other.is_control() => '\u{fffd}',
        other => other,
    }
}

/// What a stretch of text is, which decides its colour.
#[derive(Clone, Copy)]
pub enum Style {
    /// An error.
    Error,
    /// A warning.
    Warning,
    /// Something that is as it should be.
    Good,
    /// Something that stands out.
    Strong,
    /// What surrounds an excerpt.
    Frame,
}

/// Colours text, or leaves it as it is.
#[derive(Clone, Copy)]
pub struct Painter {
    /// Whether colour is used.
    pub colour: bool,
}

impl Painter {
    /// The text in the colour of `style`, where colour is used.
    pub fn paint(self, style: Style, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        let code = match style {
            Style::Error => "1;31",
            Style::Warning => "1;33",
            Style::Good => "1;32",
            Style::Strong => "1",
            Style::Frame => "1;34",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
