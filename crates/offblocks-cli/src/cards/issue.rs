//! `offblocks cards issue --from`: a card for each row of a file.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::check::print;
use super::ran::Ran;
use super::rows::Rows;
use super::{in_file, shared};
use crate::arguments::Issue;
use crate::arguments::journal::JournalPlace;
use crate::failure::Failure;

/// Orders the cards, and prints the outcome of the rows.
pub(super) async fn run(options: &Issue, from: &Path) -> Result<ExitCode, Failure> {
    let rows = Rows::check(from)?;
    // clap asks for the journal wherever there is no dry run.
    let ran = match &options.journal {
        Some(JournalPlace::Postgres(place)) => shared::order(options, place, from, &rows).await?,
        Some(JournalPlace::File(journal)) => in_file::order(options, journal, &rows).await?,
        None => return Err(Failure::because("the journal is missing: give --journal")),
    };
    if options.api.json {
        print(
            &json!({
                "issued": ran.issued,
                "found": ran.found,
                "failed": ran.failed,
                "total": { "issued": ran.all_issued, "failed": ran.all_failed },
                "cancelled": ran.cancelled,
            })
            .to_string(),
        )?;
    } else {
        print(&text(options, rows.count, ran))?;
    }
    let open = rows.count.saturating_sub(ran.all_issued + ran.all_failed);
    Ok(match (open, ran.all_failed) {
        (1.., _) => ExitCode::from(3),
        (0, 0) => ExitCode::SUCCESS,
        (0, _) => ExitCode::from(100),
    })
}

fn text(options: &Issue, count: u64, ran: Ran) -> String {
    let (issued, failed) = (ran.all_issued, ran.all_failed);
    let open = count.saturating_sub(issued + failed);
    let mut text = format!("{issued} of {count} rows have their card");
    if failed > 0 {
        text.push_str(&format!(", {failed} failed"));
    }
    if open > 0 {
        text.push_str(&format!(
            ", {open} are open: run the command again to continue"
        ));
    }
    if failed > 0 && options.results.is_none() {
        text.push_str("; --results FILE says why");
    }
    text
}
