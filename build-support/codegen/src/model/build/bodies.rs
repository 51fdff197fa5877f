//! Bodies of requests and responses.

use super::Builder;
use super::docs::{flag, flag_of_use, of_use, text};
use super::naming::{Distinct, field_name, variant_name};
use crate::lower::shape::{properties, resolve, type_of, union};
use crate::lower::{is_json, is_stream, rank};
use crate::model::{Body, Content, Encoding, Framing, Multipart, Part, PartKind, Style, TypeRef};
use contract::media_type::essence;
use contract::{Member, Node};
use std::collections::BTreeSet;

impl Builder<'_> {
    /// A body of each value that lowering left, the preferred one with the others.
    pub(super) fn body(&self, node: &Node) -> Option<Body> {
        let mut all: Vec<&Member> = node.members_of("content").iter().collect();
        all.sort_by_key(|member| rank(&member.key));
        let mut groups: Vec<Vec<&Member>> = Vec::new();
        for member in all {
            match groups.iter_mut().find(|group| is_same(group[0], member)) {
                Some(group) => group.push(member),
                None => groups.push(vec![member]),
            }
        }
        let mut names = Distinct::default();
        let bodies = groups.iter().map(|group| Body {
            variant_name: names.claim(&body_name(&group[0].key)),
            ..self.body_of(node, group)
        });
        let mut bodies = bodies.collect::<Vec<_>>().into_iter();
        let preferred = bodies.next()?;
        Some(Body {
            others: bodies.collect(),
            ..preferred
        })
    }

    /// The members of a form whose `encoding` says how they are written. A style wins over a media
    /// type, which says something of lists and objects alone: a text that is JSON is a text.
    fn encodings(&self, media: &Node) -> Vec<Encoding> {
        let schema = media.get("schema");
        let schema = schema.and_then(|schema| resolve(self.root, schema));
        let of_member = |name: &str| {
            let mut members = properties(schema?).iter();
            let member = members.find(|member| member.key == name)?;
            type_of(resolve(self.root, &member.value)?)
        };
        let said = media.members_of("encoding").iter().filter_map(|member| {
            let value = &member.value;
            let styled = ["style", "explode", "allowReserved"];
            let media_type = value.get("contentType").and_then(Node::as_str);
            let has_parts = matches!(of_member(&member.key), Some("array" | "object"));
            let style = match styled.iter().any(|key| value.contains_key(key)) {
                true => form_style(value),
                false if has_parts && media_type.is_some_and(is_json) => Style::Json,
                false => return None,
            };
            let explode = value.get("explode").and_then(Node::as_bool);
            Some(Encoding {
                name: member.key.clone(),
                style,
                explode: explode.unwrap_or(style == Style::Form),
            })
        });
        said.collect()
    }

    /// One value, in one or several media types.
    fn body_of(&self, node: &Node, group: &[&Member]) -> Body {
        let (first, also) = (group[0], group[1..].iter());
        let content = match rank(&first.key) {
            2 => Content::Multipart(self.multipart(&first.value)),
            _ => self.read_as(first),
        };
        let form = group.iter().find(|member| rank(&member.key) == 1);
        Body {
            required: flag(node, "required"),
            encodings: form
                .map(|member| self.encodings(&member.value))
                .unwrap_or_default(),
            also: also
                .map(|member| (member.key.clone(), self.read_as(member)))
                .collect(),
            media_type: first.key.clone(),
            restricted_text: content == Content::Text && self.restricts_texts(first),
            content,
            description: text(node, "description"),
            variant_name: String::new(),
            others: Vec::new(),
        }
    }

    /// The media types of a response, the preferred one first, and what names of the others end with.
    /// The parts of a response are not taken apart.
    pub(super) fn response_contents(&self, node: &Node) -> Vec<(String, Content, Option<String>)> {
        let mut all: Vec<&Member> = node.members_of("content").iter().collect();
        all.sort_by_key(|member| rank(&member.key));
        let mut distinct = Distinct::default();
        let all = all.into_iter().enumerate().map(|(index, member)| {
            let name = (index > 0).then(|| distinct.claim(&subtype_name(&member.key)));
            (member.key.clone(), self.read_as(member), name)
        });
        all.collect()
    }

    fn read_as(&self, member: &Member) -> Content {
        let schema = member.value.get("schema");
        match rank(&member.key) {
            0 if self.is_of_bytes(member) => Content::Binary,
            0 => Content::Json(self.element(schema)),
            1 if schema.and_then(type_of) == Some("string") => Content::Text,
            1 => Content::Form(self.element(schema)),
            3 => Content::Text,
            _ if is_stream(&member.key) => self.records(&member.key, schema),
            _ => Content::Binary,
        }
    }

    /// Whether a schema does not take every text. That of XML says what is in it.
    fn restricts_texts(&self, member: &Member) -> bool {
        let media_type = essence(&member.key);
        if !media_type.starts_with("text/") || media_type == "text/xml" {
            return false;
        }
        let schema = member.value.get("schema");
        let Some(schema) = schema.and_then(|schema| resolve(self.root, schema)) else {
            return false;
        };
        let restricting = ["enum", "format", "minLength", "maxLength", "pattern"];
        match type_of(schema) {
            Some("string") => restricting.iter().any(|key| schema.contains_key(key)),
            Some("integer" | "number" | "boolean") => true,
            _ => false,
        }
    }

    /// Whether a body may be of any type (`*/*`), and its schema says that it is not JSON.
    fn is_of_bytes(&self, member: &Member) -> bool {
        let schema = member.value.get("schema");
        let schema = schema.and_then(|schema| resolve(self.root, schema));
        let format = schema.and_then(|schema| schema.get("format"));
        essence(&member.key) == "*/*" && format.and_then(Node::as_str) == Some("binary")
    }

    /// A list is a list of records. What is described as text is read as text, where a record can be.
    fn records(&self, media_type: &str, schema: Option<&Node>) -> Content {
        let framing = match essence(media_type).as_str() {
            "text/event-stream" => Framing::Events,
            "application/json-seq" => Framing::Sequence,
            _ => Framing::Lines,
        };
        let target = schema.and_then(|schema| resolve(self.root, schema));
        let kind = target.and_then(type_of);
        let ty = match kind {
            Some("string") => TypeRef::String,
            Some("array") => self.element(target.and_then(|target| target.get("items"))),
            _ => self.element(schema),
        };
        match (framing, kind) {
            (Framing::Lines | Framing::Sequence, Some("string")) => Content::Stream,
            _ => Content::Records(framing, ty),
        }
    }

    fn multipart(&self, media: &Node) -> Multipart {
        let schema = media.get("schema");
        let Some(schema) = schema.and_then(|schema| resolve(self.root, schema)) else {
            return Multipart {
                parts: Vec::new(),
                closed: false,
            };
        };
        // The parts of a choice are those of all alternatives.
        let alternatives: Vec<&Node> = match union(schema) {
            Some((_, members)) => members
                .iter()
                .filter_map(|one| resolve(self.root, one))
                .collect(),
            None => vec![schema],
        };
        let requires = |schema: &&Node, name: &str| {
            let mut required = schema.items_of("required").iter();
            required.any(|own| own.as_str() == Some(name))
        };
        let required = |name: &str| alternatives.iter().all(|one| requires(one, name));
        let is_closed = |schema: &&Node| {
            schema.get("additionalProperties").and_then(Node::as_bool) == Some(false)
        };
        let mut fields = Distinct::reserving(&["further"]);
        let mut variants = Distinct::reserving(&["Other"]);
        let mut seen = BTreeSet::new();
        let all = alternatives.iter().flat_map(|schema| properties(schema));
        let all = all.filter(|property| seen.insert(&property.key));
        let all = all.filter(|property| !flag_of_use(self.root, &property.value, "readOnly"));
        let parts = all.map(|property| {
            let name = &property.key;
            let encoding = media.get("encoding").and_then(|all| all.get(name));
            let mut part = self.part(property, encoding);
            part.rust_name = fields.claim(&field_name(name));
            part.variant_name = variants.claim(&variant_name(name));
            part.required = required(name) && !self.nullable(&property.value);
            part
        });
        Multipart {
            parts: parts.collect(),
            closed: alternatives.iter().all(is_closed),
        }
    }

    /// A part without its Rust names and whether it is required.
    fn part(&self, property: &Member, encoding: Option<&Node>) -> Part {
        let said = encoding.and_then(|encoding| encoding.get("contentType"));
        let said = said.and_then(Node::as_str).unwrap_or_default();
        let media_types: Vec<String> = said
            .split(',')
            .map(|one| one.trim().to_owned())
            .filter(|one| !one.is_empty())
            .collect();
        let nothing = Node::object(property.value.span);
        let target = resolve(self.root, &property.value).unwrap_or(&nothing);
        let (item, repeated) = match type_of(target) {
            Some("array") => (target.get("items").unwrap_or(&nothing), true),
            _ => (&property.value, self.holds_files(target)),
        };
        let least = target.get("minItems").and_then(Node::as_number);
        let least = least.and_then(serde_json::Number::as_u64);
        Part {
            may_be_empty: repeated && least.unwrap_or_default() == 0,
            rust_name: String::new(),
            variant_name: String::new(),
            wire_name: property.key.clone(),
            required: false,
            repeated,
            kind: self.part_kind(item, &media_types),
            media_types,
            schema: item.to_json(),
            docs: of_use(self.root, &property.value),
        }
    }

    /// OpenAPI, "Special Considerations for multipart Content": objects and lists of lists are JSON,
    /// strings, numbers and booleans are text, and what has no type is a file.
    fn part_kind(&self, schema: &Node, media_types: &[String]) -> PartKind {
        let ty = || self.type_ref(schema);
        let Some(target) = resolve(self.root, schema) else {
            return PartKind::Json(ty());
        };
        if self.is_file(target) {
            return PartKind::File;
        }
        let in_json = media_types.first().is_some_and(|one| is_json(one));
        let scalar = ["string", "integer", "number", "boolean"];
        let is_scalar = |node: &Node| type_of(node).is_some_and(|kind| scalar.contains(&kind));
        let text = match union(target) {
            Some((_, members)) => {
                let members = members.iter().map(|one| resolve(self.root, one));
                members.into_iter().all(|one| one.is_some_and(is_scalar))
            }
            None => is_scalar(target),
        };
        match text && !in_json {
            true => PartKind::Text(ty()),
            false => PartKind::Json(ty()),
        }
    }

    /// Whether the schema is one of bytes, or of any type.
    fn is_file(&self, schema: &Node) -> bool {
        if let Some((_, members)) = union(schema) {
            let file = |one| resolve(self.root, one).is_some_and(|one| self.is_file_or_files(one));
            return !members.is_empty() && members.iter().all(file);
        }
        match type_of(schema) {
            Some("string") => schema.get("format").and_then(Node::as_str) == Some("binary"),
            Some(_) => false,
            None => !["enum", "allOf", "properties"]
                .iter()
                .any(|key| schema.contains_key(key)),
        }
    }

    /// Whether one of the alternatives is a list of files.
    fn holds_files(&self, schema: &Node) -> bool {
        let members = union(schema)
            .map(|(_, members)| members)
            .unwrap_or_default();
        let is_list = |one: &Node| {
            let target = resolve(self.root, one);
            target.is_some_and(|target| type_of(target) == Some("array"))
        };
        self.is_file(schema) && members.iter().any(is_list)
    }

    fn is_file_or_files(&self, schema: &Node) -> bool {
        let items = match type_of(schema) {
            Some("array") => schema
                .get("items")
                .and_then(|items| resolve(self.root, items)),
            _ => Some(schema),
        };
        items.is_some_and(|items| union(items).is_none() && self.is_file(items))
    }
}

/// Whether two media types of a request are one value: in JSON or as a form.
fn is_same(one: &Member, other: &Member) -> bool {
    let is_value = |member: &Member| rank(&member.key) < 2;
    is_value(one) && is_value(other) && one.value.get("schema") == other.value.get("schema")
}

/// The name of a body among several: its usual name, or else its subtype.
fn body_name(media_type: &str) -> String {
    let usual = match essence(media_type).as_str() {
        "application/x-www-form-urlencoded" => "Form",
        "multipart/form-data" => "Parts",
        "text/plain" => "Text",
        "application/octet-stream" => "Bytes",
        _ => return subtype_name(media_type),
    };
    usual.to_owned()
}

/// The subtype of a media type as a name; of a range the type.
fn subtype_name(media_type: &str) -> String {
    let essence = essence(media_type);
    let subtype = match essence.split_once('/').unwrap_or_default() {
        ("*", _) => "other",
        (kind, "*") => kind,
        (_, subtype) => subtype.strip_prefix("x-").unwrap_or(subtype),
    };
    variant_name(subtype)
}

fn form_style(encoding: &Node) -> Style {
    match encoding.get("style").and_then(Node::as_str) {
        Some("spaceDelimited") => Style::SpaceDelimited,
        Some("pipeDelimited") => Style::PipeDelimited,
        Some("deepObject") => Style::DeepObject,
        _ => Style::Form,
    }
}
