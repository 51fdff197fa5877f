//! A base that lists, as a choice, the schemas that are composed of it by `allOf`. Read literally,
//! each of them contains itself without an end. The intention is certain: in `allOf` the base
//! means what all children have in common, and elsewhere it means one of the children. So the base is split
//! into two components.

use crate::diagnostics::Diagnostic;
use crate::node::{Member, Node};
use crate::pointer::{component_of, to_component};
use crate::vocabulary::is_annotation;
use std::collections::BTreeSet;

const CHOICES: [&str; 2] = ["oneOf", "anyOf"];

/// Splits every such base.
pub(super) fn split(root: &mut Node, found: &mut Vec<Diagnostic>) {
    let bases: Vec<String> = root
        .components("schemas")
        .iter()
        .filter(|member| choice(&member.value).is_some())
        .map(|member| member.key.clone())
        .collect();
    for base in bases {
        let family = Family::of(root, &base);
        if !family.children.is_empty() {
            found.extend(apart(root, &base, &family));
        }
    }
}

/// The alternatives of a schema, with the word they stand under.
fn choice(schema: &Node) -> Option<(&Member, &[Node])> {
    let all = CHOICES.into_iter();
    let mut all = all.filter_map(|word| schema.member(word));
    all.find_map(|member| Some((member, member.value.as_array()?)))
}

/// The component schema that a schema refers to.
fn referred(schema: &Node) -> Option<&str> {
    component_of(schema.get("$ref")?.as_str()?)
}

/// What the alternatives of a base are made of.
#[derive(Default)]
struct Family {
    /// The alternatives that are composed of the base.
    children: BTreeSet<usize>,
    /// How many alternatives there are.
    alternatives: usize,
    /// The components on the way from the base to itself.
    between: BTreeSet<String>,
}

impl Family {
    fn of(root: &Node, base: &str) -> Self {
        let mut family = Self::default();
        let schema = root.component("schemas", base);
        let (_, alternatives) = schema.and_then(choice).unzip();
        for (place, alternative) in alternatives.into_iter().flatten().enumerate() {
            family.alternatives += 1;
            let mut seen = BTreeSet::new();
            if is_composed_of(root, alternative, base, false, &mut seen) {
                family.children.insert(place);
                family.between.extend(seen);
            }
        }
        family
    }
}

/// Whether a schema has the base in its `allOf`, or in that of what it is made of. `seen` are the
/// components on the way.
fn is_composed_of(
    root: &Node,
    schema: &Node,
    base: &str,
    within: bool,
    seen: &mut BTreeSet<String>,
) -> bool {
    if let Some(name) = referred(schema) {
        if name == base {
            return within;
        }
        let target = root
            .component("schemas", name)
            .filter(|_| seen.insert(name.to_owned()));
        return target.is_some_and(|target| is_composed_of(root, target, base, within, seen));
    }
    let parts = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|word| {
        let members = schema.items_of(word).iter();
        members.map(move |member| (within || word == "allOf", member))
    });
    // Every part is looked at, so that all components on the way are seen.
    let parts = parts.map(|(within, part)| is_composed_of(root, part, base, within, seen));
    parts.fold(false, |any, one| any | one)
}

/// Puts what a base says of every child into a component of its own.
fn apart(root: &mut Node, base: &str, family: &Family) -> Option<Diagnostic> {
    let own = fresh(root, base);
    let schema = root.component("schemas", base)?.clone();
    let (word, _) = choice(&schema)?;
    let (word, span) = (word.key.clone(), word.key_span);
    let is_choice = |key: &str| key == word || key == "discriminator";
    let mut common = schema.clone();
    let mut chosen = schema;
    if let (Some(common), Some(chosen)) = (common.as_object_mut(), chosen.as_object_mut()) {
        common.retain(|member| !is_choice(&member.key));
        chosen.retain(|member| is_choice(&member.key) || is_annotation(&member.key));
    }
    // Alternatives that are not composed of the base have what it says beside the choice.
    if family.children.len() < family.alternatives {
        let part = reference(&own, span);
        chosen.insert("allOf", Node::array(vec![part], span));
    }
    let schemas = root.pointer_mut("/components/schemas")?;
    schemas.insert(own.as_str(), common);
    schemas.insert(base, chosen);
    for name in &family.between {
        if let Some(schema) = schemas.get_mut(name) {
            lead(schema, base, &own, false);
        }
    }
    let message = format!("`{base}` is a choice among schemas that are composed of it by `allOf`");
    let warning = Diagnostic::warning("read::own-children", message, span)
        .with_label(format!(
            "in their `allOf`, read as `{own}`: without the choice"
        ))
        .with_help("move what they have in common to a schema of its own, and refer to that");
    Some(warning)
}

fn reference(name: &str, span: crate::span::Span) -> Node {
    let mut node = Node::object(span);
    node.insert("$ref", Node::string(to_component(name), span));
    node
}

/// Leads references to the base in `allOf` to what it says of every child.
fn lead(schema: &mut Node, base: &str, own: &str, within: bool) {
    if referred(schema) == Some(base) && within {
        let span = schema.span;
        schema.insert("$ref", Node::string(to_component(own), span));
    }
    for word in ["allOf", "oneOf", "anyOf"] {
        let members = schema.get_mut(word).and_then(Node::as_array_mut);
        for member in members.into_iter().flatten() {
            lead(member, base, own, within || word == "allOf");
        }
    }
}

/// A name that no component has.
fn fresh(root: &Node, base: &str) -> String {
    let mut name = format!("{base}Base");
    while root.component("schemas", &name).is_some() {
        name.push('_');
    }
    name
}
