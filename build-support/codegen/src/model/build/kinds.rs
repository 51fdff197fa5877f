//! The shape of each named type.

use super::Builder;
use super::naming::{Distinct, variant_name};
use super::refs::{is_identifier, is_map, target};
use crate::lower::extensions::{LISTED, PARENTS};
use crate::lower::shape::{component, properties, type_of, union};
use crate::model::{Additional, Enum, EnumValue, Newtype, Struct, TypeKind, TypeRef};
use crate::policy::Unlisted;
use contract::Node;

impl Builder<'_> {
    /// The shape of a component.
    pub(super) fn kind(&self, name: &str, schema: &Node) -> TypeKind {
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
        let parents = schema.items_of(PARENTS);
        let parents = parents.iter().filter_map(Node::as_str);
        let parents = parents.filter(|parent| self.is_whole_parent(parent, schema));
        Struct {
            fields: self.fields(name, schema),
            additional: self.additional(schema),
            parents: parents.map(str::to_owned).collect(),
            sent: false,
        }
    }

    /// Whether a value of the schema can be made into one of the parent: both are generated
    /// structs, and the parent keeps no more than the schema does.
    fn is_whole_parent(&self, parent: &str, schema: &Node) -> bool {
        let Some(of) = component(self.root, parent) else {
            return false;
        };
        let more = of.get("additionalProperties");
        let kept = more.is_none_or(|more| {
            more.as_bool() == Some(false) || Some(more) == schema.get("additionalProperties")
        });
        let generated = self.policy.rust_path(parent).is_none() && target(of).is_none();
        generated && kept && union(of).is_none() && !properties(of).is_empty()
    }

    fn additional(&self, schema: &Node) -> Additional {
        match schema.get("additionalProperties") {
            Some(more) if more.as_bool() == Some(false) => Additional::Denied,
            Some(_) => Additional::Typed(self.values(schema)),
            None if properties(schema).is_empty() => Additional::Typed(TypeRef::Any),
            None if schema.contains_key(LISTED) => Additional::Ignored,
            None => match self.policy.objects.unlisted {
                Unlisted::Keep => Additional::Kept,
                Unlisted::Drop => Additional::Ignored,
            },
        }
    }

    fn enumeration(&self, name: &str, schema: &Node) -> Enum {
        let open = self.policy.is_open(name);
        let mut distinct = Distinct::reserving(if open { &["Unknown"] } else { &[] });
        let wires = schema.items_of("enum");
        let values = wires.iter().filter_map(Node::as_str).map(|wire| {
            let wanted = variant_name(wire);
            let hides = open && wanted == "Unknown";
            let wanted = if hides { "UnknownValue" } else { &wanted };
            EnumValue {
                wire: wire.to_owned(),
                rust_name: distinct.claim(wanted),
            }
        });
        let values = values.collect();
        Enum { values, open }
    }
}
