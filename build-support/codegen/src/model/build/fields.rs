//! Properties become fields.

use super::Builder;
use super::docs::{flag, of_use};
use super::naming::{Distinct, field_name};
use crate::lower::extensions::PARENTS;
use crate::lower::shape::{properties, resolve};
use crate::model::{Field, TypeRef};
use contract::{Member, Node};

impl Builder<'_> {
    pub(super) fn fields(&self, name: &str, schema: &Node) -> Vec<Field> {
        let required = schema.items_of("required");
        let required = |key: &str| required.iter().any(|name| name.as_str() == Some(key));
        let owners = owners(name, schema);
        let mut distinct = Distinct::default();
        let all = properties(schema).iter();
        let all = all.map(|property| {
            let asked = owners
                .iter()
                .find_map(|owner| self.policy.field_name(owner, &property.key));
            let wanted = asked.map_or_else(|| field_name(&property.key), field_name);
            let mut field = self.field(property, &owners);
            field.rust_name = distinct.claim(&wanted);
            field.required = required(&property.key);
            field
        });
        all.collect()
    }

    /// A field without its name and whether it is required.
    fn field(&self, property: &Member, owners: &[&str]) -> Field {
        let schema = &property.value;
        let mut ty = self.type_ref(schema);
        let listed = owners
            .iter()
            .any(|owner| self.policy.is_secret(owner, &property.key));
        if listed && ty == TypeRef::String {
            ty = TypeRef::Secret;
        }
        Field {
            rust_name: String::new(),
            wire_name: property.key.clone(),
            nullable: self.nullable(schema) && ty != TypeRef::Any,
            required: false,
            required_in: None,
            secret: listed || ty == TypeRef::Secret,
            ty,
            default: self.default_of(schema),
            read_only: flag(schema, "readOnly"),
            write_only: flag(schema, "writeOnly"),
            docs: of_use(self.root, schema),
        }
    }

    fn default_of(&self, schema: &Node) -> Option<serde_json::Value> {
        let target = || resolve(self.root, schema)?.get("default");
        schema.get("default").or_else(target).map(Node::to_json)
    }
}

/// The schemas under whose name the policy may name a property: the one that has it, and those
/// it was taken over from.
fn owners<'a>(name: &'a str, schema: &'a Node) -> Vec<&'a str> {
    let parents = schema.items_of(PARENTS);
    let mut owners = vec![name];
    owners.extend(parents.iter().filter_map(Node::as_str));
    owners
}
