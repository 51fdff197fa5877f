//! The crates that are generated from a contract.

use codegen::policy::Policy;

/// One of the generated crates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum GeneratedCrate {
    Types,
    Client,
    Server,
}

impl GeneratedCrate {
    pub(crate) const ALL: [Self; 3] = [Self::Types, Self::Client, Self::Server];

    /// What its name ends with: `types`.
    pub(crate) fn role(self) -> &'static str {
        match self {
            Self::Types => "types",
            Self::Client => "client",
            Self::Server => "server",
        }
    }

    /// The crate's name as Rust writes it: `offblocks_types`.
    pub(crate) fn crate_name(self, policy: &Policy) -> String {
        let types = policy.emit.types.as_str();
        let stem = types.strip_suffix("_types").unwrap_or(types);
        match self {
            Self::Types => types.to_owned(),
            Self::Client | Self::Server => format!("{stem}_{}", self.role()),
        }
    }

    /// The package's name: `offblocks-types`.
    pub(crate) fn package(self, policy: &Policy) -> String {
        self.crate_name(policy).replace('_', "-")
    }

    /// What the hand-written root of the crate re-exports; all of it, where this is empty.
    pub(crate) fn facade(self) -> &'static [&'static str] {
        match self {
            Self::Client => &["Client", "builder", "operations"],
            Self::Types | Self::Server => &[],
        }
    }
}
