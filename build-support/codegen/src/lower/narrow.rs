//! A property that two objects joined by `allOf` describe: one schema that says what both say.

use super::extensions::IMPLIED_TYPE;
use super::shape::{is_annotation, is_nullable, referred, resolve, type_of, union};
use contract::{Member, Node, Value};

/// Both descriptions in one, where neither takes anything back that the other says. References lead
/// into `all`.
pub fn narrow(old: &Node, later: &Node, all: &Node) -> Option<Node> {
    let left = alternative_left(old, later, all);
    if let Some(alternative) = left.or_else(|| alternative_left(later, old, all)) {
        let beside = if union_of(old, all).is_some() {
            later
        } else {
            old
        };
        return narrow(&alternative, beside, all);
    }
    match (referred(old), referred(later)) {
        (None, None) => plain(old, later),
        (Some(_), None) => beside(old, later),
        (None, Some(_)) => beside(later, old),
        (Some(_), Some(_)) => None,
    }
}

/// The choice that a schema is, by itself or by what it refers to, and nothing else.
fn union_of<'a>(schema: &'a Node, all: &'a Node) -> Option<(&'a Node, &'a [Node])> {
    let target = resolve(all, schema)?;
    let (word, alternatives) = union(target)?;
    let mut keys = target.members().iter().map(|member| member.key.as_str());
    let alone = keys.all(|key| key == word || is_annotation(key));
    alone.then_some((target, alternatives))
}

/// The only alternative of a choice that has values of the type that is asked for beside it.
fn alternative_left(choice: &Node, beside: &Node, all: &Node) -> Option<Node> {
    let (target, alternatives) = union_of(choice, all)?;
    if !is_plain(beside) || is_implied(beside) {
        return None;
    }
    let kind = type_of(beside)?;
    let numbers = ["integer", "number"];
    let mut left = Vec::new();
    for alternative in alternatives {
        let own = type_of(resolve(all, alternative)?)?;
        if own == kind || numbers.contains(&own) && numbers.contains(&kind) {
            left.push(alternative);
        }
    }
    let [only] = left.as_slice() else {
        return None;
    };
    let mut only = (*only).clone();
    if (is_nullable(choice) || is_nullable(target)) && referred(&only).is_none() {
        only.insert("nullable", Node::bool(true, only.span));
    }
    Some(only)
}

/// A reference keeps its type; what restricts it stays beside it. Only restrictions on values that
/// are not objects can stay there.
fn beside(reference: &Node, other: &Node) -> Option<Node> {
    if !is_plain(other) || other.contains_key("properties") {
        return None;
    }
    let mut rest = Node::object(other.span);
    for member in restrictions(other).filter(|member| member.key != "type") {
        rest.insert(member.key.clone(), member.value.clone());
    }
    let target = match reference.get("allOf").map(Node::items) {
        Some([target]) => target.clone(),
        _ => reference.clone(),
    };
    let mut both = Node::object(other.span);
    let annotations = other.members().iter().chain(reference.members());
    for member in annotations.filter(|member| is_annotation(&member.key)) {
        both.insert(member.key.clone(), member.value.clone());
    }
    both.remove(IMPLIED_TYPE);
    let members = [target, rest].into_iter();
    let members = members.filter(|member| !member.members().is_empty());
    both.insert("allOf", Node::array(members.collect(), other.span));
    Some(both)
}

/// Keywords of both, each with the narrower value.
fn plain(old: &Node, later: &Node) -> Option<Node> {
    if !is_plain(old) || !is_plain(later) {
        return None;
    }
    let kind = narrower_type(old, later)?;
    let mut both = old.clone();
    for member in later.members() {
        let value = match old.get(&member.key) {
            _ if member.key == "type" => continue,
            Some(before) => narrower_value(before, member)?,
            None => member.value.clone(),
        };
        both.insert(member.key.clone(), value);
    }
    if let Some(kind) = kind {
        both.insert("type", kind);
    }
    if !is_implied(old) || !is_implied(later) {
        both.remove(IMPLIED_TYPE);
    }
    if excludes_null(old) || excludes_null(later) {
        both.remove("nullable");
    }
    Some(both)
}

/// Whether a schema says what its values are, and null is none of them.
fn excludes_null(schema: &Node) -> bool {
    !is_nullable(schema) && (!is_implied(schema) || schema.contains_key("enum"))
}

fn is_plain(schema: &Node) -> bool {
    !schema.contains_key("allOf") && !schema.contains_key("$ref") && union(schema).is_none()
}

fn is_implied(schema: &Node) -> bool {
    schema.contains_key(IMPLIED_TYPE) || !schema.contains_key("type")
}

fn restrictions(schema: &Node) -> impl Iterator<Item = &Member> {
    let members = schema.members().iter();
    members.filter(|member| !is_annotation(&member.key))
}

/// The type of what is of both types, `None` where nothing is. A type that only follows from other
/// keywords gives way to one that is said: those keywords say nothing about values of that type.
fn narrower_type(old: &Node, later: &Node) -> Option<Option<Node>> {
    let (old_type, later_type) = (old.get("type"), later.get("type"));
    let chosen = match (type_of(old), type_of(later)) {
        _ if is_implied(later) && old_type.is_some() => old_type,
        _ if is_implied(old) => later_type,
        (Some("integer"), Some("number")) => old_type,
        (Some("number"), Some("integer")) => later_type,
        (Some(one), Some(other)) if one == other => later_type,
        _ => return None,
    };
    Some(chosen.cloned())
}

/// The value of a keyword that both have; `None` where one cannot be said to narrow the other.
pub fn narrower_value(before: &Node, later: &Member) -> Option<Node> {
    let number = |node: &Node| node.as_number().and_then(serde_json::Number::as_f64);
    let least = |wanted: std::cmp::Ordering| {
        let order = number(before)?.partial_cmp(&number(&later.value)?)?;
        Some(
            if order == wanted {
                before
            } else {
                &later.value
            }
            .clone(),
        )
    };
    match later.key.as_str() {
        "minimum" | "minLength" | "minItems" | "minProperties" => {
            least(std::cmp::Ordering::Greater)
        }
        "maximum" | "maxLength" | "maxItems" | "maxProperties" => least(std::cmp::Ordering::Less),
        "enum" => {
            let items = later.value.items().iter();
            let shared = items.filter(|item| before.items().contains(item)).cloned();
            let shared: Vec<Node> = shared.collect();
            (!shared.is_empty()).then(|| Node::array(shared, later.value.span))
        }
        "pattern" => both_patterns(before.as_str()?, later.value.as_str()?)
            .map(|pattern| Node::string(pattern, later.value.span)),
        "multipleOf" => common_multiple(before, &later.value),
        // What only describes may be said anew; null must be allowed by both.
        "nullable" => Some(Node::bool(
            before.as_bool() == Some(true) && later.value.as_bool() == Some(true),
            later.value.span,
        )),
        key if is_annotation(key) => Some(later.value.clone()),
        _ => (before == &later.value).then(|| later.value.clone()),
    }
}

/// A pattern that matches where both do. Groups that a pattern refers to would have other numbers.
fn both_patterns(one: &str, other: &str) -> Option<String> {
    let refers_back = |pattern: &str| {
        let mut escapes = pattern.split('\\').skip(1);
        pattern.contains("(?<")
            || escapes.any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    if one == other {
        return Some(one.to_owned());
    }
    let ahead = |pattern| format!("(?=[\\s\\S]*?(?:{pattern}))");
    (!refers_back(one) && !refers_back(other)).then(|| format!("^{}{}", ahead(one), ahead(other)))
}

/// What numbers that are multiples of both are multiples of, where both are integers.
fn common_multiple(one: &Node, other: &Node) -> Option<Node> {
    let number = |node: &Node| node.as_number().and_then(serde_json::Number::as_u64);
    let (first, second) = (number(one)?, number(other)?);
    let (mut divisor, mut rest) = (first, second);
    while rest > 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    let multiple = first.checked_div(divisor)?.checked_mul(second)?;
    let mut node = other.clone();
    node.value = Value::Number(multiple.into());
    Some(node)
}
