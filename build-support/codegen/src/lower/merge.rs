//! Objects joined by `allOf`.

use super::extensions::{CHECKED, CLOSED, IMPLIED_TYPE, PATTERNS};
use super::narrow::narrow;
use super::shape::{
    component, component_of, is_annotation, properties, reference, referred, type_of, union,
};
use contract::diagnostics::{Diagnostic, Diagnostics};
use contract::{Member, Node};

/// What several objects have together.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    properties: Vec<Member>,
    required: Vec<Node>,
    additional: Option<Node>,
    rest: Vec<Member>,
    /// Whether one of them says that it is an object.
    pub is_object: bool,
    /// Component schemas taken over by reference, nearest only.
    pub parents: Vec<String>,
    /// Choices among them, each a schema of `oneOf` or `anyOf` alone.
    pub unions: Vec<Node>,
}

impl Merged {
    /// Whether nothing is said about properties.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.required.is_empty() && self.additional.is_none()
    }

    /// Takes another object in; its word counts where both describe a property. References lead into
    /// `all`.
    pub fn absorb(&mut self, other: Self, all: &Node, found: &mut Diagnostics) {
        self.closed_beside(&other, found);
        other.closed_beside(self, found);
        for member in other.properties {
            self.property(member, all, found);
        }
        for name in other.required {
            if !self.required.contains(&name) {
                self.required.push(name);
            }
        }
        self.additional = other.additional.or(self.additional.take());
        for member in other.rest {
            self.keep(member);
        }
        self.is_object |= other.is_object;
        self.unions.extend(other.unions);
    }

    /// Says that a part which forbids properties that it does not describe is not held to it beside
    /// others. To the letter it forbids theirs, and people mean the whole.
    fn closed_beside(&self, other: &Self, found: &mut Diagnostics) {
        let closed = self
            .additional
            .as_ref()
            .filter(|said| said.as_bool() == Some(false));
        let describes = |key: &str| self.properties.iter().any(|own| own.key == key);
        let foreign = other.properties.iter().find(|one| !describes(&one.key));
        let (Some(closed), Some(foreign)) = (closed, foreign) else {
            return;
        };
        const CODE: &str = "lower::closed-part";
        let is_said = |one: &Diagnostic| one.code == CODE && one.span == Some(closed.span);
        if found.items.iter().any(is_said) {
            return;
        }
        let message = format!(
            "`additionalProperties: false` forbids `{}`, which another part of the `allOf` describes; \
             taken as said of the whole",
            foreign.key
        );
        let warning = Diagnostic::warning(CODE, message, closed.span)
            .with_related(foreign.key_span, "described here")
            .with_help("write `unevaluatedProperties: false` beside the `allOf`");
        found.push(warning);
    }

    /// Takes in what is said of a whole object. Names that any of the parts lets through stay, and so does
    /// what servers check.
    fn keep(&mut self, member: Member) {
        let Some(old) = self.rest.iter_mut().find(|old| old.key == member.key) else {
            self.rest.push(member);
            return;
        };
        match [CHECKED, PATTERNS].contains(&member.key.as_str()) {
            true => {
                let both = old.value.items().iter().chain(member.value.items());
                old.value = Node::array(both.cloned().collect(), old.value.span);
            }
            false => *old = member,
        }
    }

    fn property(&mut self, member: Member, all: &Node, found: &mut Diagnostics) {
        let Some(old) = self.properties.iter_mut().find(|old| old.key == member.key) else {
            self.properties.push(member);
            return;
        };
        if let Some(both) = narrow(&old.value, &member.value, all) {
            old.value = both;
            return;
        }
        if derives(all, &old.value, &member.value, 0) {
            return;
        }
        if bare(&old.value) != bare(&member.value) && !derives(all, &member.value, &old.value, 0) {
            let message = format!(
                "`{}` is described twice, differently; the later description counts",
                member.key
            );
            let warning = Diagnostic::warning("lower::described-twice", message, member.key_span)
                .with_label("this one counts")
                .with_related(old.key_span, "also described here");
            found.push(warning);
        }
        *old = member;
    }

    /// Writes the object's keys.
    pub fn write(&self, out: &mut Node) {
        let span = out.span;
        if !self.properties.is_empty() {
            let mut properties = Node::object(span);
            let members = properties.as_object_mut();
            members
                .into_iter()
                .for_each(|members| members.clone_from(&self.properties));
            out.insert("properties", properties);
        }
        if !self.required.is_empty() {
            out.insert("required", Node::array(self.required.clone(), span));
        }
        if let Some(additional) = &self.additional {
            out.insert("additionalProperties", additional.clone());
        }
        for member in &self.rest {
            out.insert(member.key.clone(), member.value.clone());
        }
    }

    /// Whether every property of a parent is there unchanged.
    #[must_use]
    pub fn covers(&self, parent: &Node, all: &Node) -> bool {
        let mut nothing = Diagnostics::default();
        let theirs = Merger::new(all, &mut nothing).merge(parent);
        let kept = |member: &Member| {
            let ours = self.properties.iter().find(|ours| ours.key == member.key);
            ours.is_some_and(|ours| bare(&ours.value) == bare(&member.value))
        };
        let demanded = |name: &Node| theirs.required.contains(name);
        let same_demand = self.required.iter().all(|name| {
            demanded(name)
                || !theirs
                    .properties
                    .iter()
                    .any(|member| name.as_str() == Some(&member.key))
        });
        theirs.unions.is_empty() && same_demand && theirs.properties.iter().all(kept)
    }
}

/// Whether a schema is composed of another one, and so says all that it says.
fn derives(all: &Node, one: &Node, other: &Node, depth: u8) -> bool {
    let (Some(name), Some(base)) = (referred(one), referred(other)) else {
        return false;
    };
    let parts = component(all, name).map(|schema| schema.items_of("allOf"));
    let mut parts = parts.unwrap_or_default().iter();
    depth < 16
        && parts.any(|part| referred(part) == Some(base) || derives(all, part, other, depth + 1))
}

/// A schema without what merely describes it.
fn bare(node: &Node) -> Node {
    let mut out = node.clone();
    if let Some(members) = out.as_object_mut() {
        members.retain(|member| !is_annotation(&member.key) || member.key == "nullable");
        // `allOf: [{$ref}]` is the reference with its annotations.
        if let [only] = members.as_slice()
            && only.key == "allOf"
            && let [inner] = only.value.items()
        {
            return inner.clone();
        }
    }
    out
}

/// Follows `allOf` through references.
#[derive(Debug)]
pub struct Merger<'a> {
    all: &'a Node,
    found: &'a mut Diagnostics,
    path: Vec<String>,
}

impl<'a> Merger<'a> {
    /// A merger that finds references in `all`.
    pub fn new(all: &'a Node, found: &'a mut Diagnostics) -> Self {
        Self {
            all,
            found,
            path: Vec::new(),
        }
    }

    /// A schema with everything its `allOf` brings.
    pub fn merge(&mut self, schema: &Node) -> Merged {
        if let Some(name) = reference(schema).and_then(component_of) {
            return self.referred(name, schema);
        }
        let mut merged = Merged::default();
        for member in schema.items_of("allOf") {
            let part = self.merge(member);
            merged.absorb(part, self.all, self.found);
            let parent = reference(member).and_then(component_of);
            let known = parent.is_some_and(|name| merged.parents.iter().any(|known| known == name));
            if let (Some(parent), false) = (parent, known) {
                merged.parents.push(parent.to_owned());
            }
        }
        merged.absorb(own(schema), self.all, self.found);
        merged
    }

    fn referred(&mut self, name: &str, schema: &Node) -> Merged {
        if self.path.iter().any(|seen| seen == name) {
            let message = format!("`{name}` is composed of itself through `allOf`");
            self.found.push(Diagnostic::error(
                "lower::endless-all-of",
                message,
                schema.span,
            ));
            return Merged::default();
        }
        let Some(target) = component(self.all, name) else {
            return Merged::default();
        };
        self.path.push(name.to_owned());
        let merged = self.merge(target);
        self.path.pop();
        merged
    }
}

/// What a schema says itself.
fn own(schema: &Node) -> Merged {
    let mut merged = Merged {
        properties: properties(schema).to_vec(),
        required: schema.items_of("required").to_vec(),
        additional: schema.get("additionalProperties").cloned(),
        is_object: type_of(schema) == Some("object") && !schema.contains_key(IMPLIED_TYPE),
        ..Merged::default()
    };
    let limits = ["minProperties", "maxProperties", CHECKED, CLOSED, PATTERNS];
    let rest = schema
        .members()
        .iter()
        .filter(|member| limits.contains(&member.key.as_str()));
    merged.rest.extend(rest.cloned());
    if let Some((key, alternatives)) = union(schema) {
        let mut choice = Node::object(alternatives.first().map_or(schema.span, |node| node.span));
        for key in [key, "discriminator"] {
            let value = schema.get(key).cloned();
            value
                .into_iter()
                .for_each(|value| drop(choice.insert(key, value)));
        }
        merged.unions.push(choice);
    }
    merged
}
