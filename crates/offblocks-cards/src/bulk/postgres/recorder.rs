//! Records how rows ended, several in one statement.
//!
//! Rows end while a statement is on its way, and the next statement records all of them. So many rows that
//! end at once need few statements, and a row that ends alone is recorded at once.

use futures_util::future::join_all;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::claims::End;
use super::error::PostgresJournalError;
use super::job::PostgresJob;
use crate::bulk::journal::Finished;

/// How many rows one statement records at most.
const MOST: usize = 256;

/// The result of recording a row's end, and how many other rows became open.
type Recorded = Result<(Finished, u64), PostgresJournalError>;

/// A row's end, and the caller that waits until it is recorded.
type Request = (End, oneshot::Sender<Recorded>);

/// The task that records. Rows that were handed over are recorded, even if the caller has gone.
#[derive(Debug)]
pub(super) struct Recorder {
    requests: mpsc::Sender<Request>,
    task: JoinHandle<()>,
}

impl Recorder {
    /// Starts the task.
    pub(super) fn start(job: PostgresJob) -> Self {
        let (requests, incoming) = mpsc::channel(MOST);
        let task = tokio::spawn(run(job, incoming));
        Self { requests, task }
    }

    /// Records how a row ended.
    pub(super) async fn record(&self, end: End) -> Recorded {
        let (reply, recorded) = oneshot::channel();
        let handed_over = self.requests.send((end, reply)).await;
        handed_over.map_err(|_| stopped())?;
        recorded.await.map_err(|_| stopped())?
    }

    /// Waits until what was handed over is recorded, and ends the task.
    pub(super) async fn close(self) {
        drop(self.requests);
        // A caller that waits for a row's record gets an error after a panic.
        let _ = self.task.await;
    }
}

async fn run(job: PostgresJob, mut incoming: mpsc::Receiver<Request>) {
    let mut requests = Vec::new();
    while incoming.recv_many(&mut requests, MOST).await > 0 {
        record(&job, std::mem::take(&mut requests)).await;
    }
}

/// Records all in one statement, and those that it leaves out by a statement each.
async fn record(job: &PostgresJob, requests: Vec<Request>) {
    let (ends, replies): (Vec<End>, Vec<_>) = requests.into_iter().unzip();
    let (recorded, mut opened) = match ends.len() {
        1 => Default::default(),
        // One of the cards may belong to another row. Each statement of a single row says what is wrong
        // with it.
        _ => job.finish(&ends).await.unwrap_or_default(),
    };
    let each = ends.iter().zip(replies).map(|(end, reply)| {
        let before = recorded.contains(&end.row);
        // The rows that became open are counted once.
        let opened = if before {
            std::mem::take(&mut opened)
        } else {
            0
        };
        async move {
            let recorded = match before {
                true => Ok((Finished::Recorded, opened)),
                false => job.finish_one(end).await,
            };
            // The caller may be dropped.
            let _ = reply.send(recorded);
        }
    });
    join_all(each).await;
}

fn stopped() -> PostgresJournalError {
    PostgresJournalError::Database("the task that records the ends of rows has ended".into())
}
