//! Looks for schema keywords without a lowering. One that only narrows what is valid is taken out
//! with a warning that says what is not enforced; any other is an error. Keys that neither version
//! of OpenAPI knows were reported when the contract was read.

use crate::lower::{context::Context, vocabulary, walk};
use contract::Node;
use contract::diagnostics::Diagnostic;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        narrowing(schema, context);
        unsupported(schema, context);
    });
}

fn narrowing(schema: &mut Node, context: &mut Context<'_>) {
    for (keyword, what) in vocabulary::NARROWING {
        let Some(member) = schema.member(keyword) else {
            continue;
        };
        let message = format!("`{keyword}` is not enforced: {what}");
        context.warn("lower::not-enforced", message, member.key_span);
        schema.remove(keyword);
    }
    for keyword in vocabulary::SILENT {
        schema.remove(keyword);
    }
}

fn unsupported(schema: &mut Node, context: &mut Context<'_>) {
    for (keyword, why) in vocabulary::UNSUPPORTED {
        let Some(member) = schema.member(keyword) else {
            continue;
        };
        let message = format!("`{keyword}` cannot be lowered: {why}");
        let found = Diagnostic::error("lower::unsupported-keyword", message, member.key_span)
            .with_label("not supported")
            .with_help("describe the same values with `$ref`, `allOf` or `oneOf`");
        context.found.push(found);
        schema.remove(keyword);
    }
}
