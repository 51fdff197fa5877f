//! Every `$ref` and every discriminator mapping leads to an object of the right kind.

use super::context::{Context, is_known_ground, local_pointer};
use crate::bundle::bad_target;
use crate::dangling;
use crate::diagnostics::Diagnostic;
use crate::pointer;
use crate::walk::Reference;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for reference in &context.walk.references {
        found.extend(if reference.mapping {
            of_mapping(context, reference)
        } else {
            of_ref(context, reference)
        });
    }
}

fn of_ref(context: &Context<'_>, reference: &Reference<'_>) -> Option<Diagnostic> {
    let &Reference { target, span, .. } = reference;
    if let Some(bad) = bad_target(target, span) {
        return Some(bad);
    }
    // A reference to another file that is still there was reported when it was not bundled.
    let pointer = local_pointer(target)?;
    if context.root.pointer(&pointer).is_none() {
        return Some(dangling::diagnostic(context.root, &pointer, target, span));
    }
    let wanted = reference.kind.noun();
    let actual = match context.kinds.get(&pointer) {
        _ if is_known_ground(&pointer) => "a collection of components",
        Some(kind) if *kind != reference.kind => kind.noun(),
        _ => return None,
    };
    let message = format!("`{target}` leads to {actual}, where {wanted} is due");
    let diagnostic = Diagnostic::error("read::wrong-reference", message, span)
        .with_label(format!("must lead to {wanted}"));
    Some(match reference.kind.section() {
        Some(section) => diagnostic.with_help(format!("point into `#/components/{section}/`")),
        None => diagnostic,
    })
}

/// A mapping's value is the name of a schema or a `$ref` to one.
fn of_mapping(context: &Context<'_>, reference: &Reference<'_>) -> Option<Diagnostic> {
    let &Reference { target, span, .. } = reference;
    let by_name = format!("/components/schemas/{}", pointer::escape(target));
    if !target.is_empty() && context.root.pointer(&by_name).is_some() {
        return None;
    }
    if target.contains(['#', '/', ':']) {
        return of_ref(context, reference);
    }
    let message = format!("the mapping's value `{target}` names no schema");
    Some(dangling::with_message(
        context.root,
        &by_name,
        message,
        span,
    ))
}
