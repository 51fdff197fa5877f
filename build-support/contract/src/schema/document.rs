//! A whole contract whose schemas are JSON Schema 2020-12, each in its own place.

use super::convert::convert;
use super::options::{Options, Rest};
use crate::grammar::Kind;
use crate::node::Node;
use crate::pointer;
use crate::walk::Walk;
use serde_json::Value;
use std::collections::HashSet;

/// The document as JSON in which every schema is converted, with everything kept in its place.
/// Pointers and references are the contract's own, except below a schema of 3.0 that is nullable
/// and has no type of its own: that becomes the first part of an `anyOf`.
#[must_use]
pub fn document(root: &Node, options: Options) -> Value {
    let options = Options {
        rest: Rest::Kept,
        ..options
    };
    let walk = Walk::new(root, Kind::Document, options.version);
    let known: HashSet<&str> = walk
        .of(Kind::Schema)
        .map(|at| at.pointer.as_str())
        .collect();
    let mut json = root.to_json();
    let mut open: Vec<String> = outermost(&walk);
    let mut done: HashSet<String> = open.iter().cloned().collect();
    while let Some(at) = open.pop() {
        let mut found = Vec::new();
        let schema = root.pointer(&at);
        let converted = schema.map(|schema| {
            convert(schema, root, options, &mut |text| {
                found.extend(pointer::of_reference(text).map(String::from));
                Ok(text.to_owned())
            })
        });
        if let (Some(place), Some(Ok(converted))) = (json.pointer_mut(&at), converted) {
            *place = converted;
        }
        // A reference may lead to a schema where the specification has none.
        let outside = |at: &String| !known.contains(at.as_str()) && !is_inside(at, &done);
        let outside: Vec<String> = found.into_iter().filter(outside).collect();
        done.extend(outside.iter().cloned());
        open.extend(outside);
    }
    json
}

/// The schemas that stand in no other schema: these are converted with all they hold.
fn outermost(walk: &Walk<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for place in walk.of(Kind::Schema) {
        // The walk visits what a schema holds before it goes on.
        let inside = found
            .last()
            .is_some_and(|outer| is_below(&place.pointer, outer));
        if !inside {
            found.push(place.pointer.clone());
        }
    }
    found
}

/// Whether a pointer is one of `known` or leads into one.
fn is_inside(pointer: &str, known: &HashSet<String>) -> bool {
    let ends = pointer.match_indices('/').map(|(at, _)| at);
    let mut ends = ends.chain([pointer.len()]);
    ends.any(|end| known.contains(&pointer[..end]))
}

fn is_below(pointer: &str, outer: &str) -> bool {
    let rest = pointer.strip_prefix(outer);
    rest.is_some_and(|rest| rest.starts_with('/'))
}
