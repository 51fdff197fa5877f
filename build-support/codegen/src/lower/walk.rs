//! Walking a contract by its grammar: which key of which object holds what.

use super::extensions::RECEIVERS;
use contract::vocabulary::{self, Holds};
use contract::{Node, Value};
use std::sync::LazyLock;

/// What kind of object a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The whole contract.
    Root,
    /// `components`.
    Components,
    /// A path, with its operations.
    PathItem,
    /// An operation.
    Operation,
    /// A parameter or a header.
    Parameter,
    /// A request body.
    Body,
    /// A response.
    Response,
    /// One entry of `content`.
    MediaType,
    /// One entry of `encoding`.
    Encoding,
    /// A callback: runtime expressions and their path items.
    Callback,
    /// A named example.
    Example,
    /// A security scheme.
    SecurityScheme,
    /// A schema.
    Schema,
}

/// How a key holds its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    One,
    List,
    Map,
}

use Kind::{
    Body, Callback, Components, Encoding, Example, MediaType, Operation, Parameter, PathItem,
    Response, Root, Schema, SecurityScheme,
};
use Shape::{List, Map, One};

/// The methods of a path item.
pub use contract::vocabulary::METHODS;

/// The keys of each kind that hold other kinds; `*` stands for every key.
fn grammar(kind: Kind) -> &'static [(&'static str, Shape, Kind)] {
    match kind {
        Root => &[
            ("components", One, Components),
            ("paths", Map, PathItem),
            ("webhooks", Map, PathItem),
            (RECEIVERS, Map, PathItem),
        ],
        Components => &[
            ("schemas", Map, Schema),
            ("parameters", Map, Parameter),
            ("headers", Map, Parameter),
            ("requestBodies", Map, Body),
            ("responses", Map, Response),
            ("pathItems", Map, PathItem),
            ("callbacks", Map, Callback),
            ("examples", Map, Example),
            ("securitySchemes", Map, SecurityScheme),
        ],
        PathItem => &PATH_ITEM,
        Operation => &[
            ("parameters", List, Parameter),
            ("requestBody", One, Body),
            ("responses", Map, Response),
            ("callbacks", Map, Callback),
        ],
        Callback => &[("*", One, PathItem)],
        Parameter => &[
            ("schema", One, Schema),
            ("content", Map, MediaType),
            ("examples", Map, Example),
        ],
        Body => &[("content", Map, MediaType)],
        Response => &[("content", Map, MediaType), ("headers", Map, Parameter)],
        MediaType => &[
            ("schema", One, Schema),
            ("encoding", Map, Encoding),
            ("examples", Map, Example),
        ],
        Encoding => &[("headers", Map, Parameter)],
        Example | SecurityScheme => &[],
        Schema => &SCHEMA,
    }
}

static SCHEMA: LazyLock<Vec<(&str, Shape, Kind)>> = LazyLock::new(|| {
    let keywords = vocabulary::schema_bearing();
    let row = |(keyword, holds)| match holds {
        Holds::One => (keyword, One, Schema),
        Holds::List => (keyword, List, Schema),
        Holds::Named => (keyword, Map, Schema),
    };
    keywords.map(row).collect()
});

static PATH_ITEM: LazyLock<Vec<(&str, Shape, Kind)>> = LazyLock::new(|| {
    let methods = METHODS.iter().map(|method| (*method, One, Operation));
    let parameters = ("parameters", List, Parameter);
    std::iter::once(parameters).chain(methods).collect()
});

/// Visits a node and everything below it, parents first.
pub fn visit<'a>(node: &'a Node, kind: Kind, f: &mut dyn FnMut(Kind, &'a Node)) {
    f(kind, node);
    for (key, shape, child_kind) in grammar(kind) {
        if *key == "*" {
            for member in node.members() {
                visit(&member.value, *child_kind, f);
            }
            continue;
        }
        let Some(child) = node.get(key) else { continue };
        match shape {
            One => visit(child, *child_kind, f),
            List => child
                .items()
                .iter()
                .for_each(|item| visit(item, *child_kind, f)),
            Map => {
                for member in child.members() {
                    if !is_extension(&member.key, *child_kind) {
                        visit(&member.value, *child_kind, f);
                    }
                }
            }
        }
    }
}

/// Visits a node and everything below it to change it, children first, so that what a visit makes
/// of a node is not visited again.
pub fn visit_mut(node: &mut Node, kind: Kind, f: &mut dyn FnMut(Kind, &mut Node)) {
    for (key, shape, child_kind) in grammar(kind) {
        if *key == "*" {
            let members = node.as_object_mut().map(Vec::as_mut_slice);
            for member in members.unwrap_or_default() {
                visit_mut(&mut member.value, *child_kind, f);
            }
            continue;
        }
        let Some(child) = node.get_mut(key) else {
            continue;
        };
        match (shape, &mut child.value) {
            (One, _) => visit_mut(child, *child_kind, f),
            (List, Value::Array(items)) => {
                items
                    .iter_mut()
                    .for_each(|item| visit_mut(item, *child_kind, f));
            }
            (Map, Value::Object(members)) => {
                for member in members {
                    if !is_extension(&member.key, *child_kind) {
                        visit_mut(&mut member.value, *child_kind, f);
                    }
                }
            }
            _ => {}
        }
    }
    f(kind, node);
}

/// Among paths, responses and callbacks an `x-` key is an extension; a property or a schema may be
/// called anything.
fn is_extension(key: &str, kind: Kind) -> bool {
    matches!(kind, PathItem | Response | Callback) && key.starts_with("x-")
}

/// Visits every schema, children first.
pub fn schemas_mut(root: &mut Node, f: &mut dyn FnMut(&mut Node)) {
    visit_mut(root, Root, &mut |kind, node| {
        if kind == Schema {
            f(node);
        }
    });
}

/// Visits every schema, parents first.
pub fn schemas<'a>(root: &'a Node, f: &mut dyn FnMut(&'a Node)) {
    visit(root, Root, &mut |kind, node| {
        if kind == Schema {
            f(node);
        }
    });
}

/// An operation and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// `paths`, or [`RECEIVERS`].
    pub section: &'static str,
    /// The path template, or a receiver's key.
    pub path: &'a str,
    /// The method, lowercase.
    pub method: &'a str,
    /// The operation.
    pub node: &'a Node,
}

/// Visits every operation of paths and receivers, in document order.
pub fn operations<'a>(root: &'a Node, f: &mut dyn FnMut(Site<'a>)) {
    for section in ["paths", RECEIVERS] {
        for item in root.members_of(section) {
            for member in item.value.members() {
                if METHODS.contains(&member.key.as_str()) {
                    f(Site {
                        section,
                        path: &item.key,
                        method: &member.key,
                        node: &member.value,
                    });
                }
            }
        }
    }
}

/// Visits every operation of paths and receivers to change it: section, path, method, operation.
pub fn operations_mut(root: &mut Node, f: &mut dyn FnMut(&str, &str, &str, &mut Node)) {
    for section in ["paths", RECEIVERS] {
        let Some(items) = root.get_mut(section).and_then(Node::as_object_mut) else {
            continue;
        };
        for item in items {
            let members = item.value.as_object_mut().map(Vec::as_mut_slice);
            for member in members.unwrap_or_default() {
                if METHODS.contains(&member.key.as_str()) {
                    f(section, &item.key, &member.key, &mut member.value);
                }
            }
        }
    }
}
