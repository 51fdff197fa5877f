//! Requests that are read record by record, as they come.

use axum::body::Body;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::records::{Decoder, Event, Framing, RecordError};
use super::{Incoming, Operation, Rejection, Violation, body, json};

/// The records of a request, as they come. Each is checked against the contract when it is read.
pub struct RecordReader<R> {
    operation: &'static Operation,
    schema: Option<&'static str>,
    body: Body,
    decoder: Decoder,
    ended: bool,
    /// How many records were read.
    count: usize,
    read: fn(&Self, Event<String>) -> Result<R, Rejection>,
}

impl<R> RecordReader<R> {
    /// The next record; nothing at the end.
    ///
    /// # Errors
    /// [`Rejection`] where a record breaks the contract, or the body breaks off.
    pub async fn next(&mut self) -> Result<Option<R>, Rejection> {
        loop {
            if let Some(record) = self.decoder.next() {
                let record = record.map_err(|error| self.broken(&error))?;
                let value = (self.read)(self, record)?;
                self.count += 1;
                return Ok(Some(value));
            }
            if self.ended {
                return Ok(None);
            }
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        self.decoder.push(&bytes);
                    }
                }
                Some(Err(error)) => return Err(body::failure(&error)),
                None => {
                    self.ended = true;
                    self.decoder.end();
                }
            }
        }
    }

    fn new(
        incoming: &Incoming,
        body: Body,
        framing: Framing,
        read: fn(&Self, Event<String>) -> Result<R, Rejection>,
    ) -> Self {
        Self {
            operation: incoming.operation(),
            schema: incoming.body_schema(),
            body,
            decoder: Decoder::new(framing),
            ended: false,
            count: 0,
            read,
        }
    }

    fn broken(&self, error: &RecordError) -> Rejection {
        Rejection::Invalid(vec![Violation::at(self.pointer(), error.to_string())])
    }

    /// Records are counted from 0, as the items of an array.
    fn pointer(&self) -> String {
        format!("/{}", self.count)
    }

    fn value<T: DeserializeOwned>(&self, text: &str) -> Result<T, Rejection> {
        let place = self.pointer();
        let inside = |mut violation: Violation| {
            violation.pointer = format!("{place}{}", violation.pointer);
            violation
        };
        let value: Value = match json::parse(text.as_bytes()) {
            Ok(value) => value,
            Err(rejection) => {
                let found = Violation::at(place, rejection.to_string());
                return Err(Rejection::Invalid(vec![found]));
            }
        };
        if let Some(schema) = self.schema {
            let found = self.operation.schemas.violations(schema, &value);
            let found = found.map_err(|error| Rejection::Inconsistent(error.to_string()))?;
            if !found.is_empty() {
                return Err(Rejection::Invalid(found.into_iter().map(inside).collect()));
            }
        }
        let decoded = json::decode_from(text.as_bytes(), value);
        decoded.map_err(|found| Rejection::Invalid(vec![inside(found)]))
    }
}

impl<R: DeserializeOwned> RecordReader<R> {
    /// JSON on lines.
    #[must_use]
    pub fn lines(incoming: &Incoming, body: Body) -> Self {
        Self::new(incoming, body, Framing::Lines, |this, line| this.value(&line.data))
    }

    /// JSON behind record separators.
    #[must_use]
    pub fn sequence(incoming: &Incoming, body: Body) -> Self {
        Self::new(incoming, body, Framing::Sequence, |this, text| this.value(&text.data))
    }
}

impl<T: DeserializeOwned> RecordReader<Event<T>> {
    /// Events whose data is JSON.
    #[must_use]
    pub fn events(incoming: &Incoming, body: Body) -> Self {
        Self::new(incoming, body, Framing::Events, |this, event| {
            event.try_map(|data| this.value(&data))
        })
    }
}

impl RecordReader<Event<String>> {
    /// Events whose data is text.
    #[must_use]
    pub fn text_events(incoming: &Incoming, body: Body) -> Self {
        Self::new(incoming, body, Framing::Events, |_, event| Ok(event))
    }
}

impl<R> std::fmt::Debug for RecordReader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let operation = &self.operation.id;
        f.debug_struct("RecordReader").field("operation", operation).finish_non_exhaustive()
    }
}
