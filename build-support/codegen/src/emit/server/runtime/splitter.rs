//! Takes a multipart body apart (RFC 2046, section 5.1; RFC 7578), without reading or writing.
//!
//! Bytes go in as they come, however they are cut; heads of parts and pieces of their contents come
//! out. No more than a head or one delimiter is kept.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};

/// How many bytes the headers of one part may have.
pub const MAX_HEAD: usize = 16 * 1024;

/// What comes next in a multipart body.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// Nothing, until there are more bytes.
    More,
    /// A part begins.
    Head(HeaderMap),
    /// Some of its content.
    Data(Bytes),
    /// The part ends.
    End,
    /// The body ends.
    Done,
}

/// Why a body is not a multipart body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// The content type does not name a boundary.
    #[error("the content type names no boundary of 1 to 70 characters")]
    Boundary,
    /// The body ends inside a part, or before the last delimiter.
    #[error("the body ends before its last delimiter")]
    Truncated,
    /// The headers of a part are too long.
    #[error("the headers of a part are longer than {MAX_HEAD} bytes")]
    HeadTooLong,
    /// The headers of a part are not headers.
    #[error("the headers of a part are not valid")]
    Head,
}

/// Takes one body apart.
#[derive(Debug)]
pub struct Splitter {
    buffer: BytesMut,
    /// The line break before a delimiter, and the delimiter.
    delimiter: Vec<u8>,
    place: Place,
    ended: bool,
    any: bool,
}

/// Where in the body the buffer begins.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    /// Before the first delimiter. What stands there means nothing.
    Preamble,
    /// Behind a delimiter; the flag says whether a part ended there.
    Delimiter(bool),
    Head,
    Content,
    Done,
}

impl Splitter {
    /// Starts before a body with this boundary.
    ///
    /// # Errors
    /// [`SplitError::Boundary`] for one that RFC 2046 does not allow.
    pub fn new(boundary: &str) -> Result<Self, SplitError> {
        if boundary.is_empty() || boundary.len() > 70 || boundary.ends_with(' ') {
            return Err(SplitError::Boundary);
        }
        Ok(Self {
            // So that a delimiter at the beginning is found as every other one is.
            buffer: BytesMut::from(&b"\r\n"[..]),
            delimiter: format!("\r\n--{boundary}").into_bytes(),
            place: Place::Preamble,
            ended: false,
            any: false,
        })
    }

    /// Adds bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.any |= !bytes.is_empty();
        if self.place != Place::Done {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// Says that no more bytes follow.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// What comes next.
    ///
    /// # Errors
    /// [`SplitError`] where the bytes are not a multipart body.
    pub fn next(&mut self) -> Result<Step, SplitError> {
        loop {
            let step = match self.place {
                Place::Preamble => self.preamble(),
                Place::Delimiter(after_part) => self.delimiter(after_part)?,
                Place::Head => self.head()?,
                Place::Content => self.content(),
                Place::Done => Some(Step::Done),
            };
            match step {
                // A form without parts is sent as nothing at all.
                Some(Step::More) if self.ended && !self.any => return Ok(Step::Done),
                Some(Step::More) if self.ended => return Err(SplitError::Truncated),
                Some(step) => return Ok(step),
                None => {}
            }
        }
    }

    fn preamble(&mut self) -> Option<Step> {
        let found = find(&self.buffer, &self.delimiter);
        let _ = self.buffer.split_to(found.skipped);
        if !found.whole {
            return Some(Step::More);
        }
        self.place = Place::Delimiter(false);
        None
    }

    /// Behind the boundary stand two hyphens, or white space and a line break. Anything else is not a
    /// delimiter.
    fn delimiter(&mut self, after_part: bool) -> Result<Option<Step>, SplitError> {
        let rest = &self.buffer[self.delimiter.len()..];
        let blank = rest.iter().take_while(|byte| b" \t".contains(byte)).count();
        let (length, next) = match &rest[blank..] {
            [b'\r', b'\n', ..] => (blank + 2, Place::Head),
            [b'-', b'-', ..] if blank == 0 => (2, Place::Done),
            [] | [b'\r'] | [b'-'] if !self.ended => {
                return match blank > MAX_HEAD {
                    true => Err(SplitError::HeadTooLong),
                    false => Ok(Some(Step::More)),
                };
            }
            _ => return Ok(self.no_delimiter(after_part)),
        };
        let _ = self.buffer.split_to(self.delimiter.len() + length);
        self.place = next;
        if next == Place::Done {
            self.buffer.clear();
        }
        Ok(after_part.then_some(Step::End))
    }

    /// What looked like a delimiter belongs to the content, or to what stands before all parts.
    fn no_delimiter(&mut self, after_part: bool) -> Option<Step> {
        let bytes = self.buffer.split_to(self.delimiter.len()).freeze();
        match after_part {
            true => {
                self.place = Place::Content;
                Some(Step::Data(bytes))
            }
            false => {
                self.place = Place::Preamble;
                None
            }
        }
    }

    fn head(&mut self) -> Result<Option<Step>, SplitError> {
        // A part without headers begins with the empty line.
        let end = match self.buffer.starts_with(b"\r\n") {
            true => Some(0),
            false => self.buffer.windows(4).position(|four| four == b"\r\n\r\n"),
        };
        let length = match end {
            Some(0) if self.buffer.starts_with(b"\r\n") => 0,
            Some(end) => end + 2,
            None if self.buffer.len() > MAX_HEAD => return Err(SplitError::HeadTooLong),
            None => return Ok(Some(Step::More)),
        };
        if length > MAX_HEAD {
            return Err(SplitError::HeadTooLong);
        }
        let head = self.buffer.split_to(length);
        // The content begins behind the empty line. Its line break may be that of a delimiter.
        let _ = self.buffer.split_to(2);
        self.place = Place::Content;
        Ok(Some(Step::Head(headers(&head)?)))
    }

    fn content(&mut self) -> Option<Step> {
        let found = find(&self.buffer, &self.delimiter);
        if found.whole {
            self.place = Place::Delimiter(true);
        }
        match (found.skipped, found.whole) {
            (0, true) => None,
            (0, false) => Some(Step::More),
            (skipped, _) => Some(Step::Data(self.buffer.split_to(skipped).freeze())),
        }
    }
}

/// How far bytes are certainly not the beginning of what is looked for, and whether all of it stands
/// there.
struct Found {
    skipped: usize,
    whole: bool,
}

fn find(bytes: &[u8], wanted: &[u8]) -> Found {
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == wanted[0]) {
        let rest = &bytes[from + at..];
        let compared = rest.len().min(wanted.len());
        if rest[..compared] == wanted[..compared] {
            return Found {
                skipped: from + at,
                whole: compared == wanted.len(),
            };
        }
        from += at + 1;
    }
    Found {
        skipped: bytes.len(),
        whole: false,
    }
}

fn headers(head: &[u8]) -> Result<HeaderMap, SplitError> {
    let mut headers = HeaderMap::new();
    let text = head.strip_suffix(b"\r\n").unwrap_or(head);
    if text.is_empty() {
        return Ok(headers);
    }
    for line in text.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.ok_or(SplitError::Head)?);
        let name = HeaderName::from_bytes(name).map_err(|_| SplitError::Head)?;
        let value = HeaderValue::from_bytes(value[1..].trim_ascii());
        headers.append(name, value.map_err(|_| SplitError::Head)?);
    }
    Ok(headers)
}

/// The parameters of a header (`form-data; name="a"`) behind its first word, names in lower case.
/// In quotes a backslash escapes a quote or a backslash, and stands for itself otherwise.
pub fn header_parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, behind)) = rest.split_once('=') {
        let name = name.trim_matches([' ', '\t', ';']).to_ascii_lowercase();
        let behind = behind.trim_start();
        let (value, left) = match behind.strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => {
                let end = behind.find(';').unwrap_or(behind.len());
                (behind[..end].trim_end().to_owned(), &behind[end..])
            }
        };
        found.push((name, value));
        rest = left;
    }
    found
}

/// The text up to the closing quote, and what stands behind it.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &text[at + 1..]),
            '\\' => match characters.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                Some((_, escaped)) => value.push(escaped),
                None => value.push('\\'),
            },
            other => value.push(other),
        }
    }
    (value, "")
}
