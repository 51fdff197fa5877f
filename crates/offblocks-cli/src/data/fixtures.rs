//! Fixtures from a file: what is wrong with them has its line and column.

use std::collections::BTreeMap;
use std::path::Path;

use contract::diagnostics::{Diagnostic, Diagnostics};
use contract::{Places, Tree};
use offblocks_sandbox::{FixtureError, Fixtures, Sandbox};
use uuid::Uuid;

use crate::failure::Failure;

/// Reads fixtures and makes what they say. Returns what the steps with names made.
pub(super) async fn apply(
    sandbox: &Sandbox,
    file: &Path,
) -> Result<BTreeMap<String, Uuid>, Failure> {
    let tree = contract::read_tree(file).map_err(|error| unreadable(&error))?;
    let fixtures = Fixtures::from_json(&tree.root.to_json());
    let fixtures = fixtures.map_err(|error| rejected(error, &tree))?;
    let made = sandbox.seed(fixtures).await;
    made.map_err(|error| rejected(error, &tree))
}

fn unreadable(error: &Diagnostics) -> Failure {
    Failure::because(format!("the fixtures cannot be read\n{error}"))
}

fn rejected(error: FixtureError, tree: &Tree) -> Failure {
    let FixtureError::Invalid { pointer, reason } = error else {
        return Failure::new("the fixtures cannot be made", error);
    };
    let place = Places::new(&tree.root, &tree.sources).nearest(&pointer);
    let diagnostic = Diagnostic::error("fixtures::step", reason, place.span);
    let shown = Diagnostics::one(diagnostic, tree.sources.clone());
    Failure::because(format!(
        "the fixtures cannot be made, so nothing was\n{shown}"
    ))
}
