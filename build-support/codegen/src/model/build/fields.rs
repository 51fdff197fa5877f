//! Properties become fields.

use super::Builder;
use super::docs::{flag_of_use, of_use};
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
            read_only: flag_of_use(self.root, schema, "readOnly"),
            write_only: flag_of_use(self.root, schema, "writeOnly"),
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

#[cfg(test)]
mod tests {
    use crate::lower::lower;
    use crate::model::{Field, TypeKind, build};
    use crate::policy::Policy;

    const CONTRACT: &str = "openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /things:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
components:
  schemas:
    RoId: {type: string, readOnly: true}
    Chained: {$ref: '#/components/schemas/RoId'}
    Part: {type: object, readOnly: true, properties: {a: {type: string}}}
    Key: {type: string, writeOnly: true}
    Thing:
      type: object
      required: [id, joined, narrowed, chained, part, key, own, name]
      properties:
        id: {$ref: '#/components/schemas/RoId'}
        joined: {allOf: [{$ref: '#/components/schemas/RoId'}]}
        narrowed: {allOf: [{$ref: '#/components/schemas/RoId'}, {maxLength: 3}]}
        chained: {$ref: '#/components/schemas/Chained'}
        part: {$ref: '#/components/schemas/Part'}
        key: {$ref: '#/components/schemas/Key'}
        own: {$ref: '#/components/schemas/Thing'}
        name: {type: string}
";

    #[test]
    fn what_a_reference_leads_to_says_which_way_a_property_travels() {
        let document = contract::read_str("t.yaml", CONTRACT).unwrap();
        let policy = Policy::default();
        let lowered = lower(&document, &policy).unwrap();
        let api = build(&document, &lowered, &policy).unwrap();
        let thing = api.types.iter().find(|def| def.rust_name == "Thing");
        let Some(TypeKind::Struct(thing)) = thing.map(|def| &def.kind) else {
            panic!("`Thing` is not an object");
        };
        let names = |is_wanted: fn(&Field) -> bool| {
            let fields = thing.fields.iter().filter(|field| is_wanted(field));
            let names = fields.map(|field| field.wire_name.as_str());
            names.collect::<Vec<_>>()
        };
        let read_only = ["id", "joined", "narrowed", "chained", "part"];
        assert_eq!(names(|field| field.read_only), read_only);
        assert_eq!(names(|field| field.write_only), ["key"]);
        assert_eq!(names(|field| field.required), ["own", "name"]);
    }
}
