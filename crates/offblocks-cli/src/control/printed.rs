//! Responses, for people and for programs.

use std::io::{self, Write as _};

use serde::Serialize;

use crate::failure::Failure;

/// Prints a response: as one line of JSON, or as `lines` for people.
pub(super) fn print<T: Serialize>(
    json: bool,
    value: &T,
    lines: impl FnOnce(&T) -> Vec<String>,
) -> Result<(), Failure> {
    let lines = if json {
        let line = serde_json::to_string(value);
        vec![line.map_err(|error| Failure::new("the response cannot be printed", error))?]
    } else {
        lines(value)
    };
    let mut out = io::stdout().lock();
    let written = lines.iter().try_for_each(|line| writeln!(out, "{line}"));
    written
        .and_then(|()| out.flush())
        .map_err(Failure::unprinted)
}

/// Prints that something is done which has no response of its own.
pub(super) fn print_done(json: bool, line: &str) -> Result<(), Failure> {
    print(json, &serde_json::json!({}), |_| vec![line.to_owned()])
}

/// Rows whose columns stand below each other.
pub(crate) fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let cells = cells.map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let rows: [Vec<String>; 3] = [row(&["1", "capture"]), row(&["200", "é", "x"]), row(&[])];
        assert_eq!(table(&rows), ["1    capture", "200  é        x", ""]);
    }
}
