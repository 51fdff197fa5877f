//! Colour, only on a terminal.

use std::io::IsTerminal;

/// Wraps text in colours, or leaves it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paint {
    coloured: bool,
}

impl Paint {
    /// Colour when `stream` is a terminal.
    pub(crate) fn for_stream(stream: &impl IsTerminal) -> Self {
        Self {
            coloured: stream.is_terminal(),
        }
    }

    pub(crate) const fn plain() -> Self {
        Self { coloured: false }
    }

    pub(crate) const fn is_coloured(self) -> bool {
        self.coloured
    }

    pub(crate) fn title(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(crate) fn faint(self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.wrap("32", text)
    }

    pub(crate) fn bad(self, text: &str) -> String {
        self.wrap("31", text)
    }

    pub(crate) fn command(self, text: &str) -> String {
        self.wrap("36", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        match self.coloured {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_as_it_is() {
        assert_eq!(Paint::plain().good("done"), "done");
        assert_eq!(
            Paint { coloured: true }.good("done"),
            "\u{1b}[32mdone\u{1b}[0m"
        );
    }
}
