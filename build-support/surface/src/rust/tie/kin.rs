//! Which types hold the members of which others.

use super::plain;
use contract::Node;
use contract::pointer::component_of;
use std::collections::{BTreeMap, BTreeSet};

/// What schemas and inline bodies are made of by allOf, over however many steps.
pub(super) struct Kin(BTreeMap<String, BTreeSet<String>>);

impl Kin {
    pub(super) fn of(roots: &[&Node]) -> Self {
        let mut kin = Self(BTreeMap::new());
        for root in roots {
            for (name, schema) in members(root.pointer("/components/schemas")) {
                kin.add(plain(name), schema);
            }
            for (_, item) in members(root.get("paths")) {
                for (_, operation) in members(Some(item)) {
                    kin.add_bodies(operation);
                }
            }
        }
        kin.complete()
    }

    /// Inline bodies are named after the operation.
    fn add_bodies(&mut self, operation: &Node) {
        let Some(id) = operation.get("operationId").and_then(Node::as_str) else {
            return;
        };
        for (_, media) in members(operation.pointer("/requestBody/content")) {
            let schema = media.get("schema").into_iter();
            schema.for_each(|it| self.add(plain(&format!("{id}request")), it));
        }
        for (_, response) in members(operation.get("responses")) {
            for (_, media) in members(response.get("content")) {
                let schema = media.get("schema").into_iter();
                schema.for_each(|it| self.add(plain(&format!("{id}response")), it));
            }
        }
    }

    fn add(&mut self, name: String, schema: &Node) {
        collect(schema, self.0.entry(name).or_default());
    }

    pub(super) fn has(&self, child: &str, parent: &str) -> bool {
        let parents = self.0.get(child);
        parents.is_some_and(|parents| parents.contains(parent))
    }

    /// With the parents of the parents.
    fn complete(self) -> Self {
        let all = self.0.keys().map(|child| {
            let mut found = BTreeSet::new();
            let mut open = vec![child];
            while let Some(name) = open.pop() {
                let parents = self.0.get(name).into_iter().flatten();
                open.extend(parents.filter(|parent| found.insert((*parent).clone())));
            }
            (child.clone(), found)
        });
        Self(all.collect())
    }
}

fn collect(schema: &Node, parents: &mut BTreeSet<String>) {
    for part in schema.items_of("allOf") {
        let name = part.get("$ref").and_then(Node::as_str);
        let name = name.and_then(component_of);
        parents.extend(name.map(plain));
        collect(part, parents);
    }
}

fn members(node: Option<&Node>) -> impl Iterator<Item = (&str, &Node)> {
    let members = node.map(Node::members).unwrap_or_default().iter();
    members.map(|member| (member.key.as_str(), &member.value))
}
