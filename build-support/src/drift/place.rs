//! Pointers become places and names.

use super::contract::Contract;
use super::kind::Scope;
use super::report::Place;
use crate::read::{Node, Span, Value};

/// The place a pointer leads to: the key of a member that holds more than one line, else its value.
pub(super) fn of(contract: &Contract, pointer: &str) -> Place {
    let span = span(contract.root(), pointer);
    let sources = &contract.document().sources;
    let (line, column) = sources.position(span);
    Place {
        pointer: pointer.to_owned(),
        span,
        file: sources.name(span.file).to_owned(),
        line,
        column,
    }
}

fn span(root: &Node, pointer: &str) -> Span {
    let mut node = root;
    let mut span = root.span.at_start();
    for token in pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        match &node.value {
            Value::Object(_) => match node.member(&name) {
                Some(member) => {
                    node = &member.value;
                    span = member.key_span;
                }
                None => return span,
            },
            Value::Array(items) => match name.parse().ok().and_then(|at: usize| items.get(at)) {
                Some(item) => {
                    node = item;
                    span = first_line(item);
                }
                None => return span,
            },
            _ => return span,
        }
    }
    match node.value {
        Value::Object(_) | Value::Array(_) => span,
        _ => node.span,
    }
}

/// An item that is an object is known by its first member.
fn first_line(item: &Node) -> Span {
    match item.members().first() {
        Some(first) => Span::new(
            item.span.file,
            item.span.start,
            first.value.span.end.max(item.span.start),
        ),
        None => item.span,
    }
}

/// What a finding about a schema speaks of: `Card.limit`, `Card.tags[]`.
pub(super) fn subject(base: Option<&str>, revision: Option<&str>, scope: Scope) -> Option<String> {
    if scope != Scope::Value {
        return None;
    }
    let named = |pointer: Option<&str>| pointer.map(name).filter(|name| !name.is_empty());
    let (base, revision) = (named(base), named(revision));
    let longer = match (&base, &revision) {
        (Some(one), Some(other)) if one.len() > other.len() => base,
        (_, Some(_)) => revision,
        _ => base,
    };
    longer.map(|name| format!("`{name}`"))
}

fn name(pointer: &str) -> String {
    let tokens: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .collect();
    let (mut name, mut at) = match tokens.as_slice() {
        [components, schemas, name, ..] if components == "components" && schemas == "schemas" => {
            (name.clone(), 3)
        }
        _ => {
            let schema = tokens.iter().position(|token| token == "schema");
            (String::new(), schema.map_or(tokens.len(), |at| at + 1))
        }
    };
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "properties" => {
                let Some(property) = tokens.get(at + 1) else {
                    break;
                };
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(property);
                at += 1;
            }
            "items" => name.push_str("[]"),
            "additionalProperties" => name.push_str(".*"),
            _ => {}
        }
        at += 1;
    }
    name
}
