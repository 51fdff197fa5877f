//! Where which object of the specification stands in a document.

use serde_json::Value;

/// An object of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Callback,
    Schema,
}

#[derive(Clone, Copy)]
enum Shape {
    One,
    Map,
    List,
}

/// An object and where it stands.
#[derive(Debug, Clone)]
pub struct Place {
    pub pointer: String,
    pub kind: Kind,
    /// The key of the parent that leads here, such as `properties` or `allOf`.
    pub through: &'static str,
}

impl Place {
    /// The pointer of what holds it; for a member of a map or list, of the object with that map.
    pub fn parent(&self) -> &str {
        let (one, _) = self.pointer.rsplit_once('/').unwrap_or(("", ""));
        if one.ends_with(&format!("/{}", self.through)) {
            one.rsplit_once('/').map_or("", |(parent, _)| parent)
        } else {
            one
        }
    }
}

/// Every object of the document, those around others first.
pub fn places(document: &Value) -> Vec<Place> {
    let mut found = Vec::new();
    visit(document, Kind::Document, "", String::new(), &mut found);
    found
}

/// The schemas of a document, those around others first.
pub fn schemas(document: &Value) -> Vec<Place> {
    let mut places = places(document);
    places.retain(|place| place.kind == Kind::Schema);
    places
}

fn visit(
    value: &Value,
    kind: Kind,
    through: &'static str,
    pointer: String,
    found: &mut Vec<Place>,
) {
    found.push(Place {
        pointer: pointer.clone(),
        kind,
        through,
    });
    if value.get("$ref").is_some() && kind != Kind::Schema {
        return;
    }
    if kind == Kind::Callback {
        each(value, Shape::Map, Kind::PathItem, "", &pointer, found);
    }
    for (key, shape, kind) in children(kind) {
        if let Some(child) = value.get(*key) {
            let pointer = format!("{pointer}/{key}");
            each(child, *shape, *kind, key, &pointer, found);
        }
    }
}

fn each(
    value: &Value,
    shape: Shape,
    kind: Kind,
    through: &'static str,
    pointer: &str,
    found: &mut Vec<Place>,
) {
    match (shape, value) {
        (Shape::One, Value::Object(_) | Value::Bool(_)) => {
            visit(value, kind, through, pointer.to_owned(), found);
        }
        (Shape::Map, Value::Object(members)) => {
            for (key, member) in members {
                let pointer = format!("{pointer}/{}", escape(key));
                each(member, Shape::One, kind, through, &pointer, found);
            }
        }
        (Shape::List, Value::Array(items)) => {
            for (at, item) in items.iter().enumerate() {
                each(
                    item,
                    Shape::One,
                    kind,
                    through,
                    &format!("{pointer}/{at}"),
                    found,
                );
            }
        }
        _ => {}
    }
}

/// A token of a pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn children(kind: Kind) -> &'static [(&'static str, Shape, Kind)] {
    use Kind::*;
    use Shape::*;
    match kind {
        Document => &[
            ("paths", Map, PathItem),
            ("webhooks", Map, PathItem),
            ("components", One, Components),
        ],
        Components => &[
            ("schemas", Map, Schema),
            ("responses", Map, Response),
            ("parameters", Map, Parameter),
            ("requestBodies", Map, RequestBody),
            ("headers", Map, Header),
            ("callbacks", Map, Callback),
            ("pathItems", Map, PathItem),
        ],
        PathItem => &[
            ("parameters", List, Parameter),
            ("get", One, Operation),
            ("put", One, Operation),
            ("post", One, Operation),
            ("delete", One, Operation),
            ("options", One, Operation),
            ("head", One, Operation),
            ("patch", One, Operation),
            ("trace", One, Operation),
        ],
        Operation => &[
            ("parameters", List, Parameter),
            ("requestBody", One, RequestBody),
            ("responses", Map, Response),
            ("callbacks", Map, Callback),
        ],
        Parameter | Header => &[("schema", One, Schema), ("content", Map, MediaType)],
        RequestBody => &[("content", Map, MediaType)],
        Response => &[("content", Map, MediaType), ("headers", Map, Header)],
        MediaType => &[("schema", One, Schema), ("encoding", Map, Encoding)],
        Encoding => &[("headers", Map, Header)],
        Callback => &[],
        Schema => &[
            ("additionalProperties", One, Schema),
            ("contains", One, Schema),
            ("else", One, Schema),
            ("if", One, Schema),
            ("items", One, Schema),
            ("not", One, Schema),
            ("propertyNames", One, Schema),
            ("then", One, Schema),
            ("unevaluatedItems", One, Schema),
            ("unevaluatedProperties", One, Schema),
            ("dependentSchemas", Map, Schema),
            ("patternProperties", Map, Schema),
            ("properties", Map, Schema),
            ("$defs", Map, Schema),
            ("allOf", List, Schema),
            ("anyOf", List, Schema),
            ("oneOf", List, Schema),
            ("prefixItems", List, Schema),
        ],
    }
}
