//! The thread that writes a journal's file.
//!
//! A caller that needs a line to be durable waits for it. One synchronisation of the file serves all callers
//! that wait at that time. Lines for which no caller waits are written at once, and become durable with the
//! next ones.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::record::{Record, encode};
use crate::bulk::journal::JournalError;

/// How many lines may wait to be written.
const QUEUE: usize = 4096;

type Durable = oneshot::Sender<Result<(), Arc<io::Error>>>;

enum Request {
    Append(Record, Option<Durable>),
    Flush(Durable),
}

/// Appends lines to a file. Dropping it writes what was handed over, closes the file and frees its
/// lock.
#[derive(Debug)]
pub(crate) struct Appender {
    /// `None` only while it is dropped.
    requests: Option<mpsc::Sender<Request>>,
    thread: Option<JoinHandle<()>>,
}

/// A line that was handed over and may not be durable yet.
#[derive(Debug)]
#[must_use]
pub(crate) struct Appended(oneshot::Receiver<Result<(), Arc<io::Error>>>);

impl Appender {
    /// Starts the thread.
    pub(crate) fn start(file: File, checksum: u32) -> io::Result<Self> {
        let (requests, incoming) = mpsc::channel(QUEUE);
        let writer = Writer {
            file,
            checksum,
            failure: None,
        };
        let thread = std::thread::Builder::new().name("bulk-journal".to_owned());
        let thread = thread.spawn(move || writer.run(incoming))?;
        Ok(Self {
            requests: Some(requests),
            thread: Some(thread),
        })
    }

    /// Hands over a line that has to be durable.
    pub(crate) async fn append(&self, record: Record) -> Result<Appended, JournalError> {
        let (durable, appended) = oneshot::channel();
        self.hand_over(Request::Append(record, Some(durable)))
            .await?;
        Ok(Appended(appended))
    }

    /// Hands over a line that may be lost, because its content can be found out again.
    pub(crate) async fn note(&self, record: Record) -> Result<(), JournalError> {
        self.hand_over(Request::Append(record, None)).await
    }

    /// Waits until everything handed over so far is durable.
    pub(crate) async fn flush(&self) -> Result<(), JournalError> {
        let (durable, flushed) = oneshot::channel();
        self.hand_over(Request::Flush(durable)).await?;
        Appended(flushed).wait().await
    }

    async fn hand_over(&self, request: Request) -> Result<(), JournalError> {
        match &self.requests {
            Some(requests) => requests.send(request).await.map_err(|_| ended()),
            None => Err(ended()),
        }
    }
}

impl Drop for Appender {
    fn drop(&mut self) {
        self.requests = None;
        // The thread writes what is left, which takes as long as one write. Its panic was printed.
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Appended {
    /// Waits until the line is durable.
    pub(crate) async fn wait(self) -> Result<(), JournalError> {
        let outcome = self.0.await.map_err(|_| ended())?;
        outcome.map_err(JournalError::new)
    }
}

fn ended() -> JournalError {
    JournalError::new("the thread that writes the file has ended")
}

struct Writer {
    file: File,
    checksum: u32,
    /// After a failure nothing more is written: the file may end in the middle of a line.
    failure: Option<Arc<io::Error>>,
}

impl Writer {
    fn run(mut self, mut incoming: mpsc::Receiver<Request>) {
        while let Some(first) = incoming.blocking_recv() {
            let mut waiting = Vec::new();
            let mut text = String::new();
            self.take(first, &mut text, &mut waiting);
            while let Ok(next) = incoming.try_recv() {
                self.take(next, &mut text, &mut waiting);
            }
            let outcome = self.write(&text, !waiting.is_empty());
            for durable in waiting {
                // The caller may be dropped.
                let _ = durable.send(outcome.clone());
            }
        }
    }

    fn take(&mut self, request: Request, text: &mut String, waiting: &mut Vec<Durable>) {
        match request {
            Request::Append(record, durable) => {
                let (line, checksum) = encode(self.checksum, &record);
                self.checksum = checksum;
                text.push_str(&line);
                waiting.extend(durable);
            }
            Request::Flush(durable) => waiting.push(durable),
        }
    }

    fn write(&mut self, text: &str, durable: bool) -> Result<(), Arc<io::Error>> {
        if let Some(failure) = &self.failure {
            return Err(Arc::clone(failure));
        }
        let written = self.file.write_all(text.as_bytes());
        let written = written.and_then(|()| match durable {
            true => self.file.sync_data(),
            false => Ok(()),
        });
        written.map_err(|error| {
            let error = Arc::new(error);
            self.failure = Some(Arc::clone(&error));
            error
        })
    }
}
