//! Reading a snapshot, line by line. Every error has its place.

use std::io::{BufRead, Read as _};

use aws_lc_rs::digest::{Context, SHA256};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::content::{self, Content};
use super::{Head, Section, SnapshotError, Tail, VERSION, cell};
use crate::hex;
use crate::store::sql::Value;
use crate::store::tables::{self, Kind, Table};
use crate::store::transfer::Cells;

/// The longest line. Bodies of requests have up to a MiB, and escapes make them longer.
const LONGEST: u64 = 64 * 1024 * 1024;

/// What comes next.
#[derive(Debug)]
pub(crate) enum Item {
    /// Rows of these columns of a table follow.
    Table(&'static Table, Vec<&'static str>),
    /// A row of it.
    Row(Cells),
}

/// What the cells of a column may be.
struct Column {
    name: &'static str,
    kind: Kind,
    /// It tells the rows apart, so there is a value in it.
    is_key: bool,
    content: Content,
}

/// Reads the lines of a snapshot.
pub(crate) struct Lines<R> {
    input: R,
    digest: Context,
    number: u64,
    rows: u64,
    line: Vec<u8>,
    /// The table that rows belong to, and its columns: what kind of cell each has, and what may be in it.
    columns: Option<(&'static Table, Vec<Column>)>,
}

impl<R: BufRead> Lines<R> {
    /// Reads the first line. `schema` is the version of the schema that is known here.
    pub(crate) fn begin(input: R, schema: u32) -> Result<Self, SnapshotError> {
        let mut lines = Self {
            input,
            digest: Context::new(&SHA256),
            number: 0,
            rows: 0,
            line: Vec::new(),
            columns: None,
        };
        let foreign = |reason: &str| SnapshotError::Foreign {
            reason: reason.to_owned(),
        };
        match lines.next_line() {
            Ok(true) => {}
            Ok(false) => return Err(foreign("it is empty")),
            Err(SnapshotError::Damaged { reason, .. }) => return Err(foreign(&reason)),
            Err(error) => return Err(error),
        }
        let head: Head = lines
            .parse()
            .map_err(|_| foreign("its first line is another"))?;
        lines.digest.update(&lines.line);
        let newer = |what, found, known| SnapshotError::Newer {
            line: 1,
            reason: format!("its {what} is {found}, this version knows {known}"),
        };
        if head.offblocks_sandbox_snapshot > VERSION {
            return Err(newer("format", head.offblocks_sandbox_snapshot, VERSION));
        }
        if head.schema > schema {
            return Err(newer("schema", head.schema, schema));
        }
        if head.schema == 0 {
            return Err(lines.damaged("its schema is 0, and the first one was 1"));
        }
        Ok(lines)
    }

    /// What comes next; `None` after the last line, which is checked.
    pub(crate) fn next(&mut self) -> Result<Option<Item>, SnapshotError> {
        if !self.next_line()? {
            return Err(self.damaged("it ends too early: the line with its digest is missing"));
        }
        match self.line.first() {
            Some(b'[') => self.row().map(Some),
            _ if self.line.starts_with(b"{\"end\"") => self.end().map(|()| None),
            _ => self.table().map(Some),
        }
    }

    /// The line that was read last, from 1.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    fn table(&mut self) -> Result<Item, SnapshotError> {
        let section: Section = self.parse()?;
        let newer = |what: &str, name: &str, line| SnapshotError::Newer {
            line,
            reason: format!("it has the {what} {name}"),
        };
        let Some(table) = tables::table(&section.table) else {
            return Err(newer("table", &section.table, self.number));
        };
        let (mut names, mut columns) = (Vec::new(), Vec::new());
        for column in &section.columns {
            let known = table.columns.iter().find(|(name, kind)| {
                let rest = column.strip_prefix(name);
                rest.and_then(|rest| rest.strip_prefix(':')) == Some(cell::name(*kind))
            });
            let Some((name, kind)) = known else {
                let column = format!("{}.{column}", table.name);
                return Err(newer("column", &column, self.number));
            };
            if names.contains(name) {
                return Err(self.damaged(&format!("the column {name} stands twice")));
            }
            names.push(*name);
            columns.push(Column {
                name,
                kind: *kind,
                is_key: table.key.contains(name),
                content: content::of(table.name, name),
            });
        }
        if names.is_empty() {
            return Err(self.damaged("the table has no columns"));
        }
        self.digest.update(&self.line);
        self.columns = Some((table, columns));
        Ok(Item::Table(table, names))
    }

    fn row(&mut self) -> Result<Item, SnapshotError> {
        let cells: Vec<Json> = self.parse()?;
        let Some((table, columns)) = &self.columns else {
            return Err(self.damaged("a row stands before the first table"));
        };
        if cells.len() != columns.len() {
            let (found, expected) = (cells.len(), columns.len());
            let name = table.name;
            return Err(self.damaged(&format!(
                "a row of {name} has {found} cells instead of {expected}"
            )));
        }
        let mut row = Vec::with_capacity(cells.len());
        for (number, (json, column)) in cells.into_iter().zip(columns).enumerate() {
            let wrong = |expected: &str| {
                let (number, name) = (number + 1, column.name);
                self.damaged(&format!(
                    "cell {number} of the row ({name}) is not {expected}"
                ))
            };
            let value = cell::from_json(json, column.kind).map_err(wrong)?;
            if column.is_key && is_null(&value) {
                return Err(wrong("a value"));
            }
            column.content.check(&value).map_err(wrong)?;
            row.push(value);
        }
        self.digest.update(&self.line);
        self.rows += 1;
        Ok(Item::Row(row))
    }

    /// The last line: everything before it is as it was written, and nothing follows.
    fn end(&mut self) -> Result<(), SnapshotError> {
        let Tail { end } = self.parse()?;
        let digest = std::mem::replace(&mut self.digest, Context::new(&SHA256));
        if end.rows != self.rows {
            let (found, expected) = (self.rows, end.rows);
            return Err(self.damaged(&format!("{found} rows stand above instead of {expected}")));
        }
        if end.sha256 != hex::encode(digest.finish().as_ref()) {
            return Err(self.damaged("its digest is another: something above was changed"));
        }
        match self.next_line()? {
            false => Ok(()),
            true => Err(self.damaged("something stands after its end")),
        }
    }

    /// Reads a line; `false` at the end. A line that does not end was cut off.
    fn next_line(&mut self) -> Result<bool, SnapshotError> {
        self.number += 1;
        self.line.clear();
        let mut limited = self.input.by_ref().take(LONGEST);
        let read = limited.read_until(b'\n', &mut self.line);
        match read.map_err(SnapshotError::Read)? {
            0 => Ok(false),
            _ if self.line.ends_with(b"\n") => Ok(true),
            length => Err(SnapshotError::Damaged {
                line: self.number,
                column: length + 1,
                reason: "it was cut off here".to_owned(),
            }),
        }
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, SnapshotError> {
        serde_json::from_slice(&self.line).map_err(|error| SnapshotError::Damaged {
            line: self.number,
            column: error.column().max(1),
            // serde's own text ends with the place within the line.
            reason: match error.classify() {
                serde_json::error::Category::Data => "the line is not what belongs here".to_owned(),
                _ => "the line is not JSON".to_owned(),
            },
        })
    }

    pub(crate) fn damaged(&self, reason: &str) -> SnapshotError {
        SnapshotError::Damaged {
            line: self.number,
            column: 1,
            reason: reason.to_owned(),
        }
    }
}

const fn is_null(value: &Value) -> bool {
    matches!(
        value,
        Value::Text(None) | Value::Integer(None) | Value::Bytes(None)
    )
}
