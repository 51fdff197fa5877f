//! Pointers become places and names.

use super::compared::Contract;
use super::kind::Scope;
use contract::Place;
use contract::{Member, Node, Span, Value, escape_token};
use std::collections::HashMap;

/// A document whose large maps were read once, so that finding a member of one does not take a
/// walk through the others: those of paths, of webhooks and of each kind of component.
pub(super) struct Large<'a> {
    root: &'a Node,
    members: HashMap<String, &'a Member>,
}

impl<'a> Large<'a> {
    pub fn of(root: &'a Node) -> Self {
        let components = root.get("components").map(Node::members);
        let components = components.unwrap_or_default().iter();
        let components = components.map(|kind| {
            (
                format!("/components/{}", escape_token(&kind.key)),
                &kind.value,
            )
        });
        let top = ["paths", "webhooks"].into_iter();
        let top = top.filter_map(|name| Some((format!("/{name}"), root.get(name)?)));
        let maps = top.chain(components);
        let members = maps.flat_map(|(pointer, map)| {
            let members = map.members().iter();
            members.map(move |member| (format!("{pointer}/{}", escape_token(&member.key)), member))
        });
        Self {
            root,
            members: members.collect(),
        }
    }

    /// The member of a large map on the way of a pointer.
    fn member<'p>(&self, pointer: &'p str) -> Option<(&'p str, &'a Member)> {
        let tokens = match pointer.starts_with("/components/") {
            true => 4,
            false => 3,
        };
        let mut slashes = pointer.match_indices('/').map(|(at, _)| at);
        let end = slashes.nth(tokens - 1).unwrap_or(pointer.len());
        let prefix = &pointer[..end];
        self.members.get(prefix).map(|member| (prefix, *member))
    }

    /// Where to begin with following a pointer, and how much of it is behind that.
    pub fn begin(&self, pointer: &str) -> (Option<&'a Node>, usize) {
        match self.member(pointer) {
            Some((prefix, member)) => (Some(&member.value), prefix.len()),
            None => (Some(self.root), 0),
        }
    }

    fn begin_with_span(&self, pointer: &str) -> (&'a Node, Span, usize) {
        match self.member(pointer) {
            Some((prefix, member)) => (&member.value, member.key_span, prefix.len()),
            None => (self.root, self.root.span.at_start(), 0),
        }
    }
}

/// The place a pointer leads to: the key of a member that holds more than one line, else its value.
pub(super) fn of(contract: &Contract, large: &Large<'_>, pointer: &str) -> Place {
    let span = span(large, pointer);
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

fn span(large: &Large<'_>, pointer: &str) -> Span {
    let (mut node, mut span, from) = large.begin_with_span(pointer);
    for token in pointer[from..].split('/').skip(1) {
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
