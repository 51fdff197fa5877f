//! Random schemas.

use super::chance::Chance;
use serde_json::{Map, Value, json};

/// What values look like, and the schema that says so.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A string, possibly in a format.
    Text(Option<&'static str>),
    /// Listed values.
    Listed(Vec<Value>),
    /// The only value.
    Only(Value),
    /// An integer in a format, between bounds.
    Whole(Option<&'static str>, Option<(i64, i64)>),
    /// A number.
    Number,
    /// A boolean.
    Flag,
    /// Anything.
    Any,
    /// A list.
    List(Box<Shape>),
    /// A map.
    Map(Box<Shape>),
    /// An object.
    Object(Object),
    /// Null or a value; written as a union with null where the flag says so.
    Nullable(Box<Shape>, bool),
    /// Another named schema.
    Reference(usize),
    /// One of several, told apart by the constants of a property where one is named.
    Union(Option<String>, Vec<Shape>),
    /// An object in several parts.
    All(Vec<Object>),
}

/// Properties.
#[derive(Debug, Clone)]
pub struct Object {
    pub fields: Vec<Field>,
    /// Whether other properties are forbidden.
    pub closed: bool,
    /// What other properties hold.
    pub rest: Option<Box<Shape>>,
}

/// A property.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub shape: Shape,
    pub required: bool,
}

const NAMES: [&str; 40] = [
    "id",
    "name",
    "type",
    "self",
    "Self",
    "crate",
    "match",
    "async",
    "value",
    "createdAt",
    "created_at",
    "x-header",
    "a.b",
    "$ref_",
    "@type",
    "9lives",
    "größe",
    "名前",
    "with space",
    "_",
    "__v",
    "URL",
    "url",
    "HTMLBody",
    "is_ok",
    "isOk",
    "fn",
    "final",
    "Option",
    "String",
    "Vec",
    "None",
    "default",
    "unknown",
    "Unknown",
    "additional",
    "a/b",
    "a~b",
    "émoji😀",
    "-",
];

const WORDS: [&str; 24] = [
    "a",
    "b",
    "A",
    "on",
    "off",
    "null",
    "true",
    "1",
    "-1",
    "",
    " ",
    "unknown",
    "Unknown",
    "größe",
    "in progress",
    "in_progress",
    "inProgress",
    "self",
    "Self",
    "3d",
    "+1",
    "*",
    "名前",
    "x.y",
];

const FORMATS: [&str; 12] = [
    "uuid",
    "date-time",
    "date",
    "byte",
    "uri",
    "email",
    "password",
    "decimal",
    "hostname",
    "time",
    "duration",
    "binary",
];

const INTEGERS: [&str; 9] = [
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "timestamp",
];

impl Shape {
    /// The name of a schema.
    pub fn name(index: usize) -> String {
        format!("Schema{index}")
    }

    /// A schema that may refer to those before it.
    pub fn named(chance: &mut Chance, earlier: usize) -> Self {
        match chance.below(12) {
            0 | 1 => Self::union(chance, earlier),
            2 => Self::tagged(chance, earlier),
            3 => Self::All(Self::parts(chance, earlier)),
            4 => Self::any(chance, earlier, 0),
            _ => Self::Object(Object::random(chance, earlier, 0)),
        }
    }

    fn any(chance: &mut Chance, earlier: usize, depth: usize) -> Self {
        let simple = if depth > 2 { 12 } else { 20 };
        match chance.below(simple) {
            0 | 1 => Self::Text(None),
            2 | 3 => Self::Text(Some(*chance.one(&FORMATS))),
            4 => Self::listed(chance),
            5 => Self::Whole(None, None),
            6 => Self::Whole(Some(*chance.one(&INTEGERS)), None),
            7 => Self::bounded(chance),
            8 => Self::Number,
            9 => Self::Flag,
            10 => Self::Only(json!(*chance.one(&WORDS))),
            11 if earlier > 0 => Self::Reference(chance.below(earlier)),
            12 | 13 => Self::List(Box::new(Self::any(chance, earlier, depth + 1))),
            14 => Self::Map(Box::new(Self::any(chance, earlier, depth + 1))),
            15 => Self::Any,
            16 | 17 => Self::Object(Object::random(chance, earlier, depth + 1)),
            18 => Self::nullable(chance, earlier, depth + 1),
            19 if depth < 2 => Self::union(chance, earlier),
            _ => Self::Text(None),
        }
    }

    fn nullable(chance: &mut Chance, earlier: usize, depth: usize) -> Self {
        let inner = Self::any(chance, earlier, depth);
        match inner {
            Self::Any | Self::Nullable(..) | Self::Only(_) => inner,
            inner => Self::Nullable(Box::new(inner), chance.once_in(2)),
        }
    }

    fn listed(chance: &mut Chance) -> Self {
        let mut values: Vec<Value> = Vec::new();
        let numbers = chance.once_in(4);
        for _ in 0..=chance.below(5) {
            let value = match numbers {
                true => json!(chance.below(100)),
                false => json!(*chance.one(&WORDS)),
            };
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Self::Listed(values)
    }

    fn bounded(chance: &mut Chance) -> Self {
        let least = *chance.one(&[-5, 0, 1, -1_000_000_000_000, i64::MIN]);
        let most = *chance.one(&[5, 100, 70_000, 3_000_000_000, i64::MAX]);
        Self::Whole(None, Some((least, most)))
    }

    /// A union whose members differ in their type.
    fn union(chance: &mut Chance, earlier: usize) -> Self {
        let mut members = Vec::new();
        if chance.once_in(2) {
            members.push(match chance.below(3) {
                0 => Self::Text(None),
                1 => Self::listed(chance),
                _ => Self::Text(Some(*chance.one(&FORMATS))),
            });
        }
        if chance.once_in(3) {
            members.push(Self::Whole(None, None));
        } else if chance.once_in(3) {
            members.push(Self::Number);
        }
        if chance.once_in(3) {
            members.push(Self::Flag);
        }
        if chance.once_in(3) {
            members.push(Self::List(Box::new(Self::any(chance, earlier, 2))));
        }
        while members.len() < 2 || (members.len() < 5 && chance.once_in(2)) {
            let mut object = Object::random(chance, earlier, 2);
            object.fields.insert(
                0,
                Field {
                    name: format!("only{}", members.len()),
                    shape: Self::Text(None),
                    required: true,
                },
            );
            members.push(Self::Object(object));
        }
        Self::Union(None, members)
    }

    fn tagged(chance: &mut Chance, earlier: usize) -> Self {
        let tag = (*chance.one(&["kind", "type", "object", "@type"])).to_owned();
        let members = (0..2 + chance.below(3)).map(|index| {
            let mut object = Object::random(chance, earlier, 2);
            object.fields.retain(|field| field.name != tag);
            let value = match index % 3 {
                2 => json!("third member"),
                1 => json!("b"),
                _ => json!(format!("a{index}")),
            };
            object.fields.insert(
                0,
                Field {
                    name: tag.clone(),
                    shape: Self::Only(value),
                    required: true,
                },
            );
            Self::Object(object)
        });
        let members = members.collect();
        Self::Union(Some(tag), members)
    }

    /// Objects whose properties differ.
    fn parts(chance: &mut Chance, earlier: usize) -> Vec<Object> {
        let mut seen: Vec<String> = Vec::new();
        let mut parts = Vec::new();
        for _ in 0..2 + chance.below(2) {
            let mut object = Object::random(chance, earlier, 1);
            object.closed = false;
            object.rest = None;
            object.fields.retain(|field| !seen.contains(&field.name));
            seen.extend(object.fields.iter().map(|field| field.name.clone()));
            parts.push(object);
        }
        parts
    }

    /// The schema.
    pub fn schema(&self) -> Value {
        match self {
            Self::Text(None) => json!({ "type": "string" }),
            Self::Text(Some(format)) => json!({ "type": "string", "format": format }),
            Self::Listed(values) => {
                let kind = if values[0].is_string() {
                    "string"
                } else {
                    "integer"
                };
                json!({ "type": kind, "enum": values })
            }
            Self::Only(value) => json!({ "const": value }),
            Self::Whole(format, bounds) => {
                let mut schema = json!({ "type": "integer" });
                if let Some(format) = format {
                    schema["format"] = json!(format);
                }
                if let Some((least, most)) = bounds {
                    schema["minimum"] = json!(least);
                    schema["maximum"] = json!(most);
                }
                schema
            }
            Self::Number => json!({ "type": "number" }),
            Self::Flag => json!({ "type": "boolean" }),
            Self::Any => json!({}),
            Self::List(items) => json!({ "type": "array", "items": items.schema() }),
            Self::Map(values) => {
                json!({ "type": "object", "additionalProperties": values.schema() })
            }
            Self::Object(object) => object.schema(),
            Self::Nullable(inner, _) => nullable(inner.schema(), self),
            Self::Reference(index) => {
                json!({ "$ref": format!("#/components/schemas/{}", Self::name(*index)) })
            }
            Self::Union(tag, members) => {
                let key = if tag.is_some() { "oneOf" } else { "anyOf" };
                json!({ key: members.iter().map(Self::schema).collect::<Vec<_>>() })
            }
            Self::All(parts) => {
                json!({ "allOf": parts.iter().map(Object::schema).collect::<Vec<_>>() })
            }
        }
    }
}

/// `type: [T, 'null']` where that says it, else a union with null.
fn nullable(mut schema: Value, shape: &Shape) -> Value {
    let by_type = matches!(shape, Shape::Nullable(_, false));
    let plain = schema.get("type").is_some() && schema.get("enum").is_none();
    if by_type && plain {
        schema["type"] = json!([schema["type"], "null"]);
        return schema;
    }
    json!({ "anyOf": [schema, { "type": "null" }] })
}

impl Object {
    fn random(chance: &mut Chance, earlier: usize, depth: usize) -> Self {
        let mut fields: Vec<Field> = Vec::new();
        for _ in 0..1 + chance.below(if depth > 0 { 3 } else { 6 }) {
            let name = (*chance.one(&NAMES)).to_owned();
            if !fields.iter().any(|field| field.name == name) {
                let shape = Shape::any(chance, earlier, depth + 1);
                let required = chance.once_in(2);
                fields.push(Field {
                    name,
                    shape,
                    required,
                });
            }
        }
        let rest = chance.once_in(6);
        Self {
            fields,
            closed: !rest && chance.once_in(4),
            rest: rest.then(|| Box::new(Shape::any(chance, earlier, 3))),
        }
    }

    fn schema(&self) -> Value {
        let mut properties = Map::new();
        for field in &self.fields {
            properties.insert(field.name.clone(), field.shape.schema());
        }
        let required = self.fields.iter().filter(|field| field.required);
        let required: Vec<&str> = required.map(|field| field.name.as_str()).collect();
        let mut schema = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if self.closed {
            schema["additionalProperties"] = json!(false);
        }
        if let Some(rest) = &self.rest {
            schema["additionalProperties"] = rest.schema();
        }
        schema
    }
}
