//! Takes out what is understood and not generated, with a warning.

use crate::lower::context::Context;
use crate::lower::walk;
use contract::Node;
use contract::vocabulary::ObjectKind;

/// Where it stands, its key, and what does not happen.
const KEYS: [(ObjectKind, &str, &str); 6] = [
    (
        ObjectKind::Response,
        "links",
        "responses are not linked to further calls",
    ),
    (
        ObjectKind::Encoding,
        "headers",
        "parts are sent as their schema says",
    ),
    (
        ObjectKind::PathItem,
        "servers",
        "every call goes to the address that the client is given",
    ),
    (
        ObjectKind::Operation,
        "servers",
        "every call goes to the address that the client is given",
    ),
    (
        ObjectKind::Header,
        "allowReserved",
        "reserved characters are percent-encoded",
    ),
    (
        ObjectKind::Header,
        "allowEmptyValue",
        "an empty value is sent as such",
    ),
];

/// Runs the pass. A flag that is off asks for nothing.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::visit_mut(root, ObjectKind::Document, &mut |kind, node| {
        for (_, key, what) in KEYS.iter().filter(|(holder, ..)| *holder == kind) {
            let Some(value) = node.remove(key) else {
                continue;
            };
            if value.as_bool() != Some(false) {
                let message = format!("`{key}` is not generated: {what}");
                context.warn("lower::not-generated", message, value.span);
            }
        }
    });
}
