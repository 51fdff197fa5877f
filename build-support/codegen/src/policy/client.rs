//! `[client]`: how the generated client is wired.

use serde::Deserialize;

/// `[client]`. Without it, progenitor's own defaults hold: no inner value, optional hooks, and its
/// error type.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ClientPolicy {
    /// Whether a missing hooks implementation stops the build.
    pub hooks: Hooks,
    /// The Rust path of the value the client carries for its hooks (progenitor's inner type).
    pub session: Option<String>,
    /// The Rust path of the error the generated calls return. With it the crate's own modules judge
    /// the responses: only 2xx is a success, whatever else the contract documents is this error, and
    /// headers stay as they came. Without it every documented status below 400 is an outcome, and the
    /// headers that the contract describes are typed.
    pub error: Option<String>,
    /// The Rust path of the module whose `Shape` the contract's responses are described with, in
    /// `shapes.rs`; without it that file is not written.
    pub drift: Option<String>,
}

/// `client.hooks`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hooks {
    /// Hooks that do nothing are generated and may be overridden.
    #[default]
    Optional,
    /// The crate must implement the hooks itself, or does not compile.
    Expected,
}
