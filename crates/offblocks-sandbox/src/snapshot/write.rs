//! Writing a snapshot, line by line.

use std::io::{self, Write};

use aws_lc_rs::digest::{Context, SHA256};
use serde::Serialize;
use serde_json::Value as Json;

use super::{End, Head, Section, Tail, VERSION, cell};
use crate::hex;
use crate::store::sql::Value;
use crate::store::tables::Table;

/// Writes a snapshot and digests what it writes.
pub(crate) struct Writer<W> {
    out: W,
    digest: Context,
    rows: u64,
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins with the first line.
    pub(crate) fn begin(out: W, schema: u32) -> io::Result<Self> {
        let mut writer = Self {
            out,
            digest: Context::new(&SHA256),
            rows: 0,
            line: Vec::new(),
        };
        writer.line(&Head {
            offblocks_sandbox_snapshot: VERSION,
            schema,
        })?;
        Ok(writer)
    }

    /// Goes on with a table.
    pub(crate) fn table(&mut self, table: &Table) -> io::Result<()> {
        let column = |&(name, kind): &(&str, _)| format!("{name}:{}", cell::name(kind));
        self.line(&Section {
            table: table.name.to_owned(),
            columns: table.columns.iter().map(column).collect(),
        })
    }

    /// Goes on with a row of that table.
    pub(crate) fn row(&mut self, row: &[Value]) -> io::Result<()> {
        self.rows += 1;
        self.line(&row.iter().map(cell::to_json).collect::<Json>())
    }

    /// How many rows there are so far.
    pub(crate) const fn rows(&self) -> u64 {
        self.rows
    }

    /// Ends with the last line. Returns what was written to, and how many rows.
    pub(crate) fn end(mut self) -> io::Result<(W, u64)> {
        let digest = std::mem::replace(&mut self.digest, Context::new(&SHA256));
        let sha256 = hex::encode(digest.finish().as_ref());
        let rows = self.rows;
        self.line(&Tail {
            end: End { rows, sha256 },
        })?;
        self.out.flush()?;
        Ok((self.out, rows))
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line)?;
        self.line.push(b'\n');
        self.digest.update(&self.line);
        self.out.write_all(&self.line)
    }
}
