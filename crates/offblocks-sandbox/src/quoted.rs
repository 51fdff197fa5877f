//! What callers wrote, in messages.

/// The most characters of it that are repeated.
const MOST: usize = 40;

/// A text in backticks, so that an empty one is seen. Control characters are escaped, and a long text
/// is cut.
pub(crate) fn quoted(text: &str) -> String {
    let cut = text.chars().nth(MOST).map_or("", |_| "…");
    let begin: String = text.chars().take(MOST).collect();
    format!("`{}{cut}`", begin.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_seen_whatever_it_holds() {
        for (text, expected) in [
            ("CHF", "`CHF`"),
            ("", "``"),
            ("a\u{0}\n\u{1b}[31m", r"`a\0\n\u{1b}[31m`"),
            (&"x".repeat(40), &format!("`{}`", "x".repeat(40))),
            (&"x".repeat(41), &format!("`{}…`", "x".repeat(40))),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
