//! Defaults and examples that their own schema does not allow.
//!
//! They are said when code is generated, with their places. Code is generated all the same: no reader
//! and no server uses them to accept or reject a value.

use crate::lower::{is_json, walk};
use contract::diagnostics::Diagnostic;
use contract::schema::{Beyond, Options, convert, validator};
use contract::vocabulary::ObjectKind;
use contract::{Document, Node, pointer};
use serde_json::{Map, Value, json};

/// How many other schemas one schema may lead to and still be judged. Each judgement compiles all of
/// them, and with whole contracts behind every example the work would grow with the square of the
/// contract.
const FAR: usize = 24;

/// Everything in the document that contradicts its schema.
pub(super) fn find(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let root = &document.root;
    walk::visit(root, ObjectKind::Document, &mut |kind, node| match kind {
        ObjectKind::Schema => {
            let default = node.get("default").map(|value| ("default", value));
            let mut said: Vec<_> = default.into_iter().collect();
            said.extend(node.get("example").map(|value| ("example", value)));
            said.extend(node.items_of("examples").iter().map(|one| ("example", one)));
            judge(document, node, &said, &mut found);
        }
        ObjectKind::RequestBody | ObjectKind::Response => {
            let all = node.members_of("content").iter();
            for media in all.filter(|media| is_json(&media.key)) {
                if let Some(schema) = media.value.get("schema") {
                    judge(document, schema, &examples(&media.value), &mut found);
                }
            }
        }
        ObjectKind::Parameter | ObjectKind::Header => {
            if let Some(schema) = node.get("schema") {
                let mut said = examples(node);
                // A text may be the value as it travels.
                said.retain(|(_, value)| value.as_str().is_none());
                judge(document, schema, &said, &mut found);
            }
        }
        _ => {}
    });
    found
}

/// `example`, and the values of `examples`.
fn examples(holder: &Node) -> Vec<(&'static str, &Node)> {
    let one = holder.get("example").into_iter();
    let several = holder.members_of("examples").iter();
    let several = several.filter_map(|member| member.value.get("value"));
    one.chain(several).map(|value| ("example", value)).collect()
}

fn judge(
    document: &Document,
    schema: &Node,
    said: &[(&'static str, &Node)],
    found: &mut Vec<Diagnostic>,
) {
    if said.is_empty() {
        return;
    }
    let Some(Ok(judge)) = alone(document, schema).map(|schema| validator(&schema)) else {
        return;
    };
    for (what, node) in said {
        let value = node.to_json();
        if let Some(reason) = judge.iter_errors(&value).next() {
            let message = format!(
                "the {what} is not valid under its own schema: {}",
                short(&reason.to_string())
            );
            let code = match *what {
                "default" => "generate::default",
                _ => "generate::example",
            };
            found.push(Diagnostic::warning(code, message, node.span));
        }
    }
}

/// The schema with all that it refers to, unless that is too much or cannot be written down.
fn alone(document: &Document, schema: &Node) -> Option<Value> {
    let options = Options {
        as_meant: true,
        ..Options::new(document.version)
    };
    // What is referred to, in the order it was found. Its number is its name.
    let mut targets: Vec<String> = Vec::new();
    let convert = |schema: &Node, targets: &mut Vec<String>| {
        let mut refer = |text: &str| {
            let at = pointer::of_reference(text).ok_or(Beyond)?;
            let known = targets.iter().position(|target| *target == at);
            let number = known.unwrap_or_else(|| {
                targets.push(at.into_owned());
                targets.len() - 1
            });
            Ok(format!("#/$defs/{number}"))
        };
        convert(schema, &document.root, options, &mut refer).ok()
    };
    let whole = convert(schema, &mut targets)?;
    let mut definitions = Map::new();
    let mut done = 0;
    while let Some(at) = targets.get(done).cloned() {
        if done == FAR {
            return None;
        }
        let target = convert(document.root.pointer(&at)?, &mut targets)?;
        definitions.insert(done.to_string(), target);
        done += 1;
    }
    Some(json!({ "allOf": [whole], "$defs": definitions }))
}

/// The beginning of a long text.
fn short(text: &str) -> String {
    const MOST: usize = 200;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
