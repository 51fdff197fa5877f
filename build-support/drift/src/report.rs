//! What a comparison found.

use ::report::{Acceptance, Rule, Summary};
use contract::Place;
use serde::Serialize;
use std::ops::Deref;
use std::sync::Arc;

pub use ::report::{Severity, SourceTexts};

/// Everything a comparison of two documents found.
#[derive(Debug, Clone, PartialEq)]
pub struct DriftReport {
    /// What was compared.
    pub subject: Subject,
    /// The contract, its versions and the policy in one line, where the caller said so.
    pub compared: Option<String>,
    /// The document that was compared against.
    pub base: DocumentInfo,
    /// The document that may break something.
    pub revision: DocumentInfo,
    /// One entry per cause, sorted by place, rule and fingerprint.
    pub changes: Vec<Change>,
    /// What the change means for each generated crate, in the order types, client, server; empty
    /// where the Rust source was not compared.
    pub crates: Vec<CrateVerdict>,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Two contracts.
    Contracts,
    /// A contract and the code generated from it.
    Code,
}

/// One of the two documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentInfo {
    /// What it was read from, as given.
    pub name: String,
    /// SHA-256 of its bytes, lowercase hexadecimal.
    pub sha256: String,
    /// `info.version`.
    pub version: String,
    /// The texts, for excerpts.
    pub sources: SourceTexts,
}

/// One cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The rule that names it.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// Who consumes what changed; `None` for prose, tags and the like.
    pub directions: Option<Directions>,
    /// What it does to the accepted values; `None` where no schema is involved.
    pub effect: Option<Effect>,
    /// One line: what happened.
    pub message: String,
    /// The property that it is about, where it is about an object and one of its properties.
    pub property: Option<String>,
    /// What a client or server must do about it, where that can be said.
    pub advice: Option<String>,
    /// Sixteen hexadecimal digits from the rule and the pointers alone.
    pub fingerprint: String,
    /// The place in the base document.
    pub base: Option<Place>,
    /// The place in the revised document.
    pub revision: Option<Place>,
    /// Where the changed part is used, sorted.
    pub used_by: Uses,
    /// A JSON value that one side sends and that the other side rejects.
    pub witness: Option<Witness>,
    /// What it changes in the generated Rust source.
    pub rust: Vec<RustChange>,
    /// Why it is accepted, where an entry of `openapi/accepted.toml` accepts it.
    pub accepted: Option<Acceptance>,
}

/// Who consumes what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Directions {
    /// The server consumes it: request bodies, parameters, responses to callbacks and webhooks.
    Request,
    /// The client consumes it: responses, their headers, callback and webhook requests.
    Response,
    /// Both directions.
    Both,
}

/// What a change does to the set of accepted values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// The sets are the same.
    Equal,
    /// The revision accepts more.
    Widened,
    /// The revision accepts less.
    Narrowed,
    /// It accepts some that the base rejected and rejects some that it accepted.
    Both,
    /// The effect could not be decided.
    Undecided,
}

/// One use of a changed part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Use {
    /// `createAccountCard` or, without an id, `POST /accounts/{accountId}/cards`.
    pub operation: String,
    /// `request body`, `response 200`, `query parameter chain`, `webhook request`, ….
    pub side: String,
}

/// Uses, sorted, each once. Changes that are used in the same places share one list, since many of one
/// schema can be used in thousands of places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses(Arc<[Arc<Use>]>);

impl Uses {
    /// The list of uses that are sorted already, each once.
    pub(super) fn sorted(uses: impl Iterator<Item = Arc<Use>>) -> Self {
        Self(uses.collect())
    }

    /// What is the same for changes that share one list.
    #[must_use]
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.0).cast::<Arc<Use>>() as usize
    }
}

impl Deref for Uses {
    type Target = [Arc<Use>];

    fn deref(&self) -> &[Arc<Use>] {
        &self.0
    }
}

impl FromIterator<Use> for Uses {
    fn from_iter<I: IntoIterator<Item = Use>>(uses: I) -> Self {
        let uses: std::collections::BTreeSet<Use> = uses.into_iter().collect();
        Self::sorted(uses.into_iter().map(Arc::new))
    }
}

/// A value that shows a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// The value.
    pub value: serde_json::Value,
    /// Whether the base schema accepts it.
    pub base_accepts: bool,
    /// Whether the revised schema accepts it.
    pub revision_accepts: bool,
}

/// A public item of a generated crate that appears, vanishes or changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RustChange {
    /// `offblocks_types::Card::name`.
    pub item: String,
    /// `added`, `removed` or `changed: … → …`.
    pub change: String,
    /// The step it asks for.
    pub semver: Semver,
}

/// What a change means for one generated crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateVerdict {
    /// The crate's name.
    pub name: String,
    /// The step it needs; the largest one where that could not be found out.
    pub semver: Semver,
    /// Why it could not be compared as it is, and why its step is not the step of its items.
    pub note: Option<String>,
    /// Its changed items, sorted. Items that belong to a [`Change`] are listed there too.
    pub items: Vec<RustChange>,
}

/// A step of semantic versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Semver {
    /// Nothing public changes.
    None,
    /// Only what is inside.
    Patch,
    /// Additions.
    Minor,
    /// Something that compiled no longer does.
    Major,
}

impl DriftReport {
    /// Counts the changes, the accepted ones apart.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let changes = self.changes.iter();
        Summary::of(changes.map(|it| (it.severity, it.accepted.is_some())))
    }

    /// The largest step any generated crate needs.
    #[must_use]
    pub fn semver(&self) -> Semver {
        let steps = self.crates.iter().map(|verdict| verdict.semver);
        steps.max().unwrap_or(Semver::None)
    }
}
