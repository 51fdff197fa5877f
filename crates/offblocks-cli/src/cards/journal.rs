//! The database that a job is remembered in, and the job there.

use std::ffi::OsStr;
use std::path::Path;

use offblocks_cards::bulk::{PostgresJob, PostgresJournalOptions, postgres};

use crate::arguments::journal::PostgresPlace;
use crate::failure::Failure;

/// Connections for so many workers.
pub(super) fn connect(place: &PostgresPlace, workers: u32) -> Result<postgres::Pool, Failure> {
    let connections = workers.saturating_mul(6).saturating_add(2).min(100);
    postgres::connect(place.url.expose(), connections).map_err(failed)
}

/// The options of a worker whose tables are there.
pub(super) fn worker(
    place: &PostgresPlace,
    options: PostgresJournalOptions,
) -> Result<PostgresJournalOptions, Failure> {
    match &place.schema {
        Some(schema) => options.schema(schema).map_err(failed),
        None => Ok(options),
    }
}

/// The job of this name.
pub(super) async fn job(place: &PostgresPlace, name: &str) -> Result<PostgresJob, Failure> {
    let pool = connect(place, 1)?;
    let found = match &place.schema {
        Some(schema) => PostgresJob::find_in_schema(&pool, schema, name).await,
        None => PostgresJob::find(&pool, name).await,
    };
    found.map_err(failed)
}

/// The name of a job: the one that was given, or that of the file with its rows.
pub(super) fn job_name(given: Option<&str>, from: &Path) -> Result<String, Failure> {
    if let Some(name) = given {
        return Ok(name.to_owned());
    }
    let name = from.file_stem().and_then(OsStr::to_str);
    name.map(str::to_owned)
        .ok_or_else(|| Failure::because("the job has no name: give it with --job"))
}

pub(super) fn failed(error: impl std::error::Error) -> Failure {
    Failure::because(crate::failure::chain(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_named_after_its_file() {
        let from = Path::new("in/june.csv");
        assert_eq!(job_name(None, from).unwrap(), "june");
        assert_eq!(job_name(Some("july"), from).unwrap(), "july");
    }
}
