//! `offblocks cards issue --dry-run`: which rows would fail.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use futures_util::StreamExt as _;
use offblocks_cards::bulk::RowProblem;
use serde_json::json;

use super::progress;
use super::rows::Rows;
use crate::arguments::Issue;
use crate::failure::Failure;

/// Checks every row and prints those with a problem.
pub(super) async fn run(options: &Issue, from: &Path) -> Result<ExitCode, Failure> {
    let rows = Rows::check(from)?;
    let cards = super::cards(&options.api)?;
    let bar = progress::bar(rows.count, 0);
    let mut checked = std::pin::pin!(cards.check_many(rows.stream()?, options.concurrency.get()));
    let mut with_problems = 0_u64;
    while let Some(row) = checked.next().await {
        let row = row.map_err(|error| Failure::new("a row could not be checked", error))?;
        bar.inc(1);
        if row.problems.is_empty() {
            continue;
        }
        with_problems += 1;
        let problems: Vec<String> = row.problems.iter().map(RowProblem::to_string).collect();
        let (number, reference) = (row.number, &row.row.reference);
        let line = match options.api.json {
            true => {
                json!({ "row": number, "reference": reference, "problems": problems }).to_string()
            }
            false => format!("row {number} ({reference}): {}", problems.join("; ")),
        };
        bar.suspend(|| print(&line))?;
    }
    bar.finish_and_clear();
    if !options.api.json {
        print(&format!(
            "{} rows were checked, {with_problems} have a problem; nothing was ordered",
            rows.count
        ))?;
    }
    Ok(match with_problems {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(100),
    })
}

pub(crate) fn print(line: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    written.map_err(Failure::unprinted)
}
