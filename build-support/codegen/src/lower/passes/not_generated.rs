//! Takes out what is understood and not generated, with a warning.

use crate::lower::context::Context;
use crate::lower::walk::{self, Kind};
use contract::Node;

/// Where it stands, its key, and what does not happen.
const KEYS: [(Kind, &str, &str); 6] = [
    (
        Kind::Response,
        "links",
        "responses are not linked to further calls",
    ),
    (
        Kind::MediaType,
        "encoding",
        "parts are sent as their schema says",
    ),
    (
        Kind::PathItem,
        "servers",
        "every call goes to the contract's servers",
    ),
    (
        Kind::Operation,
        "servers",
        "every call goes to the contract's servers",
    ),
    (
        Kind::Parameter,
        "allowReserved",
        "reserved characters are percent-encoded",
    ),
    (
        Kind::Parameter,
        "allowEmptyValue",
        "an empty value is sent as such",
    ),
];

/// Runs the pass. A flag that is off asks for nothing.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::visit_mut(root, Kind::Root, &mut |kind, node| {
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
