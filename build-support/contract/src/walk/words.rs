//! The messages of a walk about its findings.

use crate::diagnostics::{ANY, Diagnostic, IGNORED, Severity, UNKNOWN_WORD, UNQUOTED, WRITTEN};
use crate::grammar::{Effect, Field, KEYWORDS, Kind, Shape};
use crate::nearest::suggestion;
use crate::node::{Member, Node, Value};
use crate::span::Span;
use crate::version::SpecVersion;

/// A value of another kind than the specification has there.
pub(super) fn wrong_shape(node: &Node, shape: Shape, version: SpecVersion) -> Diagnostic {
    let wanted = wanted(shape, version);
    let message = format!("{} stands where {wanted} is due", node.kind());
    let diagnostic = Diagnostic::error("read::wrong-kind", message, node.span)
        .with_label(format!("expected {wanted}"));
    if let (Shape::Schema | Shape::SchemaOrFlag, Some(name)) = (shape, node.as_str()) {
        return diagnostic.with_help(format!("write `{{type: {name}}}`, or a `$ref` to a schema"));
    }
    match help(node, shape, version) {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}

/// An exclusive bound as the other version writes it. Its meaning is certain, so it is kept.
pub(super) fn other_bound(node: &Node, version: SpecVersion) -> Diagnostic {
    let wanted = wanted(Shape::Bound, version);
    let message = format!("{} stands where {wanted} is due", node.kind());
    let diagnostic = Diagnostic::warning("read::other-version", message, node.span)
        .with_label("read as the other version means it");
    match help(node, Shape::Bound, version) {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}

/// Whether what is meant is certain, although something else is due.
pub(super) fn is_certain(node: &Node, shape: Shape) -> bool {
    match (shape, &node.value) {
        (_, Value::Null) | (Shape::Schema, Value::Bool(_)) => true,
        (Shape::Text, Value::Number(_) | Value::Bool(_)) => true,
        (Shape::Flag, Value::String(text)) => matches!(text.as_str(), "true" | "false"),
        (Shape::Number | Shape::Bound, Value::String(text)) => text.parse::<f64>().is_ok(),
        (Shape::Count, Value::String(text)) => text.parse::<u64>().is_ok(),
        (_, Value::Array(items)) => items.is_empty() && is_object(shape),
        _ => false,
    }
}

/// Whether an object is due: some languages write an empty one as an empty list.
fn is_object(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Schema | Shape::SchemaOrFlag | Shape::One(_) | Shape::Ref(_) | Shape::Map(_)
    )
}

/// What is said of it. By the code, generation knows what to make of the value: see
/// [`REPLACED`](crate::diagnostics::REPLACED).
pub(super) fn certain(node: &Node, shape: Shape, version: SpecVersion) -> Diagnostic {
    let (code, label) = match (shape, &node.value) {
        (Shape::Schema, Value::Null) => (ANY, "taken as any value"),
        (Shape::Schema | Shape::SchemaOrFlag, Value::Array(_)) => (ANY, "taken as any value"),
        (_, Value::Array(_)) => (IGNORED, "taken as if it were not there"),
        (_, Value::Null) => (IGNORED, "taken as if it were not there"),
        (Shape::Schema, _) => ("read::other-version", "read as 3.1 means it"),
        (Shape::Text, _) => (WRITTEN, "taken as the text that is written here"),
        _ => (UNQUOTED, "taken as if it were not in quotes"),
    };
    let wrong = wrong_shape(node, shape, version);
    Diagnostic {
        severity: Severity::Warning,
        code,
        ..wrong.with_label(label)
    }
}

/// What older versions of JSON Schema and other objects have in its place, and says nothing here.
pub(super) fn idle(node: &Node, shape: Shape, version: SpecVersion) -> Diagnostic {
    let wrong = wrong_shape(node, shape, version);
    Diagnostic {
        severity: Severity::Warning,
        code: IGNORED,
        ..wrong.with_label("not looked at")
    }
}

/// Several types in a list, which 3.0 does not have.
pub(super) fn other_types(node: &Node) -> Diagnostic {
    let message = "a list stands where the name of a type is due";
    let diagnostic = Diagnostic::warning("read::other-version", message, node.span)
        .with_label("read as 3.1 means it");
    match help(node, Shape::Types, SpecVersion::V3_0) {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}

fn help(node: &Node, shape: Shape, version: SpecVersion) -> Option<&'static str> {
    let scalar = matches!(node.value, Value::Number(_) | Value::Bool(_));
    match shape {
        Shape::Text | Shape::Word(_) if scalar => Some("write it in quotes"),
        Shape::Bound if version == SpecVersion::V3_1 => {
            Some("in 3.1 the limit itself stands here, without `minimum` or `maximum` beside it")
        }
        Shape::Bound => Some("in 3.0 this is a flag beside `minimum` or `maximum`"),
        Shape::Types if version == SpecVersion::V3_0 => Some(
            "in 3.0 a schema has one type; write `nullable: true` for null, `oneOf` for others",
        ),
        Shape::Schema if scalar => {
            Some("an empty schema is `{}`, one that nothing meets `not: {}`")
        }
        Shape::Flag if node.as_str().is_some() => Some("write `true` or `false` without quotes"),
        _ if node.is_null() => Some("write the value, or delete the key"),
        _ => None,
    }
}

fn wanted(shape: Shape, version: SpecVersion) -> &'static str {
    match shape {
        Shape::Any => "a value",
        Shape::Text | Shape::Word(_) => "a string",
        Shape::Flag => "`true` or `false`",
        Shape::Number => "a number",
        Shape::Count => "a whole number from 0 on",
        Shape::Bound if version == SpecVersion::V3_0 => "`true` or `false`",
        Shape::Bound => "a number",
        Shape::List | Shape::Each(_) => "an array",
        Shape::Types if version == SpecVersion::V3_0 => "the name of a type",
        Shape::Types => "the name of a type, or an array of names",
        Shape::Schema => "a schema (an object)",
        Shape::SchemaOrFlag => "a schema (an object), `true` or `false`",
        Shape::One(_) | Shape::Ref(_) | Shape::Map(_) => "an object",
    }
}

/// A field that must be there.
pub(super) fn missing(kind: Kind, field: &Field, node: &Node) -> Diagnostic {
    let message = format!("{} must have `{}`", kind.noun(), field.name);
    let span = node.members().first().map_or(node.span, |m| m.key_span);
    Diagnostic::warning("read::missing-field", message, span)
        .with_label(format!("`{}` is missing in this object", field.name))
        .with_help(format!("add `{}: …`", field.name))
}

/// A key that the object does not have.
pub(super) fn unknown(kind: Kind, member: &Member) -> Diagnostic {
    let key = &member.key;
    if kind == Kind::Schema && is_of_older_draft(key) {
        let message = format!("`{key}` is a keyword of an older JSON Schema");
        return Diagnostic::warning("read::older-keyword", message, member.key_span)
            .with_label("OpenAPI has another word for it")
            .with_help("write what JSON Schema 2020-12 has in its place");
    }
    let message = format!("{} has no field `{key}`", kind.noun());
    let diagnostic = Diagnostic::warning("read::unknown-field", message, member.key_span)
        .with_label("not looked at");
    let names = kind.fields().iter().map(|field| field.name);
    let otherwise = || format!("name it `x-{key}` if it is an extension");
    diagnostic.with_help(suggestion(key, names).unwrap_or_else(otherwise))
}

/// Whether a key of a schema restricts values or names schemas, but no version of OpenAPI has it.
fn is_of_older_draft(key: &str) -> bool {
    let mut older = KEYWORDS.iter().filter(|keyword| !keyword.current);
    older.any(|keyword| keyword.field.name == key && keyword.effect != Effect::Prose)
}

/// A field that only the other version has.
pub(super) fn other_version(
    kind: Kind,
    field: &Field,
    member: &Member,
    version: SpecVersion,
) -> Diagnostic {
    let other = field.only.unwrap_or(version).as_str();
    let name = field.name;
    let message = format!(
        "`{name}` belongs to OpenAPI {other}, and this document follows {}",
        version.as_str()
    );
    let help = match (kind, name) {
        (Kind::Schema, "nullable") => "write `type: [string, 'null']` instead".to_owned(),
        (Kind::Schema, "const") => "write `enum` with one value instead".to_owned(),
        (Kind::Schema, "examples") => "write `example` with one value instead".to_owned(),
        _ => format!("write `openapi: {other}.0`, or delete it"),
    };
    Diagnostic::warning("read::other-version", message, member.key_span).with_help(help)
}

/// A string that is not one of the few there are.
pub(super) fn not_among(text: &str, words: &[&str], span: Span) -> Diagnostic {
    let message = format!("`{text}` is not a value this field may have");
    let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    let otherwise = || "write one of the values it may have".to_owned();
    let help = suggestion(text, words.iter().copied()).unwrap_or_else(otherwise);
    Diagnostic::warning(UNKNOWN_WORD, message, span)
        .with_label(format!(
            "not looked at; it may be one of {}",
            all.join(", ")
        ))
        .with_help(help)
}
