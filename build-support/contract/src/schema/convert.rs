//! A schema of a contract becomes one of JSON Schema 2020-12 that accepts the same values.

use super::options::{Options, Rest, Unions, World};
use super::{direction, numbers, older, types, union};
use crate::node::{Member, Node, Value as NodeValue};
use crate::version::SpecVersion;
use crate::vocabulary::{self, Holds};
use serde_json::{Map, Value, json};

/// Something that a validator cannot express: a dynamic reference, or one that leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the schema holds a reference that leads nowhere, or one that depends on who refers")]
pub struct Beyond;

/// What writes a reference anew: it is given the text of a `$ref`.
pub(super) type Refer<'a> = dyn FnMut(&str) -> Result<String, Beyond> + 'a;

/// Converts one schema. `root` is the document that references lead into. Each `$ref` is handed to
/// `refer` by its text, which returns what to write instead.
///
/// # Errors
/// [`Beyond`] where `refer` says so, and for dynamic references, unless [`Rest::Kept`] leaves them
/// for the validator to follow.
pub fn convert(
    schema: &Node,
    root: &Node,
    options: Options,
    refer: &mut dyn FnMut(&str) -> Result<String, Beyond>,
) -> Result<Value, Beyond> {
    Converter {
        root,
        options,
        refer,
    }
    .schema(schema, true)
}

pub(super) struct Converter<'a> {
    pub root: &'a Node,
    pub options: Options,
    pub refer: &'a mut Refer<'a>,
}

/// Keywords with a step of their own after the others.
const SETTLED_LATER: [&str; 7] = [
    "type",
    "nullable",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
];

/// Keywords that lead to another schema.
const REFERRING: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// Keywords about the text inside a string. JSON Schema 2020-12 takes them for annotations
/// (validation, section 8).
const CONTENT: [&str; 3] = ["contentEncoding", "contentMediaType", "contentSchema"];

impl Converter<'_> {
    /// Converts a schema; `whole` unless it is a part of one by `allOf`.
    pub(super) fn schema(&mut self, schema: &Node, whole: bool) -> Result<Value, Beyond> {
        let NodeValue::Object(members) = &schema.value else {
            return Ok(Value::Bool(schema.as_bool().unwrap_or(true)));
        };
        let old = self.options.version == SpecVersion::V3_0;
        if let Some(reference) = schema.get("$ref").filter(|_| old) {
            return Ok(json!({ "$ref": self.reference(reference)? }));
        }
        if let Some(reference) = self.lone_reference(members) {
            return Ok(json!({ "$ref": self.reference(reference)? }));
        }
        let mut out = match self.by_tag(schema)? {
            Some(by_tag) => by_tag,
            None => self.keywords(members)?,
        };
        let nullable = self.says_nullable(schema);
        types::written(schema, nullable, &mut out);
        older::rename(&mut out);
        if whole && self.options.as_meant && !out.contains_key("type") {
            types::implied(schema, self.root, nullable, &mut out);
        }
        numbers::bounds(schema, &mut out);
        numbers::format(schema, self.options.rest, &mut out);
        if let Some(direction) = self.options.direction {
            direction::settle(schema, self.root, direction, self.options.absent, &mut out);
        }
        self.close(&mut out);
        Ok(types::or_null(schema, nullable, out))
    }

    fn keywords(&mut self, members: &[Member]) -> Result<Map<String, Value>, Beyond> {
        let mut out = Map::new();
        for member in members {
            let key = member.key.as_str();
            if let Some(value) = self.keyword(key, &member.value)? {
                out.insert(key.to_owned(), value);
            }
        }
        Ok(out)
    }

    fn keyword(&mut self, key: &str, value: &Node) -> Result<Option<Value>, Beyond> {
        let kept = self.options.rest == Rest::Kept;
        Ok(match (key, vocabulary::holds(key)) {
            ("$ref", _) => Some(Value::String(self.reference(value)?)),
            ("$dynamicRef" | "$recursiveRef", _) if !kept => return Err(Beyond),
            ("items", _) if value.as_array().is_some() => self.listed(value, true)?,
            ("dependencies", _) => Some(self.named(value)?),
            (key, _) if SETTLED_LATER.contains(&key) => None,
            (key, _) if !kept && (CONTENT.contains(&key) || !vocabulary::asserts(key)) => None,
            (_, Some(Holds::One)) => Some(self.schema(value, true)?),
            (_, Some(Holds::Named)) => Some(self.named(value)?),
            (key, Some(Holds::List)) => self.listed(value, key != "allOf")?,
            // 3.0 knows the draft 4 flag of one property, which has no meaning here.
            ("required", _) => value.as_array().map(|_| value.to_json()),
            _ => Some(value.to_json()),
        })
    }

    pub(super) fn reference(&mut self, value: &Node) -> Result<String, Beyond> {
        (self.refer)(value.as_str().ok_or(Beyond)?)
    }

    fn listed(&mut self, schemas: &Node, whole: bool) -> Result<Option<Value>, Beyond> {
        let listed = schemas.items().iter().map(|one| self.schema(one, whole));
        let listed = listed.collect::<Result<Vec<_>, _>>()?;
        Ok((!listed.is_empty()).then_some(Value::Array(listed)))
    }

    fn named(&mut self, schemas: &Node) -> Result<Value, Beyond> {
        let named = schemas.members().iter().map(|one| {
            let value = match one.value.as_array() {
                Some(_) => one.value.to_json(),
                None => self.schema(&one.value, true)?,
            };
            Ok((one.key.clone(), value))
        });
        Ok(Value::Object(named.collect::<Result<_, _>>()?))
    }

    /// `allOf` with one reference, and nothing beside it that accepts or rejects values, is that
    /// reference. In 3.0 this is how prose stands beside a reference.
    fn lone_reference<'s>(&self, members: &'s [Member]) -> Option<&'s Node> {
        if self.options.rest == Rest::Kept {
            return None;
        }
        let restricts = |member: &&Member| {
            let key = member.key.as_str();
            vocabulary::asserts(key) || REFERRING.contains(&key)
        };
        let mut restricting = members.iter().filter(restricts);
        let only = restricting.next().filter(|only| only.key == "allOf")?;
        let [part] = only.value.items() else {
            return None;
        };
        let is_only = restricting.next().is_none() && part.members().len() == 1;
        part.get("$ref").filter(|_| is_only)
    }

    fn by_tag(&mut self, schema: &Node) -> Result<Option<Map<String, Value>>, Beyond> {
        if self.options.unions == Unions::AsWritten {
            return Ok(None);
        }
        let Some(chosen) = union::chosen(schema) else {
            return Ok(None);
        };
        let mut cases = Vec::with_capacity(chosen.targets.len());
        let mut optional = false;
        for (text, target) in &chosen.targets {
            let target_node = union::Target::new(self.root, target);
            optional |= !target_node.requires(chosen.tag);
            let value = target_node.value_of_tag(chosen.tag, text);
            cases.push((value, (self.refer)(target)?));
        }
        let beside = schema.members().iter();
        let beside = beside.filter(|member| member.key != "oneOf").cloned();
        let beside = self.keywords(&beside.collect::<Vec<_>>())?;
        Ok(Some(union::by_tag(chosen.tag, cases, optional, beside)))
    }

    fn says_nullable(&self, schema: &Node) -> bool {
        let counts = self.options.version == SpecVersion::V3_0 || self.options.as_meant;
        counts && schema.get("nullable").and_then(Node::as_bool) == Some(true)
    }

    /// In a closed world an object holds what it lists and nothing else.
    fn close(&self, out: &mut Map<String, Value>) {
        let lists = out.contains_key("properties");
        let says = out.contains_key("additionalProperties");
        let is_list = |key: &&String| vocabulary::holds(key) == Some(Holds::List);
        let composed = out.keys().any(|key| is_list(&key));
        if self.options.world == World::Closed && lists && !says && !composed {
            out.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
    }
}
