//! The contracts of this workspace, and the folders that their code is written to.

use super::Generated;
use files::{FileSet, FileSetError};

/// The vendored contract, relative to the workspace's root.
pub const CONTRACT: &str = "openapi/offblocks.yaml";
/// The policy it is generated under, relative to the workspace's root.
pub const POLICY: &str = "openapi/codegen.toml";

/// A contract of this workspace, and where its code is. Paths are relative to the workspace's root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// The contract.
    pub contract: &'static str,
    /// The policy it is generated under.
    pub policy: &'static str,
    /// The folders that hold its code and nothing else: types, client, server, and the tables of a
    /// command where there is one.
    pub owned: &'static [&'static str],
    /// Whether the types' folder holds [`Generated::checks`] too.
    checked: bool,
}

/// The folders that hold the code of the OffBlocks contract and nothing else: types, client, server,
/// command.
pub const OWNED: [&str; 4] = [
    "crates/offblocks-types/src/generated",
    "crates/offblocks-client/src/generated",
    "crates/offblocks-server/src/generated",
    "crates/offblocks-cli/src/generated",
];

/// The published contract of OffBlocks. Drift and vendoring are about this one.
pub const OFFBLOCKS: Placement = Placement {
    contract: "openapi/offblocks.yaml",
    policy: "openapi/codegen.toml",
    owned: &OWNED,
    checked: true,
};

/// The contract of the sandbox's control plane, which is written here. It is one crate, since its
/// values are of no use without a client or a server.
pub const SANDBOX: Placement = Placement {
    contract: "openapi/sandbox.yaml",
    policy: "openapi/sandbox.toml",
    owned: &[
        "crates/offblocks-sandbox-api/src/generated",
        "crates/offblocks-sandbox-api/src/client/generated",
        "crates/offblocks-sandbox-api/src/server/generated",
    ],
    checked: false,
};

/// All of them.
pub const PLACEMENTS: [Placement; 2] = [OFFBLOCKS, SANDBOX];

impl Placement {
    /// What was generated from the contract, with the paths it has in this workspace: each below one
    /// of [`Placement::owned`].
    ///
    /// # Errors
    ///
    /// [`FileSetError`] when two files want one path.
    pub fn files(&self, generated: Generated) -> Result<FileSet, FileSetError> {
        let parts = [
            generated.types,
            generated.client,
            generated.server,
            generated.command,
        ];
        let mut all = FileSet::new();
        // A placement without a folder for a part has no use for it.
        for (folder, files) in self.owned.iter().zip(parts) {
            all.merge(files.prefixed(folder)?)?;
        }
        if let Some(types) = self.owned.first().filter(|_| self.checked) {
            all.merge(generated.checks.prefixed(types)?)?;
        }
        Ok(all)
    }
}
