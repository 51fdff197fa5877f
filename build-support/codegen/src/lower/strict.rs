//! The last step proves the result: openapiv3 must read it as OpenAPI 3.0.

use super::walk;
use contract::diagnostics::{Diagnostic, Diagnostics};
use contract::vocabulary::ObjectKind;
use contract::{Node, Sources};
use serde::de::DeserializeOwned;

/// Proves that a lowered tree is a valid OpenAPI 3.0 document.
///
/// # Errors
/// When openapiv3 rejects it, with the innermost place that it rejects.
pub fn check(node: &Node, sources: &Sources) -> Result<(), Diagnostics> {
    let proof: Result<openapiv3::OpenAPI, String> = parse(node);
    proof.map(drop).map_err(|whole| {
        let mut found = Diagnostics::new(sources.clone());
        walk::visit(node, ObjectKind::Document, &mut |kind, part| {
            if let Some(reason) = rejected(kind, part) {
                let message = format!("the lowered contract is not OpenAPI 3.0: {reason}");
                found.push(Diagnostic::error("lower::not-3.0", message, part.span));
            }
        });
        if found.is_empty() {
            let message = format!("the lowered contract is not OpenAPI 3.0: {whole}");
            found.push(Diagnostic::error("lower::not-3.0", message, node.span));
        }
        found.sort();
        found
    })
}

/// The reason why a part is rejected. Only parts that hold no other parts of their kind report, or
/// an outer place would hide the inner one.
fn rejected(kind: ObjectKind, part: &Node) -> Option<String> {
    let reason = match kind {
        ObjectKind::Schema => parse::<openapiv3::ReferenceOr<openapiv3::Schema>>(part).err(),
        ObjectKind::Parameter if part.contains_key("in") => {
            parse::<openapiv3::Parameter>(part).err()
        }
        ObjectKind::SecurityScheme => parse::<openapiv3::SecurityScheme>(part).err(),
        _ => None,
    };
    // An error inside a child is reported there.
    reason.filter(|_| children_fine(kind, part))
}

fn children_fine(kind: ObjectKind, part: &Node) -> bool {
    let mut fine = true;
    walk::visit(part, kind, &mut |inner, child| {
        if !std::ptr::eq(child, part) && fine {
            fine = inner != ObjectKind::Schema
                || parse::<openapiv3::ReferenceOr<openapiv3::Schema>>(child).is_ok();
        }
    });
    fine
}

fn parse<T: DeserializeOwned>(node: &Node) -> Result<T, String> {
    let text = serde_json::to_string(node).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| {
        let text = error.to_string();
        text.split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned()
    })
}
