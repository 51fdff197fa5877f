//! Places in a document, as people and reports name them, and how a pointer becomes one.

use crate::node::{Member, Node, Value};
use crate::pointer;
use crate::span::{Sources, Span};
use std::collections::HashMap;

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// JSON pointer from the document's root.
    pub pointer: String,
    /// The stretch of text.
    pub span: Span,
    /// The file's name.
    pub file: String,
    /// Line, counted from one.
    pub line: usize,
    /// Column in characters, counted from one.
    pub column: usize,
}

/// Finds the places of pointers in one document.
#[derive(Debug, Clone)]
pub struct Places<'a> {
    root: &'a Node,
    sources: &'a Sources,
    /// Members of the large maps by their pointers; empty where few places are looked for.
    members: HashMap<String, &'a Member>,
}

impl<'a> Places<'a> {
    /// A finder that walks from the root for each pointer: for a few places.
    #[must_use]
    pub fn new(root: &'a Node, sources: &'a Sources) -> Self {
        Self {
            root,
            sources,
            members: HashMap::new(),
        }
    }

    /// A finder that reads the large maps once, those of paths, of webhooks and of each kind of
    /// component: for many places. Finding a member of one then takes no walk through the others.
    #[must_use]
    pub fn indexed(root: &'a Node, sources: &'a Sources) -> Self {
        let components = root.members_of("components").iter();
        let components =
            components.map(|kind| (pointer::join("/components", &kind.key), &kind.value));
        let top = ["paths", "webhooks"].into_iter();
        let top = top.filter_map(|name| Some((format!("/{name}"), root.get(name)?)));
        let maps = top.chain(components);
        let members = maps.flat_map(|(above, map)| {
            let members = map.members().iter();
            members.map(move |member| (pointer::join(&above, &member.key), member))
        });
        Self {
            root,
            sources,
            members: members.collect(),
        }
    }

    /// The place a pointer leads to: the key of a member that holds more than one line, else its
    /// value. A pointer that leads nowhere has the place of the nearest thing above it, and keeps
    /// its text.
    #[must_use]
    pub fn of(&self, pointer: &str) -> Place {
        let (span, _) = self.find(pointer);
        self.place(pointer, span)
    }

    /// The place of the nearest thing at or above a pointer, under that thing's own pointer.
    #[must_use]
    pub fn nearest(&self, pointer: &str) -> Place {
        let (span, reached) = self.find(pointer);
        self.place(&pointer[..reached], span)
    }

    /// The place of the key of a member; [`Places::nearest`] of what is not a member.
    #[must_use]
    pub fn key(&self, pointer: &str) -> Place {
        let (above, last) = pointer.rsplit_once('/').unwrap_or_default();
        let (node, reached) = self.begin(above);
        let mut tokens = above[reached..].split('/').skip(1);
        let holder = tokens.try_fold(node, |node, token| {
            Some(step(node, &pointer::unescape(token))?.0)
        });
        match holder.and_then(|holder| holder.member(&pointer::unescape(last))) {
            Some(member) => self.place(pointer, member.key_span),
            None => self.nearest(pointer),
        }
    }

    /// Where to begin with following a pointer, and how much of it is behind that.
    #[must_use]
    pub fn begin(&self, pointer: &str) -> (&'a Node, usize) {
        let (node, _, length) = self.begin_with_span(pointer);
        (node, length)
    }

    fn place(&self, pointer: &str, span: Span) -> Place {
        let (line, column) = self.sources.position(span);
        Place {
            pointer: pointer.to_owned(),
            span,
            file: self.sources.name(span.file).to_owned(),
            line,
            column,
        }
    }

    fn begin_with_span(&self, pointer: &str) -> (&'a Node, Span, usize) {
        match self.member(pointer) {
            Some((prefix, member)) => (&member.value, member.key_span, prefix.len()),
            None => (self.root, self.root.span.at_start(), 0),
        }
    }

    /// The member of a large map on the way of a pointer.
    fn member<'p>(&self, pointer: &'p str) -> Option<(&'p str, &'a Member)> {
        let tokens = match pointer.starts_with("/components/") {
            true => 3,
            false => 2,
        };
        let mut slashes = pointer.match_indices('/').map(|(at, _)| at);
        let end = slashes.nth(tokens).unwrap_or(pointer.len());
        let prefix = &pointer[..end];
        self.members.get(prefix).map(|member| (prefix, *member))
    }

    /// The span of the nearest thing at or above a pointer, and the length of its own pointer.
    fn find(&self, pointer: &str) -> (Span, usize) {
        let (mut node, mut span, mut reached) = self.begin_with_span(pointer);
        for token in pointer[reached..].split('/').skip(1) {
            let Some((inner, inner_span)) = step(node, &pointer::unescape(token)) else {
                return (span, reached);
            };
            (node, span) = (inner, inner_span);
            reached += 1 + token.len();
        }
        match node.value {
            Value::Object(_) | Value::Array(_) => (span, reached),
            _ => (node.span, reached),
        }
    }
}

fn step<'a>(node: &'a Node, key: &str) -> Option<(&'a Node, Span)> {
    match &node.value {
        Value::Object(_) => {
            let member = node.member(key)?;
            Some((&member.value, member.key_span))
        }
        Value::Array(items) => {
            let item = items.get(key.parse::<usize>().ok()?)?;
            Some((item, first_line(item)))
        }
        _ => None,
    }
}

/// An item that is an object is known by its first member.
fn first_line(item: &Node) -> Span {
    match item.members().first() {
        Some(first) => Span::new(
            item.span.file,
            item.span.start(),
            first.value.span.end().max(item.span.start()),
        ),
        None => item.span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /cards/all:
    get:
      tags: [cards]
      responses:
        '200': {description: OK}
components:
  schemas:
    Card: {type: object}
";

    #[test]
    fn places_of_pointers() {
        let document = crate::read_str("t.yaml", TEXT).expect("a sound contract");
        let plain = Places::new(&document.root, &document.sources);
        let indexed = Places::indexed(&document.root, &document.sources);
        // Pointer, line, column, and the part of the pointer that leads somewhere.
        let table = [
            ("", 1, 1, ""),
            ("/info/title", 2, 15, "/info/title"),
            ("/paths/~1cards~1all", 4, 3, "/paths/~1cards~1all"),
            ("/paths/~1cards~1all/put/x", 4, 3, "/paths/~1cards~1all"),
            (
                "/paths/~1cards~1all/get/tags/0",
                6,
                14,
                "/paths/~1cards~1all/get/tags/0",
            ),
            (
                "/components/schemas/Card/type",
                11,
                18,
                "/components/schemas/Card/type",
            ),
            ("/components/schemas/Cart", 10, 3, "/components/schemas"),
        ];
        for (pointer, line, column, reached) in table {
            for places in [&plain, &indexed] {
                let place = places.of(pointer);
                assert_eq!((place.line, place.column), (line, column), "{pointer}");
                assert_eq!(place.pointer, pointer);
                assert_eq!(places.nearest(pointer).pointer, reached, "{pointer}");
            }
        }
    }
}
