//! Looks at every key. A keyword without a lowering is an error, or, where it only narrows what is
//! valid, is taken out with a warning that says what is not enforced. A key nobody knows gets a
//! warning too: nothing is dropped in silence.

use crate::diagnostics::Diagnostic;
use crate::lower::{Context, vocabulary, walk};
use crate::read::Node;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::visit_mut(root, walk::Kind::Root, &mut |kind, node| {
        if kind == walk::Kind::Schema {
            narrowing(node, context);
            unsupported(node, context);
        }
        unknown(kind, node, context);
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

fn unknown(kind: walk::Kind, node: &mut Node, context: &mut Context<'_>) {
    let Some(members) = node.as_object_mut() else {
        return;
    };
    let known = |key: &str| {
        key.starts_with("x-")
            || key == "$ref"
            || vocabulary::known(kind).is_none_or(|keys| keys.contains(&key))
    };
    for member in members.iter().filter(|member| !known(&member.key)) {
        let message = format!("unknown key `{}` has no effect", member.key);
        let found = Diagnostic::warning("lower::unknown-key", message, member.key_span)
            .with_help("correct its spelling, or begin it with `x-`");
        context.found.push(found);
    }
    members.retain(|member| known(&member.key));
}
