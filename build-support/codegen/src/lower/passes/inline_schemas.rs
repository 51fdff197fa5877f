//! Names the schemas that have none and deserve a type: objects with properties or without
//! any, string enums, unions and what is composed of objects. Scalars, maps and lists of these stay where they are.

use crate::lower::context::Context;
use crate::lower::extensions::{HEADERS, RECEIVERS};
use crate::lower::names::Names;
use crate::lower::shape::{is_object, properties, reference, referred, resolve, type_of, union};
use crate::lower::{is_multipart, rank, walk};
use contract::{Member, Node};
use heck::ToUpperCamelCase;

/// What is said about a use of a type rather than about the type.
const OF_THE_USE: [&str; 5] = ["nullable", "default", "readOnly", "writeOnly", "deprecated"];

/// Runs the pass. Component schemas come first, each followed by those found inside it; then those
/// of operations.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let all = root.clone();
    let mut namer = Namer {
        all: &all,
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

struct Namer<'a> {
    /// The contract before the pass, to follow references in.
    all: &'a Node,
    names: Names,
    lifted: Vec<Member>,
}

impl Namer<'_> {
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
        let successes = responses.as_deref().map_or(0, successes);
        for member in members_mut(responses) {
            let plain = member.key.starts_with('2') && !several;
            let status = if plain {
                String::new()
            } else {
                member.key.to_upper_camel_case()
            };
            let wanted = format!("{name}Response{status}");
            if let Some(headers) = member.value.get_mut(HEADERS) {
                let named = match successes > 1 {
                    true => format!("{name}Response{}", member.key.to_upper_camel_case()),
                    false => wanted.clone(),
                };
                self.place(headers.get_mut("schema"), &format!("{named}Headers"));
            }
            self.content(&mut member.value, &wanted);
        }
    }

    /// Media types with the same schema share its name. The preferred one has the first.
    fn content(&mut self, holder: &mut Node, wanted: &str) {
        let mut seen: Vec<(Node, Node)> = Vec::new();
        let mut all: Vec<_> = members_mut(holder.get_mut("content")).iter_mut().collect();
        all.sort_by_key(|media_type| rank(&media_type.key));
        for media_type in all {
            let Some(schema) = media_type.value.get_mut("schema") else {
                continue;
            };
            if let Some((_, known)) = seen.iter().find(|(before, _)| before == schema) {
                *schema = known.clone();
                continue;
            }
            let before = schema.clone();
            if is_multipart(&media_type.key) && is_plain_object(schema) {
                // Its properties are parts, and no value has them all.
                self.children(schema, wanted);
                continue;
            }
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
        if deserving(schema, self.all) {
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
        for member in items_mut(schema.get_mut("allOf")) {
            self.children(member, name);
        }
        let whole = !schema.contains_key("allOf") && !schema.contains_key("properties");
        let names = union(schema)
            .map(|(_, members)| names_of(members))
            .unwrap_or_default();
        for key in ["oneOf", "anyOf"] {
            for (member, own) in items_mut(schema.get_mut(key)).iter_mut().zip(&names) {
                let wanted = format!("{name}{own}");
                if whole {
                    self.place(Some(member), &wanted);
                } else {
                    // The alternative is joined with what stands beside it, and named then.
                    self.children(member, &wanted);
                }
            }
        }
    }
}

/// What distinguishes the alternatives of a union: the name or title of each, the constant it has,
/// the property that it alone requires, else its number.
pub fn names_of(alternatives: &[Node]) -> Vec<String> {
    let first_required = |node: &Node| {
        node.get("required")?
            .items()
            .first()?
            .as_str()
            .map(str::to_owned)
    };
    let required: Vec<Option<String>> = alternatives.iter().map(first_required).collect();
    let alone = |name: &String| {
        required
            .iter()
            .flatten()
            .filter(|other| *other == name)
            .count()
            == 1
    };
    let named = alternatives.iter().zip(&required).zip(1_u32..);
    let named = named.map(|((node, required), number)| {
        let title = node.get("title").and_then(Node::as_str);
        let known = referred(node)
            .or(title)
            .map(str::to_owned)
            .or_else(|| constant(node));
        let own = known.or_else(|| required.clone().filter(alone));
        own.map_or_else(
            || format!("Variant{number}"),
            |own| own.to_upper_camel_case(),
        )
    });
    named.collect()
}

/// The only value that the first property with only one may have.
fn constant(node: &Node) -> Option<String> {
    let values = properties(node)
        .iter()
        .filter_map(|member| member.value.get("enum"));
    let mut single = values.filter_map(|values| match values.items() {
        [only] => only.as_str().map(str::to_owned),
        _ => None,
    });
    single.next()
}

fn is_plain_object(schema: &Node) -> bool {
    let joined = ["allOf", "oneOf", "anyOf"];
    type_of(schema) == Some("object") && !joined.iter().any(|key| schema.contains_key(key))
}

fn successes(responses: &Node) -> usize {
    let all = responses.members().iter();
    all.filter(|member| member.key.starts_with('2')).count()
}

fn bodied_successes(responses: &Node) -> usize {
    let bodied = |member: &&Member| {
        let content = member.value.members_of("content");
        member.key.starts_with('2') && !content.is_empty()
    };
    responses.members().iter().filter(bodied).count()
}

fn deserving(schema: &Node, all: &Node) -> bool {
    if schema.contains_key("allOf") && (is_object(all, schema) || joins_a_choice(schema, all)) {
        return true;
    }
    match type_of(schema) {
        Some("object") => {
            let closed = schema.get("additionalProperties").and_then(Node::as_bool) == Some(false);
            closed || !properties(schema).is_empty() || union(schema).is_some()
        }
        Some("string") => schema
            .get("enum")
            .is_some_and(|values| !values.items().is_empty()),
        Some(_) => false,
        None => union(schema).is_some(),
    }
}

fn joins_a_choice(schema: &Node, all: &Node) -> bool {
    let members = schema.items_of("allOf");
    members
        .iter()
        .any(|member| resolve(all, member).is_some_and(|node| union(node).is_some()))
}

/// What is said about the use moves to the use; the description is kept in both places.
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
