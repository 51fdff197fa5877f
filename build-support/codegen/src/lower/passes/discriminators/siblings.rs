//! A choice among children of one base, which says nothing of a discriminator itself: that of the base
//! tells its children apart here too.

use super::target_name;
use crate::lower::extensions::COMPOSED_OF;
use crate::lower::shape::{component, properties, referred, resolve, union};
use contract::{Member, Node};

/// The discriminator of the nearest base that all alternatives have, with the entries of its mapping that
/// lead to them. Nothing where one of them does not describe the property.
pub(super) fn discriminator(schema: &Node, all: &Node) -> Option<Node> {
    let (_, alternatives) = union(schema)?;
    let names: Vec<&str> = alternatives.iter().map(referred).collect::<Option<_>>()?;
    let (first, others) = names.split_first()?;
    if others.is_empty() {
        return None;
    }
    let is_shared = |base: &&str| others.iter().all(|name| bases(name, all).contains(base));
    let base = bases(first, all).into_iter().find(is_shared)?;
    let own = component(all, base)?.get("discriminator")?;
    let tag = own.get("propertyName").and_then(Node::as_str)?;
    let describes = |node: &Node| {
        let object = resolve(all, node);
        object.is_some_and(|object| properties(object).iter().any(|member| member.key == tag))
    };
    let described = alternatives.iter().all(describes);
    described.then(|| narrowed(own, &names))
}

/// What a schema is composed of and has a discriminator, nearest first. A child of a base is not the base.
fn bases<'a>(name: &'a str, all: &'a Node) -> Vec<&'a str> {
    let mut seen = vec![name];
    let mut next = 0;
    while let Some(name) = seen.get(next) {
        next += 1;
        let composed_of = component(all, name).map(|schema| schema.items_of(COMPOSED_OF));
        let parents = composed_of.unwrap_or_default().iter();
        for parent in parents.filter_map(Node::as_str) {
            if !seen.contains(&parent) {
                seen.push(parent);
            }
        }
    }
    let has_one = |name: &&str| {
        component(all, name).is_some_and(|schema| schema.contains_key("discriminator"))
    };
    seen.into_iter().skip(1).filter(has_one).collect()
}

fn narrowed(discriminator: &Node, names: &[&str]) -> Node {
    let mut out = discriminator.clone();
    let Some(mapping) = out.remove("mapping") else {
        return out;
    };
    let leads_here =
        |entry: &&Member| target_name(&entry.value).is_some_and(|to| names.contains(&to));
    let mut kept = Node::object(mapping.span);
    for entry in mapping.members().iter().filter(leads_here) {
        kept.insert(entry.key.as_str(), entry.value.clone());
    }
    out.insert("mapping", kept);
    out
}
