//! The last step: openapiv3 must read the result.

use super::walk::{self, Kind};
use contract::diagnostics::{Diagnostic, Diagnostics};
use contract::{Node, Sources};
use serde::de::DeserializeOwned;

/// Reads a lowered tree as openapiv3 does.
///
/// # Errors
/// When openapiv3 refuses it, with the innermost place that it refuses.
pub fn read(node: &Node, sources: &Sources) -> Result<openapiv3::OpenAPI, Diagnostics> {
    parse(node).map_err(|whole| {
        let mut found = Diagnostics::new(sources.clone());
        walk::visit(node, Kind::Root, &mut |kind, part| {
            if let Some(reason) = refused(kind, part) {
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

/// The reason why a part is refused. Only parts that hold no other parts of their kind speak, or
/// an outer place would hide the inner one.
fn refused(kind: Kind, part: &Node) -> Option<String> {
    let reason = match kind {
        Kind::Schema => parse::<openapiv3::ReferenceOr<openapiv3::Schema>>(part).err(),
        Kind::Parameter if part.contains_key("in") => parse::<openapiv3::Parameter>(part).err(),
        Kind::SecurityScheme => parse::<openapiv3::SecurityScheme>(part).err(),
        _ => None,
    };
    // An error inside a child is reported there.
    reason.filter(|_| children_fine(kind, part))
}

fn children_fine(kind: Kind, part: &Node) -> bool {
    let mut fine = true;
    walk::visit(part, kind, &mut |inner, child| {
        if !std::ptr::eq(child, part) && fine {
            fine = inner != Kind::Schema
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
