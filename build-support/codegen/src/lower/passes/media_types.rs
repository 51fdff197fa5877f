//! Leaves requests and responses the media types that are generated: the preferred one, and those
//! whose bodies are other values. Gives each a schema where it has none: bytes, or for JSON any value.

use crate::lower::context::Context;
use crate::lower::shape::{referred, type_of, union};
use crate::lower::walk;
use contract::media_type::essence;
use contract::vocabulary::ObjectKind;
use contract::{Member, Node};
use std::collections::HashSet;

/// Runs the pass. JSON comes before a form, then parts, text, and bytes.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let known = Known {
        texts: named(root, &|schema| type_of(schema) == Some("string")),
        choices: named(root, &|schema| union(schema).is_some()),
        nameless: named(root, &is_nameless),
        structured: named(root, &is_structured),
        objects: named(root, &|schema| type_of(schema) == Some("object")),
    };
    walk::visit_mut(root, ObjectKind::Document, &mut |kind, node| {
        if matches!(kind, ObjectKind::RequestBody | ObjectKind::Response) {
            choose(node, kind, &known, context);
        }
    });
}

/// Components of a kind, by their names.
struct Known {
    texts: HashSet<String>,
    choices: HashSet<String>,
    nameless: HashSet<String>,
    structured: HashSet<String>,
    objects: HashSet<String>,
}

/// Whether no value has members by name.
fn is_nameless(schema: &Node) -> bool {
    type_of(schema).is_some_and(|kind| kind != "object")
}

fn is_structured(schema: &Node) -> bool {
    matches!(type_of(schema), Some("object" | "array")) || schema.contains_key("properties")
}

/// Whether a schema is of a kind, by itself or by the component that it refers to.
fn is_of(schema: &Node, kind: impl Fn(&Node) -> bool, named: &HashSet<String>) -> bool {
    kind(schema) || referred(schema).is_some_and(|name| named.contains(name))
}

fn named(root: &Node, is_wanted: &dyn Fn(&Node) -> bool) -> HashSet<String> {
    let all = root.components("schemas").iter();
    let all = all.filter(|member| is_wanted(&member.value));
    all.map(|member| member.key.clone()).collect()
}

fn choose(holder: &mut Node, kind: ObjectKind, known: &Known, context: &mut Context<'_>) {
    let Some(content) = holder.get_mut("content").and_then(Node::as_object_mut) else {
        return;
    };
    for member in content.iter_mut() {
        schema(&mut member.value, &member.key);
    }
    let Some(chosen) = content.iter().min_by_key(|member| rank(&member.key)) else {
        return;
    };
    let described = chosen.value.get("schema").cloned();
    let chosen = chosen.key.clone();
    let mut has_parts = is_multipart(&chosen);
    let mut taken: Vec<String> = Vec::new();
    content.retain_mut(|member| {
        let is_same = member.value.get("schema") == described.as_ref();
        let kept = member.key == chosen
            || match kind {
                ObjectKind::Response => {
                    !is_multipart(&member.key) && is_other(member, &chosen, described.as_ref())
                }
                // A request in JSON or as a form is the same value.
                _ if is_same && rank(&member.key).max(rank(&chosen)) < 2 => true,
                // One body of parts is a type of its own, and so would be each other one.
                _ if is_multipart(&member.key) => !has_parts,
                // A text as it is, and the same text in JSON.
                _ if is_same && rank(&member.key) == TEXT && is_text(member, known) => true,
                _ => is_other(member, &chosen, described.as_ref()),
            };
        // With other parameters the media type is the same.
        let again = rank(&member.key) >= TEXT && taken.contains(&essence(&member.key));
        let kept = kept && !again;
        has_parts |= kept && is_multipart(&member.key);
        if !kept {
            let message = format!("`{}` is not generated: `{chosen}` is", member.key);
            context.warn("lower::media-type", message, member.key_span);
        } else if is_multipart(&chosen) && kind == ObjectKind::Response {
            let message = format!("`{chosen}` is sent and read as bytes, parts and all");
            context.warn("lower::media-type", message, member.key_span);
        } else {
            if is_multipart(&member.key) {
                choice_of_parts(&member.value, known, context);
            }
            unstructured(member, known, context);
            if is_multipart(&member.key) {
                object_parts(&mut member.value, known, context);
            }
            encodings(&mut member.value, &member.key, context);
            taken.push(essence(&member.key));
        }
        kept
    });
}

/// Says that the parts of a choice are those of all alternatives.
fn choice_of_parts(media: &Node, known: &Known, context: &mut Context<'_>) {
    let Some(schema) = media.get("schema") else {
        return;
    };
    if is_of(schema, |schema| union(schema).is_some(), &known.choices) {
        let message = "a choice of parts is not enforced: the parts of all alternatives are \
                       accepted together";
        context.warn("lower::not-enforced", message, schema.span);
    }
}

/// Says where a schema describes what its media type does not carry. A form that has no names is the
/// text that it is.
fn unstructured(member: &mut Member, known: &Known, context: &mut Context<'_>) {
    let Some(schema) = member.value.get("schema") else {
        return;
    };
    let (span, name) = (schema.span, &member.key);
    let structured = is_of(schema, is_structured, &known.structured);
    let what = match rank(name) {
        FORM if is_of(schema, is_nameless, &known.nameless) => {
            let mut text = Node::object(span);
            text.insert("type", Node::string("string", span));
            member.value.insert("schema", text);
            "as the text that is given: only an object has the names of a form"
        }
        TEXT if structured => "as text: what its schema says is not checked",
        BYTES if structured && !is_stream(name) => "as bytes: what its schema says is not checked",
        _ => return,
    };
    let message = format!("`{}` is sent and read {what}", member.key);
    context.warn("lower::media-type", message, span);
}

/// Whether the schema is one of texts, by itself or by the component that it refers to.
fn is_text(member: &Member, known: &Known) -> bool {
    let schema = member.value.get("schema");
    schema.is_some_and(|schema| {
        is_of(
            schema,
            |schema| type_of(schema) == Some("string"),
            &known.texts,
        )
    })
}

/// Whether a further media type is another value than the preferred one, and not the same one in other
/// words. XML is another form of what is JSON.
fn is_other(member: &Member, chosen: &str, described: Option<&Node>) -> bool {
    let own = essence(&member.key);
    let xml = own.ends_with("/xml") || own.ends_with("+xml");
    let schema = member.value.get("schema");
    // What bytes or a text are is said by the media type alone.
    let is_raw = |name: &str| rank(name) >= TEXT && !is_stream(name);
    let another = is_raw(&member.key) && is_raw(chosen) && own != essence(chosen);
    !xml && (another || is_stream(&member.key) != is_stream(chosen) || schema != described)
}

/// Takes out the media types of parts that are objects, where these are not JSON: such parts are.
fn object_parts(media: &mut Node, known: &Known, context: &mut Context<'_>) {
    let is_object =
        |schema: &Node| type_of(schema) == Some("object") || schema.contains_key("properties");
    let properties = media
        .get("schema")
        .map(|schema| schema.members_of("properties").to_vec());
    let properties = properties.unwrap_or_default();
    let all = media.get_mut("encoding").and_then(Node::as_object_mut);
    for encoding in all.into_iter().flatten() {
        let part = properties
            .iter()
            .find(|property| property.key == encoding.key);
        let said = encoding.value.get("contentType").and_then(Node::as_str);
        let other = said.is_some_and(|said| !said.split(',').any(|one| is_json(one.trim())));
        if !other || !part.is_some_and(|part| is_of(&part.value, is_object, &known.objects)) {
            continue;
        }
        if let Some(value) = encoding.value.remove("contentType") {
            let message = "`contentType` is not generated: a part that is an object is JSON";
            context.warn("lower::not-generated", message.to_owned(), value.span);
        }
    }
}

/// Takes out, with a warning, what is not done for single members of a body.
fn encodings(media: &mut Node, name: &str, context: &mut Context<'_>) {
    let all = media.get_mut("encoding").and_then(Node::as_object_mut);
    let (key, what) = match is_multipart(name) {
        true => ("style", "parts are sent as their schema says"),
        false => ("contentType", "members are sent as their schema says"),
    };
    for encoding in all.into_iter().flatten() {
        let said = encoding.value.get(key).and_then(Node::as_str);
        if key == "contentType" && said.is_some_and(is_json) {
            continue;
        }
        if let Some(value) = encoding.value.remove(key) {
            let message = format!("`{key}` is not generated: {what}");
            context.warn("lower::not-generated", message, value.span);
        }
    }
}

fn schema(media: &mut Node, name: &str) {
    let empty = media
        .get("schema")
        .is_none_or(|schema| schema.members().is_empty());
    if empty && media.as_object().is_some() {
        let span = media.span;
        let mut schema = Node::object(span);
        if is_multipart(name) || rank(name) == FORM {
            schema.insert("type", Node::string("object", span));
        } else if !is_json(name) {
            schema.insert("type", Node::string("string", span));
        }
        if rank(name) == BYTES && !is_stream(name) {
            schema.insert("format", Node::string("binary", span));
        }
        media.insert("schema", schema);
    }
}

/// The [`rank`] of a form.
const FORM: u8 = 1;

/// The [`rank`] of text.
pub const TEXT: u8 = 3;

const BYTES: u8 = 4;

/// How much a media type is preferred: 0 JSON, 1 a form, 2 parts, 3 text, 4 bytes.
#[must_use]
pub fn rank(media_type: &str) -> u8 {
    if is_json(media_type) && !is_stream(media_type) {
        return 0;
    }
    match essence(media_type).as_str() {
        "application/x-www-form-urlencoded" => FORM,
        _ if is_multipart(media_type) => 2,
        _ if is_stream(media_type) => BYTES,
        text if text.starts_with("text/") => TEXT,
        _ => BYTES,
    }
}

/// Whether a media type is a sequence of events or values that may go on without an end.
#[must_use]
pub fn is_stream(media_type: &str) -> bool {
    const STREAMS: [&str; 6] = [
        "text/event-stream",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/json-seq",
        "application/stream+json",
    ];
    STREAMS.contains(&essence(media_type).as_str())
}

/// Whether a media type is a body of several parts.
#[must_use]
pub fn is_multipart(media_type: &str) -> bool {
    essence(media_type).starts_with("multipart/")
}

/// Whether a body of a media type is read as JSON: JSON, and what may be of any type.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    contract::media_type::is_json(media_type) || essence(media_type) == "*/*"
}
