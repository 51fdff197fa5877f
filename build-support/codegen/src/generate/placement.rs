//! The contracts of this workspace, and the folders that their code is written to.

use super::Generated;
use crate::vendor::{CONTRACT, POLICY};
use files::{FileSet, FileSetError};

/// A contract of this workspace, and where its code is. Paths are relative to the workspace's root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// The contract.
    pub contract: &'static str,
    /// The policy it is generated under.
    pub policy: &'static str,
    /// The folders that hold its code and nothing else: types, client, server.
    pub owned: [&'static str; 3],
    /// Whether the types' folder holds [`Generated::checks`] too.
    checked: bool,
}

/// The folders that hold the code of the OffBlocks contract and nothing else: types, client, server.
pub const OWNED: [&str; 3] = [
    "crates/offblocks-types/src/generated",
    "crates/offblocks-client/src/generated",
    "crates/offblocks-server/src/generated",
];

/// The published contract of OffBlocks. Drift and vendoring are about this one.
pub const OFFBLOCKS: Placement = Placement {
    contract: CONTRACT,
    policy: POLICY,
    owned: OWNED,
    checked: true,
};

/// The contract of the sandbox's control plane, which is written here. It is one crate, since nobody
/// needs its values without a client or a server.
pub const SANDBOX: Placement = Placement {
    contract: "openapi/sandbox.yaml",
    policy: "openapi/sandbox.toml",
    owned: [
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
        let [types, client, server] = self.owned;
        let mut all = generated.types.prefixed(types)?;
        if self.checked {
            all.merge(generated.checks.prefixed(types)?)?;
        }
        all.merge(generated.client.prefixed(client)?)?;
        all.merge(generated.server.prefixed(server)?)?;
        Ok(all)
    }
}
