//! The places of a change as what they refer to.

use super::plain;
use super::subject::{Member, Subject, Whole};
use contract::Node;
use contract::Place;
use drift::Contract;
use drift::report::Change;
use std::collections::BTreeSet;

/// Everything a change refers to, on both sides. Where one place holds the other, as a schema does
/// a property that was added to it, only the inner one shows what happened.
pub(super) fn subjects(change: &Change, base: &Contract, revision: &Contract) -> Vec<Subject> {
    let (before, after) = (change.base.as_ref(), change.revision.as_ref());
    let inside = |inner: Option<&Place>, outer: Option<&Place>| {
        let rest = inner.and_then(|inner| inner.pointer.strip_prefix(&outer?.pointer));
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let sides = [
        (before.filter(|_| !inside(after, before)), base.root()),
        (after.filter(|_| !inside(before, after)), revision.root()),
    ];
    let sides = sides.into_iter();
    let named = sides.filter_map(|(place, root)| Some(of_place(place?, root)));
    let named = named.flatten();
    let mut all: Vec<Subject> = named.collect();
    if all.is_empty() && change.base.is_none() == change.revision.is_none() {
        let ids = change.used_by.iter().map(|used| plain(&used.operation));
        all.extend(
            ids.collect::<BTreeSet<_>>()
                .into_iter()
                .map(|id| Subject::Operation {
                    id,
                    detail: None,
                    whole: None,
                }),
        );
    }
    all
}

fn of_place(place: &Place, root: &Node) -> Vec<Subject> {
    let steps: Vec<String> = place.pointer.split('/').skip(1).map(unescape).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    match &steps[..] {
        ["components", "schemas", name, rest @ ..] => schema(plain(name), rest, place, root),
        ["paths", path, method, rest @ ..] => operation(root, "paths", path, method, rest, place),
        ["paths", path] => {
            let item = root.get("paths").and_then(|paths| paths.get(path));
            let methods = item.map(Node::members).unwrap_or_default();
            let methods = methods
                .iter()
                .filter(|it| it.value.contains_key("responses"));
            methods
                .flat_map(|it| operation(root, "paths", path, &it.key, &[], place))
                .collect()
        }
        ["webhooks", name, method, rest @ ..] => {
            let mut all = operation(root, "webhooks", name, method, rest, place);
            all.push(Subject::Operation {
                id: plain(name),
                detail: None,
                whole: None,
            });
            all
        }
        _ => Vec::new(),
    }
}

/// A schema, with the types that what is inline in its properties becomes.
fn schema(name: String, steps: &[&str], place: &Place, root: &Node) -> Vec<Subject> {
    let member = member(steps, place, root);
    let value = member.clone().filter(|it| matches!(it, Member::Value(_)));
    let mut nested: Vec<Subject> = properties(steps)
        .into_iter()
        .map(|property| Subject::Schema {
            name: format!("{name}{}", plain(property)),
            member: None,
        })
        .collect();
    match (nested.last_mut(), value) {
        // The value is one of the inner type, not of the schema around it.
        (Some(Subject::Schema { member, .. }), Some(value)) => *member = Some(value),
        _ => nested.push(Subject::Schema { name, member }),
    }
    nested
}

fn operation(
    root: &Node,
    section: &str,
    path: &str,
    method: &str,
    rest: &[&str],
    place: &Place,
) -> Vec<Subject> {
    let node = root
        .get(section)
        .and_then(|paths| paths.get(path)?.get(method));
    let id = node.and_then(|node| node.get("operationId")?.as_str());
    let id = id.map_or_else(|| plain(&format!("{method}{path}")), plain);
    let detail = match rest {
        ["responses", status, ..] => status.parse::<u16>().ok().map(reason),
        ["parameters", ..] => root
            .pointer(&parameter(&place.pointer))
            .and_then(|it| it.get("name")?.as_str())
            .map(plain),
        _ => None,
    };
    let mut all = {
        let whole = node.filter(|_| rest.is_empty());
        let whole = whole.map(|node| Whole::of(node, root));
        vec![Subject::Operation {
            id: id.clone(),
            detail,
            whole,
        }]
    };
    // Inline bodies are named after the operation.
    let part = match rest {
        ["requestBody", ..] => Some("request"),
        ["responses", ..] => Some("response"),
        _ => None,
    };
    if let Some(part) = part {
        let member = member(rest, place, root);
        let name = format!("{id}{part}");
        all.extend(member.map(|member| Subject::Schema {
            name,
            member: Some(member),
        }));
    }
    all
}

/// The pointer of the parameter that a pointer is inside of.
fn parameter(pointer: &str) -> String {
    let Some((head, rest)) = pointer.split_once("/parameters/") else {
        return pointer.to_owned();
    };
    let index = rest.split('/').next().unwrap_or_default();
    format!("{head}/parameters/{index}")
}

/// The last property of a schema that a pointer refers to, or the value of its enum.
fn member(steps: &[&str], place: &Place, root: &Node) -> Option<Member> {
    if let [.., list @ ("enum" | "required"), index] = steps
        && index.parse::<usize>().is_ok()
    {
        let name = plain(root.pointer(&place.pointer)?.as_str()?);
        return Some(match *list {
            "enum" => Member::Value(name),
            _ => Member::Property {
                name,
                required: true,
            },
        });
    }
    let name = properties(steps).last().map(|last| plain(last))?;
    let required = is_required(&name, &place.pointer, root);
    Some(Member::Property { name, required })
}

/// Whether the last property of a pointer is required by the schema that has it.
fn is_required(name: &str, pointer: &str, root: &Node) -> bool {
    let holder = pointer.rsplit_once("/properties/");
    let holder = holder.and_then(|(holder, _)| root.pointer(holder));
    let required = holder.and_then(|holder| holder.get("required"));
    let mut required = required.map(Node::items).unwrap_or_default().iter();
    required.any(|it| it.as_str().is_some_and(|it| plain(it) == name))
}

fn properties<'a>(steps: &[&'a str]) -> Vec<&'a str> {
    let pairs = steps.windows(2);
    pairs
        .filter(|pair| pair[0] == "properties")
        .map(|pair| pair[1])
        .collect()
}

/// The name of an error's variant for a status.
fn reason(status: u16) -> String {
    plain(&codegen::emit::server::code_name(status))
}

fn unescape(step: &str) -> String {
    contract::pointer::unescape(step).into_owned()
}
