//! Names the schemas that have none and deserve a type: objects with properties, string enums and
//! unions. Scalars, maps and lists of these stay where they are.

use crate::lower::Context;
use crate::lower::extensions::RECEIVERS;
use crate::lower::names::Names;
use crate::lower::shape::{reference, referred, type_of, union};
use crate::lower::walk;
use crate::read::{Member, Node};
use heck::ToUpperCamelCase;

/// What is said about a use of a type rather than about the type.
const OF_THE_USE: [&str; 5] = ["nullable", "default", "readOnly", "writeOnly", "deprecated"];

/// Runs the pass. Component schemas come first, each followed by those found inside it; then those
/// of operations.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let mut namer = Namer {
        names: Names::taken_by(root),
        lifted: Vec::new(),
    };
    let schemas = super::schemas_of(root).as_object_mut().map(std::mem::take);
    for mut member in schemas.unwrap_or_default() {
        let at = namer.lifted.len();
        namer.children(&mut member.value, &member.key);
        namer.lifted.insert(at, member);
    }
    walk::operations_mut(root, &mut |section, path, method, operation| {
        let id = operation.get("operationId").and_then(Node::as_str);
        let fallback = if section == RECEIVERS {
            path.to_owned()
        } else {
            format!("{method} {path}")
        };
        let name = id.map_or(fallback, str::to_owned).to_upper_camel_case();
        namer.operation(operation, &name);
    });
    let all = super::schemas_of(root).as_object_mut();
    all.into_iter()
        .for_each(|members| members.append(&mut namer.lifted));
}

struct Namer {
    names: Names,
    lifted: Vec<Member>,
}

impl Namer {
    fn operation(&mut self, operation: &mut Node, name: &str) {
        for parameter in items_mut(operation.get_mut("parameters")) {
            let own = parameter
                .get("name")
                .and_then(Node::as_str)
                .unwrap_or_default();
            let wanted = format!("{name}{}", own.to_upper_camel_case());
            self.place(parameter.get_mut("schema"), &wanted);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            self.content(body, &format!("{name}Request"));
        }
        let responses = operation.get_mut("responses");
        let several = responses
            .as_deref()
            .is_some_and(|all| bodied_successes(all) > 1);
        for member in members_mut(responses) {
            let plain = member.key.starts_with('2') && !several;
            let status = if plain {
                String::new()
            } else {
                member.key.to_upper_camel_case()
            };
            self.content(&mut member.value, &format!("{name}Response{status}"));
        }
    }

    /// Media types with the same schema share its name.
    fn content(&mut self, holder: &mut Node, wanted: &str) {
        let mut seen: Vec<(Node, Node)> = Vec::new();
        for media_type in members_mut(holder.get_mut("content")) {
            let Some(schema) = media_type.value.get_mut("schema") else {
                continue;
            };
            if let Some((_, known)) = seen.iter().find(|(before, _)| before == schema) {
                *schema = known.clone();
                continue;
            }
            let before = schema.clone();
            self.place(Some(schema), wanted);
            seen.push((before, schema.clone()));
        }
    }

    /// Names the schema at a place if it deserves it, and looks inside it otherwise.
    fn place(&mut self, place: Option<&mut Node>, wanted: &str) {
        let Some(schema) = place else { return };
        if reference(schema).is_some() || referred(schema).is_some() {
            return;
        }
        if deserving(schema) {
            self.lift(schema, wanted);
        } else {
            self.children(schema, wanted);
        }
    }

    fn lift(&mut self, schema: &mut Node, wanted: &str) {
        let name = self.names.fresh(wanted);
        let at = self.lifted.len();
        let left = super::ref_to(&name, schema.span);
        let mut named = std::mem::replace(schema, left);
        beside_ref(schema, &mut named);
        self.children(&mut named, &name);
        let member = Member {
            key: name,
            key_span: named.span,
            value: named,
        };
        self.lifted.insert(at, member);
    }

    fn children(&mut self, schema: &mut Node, name: &str) {
        for member in members_mut(schema.get_mut("properties")) {
            let wanted = format!("{name}{}", member.key.to_upper_camel_case());
            self.place(Some(&mut member.value), &wanted);
        }
        self.place(schema.get_mut("items"), &format!("{name}Item"));
        self.place(
            schema.get_mut("additionalProperties"),
            &format!("{name}Value"),
        );
        for key in ["oneOf", "anyOf"] {
            for (number, member) in (1..).zip(items_mut(schema.get_mut(key))) {
                let title = member.get("title").and_then(Node::as_str);
                let own = title.map_or_else(
                    || format!("Variant{number}"),
                    ToUpperCamelCase::to_upper_camel_case,
                );
                self.place(Some(member), &format!("{name}{own}"));
            }
        }
    }
}

fn bodied_successes(responses: &Node) -> usize {
    let bodied = |member: &&Member| {
        let content = member
            .value
            .get("content")
            .map(Node::members)
            .unwrap_or_default();
        member.key.starts_with('2') && !content.is_empty()
    };
    responses.members().iter().filter(bodied).count()
}

fn deserving(schema: &Node) -> bool {
    match type_of(schema) {
        Some("object") => schema
            .get("properties")
            .is_some_and(|all| !all.members().is_empty()),
        Some("string") => schema
            .get("enum")
            .is_some_and(|values| !values.items().is_empty()),
        Some(_) => false,
        None => union(schema).is_some(),
    }
}

/// What is said about the use moves to the use; the description is told in both places.
fn beside_ref(place: &mut Node, named: &mut Node) {
    let span = place.span;
    let mut around = Node::object(span);
    if let Some(description) = named.get("description") {
        around.insert("description", description.clone());
    }
    for key in OF_THE_USE {
        let value = named.remove(key);
        value
            .into_iter()
            .for_each(|value| drop(around.insert(key, value)));
    }
    if !around.members().is_empty() {
        let target = std::mem::replace(place, around);
        place.insert("allOf", Node::array(vec![target], span));
    }
}

fn items_mut(node: Option<&mut Node>) -> &mut [Node] {
    node.and_then(Node::as_array_mut)
        .map(Vec::as_mut_slice)
        .unwrap_or_default()
}

fn members_mut(node: Option<&mut Node>) -> &mut [Member] {
    node.and_then(Node::as_object_mut)
        .map(Vec::as_mut_slice)
        .unwrap_or_default()
}
