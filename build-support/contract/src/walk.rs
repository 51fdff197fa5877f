//! A walk through a document that finds the objects of the specification and their places.

use super::grammar::{Field, Kind, Others, Shape};
use super::node::{Member, Node, Value};
use super::pointer;
use super::span::Span;
use super::version::SpecVersion;
use crate::diagnostics::Diagnostic;

mod words;

/// An object of the specification and where it stands.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub kind: Kind,
    pub node: &'a Node,
    pub pointer: String,
}

/// A `$ref`, or a value of a discriminator's mapping.
#[derive(Debug)]
pub(super) struct Reference<'a> {
    /// What it must lead to.
    pub kind: Kind,
    /// The text of it.
    pub target: &'a str,
    /// The place of the text.
    pub span: Span,
    /// JSON pointer of the object that holds it, or of the mapping's value.
    pub pointer: String,
    /// Whether it is a mapping's value, which may be a bare name.
    pub mapping: bool,
}

/// What a walk found.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub version: SpecVersion,
    pub places: Vec<Place<'a>>,
    pub references: Vec<Reference<'a>>,
    pub found: Vec<Diagnostic>,
    pointer: String,
}

impl<'a> Walk<'a> {
    /// Walks a node that is to be such an object.
    pub(super) fn new(node: &'a Node, kind: Kind, version: SpecVersion) -> Self {
        let mut walk = Self {
            version,
            places: Vec::new(),
            references: Vec::new(),
            found: Vec::new(),
            pointer: String::new(),
        };
        walk.shape(node, shape_of(kind));
        walk
    }

    /// Goes on with a node at another pointer.
    pub(super) fn resume(&mut self, node: &'a Node, kind: Kind, pointer: &str) {
        self.pointer.clear();
        self.pointer.push_str(pointer);
        self.shape(node, shape_of(kind));
    }

    /// Every object of a kind.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Place<'a>> {
        self.places.iter().filter(move |place| place.kind == kind)
    }

    fn step(&mut self, key: &str, node: &'a Node, shape: Shape) {
        let length = self.pointer.len();
        self.pointer.push('/');
        if key.contains(['~', '/']) {
            self.pointer.push_str(&pointer::escape(key));
        } else {
            self.pointer.push_str(key);
        }
        self.shape(node, shape);
        self.pointer.truncate(length);
    }

    fn shape(&mut self, node: &'a Node, shape: Shape) {
        match (shape, &node.value) {
            (Shape::Any, _)
            | (Shape::Text, Value::String(_))
            | (Shape::Flag | Shape::SchemaOrFlag, Value::Bool(_))
            | (Shape::Number, Value::Number(_))
            | (Shape::List, Value::Array(_)) => {}
            (Shape::Bound, Value::Bool(_)) if self.version == SpecVersion::V3_0 => {}
            (Shape::Bound, Value::Number(_)) if self.version == SpecVersion::V3_1 => {}
            (Shape::Bound, Value::Bool(_) | Value::Number(_)) => {
                self.found.push(words::other_bound(node, self.version));
            }
            (Shape::Count, Value::Number(number)) if number.is_u64() => {}
            (Shape::Schema, Value::Bool(_)) if self.version == SpecVersion::V3_1 => {
                self.place(Kind::Schema, node);
            }
            (Shape::Word(words), Value::String(text)) => self.word(text, words, node.span),
            (Shape::Types, _) => self.types(node),
            (Shape::Schema | Shape::SchemaOrFlag, Value::Object(members)) => {
                self.schema(node, members);
            }
            (Shape::One(kind), Value::Object(members)) => self.object(kind, node, members),
            (Shape::Ref(kind), Value::Object(members)) => self.object_or_ref(kind, node, members),
            (Shape::Each(each), Value::Array(items)) => {
                for (at, item) in items.iter().enumerate() {
                    self.step(&at.to_string(), item, *each);
                }
            }
            (Shape::Map(each), Value::Object(members)) => {
                for member in members {
                    self.map_entry(member, *each);
                }
            }
            _ if words::is_certain(node, shape) => {
                self.found.push(words::certain(node, shape, self.version));
            }
            // Keys of `paths` that are none, such as `parameters`.
            (Shape::Ref(Kind::PathItem) | Shape::One(Kind::PathItem), Value::Array(_)) => {
                self.found.push(words::idle(node, shape, self.version));
            }
            _ => self
                .found
                .push(words::wrong_shape(node, shape, self.version)),
        }
    }

    /// The keys of `components` and the like are free, but `x-` is still an extension among
    /// them only where objects are expected and none stands.
    fn map_entry(&mut self, member: &'a Member, shape: Shape) {
        self.step(&member.key, &member.value, shape);
    }

    fn place(&mut self, kind: Kind, node: &'a Node) {
        let pointer = self.pointer.clone();
        self.places.push(Place {
            kind,
            node,
            pointer,
        });
    }

    fn schema(&mut self, node: &'a Node, members: &'a [Member]) {
        let has_target = self.reference(Kind::Schema, members);
        if has_target && self.version == SpecVersion::V3_0 {
            // Siblings have no meaning in 3.0.
            self.place(Kind::Schema, node);
            return;
        }
        self.object(Kind::Schema, node, members);
    }

    fn object_or_ref(&mut self, kind: Kind, node: &'a Node, members: &'a [Member]) {
        let has_target = self.reference(kind, members);
        if !has_target || kind == Kind::PathItem {
            self.object(kind, node, members);
        }
    }

    /// Notes a `$ref` and says whether there is one.
    fn reference(&mut self, kind: Kind, members: &'a [Member]) -> bool {
        let Some(member) = members.iter().find(|member| member.key == "$ref") else {
            return false;
        };
        match member.value.as_str() {
            Some(target) => self.references.push(Reference {
                kind,
                target,
                span: member.value.span,
                pointer: self.pointer.clone(),
                mapping: false,
            }),
            None => self
                .found
                .push(words::wrong_shape(&member.value, Shape::Text, self.version)),
        }
        true
    }

    fn object(&mut self, kind: Kind, node: &'a Node, members: &'a [Member]) {
        self.place(kind, node);
        for member in members {
            self.member(kind, member);
        }
        for field in kind.fields() {
            if field.required && !members.iter().any(|member| member.key == field.name) {
                self.found.push(words::missing(kind, field, node));
            }
        }
    }

    fn member(&mut self, kind: Kind, member: &'a Member) {
        if let Some(field) = kind.field(&member.key) {
            self.field(kind, field, member);
            return;
        }
        match kind.others() {
            _ if member.key.starts_with("x-") && kind != Kind::SecurityRequirement => {}
            _ if member.key == "$ref" && refers(kind) => {}
            Others::All(shape) => self.step(&member.key, &member.value, shape),
            Others::Unknown => self.found.push(words::unknown(kind, member)),
        }
    }

    fn field(&mut self, kind: Kind, field: &Field, member: &'a Member) {
        if field.only.is_some_and(|only| only != self.version) {
            self.found
                .push(words::other_version(kind, field, member, self.version));
        }
        let idle = match (field.name, &member.value.value) {
            ("required", Value::Bool(_)) => kind == Kind::Schema,
            ("examples", value) if !matches!(value, Value::Array(_)) => kind == Kind::Schema,
            ("type", Value::Object(_)) => kind == Kind::Schema,
            ("description" | "summary" | "title", Value::Object(_) | Value::Array(_)) => true,
            _ => false,
        };
        if idle {
            let shape = field.shape;
            self.found
                .push(words::idle(&member.value, shape, self.version));
            return;
        }
        self.step(&member.key, &member.value, field.shape);
        if kind == Kind::Discriminator && field.name == "mapping" {
            self.mapping(&member.value);
        }
    }

    fn mapping(&mut self, node: &'a Node) {
        for entry in node.members() {
            if let Some(target) = entry.value.as_str() {
                let key = pointer::escape(&entry.key);
                self.references.push(Reference {
                    kind: Kind::Schema,
                    target,
                    span: entry.value.span,
                    pointer: format!("{}/mapping/{key}", self.pointer),
                    mapping: true,
                });
            }
        }
    }

    fn word(&mut self, text: &str, words: &[&str], span: Span) {
        if !words.contains(&text) {
            self.found.push(words::not_among(text, words, span));
        }
    }

    fn types(&mut self, node: &Node) {
        let old = self.version == SpecVersion::V3_0;
        match &node.value {
            Value::String(text) => self.type_name(text, node.span),
            Value::Array(names) => {
                if old {
                    self.found.push(words::other_types(node));
                }
                for name in names {
                    match name.as_str() {
                        Some(text) => self.type_name(text, name.span),
                        None => {
                            self.found
                                .push(words::wrong_shape(name, Shape::Text, self.version))
                        }
                    }
                }
            }
            _ => self
                .found
                .push(words::wrong_shape(node, Shape::Types, self.version)),
        }
    }

    fn type_name(&mut self, text: &str, span: Span) {
        const TYPES: &[&str] = &[
            "array", "boolean", "integer", "number", "object", "string", "null",
        ];
        let known = match self.version {
            SpecVersion::V3_0 => &TYPES[..6],
            SpecVersion::V3_1 => TYPES,
        };
        if !known.contains(&text) {
            let label = match text {
                "null" => "read as 3.1 means it",
                _ => "taken as any value",
            };
            self.found
                .push(words::not_among(text, known, span).with_label(label));
        }
    }
}

fn refers(kind: Kind) -> bool {
    matches!(kind, Kind::Schema | Kind::PathItem)
}

fn shape_of(kind: Kind) -> Shape {
    match kind {
        Kind::Schema => Shape::Schema,
        kind if kind.section().is_some() => Shape::Ref(kind),
        kind => Shape::One(kind),
    }
}
