//! `offblocks cards job`: a job in PostgreSQL as a whole, from any machine.

use std::path::Path;
use std::process::ExitCode;

use offblocks_cards::bulk::{JobProgress, PostgresJob};
use serde_json::json;

use super::check::print;
use super::journal::{self, failed};
use super::results;
use crate::arguments::journal::JournalPlace;
use crate::arguments::{JobAction, JobOptions};
use crate::failure::Failure;

/// Sends a command to a job's workers, or shows how far they are.
pub(super) async fn run(action: &JobAction) -> Result<ExitCode, Failure> {
    let options = action.options();
    let job = find(options).await?;
    match action {
        JobAction::Status(_) => {}
        JobAction::Pause(_) => job.pause().await.map_err(failed)?,
        JobAction::Resume(_) => job.resume().await.map_err(failed)?,
        JobAction::Cancel(_) => job.cancel().await.map_err(failed)?,
        JobAction::Results { file, .. } => return write(&job, file, options.json).await,
    }
    let progress = job.progress().await.map_err(failed)?;
    print(&text(options, progress))?;
    Ok(ExitCode::SUCCESS)
}

async fn find(options: &JobOptions) -> Result<PostgresJob, Failure> {
    match &options.journal {
        JournalPlace::Postgres(place) => journal::job(place, &options.job).await,
        JournalPlace::File(_) => Err(Failure::because(
            "a journal in a file belongs to one process: stop that with Ctrl-C, and run it again to \
             go on; --journal takes postgres://… here",
        )),
    }
}

async fn write(job: &PostgresJob, file: &Path, json: bool) -> Result<ExitCode, Failure> {
    results::write_job(file, job).await?;
    if !json {
        print(&format!("the results are in {}", file.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn text(options: &JobOptions, progress: JobProgress) -> String {
    let open = progress.rows.saturating_sub(progress.ended());
    if options.json {
        return json!({
            "job": options.job,
            "command": progress.command.as_str(),
            "rows": progress.rows,
            "issued": progress.issued,
            "found": progress.found,
            "failed": progress.failed,
            "claimed": progress.claimed,
            "open": open,
            "workers": progress.workers,
        })
        .to_string();
    }
    format!(
        "{} of {} rows have their card, {} failed, {open} are open ({} with a worker); {} workers have \
         a lease; the job is told to {}",
        progress.issued,
        progress.rows,
        progress.failed,
        progress.claimed,
        progress.workers,
        progress.command.as_str()
    )
}
