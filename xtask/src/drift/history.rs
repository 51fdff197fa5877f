//! Every version of a file that git knows.

use super::sources::{Sources, fetch};
use crate::cli::drift::HistorySource;
use crate::report::Failure;
use codegen::vendor::FetchError;
use drift::History;

/// Reads every version, the oldest first.
pub fn read(source: &HistorySource, sources: &Sources<'_>) -> Result<History<Failure>, Failure> {
    let unknown = |reason| Failure::from(fetch(&source.to_string(), reason));
    let versions = sources.remote.history(source.revision(), &source.path);
    let versions = versions.map_err(unknown)?;
    if versions.is_empty() {
        let reason = "no commit has this file; name it as seen from the repository's root";
        return Err(unknown(FetchError(reason.to_owned())));
    }
    let mut read = Vec::new();
    for (commit, path) in versions {
        let name = format!("git:{commit}:{path}");
        let bytes = sources.remote.show(&commit, &path).map_err(unknown)?;
        read.push(sources.at_revision(&name, bytes, &commit, &path));
    }
    Ok(read.into_iter().collect())
}
