//! `schemas.json`: the contract's schemas as JSON Schema 2020-12, without their prose.

use serde_json::{Map, Value, json};

use crate::emit::{header, layout};
use crate::lower::Lowered;
use crate::lower::extensions::{CHECKED, CLOSED, PATTERNS};
use crate::lower::shape::{is_nullable, resolve, type_of};
use crate::model::{Api, Body, Content, Operation, Parameter, Part, Status, TypeRef};
use contract::schema::{Direction, Options, Unions, convert};
use contract::{Node, Span, SpecVersion, pointer};

/// Where the schemas of operations stand.
pub(super) const OPERATIONS: &str = "operations";

/// Where the schemas of receivers stand.
pub(super) const RECEIVERS: &str = "receivers";

/// The file. Its members are sorted, so that the text does not depend on how maps are built.
pub fn emit(api: &Api, lowered: &Lowered) -> String {
    let comment = header(&api.source);
    let comment = comment.trim_start_matches("// ").trim_end();
    let document = json!({
        "$comment": comment,
        "$defs": definitions(&lowered.node),
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        OPERATIONS: group(api, lowered, &api.operations, true),
        RECEIVERS: group(api, lowered, &api.receivers, false),
    });
    let mut text = layout(&sorted(document));
    text.push('\n');
    text
}

/// The JSON pointer of a parameter's schema.
pub(super) fn parameter_pointer(
    group: &str,
    operation: &Operation,
    parameter: &Parameter,
) -> String {
    let (id, name) = (
        pointer::escape(&operation.id),
        pointer::escape(&parameter.wire_name),
    );
    format!("/{group}/{id}/{}/{name}", location(parameter))
}

/// The JSON pointer of a body's schema.
pub(super) fn body_pointer(group: &str, operation: &Operation, body: &Body) -> String {
    let (id, key) = (pointer::escape(&operation.id), body_key(operation, body));
    format!("/{group}/{id}/{key}")
}

/// The key of a body's schema: `body` for the preferred one, `bodyText` for another one.
fn body_key(operation: &Operation, body: &Body) -> String {
    let preferred = operation.body.as_ref();
    match preferred.is_some_and(|preferred| preferred.media_type == body.media_type) {
        true => "body".to_owned(),
        false => format!("body{}", body.variant_name),
    }
}

/// The JSON pointer of a part's schema.
pub(super) fn part_pointer(group: &str, operation: &Operation, part: &Part) -> String {
    let (id, name) = (
        pointer::escape(&operation.id),
        pointer::escape(&part.wire_name),
    );
    format!("/{group}/{id}/parts/{name}")
}

/// What requests may hold: the lowered contract is one of 3.0, and everything that a server
/// validates was sent to it.
fn accepted(schema: &Node, root: &Node) -> Value {
    let options = Options {
        direction: Some(Direction::Request),
        unions: Unions::ByTag,
        ..Options::new(SpecVersion::V3_0)
    };
    let local = |text: &str| text.replacen("#/components/schemas/", "#/$defs/", 1);
    let schema = with_extensions(schema);
    convert(&schema, root, options, &mut |text| Ok(local(text)))
        .expect("lowering leaves no dynamic references")
}

/// A schema that says what lowering kept for servers.
fn with_extensions(schema: &Node) -> Node {
    let mut out = schema.clone();
    extend(&mut out);
    out
}

fn extend(node: &mut Node) {
    if let Some(items) = node.as_array_mut() {
        items.iter_mut().for_each(extend);
    }
    let members = node.as_object_mut().into_iter().flatten();
    members.for_each(|member| extend(&mut member.value));
    name_further(node);
    check_further(node);
    close(node);
    list_null(node);
}

/// Lowering takes null out of the values of `enum` and says `nullable` instead.
fn list_null(node: &mut Node) {
    if !is_nullable(node) {
        return;
    }
    let span = node.span;
    let values = node.get_mut("enum").and_then(Node::as_array_mut);
    if let Some(values) = values.filter(|values| !values.iter().any(Node::is_null)) {
        values.push(Node::null(span));
    }
}

/// What the lowered schema has no words for holds beside it, but for null where that is allowed.
fn check_further(node: &mut Node) {
    let Some(said) = node.remove(CHECKED) else {
        return;
    };
    let span = said.span;
    let one = |key: &str, value: Node| {
        let mut one = Node::object(span);
        one.insert(key, value);
        one
    };
    let null = is_nullable(node).then(|| one("enum", Node::array(vec![Node::null(span)], span)));
    let said = said.items().iter().map(|said| match &null {
        Some(null) => one("anyOf", Node::array(vec![null.clone(), said.clone()], span)),
        None => said.clone(),
    });
    let all = node.items_of("allOf").iter().cloned().chain(said);
    node.insert("allOf", Node::array(all.collect(), span));
}

/// Forbids what nothing beside it describes. Where lowering takes any value, nothing is described.
fn close(node: &mut Node) {
    let Some(said) = node.remove(CLOSED) else {
        return;
    };
    let describing = ["$ref", "allOf", "anyOf", "oneOf", "properties"];
    if describing.iter().any(|key| node.contains_key(key)) {
        node.insert("unevaluatedProperties", said);
    }
}

/// Closed objects say which names their patterns allow beside their properties.
fn name_further(node: &mut Node) {
    let Some(patterns) = node.get(PATTERNS) else {
        return;
    };
    let span = patterns.span;
    let one = |key: &str, value: Node| {
        let mut one = Node::object(span);
        one.insert(key, value);
        one
    };
    let own = node.members_of("properties").iter();
    let own = own.map(|member| Node::string(member.key.as_str(), span));
    let listed = one("enum", Node::array(own.collect(), span));
    let patterns = patterns.items().iter().cloned();
    let patterns = patterns.map(|pattern| one("pattern", pattern));
    let allowed = std::iter::once(listed).filter(|listed| !listed.items_of("enum").is_empty());
    let allowed = allowed.chain(patterns).collect();
    node.insert("propertyNames", one("anyOf", Node::array(allowed, span)));
}

fn definitions(root: &Node) -> Value {
    let members = root.components("schemas").iter();
    members
        .map(|member| (member.key.clone(), accepted(&member.value, root)))
        .collect()
}

fn group(api: &Api, lowered: &Lowered, operations: &[Operation], bodies: bool) -> Value {
    let entries = operations.iter().filter_map(|operation| {
        let mut entry = Map::new();
        for parameter in &operation.parameters {
            let place = entry
                .entry(location(parameter))
                .or_insert_with(|| json!({}));
            place[&parameter.wire_name] = accepted(
                &Node::from_json(&parameter.schema, Span::default()),
                &lowered.node,
            );
        }
        if let Some(parts) = operation.multipart() {
            let schemas = parts.parts.iter().map(|part| {
                let schema = Node::from_json(&part.schema, Span::default());
                (part.wire_name.clone(), accepted(&schema, &lowered.node))
            });
            entry.insert("parts".to_owned(), schemas.collect());
        }
        for one in operation.body.iter().flat_map(Body::all).filter(|_| bodies) {
            if let Some(schema) = body(api, &lowered.node, operation, one) {
                entry.insert(body_key(operation, one), schema);
            }
        }
        if bodies && let Some(schemas) = successes(api, operation) {
            entry.insert("responses".to_owned(), schemas);
        }
        (!entry.is_empty()).then(|| (operation.id.clone(), Value::Object(entry)))
    });
    entries.collect()
}

/// The schema of a body: where the contract gives it, else what its type says.
fn body(api: &Api, root: &Node, operation: &Operation, body: &Body) -> Option<Value> {
    let ty = match &body.content {
        Content::Json(ty) | Content::Form(ty) => ty,
        Content::Text if body.restricted_text => &TypeRef::String,
        _ => return record(api, root, operation, body),
    };
    let media = pointer::escape(&body.media_type);
    let pointer = format!("{}/requestBody/content/{media}/schema", operation.pointer);
    let found = root.pointer(&pointer).map(|schema| accepted(schema, root));
    Some(found.unwrap_or_else(|| of_type(api, ty)))
}

/// The schema of one record of a stream.
fn record(api: &Api, root: &Node, operation: &Operation, body: &Body) -> Option<Value> {
    let Content::Records(_, ty) = &body.content else {
        return None;
    };
    let media = pointer::escape(&body.media_type);
    let pointer = format!("{}/requestBody/content/{media}/schema", operation.pointer);
    let record = root.pointer(&pointer).map(|schema| {
        let target = resolve(root, schema).filter(|target| type_of(target) == Some("array"));
        target.and_then(|list| list.get("items")).unwrap_or(schema)
    });
    let found = record.map(|schema| accepted(schema, root));
    Some(found.unwrap_or_else(|| of_type(api, ty)))
}

/// The schemas of the successes in JSON, by their statuses. They say what is sent: nothing is checked
/// by them.
fn successes(api: &Api, operation: &Operation) -> Option<Value> {
    let preferred = operation.responses.iter();
    let preferred = preferred.filter(|response| response.alternative.is_none());
    let schemas = preferred.filter_map(|response| {
        let (Status::Code(code @ 200..=299), Some((_, Content::Json(ty)))) =
            (response.status, &response.content)
        else {
            return None;
        };
        Some((code.to_string(), of_type(api, ty)))
    });
    let schemas: Map<_, _> = schemas.collect();
    (!schemas.is_empty()).then_some(Value::Object(schemas))
}

fn of_type(api: &Api, ty: &TypeRef) -> Value {
    match ty {
        TypeRef::Named(name) | TypeRef::Boxed(name) => {
            let found = api.types.iter().find(|def| def.rust_name == *name);
            found.map_or(
                json!({}),
                |def| json!({ "$ref": format!("#/$defs/{}", def.schema_name) }),
            )
        }
        TypeRef::Array(item) => json!({ "type": "array", "items": of_type(api, item) }),
        TypeRef::Map(value) => {
            json!({ "type": "object", "additionalProperties": of_type(api, value) })
        }
        _ => json!({}),
    }
}

fn location(parameter: &Parameter) -> &'static str {
    use crate::model::Location;
    match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.into_iter().collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            members
                .into_iter()
                .map(|(key, value)| (key, sorted(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}
