//! Texts come from contracts and servers that anyone may have written. Characters that could control a
//! terminal, be invisible or break a line are replaced by escapes before people see them.

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

fn written_out(text: &str, hidden: impl Fn(char) -> bool) -> String {
    let shown = text.chars().map(|it| match hidden(it) {
        true => it.escape_default().to_string(),
        false => it.to_string(),
    });
    shown.collect()
}

/// Control characters, what breaks a line, and what changes the direction of writing.
pub(crate) fn is_hidden(it: char) -> bool {
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
