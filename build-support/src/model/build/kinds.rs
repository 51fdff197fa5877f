//! The shape of each named type.

use super::Builder;
use super::naming::{Distinct, variant_name};
use super::refs::{is_identifier, is_map, target};
use crate::diagnostics::Diagnostic;
use crate::lower::extensions::PARENTS;
use crate::lower::shape::{properties, type_of, union};
use crate::model::{Additional, Enum, EnumValue, Newtype, Struct, TypeKind, TypeRef};
use crate::read::Node;

impl Builder<'_> {
    /// The shape of a component, with what has no shape reported.
    pub(super) fn kind(&mut self, name: &str, schema: &Node) -> TypeKind {
        let kind = self.kind_unreported(name, schema);
        if let Some(values) = schema
            .get("enum")
            .filter(|_| !matches!(kind, TypeKind::Enum(_) | TypeKind::External(_)))
        {
            let message = format!(
                "the values of `{name}` are not strings: its type does not hold them to the list"
            );
            let warning = Diagnostic::warning("model::enum-of-numbers", message, values.span);
            self.found.push(warning);
        }
        kind
    }

    /// The shape of a component.
    pub(super) fn kind_unreported(&self, name: &str, schema: &Node) -> TypeKind {
        if let Some(path) = self.policy.rust_path(name) {
            return TypeKind::External(path.to_owned());
        }
        if target(schema).is_some() {
            return Self::scalar(name, self.type_ref(schema));
        }
        if union(schema).is_some() {
            return TypeKind::Union(self.union(name, schema));
        }
        match type_of(schema) {
            Some("string") if schema.contains_key("enum") => {
                TypeKind::Enum(self.enumeration(name, schema))
            }
            Some("object") if self.is_struct(schema) => {
                TypeKind::Struct(self.structure(name, schema))
            }
            _ => Self::scalar(name, self.type_ref(schema)),
        }
    }

    /// A type of its own for an identifier; everything else is another name.
    fn scalar(name: &str, ty: TypeRef) -> TypeKind {
        if is_identifier(name, &ty) {
            TypeKind::Newtype(Newtype { inner: ty })
        } else {
            TypeKind::Alias(ty)
        }
    }

    /// An object that says nothing of its properties is a struct too: it has a name. One that only
    /// says what its values are is a map.
    fn is_struct(&self, schema: &Node) -> bool {
        !is_map(schema)
            || schema
                .get("additionalProperties")
                .is_none_or(|more| more.as_bool() == Some(false))
    }

    fn structure(&self, name: &str, schema: &Node) -> Struct {
        let parents = schema.get(PARENTS).map(Node::items).unwrap_or_default();
        let parents = parents
            .iter()
            .filter_map(|parent| parent.as_str().map(str::to_owned));
        Struct {
            fields: self.fields(name, schema),
            additional: self.additional(schema),
            parents: parents.collect(),
        }
    }

    fn additional(&self, schema: &Node) -> Additional {
        match schema.get("additionalProperties") {
            Some(more) if more.as_bool() == Some(false) => Additional::Denied,
            Some(_) => Additional::Typed(self.values(schema)),
            None if properties(schema).is_empty() => Additional::Typed(TypeRef::Any),
            None => Additional::Ignored,
        }
    }

    fn enumeration(&self, name: &str, schema: &Node) -> Enum {
        let open = self.policy.is_open(name);
        let mut distinct = Distinct::reserving(if open { &["Unknown"] } else { &[] });
        let mut values: Vec<EnumValue> = Vec::new();
        for wire in schema.get("enum").map(Node::items).unwrap_or_default() {
            let Some(wire) = wire.as_str() else { continue };
            if values.iter().any(|value| value.wire == wire) {
                continue;
            }
            let wanted = variant_name(wire);
            let wanted = if open && wanted == "Unknown" {
                "UnknownValue".to_owned()
            } else {
                wanted
            };
            values.push(EnumValue {
                wire: wire.to_owned(),
                rust_name: distinct.claim(&wanted),
            });
        }
        Enum { values, open }
    }
}
