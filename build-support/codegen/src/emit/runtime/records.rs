//! Records in a stream of bytes that may go on without an end: server-sent events, JSON values on
//! lines, and JSON text sequences.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;

/// How many bytes one record may have.
pub const MAX_RECORD: usize = 16 * 1024 * 1024;

/// A server-sent event (HTML, "Server-sent events").
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Event<T> {
    /// What it says.
    pub data: T,
    /// Its type, where it is not `message`.
    pub event: Option<String>,
    /// Its id, where it has one. A reader that connects again sends the last one back.
    pub id: Option<String>,
    /// How long a reader waits before it connects again, from now on.
    pub retry: Option<Duration>,
}

impl<T> Event<T> {
    /// An event with nothing but data.
    pub fn new(data: T) -> Self {
        Self {
            data,
            event: None,
            id: None,
            retry: None,
        }
    }

    /// Sets the type.
    #[must_use]
    pub fn with_event(mut self, event: impl Into<String>) -> Self {
        self.event = Some(event.into());
        self
    }

    /// Sets the id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets how long a reader waits before it connects again.
    #[must_use]
    pub fn with_retry(mut self, retry: Duration) -> Self {
        self.retry = Some(retry);
        self
    }

    /// The same event with other data.
    ///
    /// # Errors
    /// What `change` fails with.
    pub fn try_map<U, E>(self, change: impl FnOnce(T) -> Result<U, E>) -> Result<Event<U>, E> {
        Ok(Event {
            data: change(self.data)?,
            event: self.event,
            id: self.id,
            retry: self.retry,
        })
    }
}

/// Why a record cannot be read or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum RecordError {
    /// It is longer than [`MAX_RECORD`].
    TooLong,
    /// It is not text in UTF-8.
    NotText,
    /// It is not JSON of the type that the contract gives it.
    Json {
        /// The text.
        text: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A line break, which an event cannot carry in this place.
    LineBreak,
    /// The bytes did not come to their end, or what should have been sent could not be made.
    Broken(BoxError),
}

/// An error of any type.
pub type BoxError = Box<dyn Error + Send + Sync>;

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "a record is longer than {MAX_RECORD} bytes"),
            Self::NotText => f.write_str("a record is not text in utf-8"),
            Self::Json { source, .. } => {
                write!(f, "a record is not what the contract says: {source}")
            }
            Self::LineBreak => f.write_str(
                "an event has a line break in its type or id, or a carriage return in its data",
            ),
            Self::Broken(error) => write!(f, "the stream broke off: {error}"),
        }
    }
}

impl Error for RecordError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Json { source, .. } => Some(source),
            Self::Broken(error) => Some(&**error),
            _ => None,
        }
    }
}

/// How records stand in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// `text/event-stream`.
    Events,
    /// One on each line: `application/x-ndjson`, `application/jsonl`.
    Lines,
    /// Each behind a record separator (RFC 7464): `application/json-seq`.
    Sequence,
}

/// Finds records in bytes, however these are cut.
#[derive(Debug)]
pub struct Decoder {
    framing: Framing,
    buffer: Vec<u8>,
    /// How many bytes of the buffer hold no end of a line.
    searched: usize,
    /// How many bytes of the buffer were given out.
    start: usize,
    begun: bool,
    ended: bool,
    /// The event whose lines are being read.
    event: Event<String>,
    any_data: bool,
}

impl Decoder {
    /// Starts before the first byte.
    #[must_use]
    pub fn new(framing: Framing) -> Self {
        Self {
            framing,
            buffer: Vec::new(),
            searched: 0,
            start: 0,
            begun: false,
            ended: false,
            event: Event::default(),
            any_data: false,
        }
    }

    /// Adds bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Says that no more bytes follow.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// The next record, whose text is the data of an event; nothing until there are more bytes.
    /// At the end of the bytes a line without its end is a record, and an event without the empty
    /// line behind it is not.
    pub fn next(&mut self) -> Option<Result<Event<String>, RecordError>> {
        if self.framing == Framing::Sequence {
            return self.sequence();
        }
        loop {
            let line = match self.line()? {
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            let found = match self.framing {
                Framing::Events => self.field(&line),
                _ if line.trim().is_empty() => None,
                _ => Some(Event::new(line)),
            };
            if self.event.data.len() > MAX_RECORD {
                self.event = Event::default();
                return Some(Err(RecordError::TooLong));
            }
            if found.is_some() {
                return found.map(Ok);
            }
        }
    }

    /// The next text behind a separator. A text that its separator cuts short is not JSON.
    fn sequence(&mut self) -> Option<Result<Event<String>, RecordError>> {
        const SEPARATOR: u8 = 0x1E;
        loop {
            let from = self.searched;
            let found = self.buffer[from..]
                .iter()
                .position(|byte| *byte == SEPARATOR);
            let end = match found {
                Some(at) => from + at,
                None if self.ended && self.start < self.buffer.len() => self.buffer.len(),
                None => {
                    self.searched = self.buffer.len();
                    return self.is_too_long();
                }
            };
            let text = self.text(end);
            self.start = (end + 1).min(self.buffer.len());
            self.searched = self.start;
            match text {
                Ok(text) if text.trim().is_empty() => {}
                text => return Some(text.map(Event::new)),
            }
        }
    }

    /// The next line, without its end: `\n`, `\r\n`, and for events also `\r`.
    fn line(&mut self) -> Option<Result<String, RecordError>> {
        self.skip_mark();
        let alone = self.framing == Framing::Events;
        let from = self.searched;
        let ends = |byte: &u8| *byte == b'\n' || (alone && *byte == b'\r');
        let found = self.buffer[from..]
            .iter()
            .position(ends)
            .map(|at| from + at);
        let (end, next) = match found {
            Some(end) if self.buffer[end] == b'\r' => match self.buffer.get(end + 1) {
                Some(b'\n') => (end, end + 2),
                Some(_) => (end, end + 1),
                // The line feed that belongs to it may follow.
                None if self.ended => (end, end + 1),
                None => {
                    self.searched = end;
                    return None;
                }
            },
            Some(end) => (end, end + 1),
            None if self.ended && self.start < self.buffer.len() => {
                (self.buffer.len(), self.buffer.len())
            }
            None => {
                self.searched = self.buffer.len();
                return self.is_too_long().map(|error| error.map(|_| String::new()));
            }
        };
        let cut = end > self.start && !alone && self.buffer[end - 1] == b'\r';
        let text = self.text(if cut { end - 1 } else { end });
        self.start = next;
        self.searched = next;
        Some(text)
    }

    /// A byte order mark at the beginning means nothing.
    fn skip_mark(&mut self) {
        const MARK: &[u8] = b"\xEF\xBB\xBF";
        if self.begun
            || (self.buffer.len() < MARK.len() && MARK.starts_with(&self.buffer) && !self.ended)
        {
            return;
        }
        self.begun = true;
        if self.buffer.starts_with(MARK) {
            self.start = MARK.len();
            self.searched = self.start;
        }
    }

    fn text(&self, end: usize) -> Result<String, RecordError> {
        let bytes = self.buffer[self.start..end].to_vec();
        match self.framing {
            // Events are decoded with replacement characters.
            Framing::Events => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            _ => String::from_utf8(bytes).map_err(|_| RecordError::NotText),
        }
    }

    fn is_too_long(&mut self) -> Option<Result<Event<String>, RecordError>> {
        if self.buffer.len() - self.start <= MAX_RECORD {
            return None;
        }
        self.start = self.buffer.len();
        Some(Err(RecordError::TooLong))
    }

    /// Takes a line of an event; an empty one ends it.
    fn field(&mut self, line: &str) -> Option<Event<String>> {
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            if std::mem::take(&mut self.any_data) {
                return Some(event);
            }
            // An id and a time to wait hold on where there is no data.
            self.event.id = event.id;
            self.event.retry = event.retry;
            return None;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "data" => {
                if self.any_data {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
                self.any_data = true;
            }
            "event" => self.event.event = Some(value.to_owned()).filter(|name| !name.is_empty()),
            "id" if !value.contains('\0') => self.event.id = Some(value.to_owned()),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                let retry = value.parse().ok().map(Duration::from_millis);
                self.event.retry = retry.or(self.event.retry);
            }
            _ => {}
        }
        None
    }
}

/// Records to be sent one after another, as a stream makes them. Nothing is sent after an error, and
/// the receiver sees that the body was cut off.
pub struct Records<R>(Pin<Box<dyn Stream<Item = Result<R, RecordError>> + Send>>);

impl<R: Send + 'static> Records<R> {
    /// The records of a stream.
    pub fn new<E: Into<BoxError>>(
        records: impl Stream<Item = Result<R, E>> + Send + 'static,
    ) -> Self {
        Self(Box::pin(records.map(|record| {
            record.map_err(|error| RecordError::Broken(error.into()))
        })))
    }
}

impl<R: Send + 'static> From<Vec<R>> for Records<R> {
    fn from(records: Vec<R>) -> Self {
        Self(Box::pin(stream::iter(records.into_iter().map(Ok))))
    }
}

impl<R> fmt::Debug for Records<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").finish_non_exhaustive()
    }
}

/// What is sent.
pub type Texts = Pin<Box<dyn Stream<Item = Result<String, RecordError>> + Send>>;

impl<R: Serialize + 'static> Records<R> {
    /// Each record as JSON on a line.
    #[must_use]
    pub fn into_lines(self) -> Texts {
        Box::pin(self.0.map(|record| Ok(json(&record?)? + "\n")))
    }

    /// Each record as JSON behind a record separator.
    #[must_use]
    pub fn into_sequence(self) -> Texts {
        Box::pin(
            self.0
                .map(|record| Ok(format!("\u{1E}{}\n", json(&record?)?))),
        )
    }
}

impl<T: Serialize + 'static> Records<Event<T>> {
    /// Each record as an event whose data is JSON.
    #[must_use]
    pub fn into_events(self) -> Texts {
        Box::pin(
            self.0
                .map(|event| written(&event?.try_map(|data| json(&data))?)),
        )
    }
}

impl Records<Event<String>> {
    /// Each record as an event whose data is text.
    #[must_use]
    pub fn into_text_events(self) -> Texts {
        Box::pin(self.0.map(|event| written(&event?)))
    }
}

fn json(value: &impl Serialize) -> Result<String, RecordError> {
    serde_json::to_string(value).map_err(|error| RecordError::Broken(error.into()))
}

/// The text of an event.
///
/// # Errors
/// [`RecordError::LineBreak`] where a reader would find other fields.
pub fn written(event: &Event<String>) -> Result<String, RecordError> {
    let breaks = |text: &Option<String>, also: &[char]| {
        text.as_deref()
            .is_some_and(|text| text.contains(['\r', '\n']) || text.contains(also))
    };
    if breaks(&event.event, &[]) || breaks(&event.id, &['\0']) || event.data.contains('\r') {
        return Err(RecordError::LineBreak);
    }
    let mut text = String::new();
    let mut field = |name: &str, value: &str| text.push_str(&format!("{name}: {value}\n"));
    event.event.iter().for_each(|name| field("event", name));
    event.id.iter().for_each(|id| field("id", id));
    if let Some(retry) = event.retry {
        field("retry", &retry.as_millis().to_string());
    }
    event.data.split('\n').for_each(|line| field("data", line));
    text.push('\n');
    Ok(text)
}
