//! Gets the documents to compare.

use crate::cli::drift::Drift;
use crate::fetch::Remote;
use crate::report::Failure;
use crate::workspace::Workspace;
use codegen::vendor::{CONTRACT, Fetch as _, FetchError, Source, VendorError};
use drift::Contract;

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
        let unavailable = |reason| Failure::from(fetch(&name, reason));
        let bytes = match source {
            None => return Ok(Contract::read_file(&self.workspace.shown(CONTRACT))?),
            Some(Source::File(path)) => return Ok(Contract::read_file(path)?),
            Some(Source::Url(url)) => self.remote.url(url).map_err(unavailable)?,
            Some(Source::Git { revision, path }) => {
                let bytes = self.remote.show(revision, path).map_err(unavailable)?;
                return self.at_revision(&name, bytes, revision, path);
            }
        };
        Ok(Contract::read(&name, &text(&name, bytes)?)?)
    }

    /// A document from its bytes, with the files that stood beside it at a revision.
    pub fn at_revision(
        &self,
        name: &str,
        bytes: Vec<u8>,
        revision: &str,
        path: &str,
    ) -> Result<Contract, Failure> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let files = |relative: &str| {
            let path = joined(folder, relative).ok_or("it lies outside the repository")?;
            let bytes = self.remote.show(revision, &path);
            let bytes = bytes.map_err(|reason| reason.to_string())?;
            String::from_utf8(bytes).map_err(|_| "it is not valid UTF-8".to_owned())
        };
        Ok(Contract::read_beside(name, &text(name, bytes)?, &files)?)
    }
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    let not_text = |_| VendorError::NotText {
        name: name.to_owned(),
    };
    Ok(String::from_utf8(bytes).map_err(not_text)?)
}

/// The path of a file as seen from the repository's root; `None` where it would leave that.
fn joined(folder: &str, relative: &str) -> Option<String> {
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in relative.split('/') {
        match step {
            ".." => drop(steps.pop()?),
            "." | "" => {}
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

/// What could not be fetched, and why.
pub fn fetch(name: &str, reason: FetchError) -> VendorError {
    VendorError::Fetch {
        name: name.to_owned(),
        reason,
    }
}
