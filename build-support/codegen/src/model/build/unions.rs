//! `oneOf` and `anyOf` become enums with one variant an alternative.

use super::Builder;
use super::naming::{Distinct, variant_name};
use super::refs::target;
use crate::lower::shape::{self, properties, resolve, union};
use crate::model::{Constant, TypeRef, Union, Variant};
use contract::pointer::to_component;
use contract::{Node, Value};

impl Builder<'_> {
    pub(super) fn union(&self, name: &str, schema: &Node) -> Union {
        let tag = schema
            .pointer("/discriminator/propertyName")
            .and_then(Node::as_str);
        let open = tag.is_some() && self.policy.is_open(name);
        let mut distinct = Distinct::reserving(if open { &["Unknown"] } else { &[] });
        let own = self.type_name(name);
        let alternatives = union(schema)
            .map(|(_, members)| members)
            .unwrap_or_default();
        let variants = alternatives.iter().map(|alternative| {
            let ty = self.alternative(alternative);
            Variant {
                rust_name: distinct.claim(&self.variant(alternative, &ty, &own)),
                tag_values: tag_values(schema, alternative),
                listed: self.listed(alternative),
                ty,
            }
        });
        Union {
            tag: tag.map(str::to_owned),
            variants: variants.collect(),
            open,
        }
    }

    /// The listed values of an alternative and of its properties.
    fn listed(&self, alternative: &Node) -> Vec<(Option<String>, Vec<Constant>)> {
        let Some(schema) = resolve(self.root, alternative) else {
            return Vec::new();
        };
        let whole = schema.get("enum").map(Node::items);
        let whole = whole.and_then(constants).map(|values| (None, values));
        let named = properties(schema).iter().filter_map(|property| {
            let values = constants(shape::listed(self.root, &property.value)?)?;
            Some((Some(property.key.clone()), values))
        });
        whole.into_iter().chain(named).collect()
    }

    fn alternative(&self, alternative: &Node) -> TypeRef {
        match target(alternative) {
            // An alternative that is an alias stays distinguishable by its own name.
            Some(_) => self.type_ref(alternative),
            None => self.element(Some(alternative)),
        }
    }

    fn variant(&self, alternative: &Node, ty: &TypeRef, union: &str) -> String {
        let title = alternative.get("title").and_then(Node::as_str);
        match (target(alternative), title) {
            (Some(name), _) => within(&self.type_name(name), union).to_owned(),
            (None, Some(title)) => variant_name(title),
            (None, None) => word(ty).to_owned(),
        }
    }
}

/// Listed values, where all of them can be compared exactly.
fn constants(listed: &[Node]) -> Option<Vec<Constant>> {
    let constant = |node: &Node| match &node.value {
        Value::String(text) => Some(Constant::Text(text.clone())),
        Value::Bool(flag) => Some(Constant::Flag(*flag)),
        Value::Number(number) => {
            let whole = number.as_i64().map(i128::from);
            whole
                .or_else(|| number.as_u64().map(i128::from))
                .map(Constant::Whole)
        }
        _ => None,
    };
    let values: Vec<Constant> = listed.iter().map(constant).collect::<Option<_>>()?;
    (!values.is_empty()).then_some(values)
}

/// `Estimate::EstimateAmount` says the same twice.
fn within<'a>(name: &'a str, union: &str) -> &'a str {
    let rest = name.strip_prefix(union).unwrap_or(name);
    if rest != "Self" && rest.starts_with(char::is_uppercase) {
        rest
    } else {
        name
    }
}

/// A variant's name for a type that has none.
fn word(ty: &TypeRef) -> &'static str {
    match ty {
        TypeRef::Named(_) | TypeRef::Boxed(_) | TypeRef::Any => "Value",
        TypeRef::Uuid | TypeRef::UuidText => "Uuid",
        TypeRef::DateTime | TypeRef::DateTimeText => "DateTime",
        TypeRef::Date | TypeRef::DateText => "Date",
        TypeRef::Decimal => "Decimal",
        TypeRef::Base64 | TypeRef::Base64Text => "Bytes",
        TypeRef::Url | TypeRef::UriText => "Url",
        TypeRef::String | TypeRef::Secret => "Text",
        TypeRef::Bool => "Boolean",
        TypeRef::F64 => "Number",
        TypeRef::Array(_) => "List",
        TypeRef::Map(_) => "Map",
        TypeRef::Nullable(inner) => word(inner),
        TypeRef::I8 | TypeRef::I16 | TypeRef::I32 | TypeRef::I64 | TypeRef::I128 => "Integer",
        TypeRef::U8 | TypeRef::U16 | TypeRef::U32 | TypeRef::U64 => "Integer",
    }
}

fn tag_values(schema: &Node, alternative: &Node) -> Vec<String> {
    let mapping = schema
        .pointer("/discriminator/mapping")
        .map(Node::members)
        .unwrap_or_default();
    let Some(name) = target(alternative) else {
        return Vec::new();
    };
    let full = to_component(name);
    let chosen = mapping
        .iter()
        .filter(|entry| entry.value.as_str() == Some(&full));
    chosen.map(|entry| entry.key.clone()).collect()
}
