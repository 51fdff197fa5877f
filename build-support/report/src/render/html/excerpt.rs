//! The lines around a place, with what is meant marked.

use crate::visible::is_hidden;
use contract::{Place, Sources};
use maud::{Markup, html};

/// How many lines are shown before the place.
const BEFORE: usize = 2;

/// How many lines of the place are shown.
const MOST: usize = 12;

/// How many characters of a line are shown: a document may be one line of megabytes.
const WIDTH: usize = 160;

/// A line in three parts, the middle one marked.
struct Line {
    number: usize,
    parts: [String; 3],
}

/// The excerpt.
pub(super) fn of(sources: &Sources, place: &Place) -> Markup {
    let lines = lines(sources, place);
    html! {
        pre tabindex="0" {
            @for line in &lines {
                span.line {
                    span.number { (line.number) }
                    (line.parts[0])
                    @if !line.parts[1].is_empty() { mark { (line.parts[1]) } }
                    (line.parts[2])
                }
                "\n"
            }
        }
    }
}

fn lines(sources: &Sources, place: &Place) -> Vec<Line> {
    let text = sources.text(place.span.file);
    let (start, end) = (
        place.span.start().min(text.len()),
        place.span.end().min(text.len()),
    );
    let first = place.line.saturating_sub(BEFORE).max(1);
    let mut found = Vec::new();
    let mut at = begin(text, start, place.line - first);
    for number in first.. {
        let stop = text[at..]
            .find('\n')
            .map_or(text.len(), |length| at + length);
        found.push(line(
            number,
            &text[at..stop],
            (start.saturating_sub(at), end.saturating_sub(at)),
        ));
        if stop >= end || stop >= text.len() || found.len() >= BEFORE + MOST {
            break;
        }
        at = stop + 1;
    }
    found
}

/// Where the line begins that stands so many lines before a byte.
fn begin(text: &str, byte: usize, lines: usize) -> usize {
    let before = &text[..byte];
    let breaks = before.rmatch_indices('\n').nth(lines);
    breaks.map_or(0, |(at, _)| at + 1)
}

/// A line with the bytes between two places of it marked, both cut to a width.
fn line(number: usize, text: &str, (from, to): (usize, usize)) -> Line {
    let text = text.trim_end_matches('\r');
    let (from, to) = (from.min(text.len()), to.min(text.len()));
    // What is indented is not marked before it begins.
    let indent = text.len() - text.trim_start().len();
    let from = if to > indent { from.max(indent) } else { from };
    let to = to.max(from);
    let before = last(&text[..from], WIDTH / 2);
    let (meant, after) = (first(&text[from..to], WIDTH), first(&text[to..], WIDTH / 2));
    Line {
        number,
        parts: [before, meant, after].map(|part| shown(&part)),
    }
}

fn first(text: &str, most: usize) -> String {
    let cut = text.char_indices().nth(most);
    cut.map_or_else(|| text.to_owned(), |(at, _)| format!("{}…", &text[..at]))
}

fn last(text: &str, most: usize) -> String {
    let cut = text.char_indices().rev().nth(most);
    cut.map_or_else(
        || text.to_owned(),
        |(at, c)| format!("…{}", &text[at + c.len_utf8()..]),
    )
}

/// The text without what hides itself or changes the direction of writing.
fn shown(text: &str) -> String {
    let sign = |c: char| match is_hidden(c) && c != '\t' {
        true => '\u{fffd}',
        false => c,
    };
    text.chars().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn what_is_meant_is_marked_and_long_lines_are_cut() {
        for (text, span, expected) in [
            ("  type: string", (8, 14), ["  type: ", "string", ""]),
            ("  a: {}", (0, 99), ["  ", "a: {}", ""]),
            ("none", (9, 9), ["none", "", ""]),
            ("a\u{202e}b", (0, 5), ["", "a\u{fffd}b", ""]),
        ] {
            assert_eq!(line(1, text, span).parts, expected, "{text}");
        }
        let long = format!("{}X{}", "é".repeat(9_000), "ü".repeat(9_000));
        let parts = line(1, &long, (18_000, 18_001)).parts;
        assert_eq!(parts[1], "X");
        assert!(parts.concat().chars().count() < 200, "{parts:?}");
    }
}
