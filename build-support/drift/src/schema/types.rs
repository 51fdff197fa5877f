//! Sets of JSON types. `integer` is a part of `number`.

use contract::{Node, Value};

/// A set of types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Types(u8);

impl Types {
    pub const NONE: Self = Self(0);
    pub const NULL: Self = Self(1);
    pub const BOOLEAN: Self = Self(2);
    pub const INTEGER: Self = Self(4);
    /// Numbers that are not whole.
    pub const FRACTION: Self = Self(8);
    pub const NUMBER: Self = Self(12);
    pub const STRING: Self = Self(16);
    pub const ARRAY: Self = Self(32);
    pub const OBJECT: Self = Self(64);
    pub const ALL: Self = Self(127);
    /// What stands in a URL or a header as one text.
    pub const SCALAR: Self = Self(31);

    /// The type of a name; an unknown name stands for every type.
    fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" | "file" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::ALL,
        }
    }

    /// What `type` says.
    pub fn of_keyword(node: &Node) -> Self {
        match &node.value {
            Value::String(name) => Self::named(name),
            Value::Null => Self::NULL,
            Value::Array(names) => names
                .iter()
                .fold(Self::NONE, |all, name| all.or(Self::of_keyword(name))),
            _ => Self::ALL,
        }
    }

    /// What the `type` of a schema says; none where it says nothing.
    pub fn declared_by(schema: &Node) -> Self {
        schema.get("type").map_or(Self::NONE, Self::of_keyword)
    }

    /// The type of a value.
    pub fn of_value(node: &Node) -> Self {
        match &node.value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) => match number.as_f64() {
                Some(value) if value.fract() != 0.0 => Self::FRACTION,
                _ => Self::INTEGER,
            },
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    /// Its kinds of value apart; numbers are one kind.
    pub fn kinds(self) -> Vec<Self> {
        let kinds = [
            Self::NULL,
            Self::BOOLEAN,
            Self::NUMBER,
            Self::STRING,
            Self::ARRAY,
            Self::OBJECT,
        ];
        let kinds = kinds.into_iter().map(|kind| self.and(kind));
        kinds.filter(|kind| !kind.is_empty()).collect()
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The types in words.
    pub fn words(self) -> String {
        if self == Self::ALL || self == Self::ALL.without(Self::NULL) {
            return "any type".to_owned();
        }
        let table = [
            (Self::NULL, "null"),
            (Self::BOOLEAN, "boolean"),
            (Self::STRING, "string"),
            (Self::ARRAY, "array"),
            (Self::OBJECT, "object"),
        ];
        let mut names = Vec::new();
        if self.has(Self::FRACTION) {
            names.push("number");
        } else if self.has(Self::INTEGER) {
            names.push("integer");
        }
        let others = table.iter().filter(|(one, _)| self.has(*one));
        names.extend(others.map(|(_, name)| *name));
        names.join(" or ")
    }
}
