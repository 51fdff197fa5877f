//! The Rust type at a place where a schema is used.

use super::Builder;
use crate::lower::extensions::EXAMPLES;
use crate::lower::shape::{
    component, component_of, properties, reference, referred, type_of, union,
};
use crate::model::TypeRef;
use crate::policy::{ByteForm, DateForm, DateTimeForm, Formats, UriForm, UuidForm};
use contract::Node;

impl Builder<'_> {
    /// The type of a value of this schema, `null` aside.
    pub(super) fn type_ref(&self, schema: &Node) -> TypeRef {
        if let Some(name) = target(schema) {
            return self.named(name);
        }
        match type_of(schema) {
            Some("string") => string(schema, self.policy.formats),
            Some("integer") => integer(schema),
            Some("number") => TypeRef::F64,
            Some("boolean") => TypeRef::Bool,
            Some("array") => TypeRef::Array(Box::new(self.element(schema.get("items")))),
            Some("object") => TypeRef::Map(Box::new(self.values(schema))),
            _ => TypeRef::Any,
        }
    }

    /// A component by its Rust name, or, where it is only another name for a scalar, that
    /// scalar.
    fn named(&self, name: &str) -> TypeRef {
        let named = || TypeRef::Named(self.type_name(name));
        self.stands_for(name, 0).unwrap_or_else(named)
    }

    /// The scalar a component is another name for.
    fn stands_for(&self, name: &str, depth: usize) -> Option<TypeRef> {
        let schema = component(self.root, name).filter(|_| depth < 64)?;
        if self.policy.rust_path(name).is_some() || union(schema).is_some() {
            return None;
        }
        let ty = match (target(schema), type_of(schema)) {
            (Some(next), _) => self.stands_for(next, depth + 1)?,
            (None, Some("object" | "array")) => return None,
            (None, Some("string")) if schema.contains_key("enum") => return None,
            (None, _) => self.type_ref(schema),
        };
        (!is_identifier(name, &ty)).then_some(ty)
    }

    /// What a list holds; `null` may be one of its items.
    pub(super) fn element(&self, schema: Option<&Node>) -> TypeRef {
        let Some(schema) = schema else {
            return TypeRef::Any;
        };
        let inner = self.type_ref(schema);
        if self.nullable(schema) && inner != TypeRef::Any {
            TypeRef::Nullable(Box::new(inner))
        } else {
            inner
        }
    }

    /// What an object's further properties hold.
    pub(super) fn values(&self, schema: &Node) -> TypeRef {
        let values = schema.get("additionalProperties");
        self.element(values.filter(|values| values.as_object().is_some()))
    }

    /// Whether `null` is a value of the schema, by itself or by what it refers to. What is composed
    /// of more than a reference says so itself where it does not take the null of its target.
    pub(super) fn nullable(&self, schema: &Node) -> bool {
        let mut at = schema;
        for _ in 0..64 {
            if let Some(said) = at.get("nullable").and_then(Node::as_bool) {
                return said;
            }
            match target(at).and_then(|name| component(self.root, name)) {
                Some(next) => at = next,
                None => return false,
            }
        }
        false
    }
}

/// The component a schema is, possibly narrowed by what stands beside it in `allOf`.
pub(super) fn target(schema: &Node) -> Option<&str> {
    referred(schema).or_else(|| {
        let members = schema.get("allOf")?.items();
        let mut names = members
            .iter()
            .filter_map(|member| component_of(reference(member)?));
        names.next().filter(|_| properties(schema).is_empty())
    })
}

/// Names under which a UUID is a UUID rather than somebody's identifier.
const UUID_ITSELF: [&str; 3] = ["uuid", "guid", "uuidv4"];

/// A UUID of a component's own is an identifier and gets a type of its own, so that one kind
/// cannot be passed for another.
pub(super) fn is_identifier(name: &str, ty: &TypeRef) -> bool {
    let plain = name.to_ascii_lowercase().replace(['-', '_'], "");
    matches!(ty, TypeRef::Uuid | TypeRef::UuidText) && !UUID_ITSELF.contains(&plain.as_str())
}

/// Whether a schema is an object that names no property.
pub(super) fn is_map(schema: &Node) -> bool {
    type_of(schema) == Some("object") && properties(schema).is_empty() && union(schema).is_none()
}

fn string(schema: &Node, formats: Formats) -> TypeRef {
    match schema.get("format").and_then(Node::as_str) {
        Some("uuid") => match formats.uuid {
            UuidForm::Text => TypeRef::UuidText,
            UuidForm::Uuid => TypeRef::Uuid,
        },
        Some("date-time") => match formats.date_time {
            DateTimeForm::Text => TypeRef::DateTimeText,
            DateTimeForm::Utc => TypeRef::DateTime,
        },
        Some("date") => match formats.date {
            DateForm::Text => TypeRef::DateText,
            DateForm::Date => TypeRef::Date,
        },
        Some("decimal") => TypeRef::Decimal,
        Some("byte" | "base64") => match formats.byte {
            ByteForm::Text => TypeRef::Base64Text,
            ByteForm::Bytes => TypeRef::Base64,
        },
        Some("uri" | "url") => match formats.uri {
            UriForm::Text => TypeRef::UriText,
            UriForm::Url => TypeRef::Url,
        },
        Some("password") => TypeRef::Secret,
        _ => TypeRef::String,
    }
}

/// The integer that the format names or, where bounds or values that the contract shows are beyond
/// it, the next that holds them.
fn integer(schema: &Node) -> TypeRef {
    let named = match schema.get("format").and_then(Node::as_str) {
        Some("int8") => TypeRef::I8,
        Some("int16") => TypeRef::I16,
        Some("int32") => TypeRef::I32,
        Some("uint8") => TypeRef::U8,
        Some("uint16") => TypeRef::U16,
        Some("uint32") => TypeRef::U32,
        Some("uint64") => TypeRef::U64,
        _ => TypeRef::I64,
    };
    let one = ["minimum", "maximum", "default"].iter();
    let one = one.filter_map(|key| schema.get(key));
    let several = ["enum", EXAMPLES].into_iter();
    let several = several.filter_map(|key| schema.get(key));
    let said: Vec<i128> = one
        .chain(several.flat_map(Node::items))
        .filter_map(whole)
        .collect();
    let holds = |ty: &TypeRef| {
        let range = ty.range().unwrap_or_default();
        said.iter().all(|value| (range.0..=range.1).contains(value))
    };
    if holds(&named) {
        return named;
    }
    let wider = [TypeRef::I64, TypeRef::U64];
    wider.into_iter().find(holds).unwrap_or(TypeRef::I128)
}

/// A number as an integer; one that is beyond every integer counts as the utmost.
fn whole(value: &Node) -> Option<i128> {
    let number = value.as_number()?;
    let whole = number.as_i64().map(i128::from);
    let whole = whole.or_else(|| number.as_u64().map(i128::from));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast stops at the utmost integer, and a fraction makes no difference here"
    )]
    whole.or_else(|| number.as_f64().map(|value| value as i128))
}
