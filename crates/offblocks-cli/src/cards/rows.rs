//! The rows of a CSV file.

use std::fs::File;
use std::path::{Path, PathBuf};

use csv::{Reader, ReaderBuilder, StringRecord, Trim};
use futures_util::stream::{self, Stream};
use offblocks_cards::bulk::CardRow;
use offblocks_types::{AccountId, Address, CardType, CreateAccountCardRequest};
use serde::Deserialize;

use crate::failure::Failure;

/// How many wrong lines are named before the rest is only counted.
const SHOWN: usize = 20;

/// A line, as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    reference: String,
    account: AccountId,
    r#type: Option<CardType>,
    first_line: String,
    second_line: Option<String>,
    city: String,
    state: Option<String>,
    country: String,
    post_code: String,
}

impl From<Line> for CardRow {
    fn from(line: Line) -> Self {
        let mut address = Address::new(line.first_line, line.city, line.country, line.post_code);
        address.second_line = line.second_line;
        address.state = line.state;
        let kind = line.r#type.unwrap_or(CardType::Virtual);
        let order = CreateAccountCardRequest::new(kind, address);
        CardRow::new(line.reference, line.account, order)
    }
}

/// A file that was read and checked as a whole.
#[derive(Debug)]
pub(super) struct Rows {
    path: PathBuf,
    pub(super) count: u64,
}

impl Rows {
    /// Reads the whole file once, and counts its rows.
    pub(super) fn check(path: &Path) -> Result<Self, Failure> {
        let mut problems = Vec::new();
        let mut count = 0_u64;
        for row in Lines::open(path)? {
            match row {
                Ok(_) => count += 1,
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            return Ok(Self {
                path: path.to_owned(),
                count,
            });
        }
        let rest = problems.len().saturating_sub(SHOWN);
        problems.truncate(SHOWN);
        let rest = match rest {
            0 => String::new(),
            rest => format!("\n  and {rest} more"),
        };
        let problems = problems.join("\n  ");
        Err(Failure::because(format!(
            "{} cannot be used; correct these lines, nothing was ordered:\n  {problems}{rest}",
            path.display()
        )))
    }

    /// The rows, read again. The file must not change meanwhile: the rows end before a line that
    /// became wrong.
    pub(super) fn stream(&self) -> Result<impl Stream<Item = CardRow> + Send + Unpin, Failure> {
        let lines = Lines::open(&self.path)?;
        Ok(stream::iter(lines.map_while(Result::ok)))
    }
}

/// The lines of a file, each a row or what is wrong with it.
struct Lines {
    reader: Reader<File>,
    headings: StringRecord,
    record: StringRecord,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, Failure> {
        let what = format!("{} cannot be read", path.display());
        let reader = ReaderBuilder::new().trim(Trim::All).from_path(path);
        let mut reader = reader.map_err(|error| Failure::new(&what, error))?;
        let headings = reader
            .headers()
            .map_err(|error| Failure::new(&what, error))?;
        let headings = headings.clone();
        Ok(Self {
            reader,
            headings,
            record: StringRecord::new(),
        })
    }
}

impl Iterator for Lines {
    type Item = Result<CardRow, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.reader.position().line();
        match self.reader.read_record(&mut self.record) {
            Ok(false) => None,
            Ok(true) => {
                let line = self.record.position().map_or(line, csv::Position::line);
                let row = self.record.deserialize::<Line>(Some(&self.headings));
                Some(row.map(CardRow::from).map_err(|error| wrong(line, &error)))
            }
            Err(error) => Some(Err(wrong(line, &error))),
        }
    }
}

/// What is wrong with a line. The library names fields by number; here they have their heading.
fn wrong(line: u64, error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => format!("line {line}: {}", err.kind()),
        _ => format!("line {line}: {error}"),
    }
}
