//! Gets the documents to compare.

use crate::cli::drift::Drift;
use crate::fetch::Remote;
use crate::report::Failure;
use crate::workspace::Workspace;
use build_support::drift::Contract;
use build_support::vendor::{CONTRACT, Fetch as _, FetchError, Source, VendorError};

/// Reaches files, the network and a clone.
pub struct Sources<'a> {
    workspace: &'a Workspace,
    pub remote: Remote,
}

impl<'a> Sources<'a> {
    pub fn new(args: &Drift, workspace: &'a Workspace) -> Self {
        let clone = args.clone.clone();
        Self {
            workspace,
            remote: Remote {
                clone: clone.unwrap_or_else(|| workspace.root.clone()),
            },
        }
    }

    /// A document, or the vendored contract.
    pub fn read(&self, source: Option<&Source>) -> Result<Contract, Failure> {
        let name = source.map(ToString::to_string).unwrap_or_default();
        let refused = |reason| Failure::from(fetch(&name, reason));
        let bytes = match source {
            None => return Ok(Contract::read_file(&self.workspace.shown(CONTRACT))?),
            Some(Source::File(path)) => return Ok(Contract::read_file(path)?),
            Some(Source::Url(url)) => self.remote.url(url).map_err(refused)?,
            Some(Source::Git { revision, path }) => {
                self.remote.show(revision, path).map_err(refused)?
            }
        };
        Self::parse(&name, bytes)
    }

    /// A document from its bytes.
    pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Contract, Failure> {
        let text = String::from_utf8(bytes).map_err(|_| VendorError::NotText {
            name: name.to_owned(),
        })?;
        Ok(Contract::read(name, &text)?)
    }
}

/// What could not be had, and why.
pub fn fetch(name: &str, reason: FetchError) -> VendorError {
    VendorError::Fetch {
        name: name.to_owned(),
        reason,
    }
}
