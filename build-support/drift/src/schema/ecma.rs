//! Translates patterns, which are in the dialect of ECMA-262, into the dialect of the library.
//!
//! Source: JSON Schema 2020-12, validation 6.3.3; ECMA-262, 22.2.1 and 22.2.2.

const DIGIT: &str = "0-9";
const WORD: &str = "A-Za-z0-9_";
const SPACE: &str = r"\t\n\x0b\x0c\r \u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";
const LINE_ENDS: &str = r"\n\r\u{2028}\u{2029}";

/// The same pattern in the dialect of the library; `None` where it has no such words.
pub(super) fn translated(pattern: &str) -> Option<String> {
    let mut reader = Reader {
        rest: pattern,
        out: String::with_capacity(pattern.len()),
    };
    while let Some(c) = reader.next() {
        match c {
            '\\' => reader.escape(false)?,
            '[' => reader.class()?,
            '.' => reader.out.push_str(&format!("[^{LINE_ENDS}]")),
            '(' => reader.group()?,
            _ => reader.out.push(c),
        }
    }
    Some(reader.out)
}

struct Reader<'a> {
    rest: &'a str,
    out: String,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// What follows a backslash; within a class what it stands for is not a class of its own.
    fn escape(&mut self, inside: bool) -> Option<()> {
        let c = self.next()?;
        let (set, excluded) = match c {
            'd' | 'D' => (DIGIT, c == 'D'),
            'w' | 'W' => (WORD, c == 'W'),
            's' | 'S' => (SPACE, c == 'S'),
            'u' if self.rest.starts_with('{') => return self.keep(c),
            'u' => return self.code(4),
            'x' => return self.code(2),
            'n' | 'r' | 't' | 'v' | 'f' => return self.keep(c),
            'b' | 'B' if !inside => return self.keep(c),
            // Properties of Unicode are called the same, as far as people use them.
            'p' | 'P' => return self.keep(c),
            _ if c.is_ascii_alphanumeric() => return None,
            _ => {
                self.out.push_str(&regex_syntax::escape(&c.to_string()));
                return Some(());
            }
        };
        match (inside, excluded) {
            (true, false) => self.out.push_str(set),
            (_, true) => self.out.push_str(&format!("[^{set}]")),
            (false, false) => self.out.push_str(&format!("[{set}]")),
        }
        Some(())
    }

    fn keep(&mut self, c: char) -> Option<()> {
        self.out.extend(['\\', c]);
        Some(())
    }

    fn code(&mut self, digits: usize) -> Option<()> {
        let code = self.rest.get(..digits)?;
        if !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.out.push_str(&format!("\\u{{{code}}}"));
        self.rest = &self.rest[digits..];
        Some(())
    }

    /// A class: nothing in it has a meaning but its end, ranges and escapes.
    fn class(&mut self) -> Option<()> {
        self.out.push('[');
        if let Some(rest) = self.rest.strip_prefix('^') {
            self.out.push('^');
            self.rest = rest;
        }
        // An empty class has no words in the other dialect.
        if self.rest.starts_with(']') {
            return None;
        }
        loop {
            match self.next()? {
                ']' => break,
                '\\' => self.escape(true)?,
                c @ ('[' | '&' | '~' | '#' | ' ') => self.out.extend(['\\', c]),
                c => self.out.push(c),
            }
        }
        self.out.push(']');
        Some(())
    }

    /// A group without capture is known to both; flags, names and what looks around are not.
    fn group(&mut self) -> Option<()> {
        self.out.push('(');
        let Some(rest) = self.rest.strip_prefix('?') else {
            return Some(());
        };
        self.rest = rest.strip_prefix(':')?;
        self.out.push_str("?:");
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialects() {
        let table = [
            (r"^\d+$", Some("^[0-9]+$")),
            (r"[\w-]", Some("[A-Za-z0-9_-]")),
            (r"[a&&b]", Some(r"[a\&\&b]")),
            (r"\/\-", Some(r"/\-")),
            (r"\u0041", Some(r"\u{0041}")),
            (r"(?:a)", Some("(?:a)")),
            (r"(?i)a", None),
            (r"(?=a)", None),
            (r"\Aa", None),
            (r"[]", None),
        ];
        for (pattern, expected) in table {
            assert_eq!(translated(pattern).as_deref(), expected, "{pattern}");
        }
    }
}
