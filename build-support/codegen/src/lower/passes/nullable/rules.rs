//! What a schema says about null, with everything that it is composed of.

use crate::lower::shape::{component, component_of, is_annotation, is_nullable, reference, union};
use contract::{Member, Node, SpecVersion};
use std::collections::HashMap;

/// What a schema says about null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NullRule {
    /// Null is among its values.
    Allowed,
    /// Neither its type nor its values are named: null is not excluded.
    Unsaid,
    /// Null is not among its values.
    Excluded,
}

impl NullRule {
    /// What is said by all of several parts together.
    fn all(parts: &[Self]) -> Self {
        match (
            parts.contains(&Self::Excluded),
            parts.contains(&Self::Allowed),
        ) {
            (true, _) => Self::Excluded,
            (false, true) => Self::Allowed,
            (false, false) => Self::Unsaid,
        }
    }

    /// What is said by a choice.
    fn any(parts: &[Self]) -> Self {
        let first = [Self::Allowed, Self::Unsaid].into_iter();
        let mut first = first.filter(|one| parts.contains(one));
        first.next().unwrap_or(Self::Excluded)
    }
}

/// Finds what schemas say about null, through references.
#[derive(Debug)]
pub(super) struct NullRules<'a> {
    all: &'a Node,
    version: SpecVersion,
    /// What components say. One that is being asked counts as excluding it, which ends circles.
    known: HashMap<String, NullRule>,
}

impl<'a> NullRules<'a> {
    pub(super) fn new(all: &'a Node, version: SpecVersion) -> Self {
        let known = HashMap::new();
        Self {
            all,
            version,
            known,
        }
    }

    pub(super) fn ask(&mut self, schema: &Node) -> NullRule {
        // People write `nullable: true` beside and among what has to hold: they mean the whole.
        let members = schema.items_of("allOf");
        if is_nullable(schema) || members.iter().any(is_only_nullable) {
            return NullRule::Allowed;
        }
        let mut parts = Vec::new();
        if let Some(target) = reference(schema) {
            parts.push(self.target(target));
            if self.version == SpecVersion::V3_0 {
                return NullRule::all(&parts);
            }
        }
        if schema.contains_key("type") || schema.contains_key("enum") {
            parts.push(NullRule::Excluded);
        }
        parts.extend(members.iter().map(|member| self.ask(member)));
        if let Some((_, alternatives)) = union(schema) {
            let said: Vec<NullRule> = alternatives.iter().map(|one| self.ask(one)).collect();
            parts.push(NullRule::any(&said));
        }
        NullRule::all(&parts)
    }

    /// Whether a reference, or one that has to hold among others, leads to a schema that takes null.
    pub(super) fn refers_to_null(&mut self, schema: &Node) -> bool {
        let members = schema.items_of("allOf").iter().chain([schema]);
        let mut targets = members.filter_map(reference);
        targets.any(|target| self.target(target) == NullRule::Allowed)
    }

    fn target(&mut self, target: &str) -> NullRule {
        let Some(name) = component_of(target) else {
            return NullRule::Excluded;
        };
        if let Some(said) = self.known.get(name) {
            return *said;
        }
        self.known.insert(name.to_owned(), NullRule::Excluded);
        let schema = component(self.all, name);
        let said = schema.map_or(NullRule::Excluded, |schema| self.ask(schema));
        self.known.insert(name.to_owned(), said);
        said
    }
}

/// What the pass made of `{type: "null"}`, whatever is said about it besides.
pub(super) fn is_only_nullable(node: &Node) -> bool {
    let restricts = |member: &&Member| !is_annotation(&member.key);
    let mut restricting = node.members().iter().filter(restricts);
    let is_null =
        |member: &Member| member.key == "enum" && member.value.items().iter().all(Node::is_null);
    restricting.all(is_null) && is_nullable(node)
}
