//! Texts come from contracts and servers that anybody may have written. What could steer a terminal,
//! hide itself or break a line is written out before people see it.

use crate::{Acceptance, Detail, Entry, Section, Side};

/// A text in one line with nothing hidden in it: control characters, line breaks and characters
/// that change the direction of writing become escapes such as `\n` and `\u{202e}`.
#[must_use]
pub fn visible(text: &str) -> String {
    written_out(text, is_hidden)
}

/// The same for a text that may have several lines.
pub(crate) fn visible_lines(text: &str) -> String {
    written_out(text, |it| it != '\n' && is_hidden(it))
}

/// An excerpt, which may be coloured, without characters that change the direction of writing. Each
/// becomes one sign, so that the mark below the excerpt stays at its place.
pub(crate) fn visible_excerpt(text: &str) -> String {
    text.replace(is_direction, "\u{fffd}")
}

/// A section with every text made visible.
pub(crate) fn section(section: &Section) -> Section {
    let mut shown = section.clone();
    one_line(&mut shown.title);
    shown.about.iter_mut().for_each(one_line);
    one_line(&mut shown.headline);
    one_line(&mut shown.verdict);
    one_line(&mut shown.verdict_end);
    shown.inconclusive.iter_mut().for_each(one_line);
    shown.entries.iter_mut().for_each(entry);
    for list in &mut shown.lists {
        one_line(&mut list.owner);
        items(&mut list.items);
    }
    for note in &mut shown.notes {
        one_line(&mut note.subject);
        one_line(&mut note.text);
    }
    for covered in &mut shown.coverage {
        one_line(&mut covered.name);
    }
    shown
}

fn entry(entry: &mut Entry) {
    one_line(&mut entry.message);
    for Side {
        place, stands_in, ..
    } in &mut entry.sides
    {
        if let Some(place) = place {
            one_line(&mut place.file);
            one_line(&mut place.pointer);
        }
        stands_in.iter_mut().for_each(one_line);
    }
    entry.details.iter_mut().for_each(detail);
    if let Some(Acceptance { reason, .. }) = &mut entry.acceptance {
        lines(reason);
    }
}

fn detail(detail: &mut Detail) {
    match detail {
        Detail::UsedBy(uses) => {
            for (operation, sides) in uses {
                one_line(operation);
                sides.iter_mut().for_each(one_line);
            }
        }
        Detail::Witness { value, said } => {
            value.iter_mut().for_each(one_line);
            one_line(said);
        }
        Detail::Items(list) => items(list),
        Detail::Fact { text, .. } => one_line(text),
        // What was written for people may have several lines, and so may commands.
        Detail::Advice(text) | Detail::Commands { text, .. } => lines(text),
    }
}

fn items(items: &mut [crate::Item]) {
    for item in items {
        one_line(&mut item.name);
        one_line(&mut item.change);
    }
}

fn one_line(text: &mut String) {
    if text.contains(is_hidden) {
        *text = visible(text);
    }
}

fn lines(text: &mut String) {
    if text.contains(is_hidden) {
        *text = visible_lines(text);
    }
}

fn written_out(text: &str, hidden: impl Fn(char) -> bool) -> String {
    let shown = text.chars().map(|it| match hidden(it) {
        true => it.escape_default().to_string(),
        false => it.to_string(),
    });
    shown.collect()
}

/// Control characters, what breaks a line, and what changes the direction of writing.
fn is_hidden(it: char) -> bool {
    let marks = ['\u{2028}', '\u{2029}', '\u{feff}'];
    it.is_control() || marks.contains(&it) || is_direction(it)
}

/// Characters that change the direction of writing (Unicode, annex 9).
fn is_direction(it: char) -> bool {
    matches!(it, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{visible, visible_lines};

    #[test]
    fn hidden_characters_are_written_out_and_letters_are_not() {
        for (hidden, shown) in [
            ("a\u{1b}[31mb\u{7}", "a\\u{1b}[31mb\\u{7}"),
            ("a\r\n\tb", "a\\r\\n\\tb"),
            ("\u{202e}x\u{9b}", "\\u{202e}x\\u{9b}"),
            ("Größe  \\ \"q\" 日本", "Größe  \\ \"q\" 日本"),
        ] {
            assert_eq!(visible(hidden), shown);
        }
        assert_eq!(visible_lines("a\n\u{1b}b"), "a\n\\u{1b}b");
    }
}
