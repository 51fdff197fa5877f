//! Responses that are read record by record, as they come.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt};
use progenitor_client::{ByteStream, ResponseValue};
use serde::de::DeserializeOwned;

use super::integers;
use super::records::{Decoder, Event, Framing, RecordError};

/// The records of a response, as they come. It is a [`Stream`], and [`RecordStream::next`] needs no
/// further crate.
///
/// A record that is not what the contract says is an error in its place, and the ones behind it
/// follow. The client's limit on the time of a whole response does not hold here.
pub struct RecordStream<R> {
    bytes: ByteStream,
    decoder: Decoder,
    /// From a record to a value; nothing at the end that is agreed on.
    read: fn(Event<String>) -> Result<Option<R>, RecordError>,
    done: bool,
}

impl<R> RecordStream<R> {
    /// The next record; nothing at the end.
    ///
    /// # Errors
    /// [`RecordError`] for a record that cannot be read, and where the connection fails.
    pub async fn next(&mut self) -> Option<Result<R, RecordError>> {
        StreamExt::next(self).await
    }

    fn new(
        response: ResponseValue<ByteStream>,
        framing: Framing,
        read: fn(Event<String>) -> Result<Option<R>, RecordError>,
    ) -> ResponseValue<Self> {
        let (status, headers) = (response.status(), response.headers().clone());
        let records = Self {
            bytes: response.into_inner(),
            decoder: Decoder::new(framing),
            read,
            done: false,
        };
        ResponseValue::new(records, status, headers)
    }
}

impl<T: DeserializeOwned> RecordStream<Event<T>> {
    /// Events whose data is JSON. Data that is `[DONE]`, which is not JSON, ends the stream.
    #[doc(hidden)]
    #[must_use]
    pub fn events(response: ResponseValue<ByteStream>) -> ResponseValue<Self> {
        Self::new(response, Framing::Events, |event| match event.data.trim() {
            "[DONE]" => Ok(None),
            _ => event.try_map(from_json).map(Some),
        })
    }
}

impl RecordStream<Event<String>> {
    /// Events whose data is text.
    #[doc(hidden)]
    #[must_use]
    pub fn text_events(response: ResponseValue<ByteStream>) -> ResponseValue<Self> {
        Self::new(response, Framing::Events, |event| Ok(Some(event)))
    }
}

impl<R: DeserializeOwned> RecordStream<R> {
    /// JSON on lines.
    #[doc(hidden)]
    #[must_use]
    pub fn lines(response: ResponseValue<ByteStream>) -> ResponseValue<Self> {
        Self::new(response, Framing::Lines, |line| from_json(line.data).map(Some))
    }

    /// JSON behind record separators.
    #[doc(hidden)]
    #[must_use]
    pub fn sequence(response: ResponseValue<ByteStream>) -> ResponseValue<Self> {
        Self::new(response, Framing::Sequence, |text| from_json(text.data).map(Some))
    }
}

impl<R> Stream for RecordStream<R> {
    type Item = Result<R, RecordError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if self.done {
                return Poll::Ready(None);
            }
            if let Some(record) = self.decoder.next() {
                let value = record.and_then(self.read).transpose();
                self.done = value.is_none();
                return Poll::Ready(value);
            }
            match self.bytes.poll_next_unpin(context) {
                Poll::Ready(Some(Ok(bytes))) => self.decoder.push(&bytes),
                Poll::Ready(Some(Err(error))) => {
                    self.done = true;
                    return Poll::Ready(Some(Err(RecordError::Broken(error.into()))));
                }
                Poll::Ready(None) => {
                    self.decoder.end();
                    let last = self.decoder.next();
                    self.done = last.is_none();
                    if let Some(record) = last {
                        return Poll::Ready(record.and_then(self.read).transpose());
                    }
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<R> fmt::Debug for RecordStream<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordStream").finish_non_exhaustive()
    }
}

fn from_json<T: DeserializeOwned>(text: String) -> Result<T, RecordError> {
    let read = serde_json::from_str(&text).or_else(|error| {
        let mut value = serde_json::from_str(&text)?;
        integers::normalise(&mut value);
        serde_json::from_value(value).map_err(|_| error)
    });
    read.map_err(|source| RecordError::Json { text, source })
}
