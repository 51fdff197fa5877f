//! Fixtures from a file: what is wrong with them has its line and column.

use std::collections::BTreeMap;
use std::path::Path;

use contract::diagnostics::{Diagnostic, Diagnostics};
use contract::{Places, Tree};
use offblocks_sandbox::{FixtureError, Fixtures, Sandbox};
use serde_json::Value;
use uuid::Uuid;

use crate::failure::Failure;

/// Fixtures, and where each part of them stands.
pub(crate) struct FixtureFile {
    tree: Tree,
    /// As the control plane takes them.
    pub(crate) document: Value,
    fixtures: Fixtures,
}

impl FixtureFile {
    /// Reads a file in YAML or JSON.
    pub(crate) fn read(file: &Path) -> Result<Self, Failure> {
        let tree = contract::read_tree(file).map_err(|error| unreadable(&error))?;
        let document = tree.root.to_json();
        match Fixtures::from_json(&document) {
            Ok(fixtures) => Ok(Self {
                tree,
                document,
                fixtures,
            }),
            Err(error) => Err(rejected(error, &tree)),
        }
    }

    /// Applies them. Returns what the steps with names made.
    pub(crate) async fn apply(self, sandbox: &Sandbox) -> Result<BTreeMap<String, Uuid>, Failure> {
        let made = sandbox.seed(self.fixtures).await;
        made.map_err(|error| rejected(error, &self.tree))
    }

    /// The failure for what is wrong at a JSON pointer.
    pub(crate) fn rejected_at(&self, pointer: &str, reason: &str) -> Failure {
        shown(pointer, false, reason, &self.tree)
    }
}

/// A line for each step with a name, and what it made.
pub(crate) fn listed<'a>(made: impl IntoIterator<Item = (&'a String, &'a Uuid)>) -> Vec<String> {
    let lines = made.into_iter().map(|(name, id)| format!("{name}  {id}"));
    lines.collect()
}

fn unreadable(error: &Diagnostics) -> Failure {
    Failure::because(format!("the fixtures cannot be read\n{error}"))
}

fn rejected(error: FixtureError, tree: &Tree) -> Failure {
    match error {
        FixtureError::Invalid {
            pointer,
            reason,
            of_key,
        } => shown(&pointer, of_key, &reason, tree),
        error => Failure::new("the fixtures cannot be made", error),
    }
}

fn shown(pointer: &str, of_key: bool, reason: &str, tree: &Tree) -> Failure {
    let places = Places::new(&tree.root, &tree.sources);
    let place = match of_key {
        true => places.key(pointer),
        false => places.nearest(pointer),
    };
    let diagnostic = Diagnostic::error("fixtures::step", reason, place.span);
    let shown = Diagnostics::one(diagnostic, tree.sources.clone());
    Failure::because(format!(
        "the fixtures cannot be made; nothing was changed\n{shown}"
    ))
}
