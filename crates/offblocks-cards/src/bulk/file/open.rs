//! Opening a journal's file: making it, or reading the state of the job from it.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::Stream;
use offblocks_client::{Clock, Random};
use offblocks_types::chrono::{DateTime, Utc};
use tokio::sync::{Mutex, Notify};

use super::append::Appender;
use super::error::FileJournalError;
use super::input::known_rows;
use super::read::{self, Replayed, io_error};
use super::recent::Recent;
use super::record::{self, FORMAT, Record, encode};
use super::state::JobState;
use super::{FileJournal, Inner};
use crate::Cards;
use crate::bulk::journal::{Claim, History};
use crate::bulk::row::CardRow;

/// How a journal's file is opened.
#[derive(Clone, Debug)]
pub struct FileJournalOptions {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    repair: bool,
}

/// What was found in a journal's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovery {
    /// Whether an earlier run had begun the job.
    pub resumed: bool,
    /// The rows that earlier runs had begun and not ended.
    pub open: u64,
    /// How many bytes at the end of the file were cut off, because writing them was interrupted or,
    /// with [`repair`](FileJournalOptions::repair), because they were damaged.
    pub lost_bytes: u64,
}

impl FileJournalOptions {
    /// The clock and the randomness of the cards' client are used.
    #[must_use]
    pub fn new(cards: &Cards) -> Self {
        let client = cards.client();
        Self::of(Arc::clone(client.clock()), Arc::clone(client.random()))
    }

    pub(crate) fn of(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self {
            clock,
            random,
            repair: false,
        }
    }

    /// Cuts a damaged file off at the damage instead of rejecting it. The rows whose lines are lost
    /// are found out again.
    #[must_use]
    pub fn repair(self, repair: bool) -> Self {
        Self { repair, ..self }
    }

    /// Opens the file, or makes it, for a job with these rows.
    ///
    /// # Errors
    /// When the file cannot be used, is in use, is damaged, or belongs to other rows.
    pub async fn open<S>(
        self,
        path: impl AsRef<Path>,
        mut rows: S,
    ) -> Result<FileJournal<S>, FileJournalError>
    where
        S: Stream<Item = CardRow> + Send + Unpin,
    {
        let path = path.as_ref();
        let mut file = lock(path)?;
        let now: DateTime<Utc> = self.clock.now().into();
        let (state, checksum, recovery, ready) = match read::replay(path, self.repair)? {
            Some(replayed) => {
                let ready = self.resume(path, &mut file, &replayed, &mut rows).await?;
                let recovery = Recovery {
                    resumed: true,
                    open: ready.len() as u64,
                    lost_bytes: replayed.lost,
                };
                (replayed.state, replayed.checksum, recovery, ready)
            }
            None => {
                let (state, checksum) = self.begin(path, &mut file, now)?;
                (state, checksum, Recovery::default(), VecDeque::new())
            }
        };
        // A row that is not in this file may have been sent by a run whose last lines were lost.
        let unreserved = match recovery.resumed {
            true => History::MaybeSent {
                since: state.latest.into(),
            },
            false => History::Unsent,
        };
        let appender = Appender::start(file, checksum).map_err(|error| io_error(path, error))?;
        let (job, began) = (state.id, state.began.into());
        let journal = FileJournal {
            path: path.to_owned(),
            job,
            began,
            recovery,
            clock: self.clock,
            appender,
            inner: Mutex::new(Inner {
                state,
                rows: Some(rows),
                ready,
                recent: Recent::default(),
                unreserved,
            }),
            ended: Notify::new(),
        };
        Ok(journal)
    }

    fn begin(
        &self,
        path: &Path,
        file: &mut File,
        now: DateTime<Utc>,
    ) -> Result<(JobState, u32), FileJournalError> {
        let record = Record::Job {
            format: FORMAT,
            id: self.random.uuid(),
            began: now,
        };
        let (line, checksum) = encode(record::START, &record);
        let written = file
            .set_len(0)
            .and_then(|()| file.write_all(line.as_bytes()))
            .and_then(|()| file.sync_all())
            .and_then(|()| sync_folder(path));
        written.map_err(|error| io_error(path, error))?;
        let state = JobState::first(&record).expect("the record is of this version's format");
        Ok((state, checksum))
    }

    /// Cuts off what is not valid, and returns the rows that are open.
    async fn resume<S>(
        &self,
        path: &Path,
        file: &mut File,
        replayed: &Replayed,
        rows: &mut S,
    ) -> Result<VecDeque<Claim>, FileJournalError>
    where
        S: Stream<Item = CardRow> + Send + Unpin,
    {
        let state = &replayed.state;
        // The rows are compared first: a wrong call leaves the file as it was.
        let open = known_rows(path, state, replayed.length, rows).await?;
        let cut = file
            .set_len(replayed.length)
            .and_then(|()| file.seek(SeekFrom::End(0)))
            .and_then(|_| file.sync_all());
        cut.map_err(|error| io_error(path, error))?;
        let claims = open.into_iter().map(|(number, row)| {
            let (round, since) = state.round(number);
            Claim {
                number,
                row,
                round,
                history: History::MaybeSent { since },
            }
        });
        Ok(claims.collect())
    }
}

impl<S: Stream<Item = CardRow> + Send + Unpin> FileJournal<S> {
    /// Opens the file, or makes it, for a job with these rows; see
    /// [`FileJournalOptions::open`].
    ///
    /// # Errors
    /// As [`FileJournalOptions::open`].
    pub async fn open(
        cards: &Cards,
        path: impl AsRef<Path>,
        rows: S,
    ) -> Result<Self, FileJournalError> {
        FileJournalOptions::new(cards).open(path, rows).await
    }
}

/// The file, made where it does not exist, and locked: no other process can work with it.
fn lock(path: &Path) -> Result<File, FileJournalError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(path).map_err(|error| io_error(path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FileJournalError::InUse {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(io_error(path, error)),
    }
}

/// Makes the file's name durable too.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    // Folders cannot be opened everywhere; where they cannot, there is nothing to synchronise.
    match File::open(folder) {
        Ok(folder) => folder.sync_all(),
        Err(_) => Ok(()),
    }
}
