//! Collects the headers of a response into one object, so that they become a type like any other.
//!
//! The object is described in an extension of the response. Its properties are the headers by their
//! names, and beside it stands how the text of each header is read.

use crate::lower::context::Context;
use crate::lower::extensions::{HEADERS, JSON_TEXT, LISTED};
use crate::lower::shape::reference;
use crate::lower::walk;
use contract::vocabulary::ObjectKind;
use contract::{Member, Node};

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::visit_mut(root, ObjectKind::Document, &mut |kind, node| {
        if kind == ObjectKind::Response
            && let Some(mut headers) = node.remove("headers")
        {
            let span = headers.span;
            let all = headers.as_object_mut().map(std::mem::take);
            let all = all.unwrap_or_default().into_iter();
            let kept: Vec<Member> = all.filter(|header| is_sent(header, context)).collect();
            if !kept.is_empty() {
                let mut collected = Node::object(span);
                collected.insert("rules", rules(&kept));
                collected.insert("schema", object(kept));
                node.insert(HEADERS, collected);
            }
        }
    });
}

/// OpenAPI says to ignore `Content-Type` here. A name that HTTP does not allow cannot be sent.
fn is_sent(header: &Member, context: &mut Context<'_>) -> bool {
    let name = &header.key;
    if name.starts_with("x-codegen-") {
        return false;
    }
    if name.eq_ignore_ascii_case("content-type") {
        let message = "the response header `Content-Type` is ignored, as OpenAPI asks: `content` \
                       says it";
        context.warn("lower::ignored-header", message, header.key_span);
        return false;
    }
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let valid = !name.is_empty() && name.chars().all(is_token);
    if !valid {
        let message =
            format!("`{name}` is not a valid name of a header (RFC 9110, 5.6.2): it is left out");
        context.warn("lower::ignored-header", message, header.key_span);
    }
    valid
}

/// `{name, explode, json}` for each header.
fn rules(headers: &[Member]) -> Node {
    let rules = headers.iter().map(|header| {
        let span = header.key_span;
        let flag = |key| header.value.get(key).and_then(Node::as_bool) == Some(true);
        let mut rule = Node::object(span);
        rule.insert("name", Node::string(header.key.clone(), span));
        rule.insert("explode", Node::bool(flag("explode"), span));
        rule.insert("json", Node::bool(flag(JSON_TEXT), span));
        rule
    });
    let span = headers[0].key_span;
    Node::array(rules.collect(), span)
}

fn object(headers: Vec<Member>) -> Node {
    let span = headers[0].key_span;
    let (mut properties, mut required) = (Node::object(span), Vec::new());
    for header in headers {
        if header.value.get("required").and_then(Node::as_bool) == Some(true) {
            let name = Node::string(header.key.clone(), header.key_span);
            required.push(name);
        }
        if let Some(properties) = properties.as_object_mut() {
            properties.push(Member {
                value: property(header.value),
                ..header
            });
        }
    }
    let mut object = Node::object(span);
    object.insert("type", Node::string("object", span));
    object.insert("properties", properties);
    object.insert(LISTED, Node::bool(true, span));
    if !required.is_empty() {
        object.insert("required", Node::array(required, span));
    }
    object
}

/// The schema of a header under the header's own description. One without a schema is text.
fn property(mut header: Node) -> Node {
    let span = header.span;
    let mut schema = header.remove("schema").unwrap_or_else(|| {
        let mut text = Node::object(span);
        text.insert("type", Node::string("string", span));
        text
    });
    let Some(description) = header.remove("description") else {
        return schema;
    };
    if reference(&schema).is_some() {
        let mut around = Node::object(span);
        around.insert("allOf", Node::array(vec![schema], span));
        schema = around;
    }
    schema.insert("description", description);
    schema
}
