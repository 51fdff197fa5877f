//! Replaces values that reading accepted with a warning by what the warning says, and adds fields that
//! the specification requires and generated code does not need.

use crate::lower::extensions::SECURITY_TYPE;
use crate::lower::{context::Context, walk};
use contract::diagnostics::{ANY, Diagnostic, IGNORED, NUMBER, UNKNOWN_WORD, UNQUOTED, WRITTEN};
use contract::vocabulary::ObjectKind;
use contract::{Members, Node, Sources, Span, Value, is_status};
use std::collections::BTreeMap;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let said = context.said.iter();
    let said = said.filter_map(|finding| Some((finding.span?, finding.code)));
    let said: BTreeMap<Span, &str> = said.filter(|(_, code)| is_replaced(code)).collect();
    if !said.is_empty() {
        let sources = &context.found.sources;
        replace(root, &Replacer { said, sources });
    }
    walk::visit_mut(root, ObjectKind::Document, &mut complete);
}

/// Whether a finding says what is made of its value.
#[must_use]
pub fn is_replaced(code: &str) -> bool {
    contract::diagnostics::REPLACED.contains(&code)
}

/// Whether any of some findings says what is made of its value.
#[must_use]
pub fn replaces_any(found: &[Diagnostic]) -> bool {
    found.iter().any(|finding| is_replaced(finding.code))
}

/// What reading said of values, by their places.
struct Replacer<'a> {
    said: BTreeMap<Span, &'static str>,
    sources: &'a Sources,
}

impl Replacer<'_> {
    /// Whether a value stays, which is changed if something else is made of it.
    fn keeps(&self, node: &mut Node) -> bool {
        match self.said.get(&node.span).copied() {
            None => {}
            Some(IGNORED | NUMBER | UNKNOWN_WORD) => return false,
            Some(ANY) => node.value = Value::Object(Members::default()),
            Some(WRITTEN) if scalar(node) => {
                node.value = Value::String(self.sources.slice(node.span).to_owned());
            }
            Some(UNQUOTED) => unquote(node),
            Some(_) => {}
        }
        true
    }
}

fn scalar(node: &Node) -> bool {
    matches!(node.value, Value::Number(_) | Value::Bool(_))
}

fn unquote(node: &mut Node) {
    let Some(text) = node.as_str() else { return };
    let value = match text {
        "true" | "false" => Some(Value::Bool(text == "true")),
        text => text.parse().ok().map(Value::Number),
    };
    node.value = value.unwrap_or(Value::Null);
}

fn replace(node: &mut Node, replacer: &Replacer<'_>) {
    if let Some(members) = node.as_object_mut() {
        members.retain_mut(|member| replacer.keeps(&mut member.value));
        members
            .iter_mut()
            .for_each(|member| replace(&mut member.value, replacer));
    } else if let Some(items) = node.as_array_mut() {
        items.retain_mut(|item| replacer.keeps(item));
        items.iter_mut().for_each(|item| replace(item, replacer));
    }
}

/// Fills in what an object must have, or leaves the object out where that cannot be filled in.
fn complete(kind: ObjectKind, node: &mut Node) {
    match kind {
        ObjectKind::Document => document(node),
        ObjectKind::PathItem | ObjectKind::Operation => parameters(node),
        ObjectKind::Parameter => parameter(node),
        ObjectKind::Response if !node.contains_key("$ref") => fill(node, "description", ""),
        ObjectKind::Responses => statuses(node),
        ObjectKind::SecurityScheme if !node.contains_key("$ref") => scheme(node),
        ObjectKind::Schema => schema(node),
        _ => {}
    }
    let docs = node.get("externalDocs");
    if docs.is_some_and(|docs| docs.as_object().is_some() && !docs.contains_key("url")) {
        node.remove("externalDocs");
    }
    if let Some(servers) = node.get_mut("servers").and_then(Node::as_array_mut) {
        servers.retain(|server| server.contains_key("url"));
        for server in servers {
            let variables = server.get_mut("variables").and_then(Node::as_object_mut);
            for variable in variables.into_iter().flatten() {
                fill(&mut variable.value, "default", "");
            }
        }
    }
}

fn fill(node: &mut Node, key: &str, text: &str) {
    if node.as_object().is_some() && !node.contains_key(key) {
        node.insert(key, Node::string(text, node.span));
    }
}

fn document(root: &mut Node) {
    if !root.contains_key("info") {
        root.insert("info", Node::object(root.span));
    }
    if let Some(info) = root.get_mut("info") {
        fill(info, "title", "");
        fill(info, "version", "");
        if info
            .get("license")
            .is_some_and(|license| !license.contains_key("name"))
        {
            info.remove("license");
        }
    }
    // An extension is not a path, whatever it holds.
    if let Some(paths) = root.get_mut("paths").and_then(Node::as_object_mut) {
        paths.retain(|path| !path.key.starts_with("x-"));
    }
    if let Some(tags) = root.get_mut("tags").and_then(Node::as_array_mut) {
        tags.retain(|tag| tag.contains_key("name"));
    }
}

/// Leaves out parameters without a name or a place, and the second of two that are the same.
fn parameters(owner: &mut Node) {
    let Some(all) = owner.get_mut("parameters").and_then(Node::as_array_mut) else {
        return;
    };
    let text = |node: &Node, key| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let mut seen = Vec::new();
    all.retain(|parameter| {
        if let Some(target) = text(parameter, "$ref") {
            let again = seen.contains(&(target.clone(), String::new()));
            seen.push((target, String::new()));
            return !again;
        }
        let (Some(name), Some(place)) = (text(parameter, "name"), text(parameter, "in")) else {
            return false;
        };
        let again = seen.contains(&(name.clone(), place.clone()));
        seen.push((name, place));
        !again
    });
}

fn parameter(parameter: &mut Node) {
    if parameter.get("in").and_then(Node::as_str) == Some("path") {
        parameter.insert("required", Node::bool(true, parameter.span));
    }
    let content = parameter
        .get("content")
        .map(|content| content.members().len());
    if content.is_some_and(|count| count != 1 || parameter.contains_key("schema")) {
        parameter.remove("content");
    }
}

/// `2xx` is a range as `2XX` is; keys that are not statuses say nothing.
fn statuses(responses: &mut Node) {
    let Some(all) = responses.as_object_mut() else {
        return;
    };
    for member in &mut *all {
        let key = member.key.to_uppercase();
        if is_status(&key) {
            member.key = key;
        }
    }
    all.retain(|member| is_status(&member.key) || member.key.starts_with("x-"));
    let mut seen = Vec::new();
    all.retain(|member| {
        let again = seen.contains(&member.key);
        seen.push(member.key.clone());
        !again
    });
}

/// What is sent for a scheme is for the caller to say; of one that says too little, its kind is all
/// that is kept.
fn scheme(scheme: &mut Node) {
    let kind = scheme
        .get("type")
        .and_then(Node::as_str)
        .unwrap_or_default();
    let has = |keys: &[&str]| keys.iter().all(|key| scheme.contains_key(key));
    let whole = match kind {
        "apiKey" => has(&["name", "in"]),
        "http" => has(&["scheme"]),
        "openIdConnect" => has(&["openIdConnectUrl"]),
        "oauth2" => scheme.get("flows").is_some_and(flows_are_whole),
        "mutualTLS" => true,
        _ => false,
    };
    if whole {
        return;
    }
    let (kind, span) = (kind.to_owned(), scheme.span);
    scheme.insert("type", Node::string("http", span));
    scheme.insert("scheme", Node::string("unknown", span));
    for key in ["name", "in", "flows", "openIdConnectUrl"] {
        scheme.remove(key);
    }
    scheme.insert(SECURITY_TYPE, Node::string(kind, span));
}

fn flows_are_whole(flows: &Node) -> bool {
    flows.members().iter().all(|flow| {
        let needed: &[&str] = match flow.key.as_str() {
            "implicit" => &["authorizationUrl", "scopes"],
            "password" | "clientCredentials" => &["tokenUrl", "scopes"],
            "authorizationCode" => &["authorizationUrl", "tokenUrl", "scopes"],
            _ => &[],
        };
        needed.iter().all(|key| flow.value.contains_key(key))
    })
}

fn schema(schema: &mut Node) {
    let discriminator = schema.get("discriminator");
    if discriminator
        .is_some_and(|one| one.as_object().is_some() && !one.contains_key("propertyName"))
    {
        schema.remove("discriminator");
    }
}
