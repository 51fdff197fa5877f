//! Lifts the schemas that references find inside paths and shared parameters, bodies, responses and
//! headers, while they stand where the references say. Later passes put these elsewhere.

use crate::lower::context::Context;
use contract::Node;

/// Runs the pass.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let within_schemas = "#/components/schemas/";
    let mut targets = super::definitions::targets(root);
    targets.retain(|(target, _)| {
        let moves = target.starts_with("#/components/") || target.starts_with("#/paths/");
        moves
            && !target.starts_with(within_schemas)
            && super::definitions::found(root, target).is_some()
    });
    super::definitions::lift(root, targets.into_iter().map(|(target, _)| target));
}
