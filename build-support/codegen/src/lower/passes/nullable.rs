//! Turns `null` among the types into `nullable`, and several types into `anyOf`.

mod rules;

use crate::lower::shape::{reference, union};
use crate::lower::{context::Context, walk};
use contract::{Node, SpecVersion, Value, vocabulary};
use rules::{NullRule, NullRules, is_only_nullable};

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        type_list(schema);
        null_type(schema);
        null_alternative(schema);
        null_value(schema);
    });
    let all = root.clone();
    walk::schemas_mut(root, &mut |schema| composed(schema, &all, context.version));
}

/// What is composed of others takes null as these do, which say so themselves where they are
/// components. Where only one that is referred to takes null, the whole is marked as not taking it,
/// since it is read through the reference otherwise.
fn composed(schema: &mut Node, all: &Node, version: SpecVersion) {
    let beside = reference(schema).is_some() && schema.members().len() > 1;
    if !beside && union(schema).is_none() && !schema.contains_key("allOf") {
        return;
    }
    let span = schema.span;
    let mut rules = NullRules::new(all, version);
    if rules.ask(schema) == NullRule::Allowed {
        set_nullable(schema, span);
    } else if rules.refers_to_null(schema) {
        schema.insert("nullable", Node::bool(false, span));
    }
}

/// `type: [string, "null"]` → `type: string, nullable: true`; of several types, `anyOf`.
fn type_list(schema: &mut Node) {
    let Some(list) = schema
        .get("type")
        .filter(|types| types.as_array().is_some())
        .cloned()
    else {
        return;
    };
    let (nulls, mut types): (Vec<Node>, Vec<Node>) = list
        .items()
        .iter()
        .cloned()
        .partition(|item| item.as_str() == Some("null"));
    // Every integer is a number.
    if types.iter().any(|item| item.as_str() == Some("number")) {
        types.retain(|item| item.as_str() != Some("integer"));
    }
    if !nulls.is_empty() && !types.is_empty() {
        set_nullable(schema, list.span);
    }
    match types.as_slice() {
        [] => drop(schema.insert("type", Node::string("null", list.span))),
        [only] => drop(schema.insert("type", only.clone())),
        _ => split(schema, &types),
    }
}

/// Each type becomes an alternative with the keywords that apply to it.
fn split(schema: &mut Node, types: &[Node]) {
    let span = schema.span;
    let alternatives = types.iter().map(|kind| {
        let mut alternative = Node::object(kind.span);
        alternative.insert("type", kind.clone());
        for key in kind.as_str().into_iter().flat_map(vocabulary::about) {
            if let Some(value) = schema.get(key) {
                alternative.insert(key, value.clone());
            }
        }
        if let Some(values) = schema.get("enum") {
            let fits = values
                .items()
                .iter()
                .filter(|value| fits(kind.as_str(), value));
            alternative.insert("enum", Node::array(fits.cloned().collect(), values.span));
        }
        alternative
    });
    let alternatives: Vec<Node> = alternatives
        .filter(|alternative| {
            alternative
                .get("enum")
                .is_none_or(|values| !values.items().is_empty())
        })
        .collect();
    schema.remove("type");
    schema.remove("enum");
    for key in types
        .iter()
        .filter_map(Node::as_str)
        .flat_map(vocabulary::about)
    {
        schema.remove(key);
    }
    schema.insert("anyOf", Node::array(alternatives, span));
}

fn fits(kind: Option<&str>, value: &Node) -> bool {
    match (kind, &value.value) {
        (Some("string"), Value::String(_))
        | (Some("number"), Value::Number(_))
        | (Some("boolean"), Value::Bool(_))
        | (Some("array"), Value::Array(_))
        | (Some("object"), Value::Object(_)) => true,
        (Some("integer"), Value::Number(number)) => number.is_i64() || number.is_u64(),
        _ => false,
    }
}

/// `type: "null"` alone becomes a list of null, the only way to say it in OpenAPI 3.0.
fn null_type(schema: &mut Node) {
    let Some(kind) = schema
        .get("type")
        .filter(|kind| kind.as_str() == Some("null"))
    else {
        return;
    };
    let span = kind.span;
    set_null_alone(schema, span);
}

fn set_null_alone(schema: &mut Node, span: contract::Span) {
    schema.remove("type");
    schema.insert("enum", Node::array(vec![Node::null(span)], span));
    set_nullable(schema, span);
}

/// `anyOf: [{…}, {type: "null"}]` → the other alternatives, nullable.
fn null_alternative(schema: &mut Node) {
    for key in ["anyOf", "oneOf"] {
        let Some(members) = schema.get_mut(key).and_then(Node::as_array_mut) else {
            continue;
        };
        let Some(at) = members.iter().position(is_only_nullable) else {
            continue;
        };
        let span = members.remove(at).span;
        match members.is_empty() {
            true => {
                schema.remove(key);
                set_null_alone(schema, span);
            }
            false => set_nullable(schema, span),
        }
    }
}

/// `enum: [a, null]` → `enum: [a]`, nullable. A list of null alone stays.
fn null_value(schema: &mut Node) {
    let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) else {
        return;
    };
    let Some(at) = values.iter().position(Node::is_null) else {
        return;
    };
    let span = values.remove(at).span;
    match values.iter().all(Node::is_null) {
        true => set_null_alone(schema, span),
        false => set_nullable(schema, span),
    }
}

fn set_nullable(schema: &mut Node, span: contract::Span) {
    schema.insert("nullable", Node::bool(true, span));
}
