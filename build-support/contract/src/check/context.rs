//! What every check looks at.

use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;
use crate::node::{Member, Node};
use crate::span::{Sources, Span};
use crate::target;
use crate::version::SpecVersion;
use crate::vocabulary::METHODS;
use crate::walk::{Reference, Walk};
use std::collections::HashMap;

/// A bundled document and the walk through it.
pub(super) struct Context<'a> {
    pub root: &'a Node,
    pub version: SpecVersion,
    pub sources: &'a Sources,
    pub walk: Walk<'a>,
    /// What stands at a pointer.
    pub kinds: HashMap<String, Kind>,
}

impl<'a> Context<'a> {
    /// Walks the document, and then what references lead to outside the places the
    /// specification knows.
    pub(super) fn new(
        root: &'a Node,
        version: SpecVersion,
        sources: &'a Sources,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut walk = Walk::new(root, Kind::Document, version);
        let mut kinds = HashMap::new();
        let (mut places, mut references) = (0, 0);
        while places < walk.places.len() || references < walk.references.len() {
            for place in &walk.places[places..] {
                kinds.insert(place.pointer.clone(), place.kind);
            }
            places = walk.places.len();
            let from = references;
            references = walk.references.len();
            for at in from..references {
                let reference = &walk.references[at];
                if !reference.mapping {
                    kinds
                        .entry(reference.pointer.clone())
                        .or_insert(reference.kind);
                }
            }
            for at in from..references {
                let Reference { kind, target, .. } = walk.references[at];
                let Some(pointer) = local_pointer(target) else {
                    continue;
                };
                if is_known_ground(&pointer) || kinds.contains_key(&pointer) {
                    continue;
                }
                if let Some(node) = root.pointer(&pointer) {
                    kinds.insert(pointer.clone(), kind);
                    walk.resume(node, kind, &pointer);
                }
            }
        }
        found.append(&mut walk.found);
        Self {
            root,
            version,
            sources,
            walk,
            kinds,
        }
    }

    /// Follows `$ref`s to where no other follows; `None` where they lead nowhere or in a circle.
    pub(super) fn resolve_pointed<'n>(&'n self, node: &'n Node) -> Option<&'n Node> {
        let mut node = node;
        for _ in 0..32 {
            let Some(target) = node.get("$ref") else {
                return Some(node);
            };
            node = self.root.pointer(&local_pointer(target.as_str()?)?)?;
        }
        None
    }

    /// The operations of a path item: method, key's place, operation.
    pub(super) fn operations(item: &Node) -> impl Iterator<Item = &Member> {
        let members = item.members().iter();
        members.filter(|member| {
            METHODS.contains(&member.key.as_str()) && member.value.as_object().is_some()
        })
    }

    /// The place of some words inside a place; the whole where they are not found.
    pub(super) fn within(&self, span: Span, words: &str) -> Span {
        match self.sources.slice(span).find(words) {
            Some(at) => {
                let start = span.start() + at;
                Span::new(span.file, start, start + words.len())
            }
            None => span,
        }
    }
}

/// The pointer of a `$ref` into the same document.
pub(super) fn local_pointer(text: &str) -> Option<String> {
    let target = target::parse(text).ok()?;
    target.file.is_empty().then_some(target.pointer)
}

/// `components` and its sections hold no object that can be referred to.
pub(super) fn is_known_ground(pointer: &str) -> bool {
    pointer == "/paths"
        || pointer
            .strip_prefix("/components")
            .is_some_and(|rest| rest.matches('/').count() < 2)
}
