//! Looks for schema keywords without a lowering. One that only narrows what is valid is taken out
//! with a warning that says what is not enforced; any other is an error. Keys that neither version
//! of OpenAPI knows were reported when the contract was read.

use crate::lower::{checked, context::Context, vocabulary, walk};
use contract::diagnostics::Diagnostic;
use contract::vocabulary::ObjectKind;
use contract::{Node, Span};

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        narrowing(schema, context);
        base(schema, context);
    });
}

fn narrowing(schema: &mut Node, context: &mut Context<'_>) {
    for (keyword, what) in vocabulary::NARROWING {
        let Some(member) = schema.member(keyword) else {
            continue;
        };
        if !vocabulary::says_nothing(keyword, &member.value) {
            let message = match checked::is_kept(schema, keyword) {
                true => format!("`{keyword}` is checked by servers alone: elsewhere {what}"),
                false => format!("`{keyword}` is not enforced: {what}"),
            };
            context.warn("lower::not-enforced", message, member.key_span);
        }
        schema.remove(keyword);
    }
    for keyword in vocabulary::SILENT {
        schema.remove(keyword);
    }
}

/// `$id` says against what the references below it resolve, and nothing where there are none. In
/// real contracts `#/components/…` is the contract's own below an `$id` too, where the strict
/// reading looks for it in the schema.
fn base(schema: &mut Node, context: &mut Context<'_>) {
    let Some(span) = schema
        .member(vocabulary::BASE)
        .map(|member| member.key_span)
    else {
        return;
    };
    let mut below = Vec::new();
    walk::visit(schema, ObjectKind::Schema, &mut |_, node| {
        below.extend(node.get("$ref").map(|target| target.span));
    });
    let sources = &context.found.sources;
    // The text itself, since references are rewritten when files are joined.
    let is_own = |target: &Span| {
        let written = sources.slice(*target).trim_start_matches(['"', '\'']);
        written.starts_with("#/components/")
    };
    if !below.iter().all(is_own) {
        let message =
            "`$id` cannot be lowered: references below it would resolve against another document";
        let found = Diagnostic::error("lower::unsupported-keyword", message, span)
            .with_label("not supported")
            .with_help("write references from the root of this document: `#/components/schemas/…`");
        context.found.push(found);
        schema.remove(vocabulary::BASE);
        return;
    }
    if let Some(first) = below.first() {
        let message =
            "`$id` is not looked at: references below it are taken as this document's own";
        let warning = Diagnostic::warning("lower::base", message, span)
            .with_related(*first, "taken as this document's own");
        context.found.push(warning);
    }
    schema.remove(vocabulary::BASE);
}
