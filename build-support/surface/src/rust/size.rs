//! How much Rust source a contract asks for, before any is written.

use contract::{Document, Node};
use std::collections::HashMap;

/// How many inherited fields are written down. Each schema of a chain of `allOf` has those of all
/// the others, so that a small document can ask for millions of them.
const MOST: usize = 20_000;

/// Why no source is written of a document, where it asks for too much.
pub(super) fn excess(document: &Document) -> Option<String> {
    let schemas = document.root.components("schemas");
    let mut counter = Counter {
        root: &document.root,
        known: HashMap::new(),
    };
    let mut inherited = 0usize;
    for schema in schemas {
        let own = schema.value.members_of("properties").len();
        inherited = inherited.saturating_add(counter.fields(&schema.value, 0) - own);
    }
    (inherited > MOST).then(|| {
        format!("its schemas inherit {inherited} fields through `allOf`, and source of at most {MOST} is compared")
    })
}

struct Counter<'a> {
    root: &'a Node,
    known: HashMap<&'a str, usize>,
}

/// How many schemas within schemas are followed.
const DEEPEST: usize = 2_000;

impl<'a> Counter<'a> {
    /// The fields of a schema with those it inherits.
    fn fields(&mut self, schema: &'a Node, depth: usize) -> usize {
        let own = schema.members_of("properties").len();
        if depth > DEEPEST {
            return own;
        }
        let parts = schema.items_of("allOf").iter();
        parts.fold(own, |sum, part| {
            let inner = match part.get("$ref").and_then(Node::as_str) {
                Some(text) => self.target(text, depth + 1),
                None => self.fields(part, depth + 1),
            };
            sum.saturating_add(inner)
        })
    }

    fn target(&mut self, text: &'a str, depth: usize) -> usize {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        // What leads back to itself adds nothing.
        self.known.insert(text, 0);
        let node = contract::pointer::of_reference(text).and_then(|at| self.root.pointer(&at));
        let count = node.map_or(0, |node| self.fields(node, depth));
        self.known.insert(text, count);
        count
    }
}
