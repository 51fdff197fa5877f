//! Reading a journal's file, line by line.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::error::FileJournalError;
use super::record::{self, Record};
use super::state::JobState;

/// The longest line that is written. A longer one is damaged.
const LONGEST_LINE: u64 = 64 * 1024;

/// The lines of a file.
#[derive(Debug)]
pub(crate) struct Lines {
    path: PathBuf,
    file: BufReader<File>,
    /// Where the next line begins.
    offset: u64,
    line: u64,
    checksum: u32,
}

/// The next line of a file.
#[derive(Debug)]
pub(crate) enum Next {
    Record(Record),
    /// The file ends here.
    End,
    /// The rest is an interrupted write: a line without its end, or nothing but zeros.
    Torn,
}

impl Lines {
    pub(crate) fn open(path: &Path) -> Result<Self, FileJournalError> {
        let file = File::open(path).map_err(|error| io_error(path, error))?;
        Ok(Self {
            path: path.to_owned(),
            file: BufReader::new(file),
            offset: 0,
            line: 0,
            checksum: record::START,
        })
    }

    /// Where the lines read so far end, in bytes, and the checksum for the next one.
    pub(crate) const fn end(&self) -> (u64, u32) {
        (self.offset, self.checksum)
    }

    pub(crate) fn next(&mut self) -> Result<Next, FileJournalError> {
        let mut line = Vec::new();
        let limited = self.file.by_ref().take(LONGEST_LINE);
        let read = read_line(limited, &mut line).map_err(|error| io_error(&self.path, error))?;
        if read == 0 {
            return Ok(Next::End);
        }
        let whole = line.pop_if(|last| *last == b'\n').is_some();
        match record::decode(self.checksum, &line) {
            Ok((record, checksum)) if whole => {
                self.offset += read;
                self.line += 1;
                self.checksum = checksum;
                Ok(Next::Record(record))
            }
            // A whole document without the line's end is an interrupted write too.
            Ok(_) => Ok(Next::Torn),
            Err(_) if self.is_torn(&line, whole)? => Ok(Next::Torn),
            Err(reason) => Err(self.damaged(reason)),
        }
    }

    /// An error at the line that was read last, when it cannot follow the lines before it.
    pub(crate) fn contradiction(&self, reason: String) -> FileJournalError {
        FileJournalError::Damaged {
            path: self.path.clone(),
            line: self.line,
            offset: self.offset,
            reason,
        }
    }

    fn damaged(&self, reason: String) -> FileJournalError {
        FileJournalError::Damaged {
            path: self.path.clone(),
            line: self.line + 1,
            offset: self.offset,
            reason,
        }
    }

    /// Whether the rest of the file, from this line on, is what an interrupted write leaves.
    fn is_torn(&mut self, line: &[u8], whole: bool) -> Result<bool, FileJournalError> {
        if whole {
            return Ok(false);
        }
        let mut zeros = line.iter().all(|byte| *byte == 0);
        loop {
            let rest = self
                .file
                .fill_buf()
                .map_err(|error| io_error(&self.path, error))?;
            if rest.is_empty() {
                return Ok(zeros || (line.len() as u64) < LONGEST_LINE);
            }
            zeros = zeros && rest.iter().all(|byte| *byte == 0);
            if !zeros {
                return Ok(false);
            }
            let length = rest.len();
            self.file.consume(length);
        }
    }
}

/// The state of the job in a file.
#[derive(Debug)]
pub(crate) struct Replayed {
    pub(crate) state: JobState,
    /// The length of the valid part in bytes.
    pub(crate) length: u64,
    pub(crate) checksum: u32,
    /// Why the file has to be cut off there: what was lost, in bytes.
    pub(crate) lost: u64,
}

/// Reads a whole file; `None` when it holds no whole line yet. With `repair`, a damaged line is not an
/// error: it is lost, with everything after it.
pub(crate) fn replay(path: &Path, repair: bool) -> Result<Option<Replayed>, FileJournalError> {
    let mut lines = Lines::open(path)?;
    let mut state = match first(path, &mut lines)? {
        Some(state) => state,
        None => return Ok(None),
    };
    loop {
        let (length, checksum) = lines.end();
        let next = match lines.next() {
            Ok(Next::Record(record)) => match state.apply(&record) {
                Ok(()) => continue,
                Err(reason) => Err(lines.contradiction(reason)),
            },
            Ok(Next::End | Next::Torn) => Ok(()),
            Err(error) => Err(error),
        };
        match next {
            Err(error) if !(repair && matches!(error, FileJournalError::Damaged { .. })) => {
                return Err(error);
            }
            _ => {}
        }
        return Ok(Some(Replayed {
            state,
            length,
            checksum,
            lost: size(path)?.saturating_sub(length),
        }));
    }
}

fn first(path: &Path, lines: &mut Lines) -> Result<Option<JobState>, FileJournalError> {
    let not_a_journal = |reason| FileJournalError::NotAJournal {
        path: path.to_owned(),
        reason,
    };
    match lines.next() {
        Ok(Next::Record(record)) => JobState::first(&record).map(Some).map_err(not_a_journal),
        Ok(Next::End) => Ok(None),
        // A first line that was never finished: nothing was ordered yet. A foreign file without a
        // line's end must not be taken for one.
        Ok(Next::Torn) if is_start_of_journal(path)? => Ok(None),
        Ok(Next::Torn) => Err(not_a_journal("it has no whole line".to_owned())),
        Err(FileJournalError::Damaged { reason, .. }) => Err(not_a_journal(reason)),
        Err(error) => Err(error),
    }
}

/// Whether the file's only line looks like the beginning of a job's first one.
fn is_start_of_journal(path: &Path) -> Result<bool, FileJournalError> {
    let mut file = File::open(path).map_err(|error| io_error(path, error))?;
    file.seek(SeekFrom::Start(0))
        .map_err(|error| io_error(path, error))?;
    let mut start = Vec::new();
    let read = file.take(LONGEST_LINE).read_to_end(&mut start);
    read.map_err(|error| io_error(path, error))?;
    let document: &[u8] = b"{\"job\":";
    let written = start.get(9..).unwrap_or_default();
    let compared = written.len().min(document.len());
    let hex = start.iter().take(8).all(u8::is_ascii_hexdigit);
    Ok(start.iter().all(|byte| *byte == 0) || (hex && written[..compared] == document[..compared]))
}

fn size(path: &Path) -> Result<u64, FileJournalError> {
    let metadata = std::fs::metadata(path).map_err(|error| io_error(path, error))?;
    Ok(metadata.len())
}

fn read_line(mut from: impl io::BufRead, line: &mut Vec<u8>) -> io::Result<u64> {
    from.read_until(b'\n', line).map(|read| read as u64)
}

pub(crate) fn io_error(path: &Path, error: io::Error) -> FileJournalError {
    FileJournalError::Io {
        path: path.to_owned(),
        error,
    }
}
