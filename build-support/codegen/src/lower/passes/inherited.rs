//! Joins what the parts of an `allOf` say of one property where each of them describes an object, or lists
//! texts: the property is then composed of them all, under a name of its own.

use crate::lower::names::Names;
use crate::lower::shape::{is_annotation, reference};
use crate::lower::{context::Context, walk};
use contract::{Member, Node, Span, pointer};
use heck::ToUpperCamelCase;
use std::collections::BTreeMap;

/// How many components are made of others at most.
const MOST: usize = 1_000;

/// Runs the pass, before what is referred to inside of other schemas becomes a component.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let all = root.clone();
    let mut joiner = Joiner {
        all: &all,
        names: Names::taken_by(root),
        known: BTreeMap::new(),
        made: Vec::new(),
    };
    let components = super::schemas_of(root).as_object_mut();
    for component in components.into_iter().flatten() {
        joiner.join(&mut component.value, &component.key);
    }
    walk::schemas_mut(root, &mut |schema| joiner.join(schema, ""));
    let made = joiner.made;
    let components = super::schemas_of(root).as_object_mut();
    components
        .into_iter()
        .for_each(|all| all.extend(made.iter().cloned()));
}

struct Joiner<'a> {
    /// The contract before the pass.
    all: &'a Node,
    names: Names,
    /// The component that is made of some others, by the references to these.
    known: BTreeMap<Vec<String>, String>,
    made: Vec<Member>,
}

impl Joiner<'_> {
    /// Joins what is said in the parts of a schema; `owner` begins the names of components.
    fn join(&mut self, schema: &mut Node, owner: &str) {
        if schema.items_of("allOf").is_empty() {
            return;
        }
        let mut said = Vec::new();
        collect(schema, &Place::Own(String::new()), self.all, &mut said, 0);
        let mut names: Vec<String> = said.iter().map(|one| one.name.clone()).collect();
        names.sort();
        names.dedup();
        for name in names {
            let of_name: Vec<&Said> = said.iter().filter(|one| one.name == name).collect();
            if let Some(parts) = parts(&of_name, self.all) {
                let parts = parts.into_iter().map(Said::part).collect();
                let wanted = format!("{owner}{}", name.to_upper_camel_case());
                let whole = self.whole(parts, &wanted, schema.span);
                put(schema, &of_name, whole);
            }
        }
    }

    /// A schema that is composed of others. What stands elsewhere can lead back to where it is used,
    /// so that what is composed of nothing else is a component.
    fn whole(&mut self, parts: Vec<Node>, wanted: &str, span: Span) -> Node {
        let targets = parts.iter().map(|part| reference(part).map(str::to_owned));
        let targets = targets
            .collect::<Option<Vec<_>>>()
            .filter(|all| all.len() > 1);
        let mut whole = Node::object(span);
        whole.insert("allOf", Node::array(parts, span));
        let Some(targets) = targets.filter(|_| self.known.len() < MOST) else {
            self.join(&mut whole, wanted);
            return whole;
        };
        if let Some(name) = self.known.get(&targets) {
            return super::ref_to(name, span);
        }
        let name = self.names.fresh(wanted);
        self.known.insert(targets, name.clone());
        self.join(&mut whole, &name);
        let made = super::ref_to(&name, span);
        self.made.push(Member {
            key: name,
            key_span: span,
            value: whole,
        });
        made
    }
}

/// What a part of a schema says of a property.
struct Said {
    name: String,
    place: Place,
    value: Node,
}

/// Where a schema stands: inside of the one that is looked at, or elsewhere, by its pointer.
enum Place {
    Own(String),
    Elsewhere(String),
}

impl Place {
    fn below(&self, step: &str) -> Self {
        match self {
            Self::Own(at) => Self::Own(format!("{at}{step}")),
            Self::Elsewhere(at) => Self::Elsewhere(format!("{at}{step}")),
        }
    }
}

impl Said {
    /// The description as a part of another schema.
    fn part(&self) -> Node {
        match &self.place {
            Place::Elsewhere(at) if reference(&self.value).is_none() => {
                let mut part = Node::object(self.value.span);
                let target = pointer::to_reference(at);
                part.insert("$ref", Node::string(target, self.value.span));
                part
            }
            _ => self.value.clone(),
        }
    }
}

/// Adds what a schema says of its properties, in the order in which the later word counts.
fn collect(schema: &Node, place: &Place, all: &Node, said: &mut Vec<Said>, depth: u8) {
    if depth > 16 {
        return;
    }
    for (at, part) in schema.items_of("allOf").iter().enumerate() {
        match target(part, all) {
            Some((at, referred)) => collect(referred, &Place::Elsewhere(at), all, said, depth + 1),
            None => collect(
                part,
                &place.below(&format!("/allOf/{at}")),
                all,
                said,
                depth + 1,
            ),
        }
    }
    for property in schema.members_of("properties") {
        let step = pointer::join("/properties", &property.key);
        said.push(Said {
            name: property.key.clone(),
            place: place.below(&step),
            value: property.value.clone(),
        });
    }
}

/// The schema that a reference leads to, and its pointer.
fn target<'a>(schema: &Node, all: &'a Node) -> Option<(String, &'a Node)> {
    let at = pointer::of_reference(reference(schema)?)?.into_owned();
    let found = all.pointer(&at)?;
    Some((at, found))
}

/// The descriptions that together say what a property is, where the last one does not.
fn parts<'a>(said: &[&'a Said], all: &Node) -> Option<Vec<&'a Said>> {
    let last = said.last().filter(|_| said.len() > 1)?;
    let lists: Option<Vec<&[Node]>> = said
        .iter()
        .map(|one| listed_texts(&one.value, all, 0))
        .collect();
    let is_joined = match lists.as_deref() {
        // A last list with nothing that another one leaves out is what all of them leave.
        Some([others @ .., last]) => !others
            .iter()
            .all(|list| last.iter().all(|it| list.contains(it))),
        _ => said.iter().all(|one| is_plain_object(&one.value, all, 0)),
    };
    if !is_joined {
        return None;
    }
    let mut parts: Vec<&Said> = Vec::new();
    for one in said {
        let says_as_much = |other: &&Said| says(&other.value, &one.value, all, 0);
        if !parts.iter().any(says_as_much) {
            parts.retain(|other| !says(&one.value, &other.value, all, 0));
            parts.push(one);
        }
    }
    let is_last = |one: &&Said| bare(&one.value) == bare(&last.value);
    (!matches!(parts.as_slice(), [only] if is_last(only))).then_some(parts)
}

/// Whether a schema says all that another one says: it is the same, or composed of it.
fn says(one: &Node, other: &Node, all: &Node, depth: u8) -> bool {
    if bare(one) == bare(other) {
        return true;
    }
    if depth > 16 {
        return false;
    }
    match target(one, all) {
        Some((_, referred)) => says(referred, other, all, depth + 1),
        None => one
            .items_of("allOf")
            .iter()
            .any(|part| says(part, other, all, depth + 1)),
    }
}

fn bare(schema: &Node) -> Node {
    let mut bare = schema.clone();
    if let Some(members) = bare.as_object_mut() {
        members.retain(|member| !is_annotation(&member.key));
    }
    bare
}

/// Whether a schema takes objects with certain properties, and nothing else.
fn is_plain_object(schema: &Node, all: &Node, depth: u8) -> bool {
    if depth > 16 {
        return false;
    }
    if let Some((_, referred)) = target(schema, all) {
        return is_plain_object(referred, all, depth + 1);
    }
    let plain = [
        "type",
        "properties",
        "required",
        "allOf",
        "additionalProperties",
    ];
    let known = |key: &str| plain.contains(&key) || (is_annotation(key) && key != "nullable");
    let is_object = schema
        .get("type")
        .is_none_or(|kind| kind.as_str() == Some("object"));
    let parts = schema.items_of("allOf");
    let says_something = !parts.is_empty() || !schema.members_of("properties").is_empty();
    is_object
        && says_something
        && schema.members().iter().all(|member| known(&member.key))
        && parts
            .iter()
            .all(|part| is_plain_object(part, all, depth + 1))
}

/// The texts that a schema lists, where it says nothing else.
fn listed_texts<'a>(schema: &'a Node, all: &'a Node, depth: u8) -> Option<&'a [Node]> {
    if depth > 16 {
        return None;
    }
    if let Some((_, referred)) = target(schema, all) {
        return listed_texts(referred, all, depth + 1);
    }
    let known =
        |key: &str| ["type", "enum"].contains(&key) || is_annotation(key) && key != "nullable";
    let is_text = schema
        .get("type")
        .is_none_or(|kind| kind.as_str() == Some("string"));
    let values = schema.get("enum")?.items();
    let are_texts = values.iter().all(|value| value.as_str().is_some());
    let says_nothing_else = schema.members().iter().all(|member| known(&member.key));
    (is_text && are_texts && says_nothing_else).then_some(values)
}

/// Puts the whole in the place of the last description that is the schema's own, or behind all others.
fn put(schema: &mut Node, said: &[&Said], whole: Node) {
    let mut own = said.iter().rev().filter_map(|one| match &one.place {
        Place::Own(at) => Some(at.as_str()),
        Place::Elsewhere(_) => None,
    });
    let Some(last) = own.next() else {
        let Some(name) = said.first().map(|one| one.name.as_str()) else {
            return;
        };
        let span = schema.span;
        let mut properties = Node::object(span);
        properties.insert(name, whole);
        let mut part = Node::object(span);
        part.insert("type", Node::string("object", span));
        part.insert("properties", properties);
        if let Some(parts) = schema.get_mut("allOf").and_then(Node::as_array_mut) {
            parts.push(part);
        }
        return;
    };
    for earlier in own {
        if let Some((above, name)) = pointer::parent(earlier)
            && let Some(properties) = schema.pointer_mut(above)
        {
            properties.remove(&name);
        }
    }
    if let Some(place) = schema.pointer_mut(last) {
        *place = whole;
    }
}
