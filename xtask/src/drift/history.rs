//! Every version of a file that git knows.

use super::sources::{Sources, fetch};
use crate::cli::drift::HistorySource;
use crate::report::Failure;
use codegen::vendor::FetchError;
use drift::Contract;

/// The versions of a file.
pub struct Walk {
    /// Those that can be read, oldest first.
    pub contracts: Vec<Contract>,
    /// Why the others cannot.
    pub unreadable: Vec<Failure>,
}

/// Reads every version. One that cannot be read is left out, and its neighbours are compared.
pub fn walk(source: &HistorySource, sources: &Sources<'_>) -> Result<Walk, Failure> {
    let refused = |reason| Failure::from(fetch(&source.to_string(), reason));
    let versions = sources.remote.history(source.revision(), &source.path);
    let versions = versions.map_err(refused)?;
    if versions.is_empty() {
        let reason = "no commit has this file; name it as seen from the repository's root";
        return Err(refused(FetchError(reason.to_owned())));
    }
    let mut walk = Walk {
        contracts: Vec::new(),
        unreadable: Vec::new(),
    };
    for (commit, path) in versions {
        let name = format!("git:{commit}:{path}");
        let bytes = sources.remote.show(&commit, &path).map_err(refused)?;
        match sources.at_revision(&name, bytes, &commit, &path) {
            Ok(contract) => walk.contracts.push(contract),
            Err(failure) => walk.unreadable.push(failure),
        }
    }
    Ok(walk)
}
