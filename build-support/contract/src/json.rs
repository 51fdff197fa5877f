//! JSON text becomes a tree, with exact places.
//!
//! Not every JSON text is also YAML: YAML has no surrogate pairs in escapes, and limits keys to a thousand
//! characters. Source: RFC 8259.

use super::node::{Member, Node, Value};
use super::scalar::json_number;
use super::span::{FileId, Span};
use super::text::mark_length;
use super::tree::{MAX_DEPTH, plain_value, too_deep, unique};
use crate::diagnostics::Diagnostic;

/// Reads a JSON text. Findings that leave a tree, warnings among them, go to `found`.
pub(super) fn parse(
    file: FileId,
    text: &str,
    found: &mut Vec<Diagnostic>,
) -> Result<Node, Box<Diagnostic>> {
    let mut reader = Reader {
        file,
        text,
        at: mark_length(text),
        found,
    };
    let root = reader.value(0)?;
    reader.blank();
    match reader.peek() {
        None => Ok(root),
        Some(_) => Err(reader.unexpected("the end of the text")),
    }
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    found: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Steps over a byte if it comes next, blanks before it included.
    fn take(&mut self, byte: u8) -> bool {
        self.blank();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn since(&self, start: usize) -> Span {
        Span::new(self.file, start, self.at)
    }

    fn value(&mut self, depth: usize) -> Result<Node, Box<Diagnostic>> {
        self.blank();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => return Err(too_deep(self.since(start))),
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node::new(value, self.since(start)))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Box<Diagnostic>> {
        self.at += 1;
        let mut members = Vec::new();
        if self.take(b'}') {
            return Ok(Value::Object(members.into()));
        }
        loop {
            members.push(self.member(depth)?);
            if self.take(b',') {
                continue;
            }
            if self.take(b'}') {
                unique(&mut members, self.found);
                // Most objects have few members, and each is large.
                members.shrink_to_fit();
                return Ok(Value::Object(members.into()));
            }
            return Err(self.unexpected("`,` or `}`"));
        }
    }

    fn member(&mut self, depth: usize) -> Result<Member, Box<Diagnostic>> {
        self.blank();
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let key = self.string()?;
        let key_span = self.since(start);
        if !self.take(b':') {
            return Err(self.unexpected("`:`"));
        }
        let value = self.value(depth + 1)?;
        Ok(Member {
            key,
            key_span,
            value,
        })
    }

    fn array(&mut self, depth: usize) -> Result<Value, Box<Diagnostic>> {
        self.at += 1;
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(b',') {
                continue;
            }
            if self.take(b']') {
                items.shrink_to_fit();
                return Ok(Value::Array(items));
            }
            return Err(self.unexpected("`,` or `]`"));
        }
    }

    fn word(&mut self) -> Result<Value, Box<Diagnostic>> {
        let words = [
            ("null", Value::Null),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
        ];
        for (word, value) in words {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.unexpected("a value"))
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    fn number(&mut self) -> Result<Value, Box<Diagnostic>> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        let span = self.since(start);
        Ok(plain_value(json_number(text), text, span, self.found))
    }

    fn digits(&mut self) -> Result<(), Box<Diagnostic>> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.unexpected("a digit"));
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, Box<Diagnostic>> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let run = self.at;
            while self
                .peek()
                .is_some_and(|b| !matches!(b, b'"' | b'\\' | 0..0x20))
            {
                self.at += 1;
            }
            out.push_str(&self.text[run..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => return Err(self.unexpected("an escape such as `\\n`")),
                None => {
                    let opening = Span::new(self.file, start, start + 1);
                    let error = self.unexpected("`\"`");
                    return Err(error.with_related(opening, "the string begins here").into());
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Box<Diagnostic>> {
        self.at += 1;
        let simple = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.unexpected("one of `\"\\/bfnrtu`")),
        };
        self.at += 1;
        Ok(simple)
    }

    /// `\uXXXX`, or two of them where the first is half of a surrogate pair.
    fn unicode(&mut self) -> Result<char, Box<Diagnostic>> {
        let start = self.at - 1;
        let first = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            self.at += 1;
            let second = self.hex()?;
            let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400);
            low.map_or(first, |low| 0x10000 + ((first - 0xd800) << 10) + low)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| {
            let span = self.since(start);
            Diagnostic::error(
                "read::syntax",
                "half a surrogate pair is not a valid character",
                span,
            )
            .with_help("write the character itself, or both halves of its pair")
            .into()
        })
    }

    fn hex(&mut self) -> Result<u32, Box<Diagnostic>> {
        self.at += 1;
        let digits = self.text.get(self.at..self.at + 4);
        let code = digits
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.unexpected("four hexadecimal digits"))?;
        self.at += 4;
        Ok(code)
    }

    fn unexpected(&self, wanted: &str) -> Box<Diagnostic> {
        let next = self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next());
        let length = next.map_or(0, char::len_utf8);
        let span = Span::new(self.file, self.at, self.at + length);
        let got = next.map_or("the text ends".to_owned(), |c| format!("found {c:?}"));
        let message = format!("this is not JSON: {got} where {wanted} must stand");
        let error = Diagnostic::error("read::syntax", message, span);
        Box::new(error.with_label("reading stopped here"))
    }
}
