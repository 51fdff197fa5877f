//! Named types and references to them.

use super::Docs;
use contract::schema::Direction;

/// A named type: one schema under `components.schemas` after lowering.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    /// The Rust name.
    pub rust_name: String,
    /// The key under `components.schemas` of the lowered document.
    pub schema_name: String,
    /// The module (file stem) it is written to: the tag that uses it alone, else `common`.
    pub module: String,
    /// Prose.
    pub docs: Docs,
    /// Its shape.
    pub kind: TypeKind,
}

/// The shape of a named type.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeKind {
    /// An object with named properties.
    Struct(Struct),
    /// A string with listed values.
    Enum(Enum),
    /// `oneOf`/`anyOf`.
    Union(Union),
    /// A type of its own around another one.
    Newtype(Newtype),
    /// Another name for a type.
    Alias(TypeRef),
    /// A hand-written type named by the policy: a Rust path as seen from the types crate's root
    /// (`crate::BlockchainAccountId`) or from a dependency (`::uuid::Uuid`).
    External(String),
}

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub struct Struct {
    /// Properties, in document order; those of `allOf` parents come first.
    pub fields: Vec<Field>,
    /// What becomes of properties that are not listed.
    pub additional: Additional,
    /// Schema names of the `allOf` parents whose every field is part of this struct: the emitter
    /// writes a `From` for each.
    pub parents: Vec<String>,
    /// Whether callers make it, because it is in a request or in what a receiver responds with.
    pub sent: bool,
}

/// What becomes of properties that are not listed.
#[derive(Debug, Clone, PartialEq)]
pub enum Additional {
    /// They are ignored on reading (the contract does not forbid them).
    Ignored,
    /// They are rejected (`additionalProperties: false`).
    Denied,
    /// They are kept in a map of this value type, which the contract gives.
    Typed(TypeRef),
    /// They are kept in a map of any values: the contract says nothing of them, the policy does.
    Kept,
}

impl Additional {
    /// The type of the values that are kept.
    #[must_use]
    pub fn values(&self) -> Option<&TypeRef> {
        match self {
            Self::Ignored | Self::Denied => None,
            Self::Typed(values) => Some(values),
            Self::Kept => Some(&TypeRef::Any),
        }
    }
}

/// A property.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The Rust name; a keyword carries `r#` or, where that is not allowed, a trailing underscore.
    pub rust_name: String,
    /// The name on the wire.
    pub wire_name: String,
    /// Its type, without `Option`.
    pub ty: TypeRef,
    /// Whether it is listed in `required` and there in each direction that its object travels in: a
    /// `readOnly` property is not in requests, and a `writeOnly` one is not in responses.
    pub required: bool,
    /// Whether `null` is a value of it. Required and nullable is `Option<T>` that is always
    /// written; optional and nullable is `Option<Option<T>>`, the outer for absence.
    pub nullable: bool,
    /// A value held in memory that is redacted in `Debug` and zeroised on drop (policy).
    pub secret: bool,
    /// The schema's default.
    pub default: Option<serde_json::Value>,
    /// The direction that needs this property, where it is required in that one alone and its
    /// object travels in both. The field is not [`required`](Field::required) then.
    pub required_in: Option<Direction>,
    /// Only in responses.
    pub read_only: bool,
    /// Only in requests.
    pub write_only: bool,
    /// Prose.
    pub docs: Docs,
}

/// A string with listed values.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// The values, in order.
    pub values: Vec<EnumValue>,
    /// Whether an unlisted value is kept as `Unknown(String)`.
    pub open: bool,
}

/// One value of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumValue {
    /// The string on the wire.
    pub wire: String,
    /// The variant's Rust name.
    pub rust_name: String,
}

/// One of several types.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// The discriminating property, where the contract names one.
    pub tag: Option<String>,
    /// The members, in order.
    pub variants: Vec<Variant>,
    /// Whether an unlisted tag value is kept as `Unknown` with its raw JSON. Only with a tag.
    pub open: bool,
}

/// One member of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The variant's Rust name.
    pub rust_name: String,
    /// The tag values that choose it (from `mapping`, else the schema's name).
    pub tag_values: Vec<String>,
    /// The only values that a property may have, or the whole value where no property is named:
    /// constants and listed values, as far as they are strings, integers and booleans.
    pub listed: Vec<(Option<String>, Vec<Constant>)>,
    /// What it holds.
    pub ty: TypeRef,
}

/// A constant or listed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constant {
    /// A string.
    Text(String),
    /// An integer.
    Whole(i128),
    /// A boolean.
    Flag(bool),
}

/// A type around another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Newtype {
    /// What is inside.
    pub inner: TypeRef,
}

/// A use of a type.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeRef {
    /// A named type, by its Rust name.
    Named(String),
    /// A named type behind a `Box`, because it contains itself.
    Boxed(String),
    /// `format: uuid` where the policy asks for `uuid::Uuid`.
    Uuid,
    /// `format: uuid` otherwise: a text that is kept, with a method that parses it.
    UuidText,
    /// `format: date-time` where the policy says UTC: an instant, to the nanosecond.
    DateTime,
    /// `format: date-time` otherwise: a text that is kept, with a method that parses it.
    DateTimeText,
    /// `format: date` where the policy asks for a date.
    Date,
    /// `format: date` otherwise: a text that is kept, with a method that parses it.
    DateText,
    /// `format: decimal`: an exact decimal in a string.
    Decimal,
    /// `format: byte` or `contentEncoding: base64` where the policy asks for bytes.
    Base64,
    /// `format: byte` or `contentEncoding: base64` otherwise: a text that is kept, with a method
    /// that decodes it.
    Base64Text,
    /// `format: uri` where the policy asks for `url::Url`.
    Url,
    /// `format: uri` otherwise: a text that is kept, with a method that parses it.
    UriText,
    /// A string.
    String,
    /// A string that is a secret by policy.
    Secret,
    /// A boolean.
    Bool,
    /// `format: int8`.
    I8,
    /// `format: int16`.
    I16,
    /// `format: int32`.
    I32,
    /// `format: int64`, and an integer without a format whose bounds fit.
    I64,
    /// `format: uint8`.
    U8,
    /// `format: uint16`.
    U16,
    /// `format: uint32`.
    U32,
    /// `format: uint64`, and an integer whose bounds need it.
    U64,
    /// An integer whose bounds no smaller type holds.
    I128,
    /// A floating-point number.
    F64,
    /// A list.
    Array(Box<TypeRef>),
    /// A map from strings.
    Map(Box<TypeRef>),
    /// A value or `null`, inside an array or a map.
    Nullable(Box<TypeRef>),
    /// Any JSON value.
    Any,
}

impl Field {
    /// Whether absence, null and a value are three things.
    #[must_use]
    pub fn has_three_states(&self) -> bool {
        !self.required && (self.nullable || self.ty == TypeRef::Any)
    }
}

impl TypeRef {
    /// The integers, with the least and the greatest value of each.
    pub const INTEGERS: [(Self, i128, i128); 9] = [
        (Self::I8, i8::MIN as i128, i8::MAX as i128),
        (Self::U8, 0, u8::MAX as i128),
        (Self::I16, i16::MIN as i128, i16::MAX as i128),
        (Self::U16, 0, u16::MAX as i128),
        (Self::I32, i32::MIN as i128, i32::MAX as i128),
        (Self::U32, 0, u32::MAX as i128),
        (Self::I64, i64::MIN as i128, i64::MAX as i128),
        (Self::U64, 0, u64::MAX as i128),
        (Self::I128, i128::MIN, i128::MAX),
    ];

    /// The least and the greatest value, of an integer.
    #[must_use]
    pub fn range(&self) -> Option<(i128, i128)> {
        let found = Self::INTEGERS.iter().find(|(ty, ..)| ty == self)?;
        Some((found.1, found.2))
    }

    /// Whether this is an integer of some size.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        self.range().is_some()
    }

    /// Whether this is a text that is kept as it is, with a method that looks into it.
    #[must_use]
    pub fn is_kept_text(&self) -> bool {
        use TypeRef::{Base64Text, DateText, DateTimeText, UriText, UuidText};
        matches!(
            self,
            UriText | DateTimeText | DateText | UuidText | Base64Text
        )
    }

    /// Whether this type, or one inside it, is what is looked for; named types are not entered.
    pub fn holds(&self, wanted: &dyn Fn(&Self) -> bool) -> bool {
        let inside = match self {
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.holds(wanted),
            _ => false,
        };
        inside || wanted(self)
    }
}

impl TypeKind {
    /// The types this one is made of, as it names them.
    pub fn parts(&self) -> Vec<&TypeRef> {
        match self {
            Self::Struct(object) => {
                let more = object.additional.values();
                let fields = object.fields.iter().map(|field| &field.ty);
                fields.chain(more).collect()
            }
            Self::Union(union) => union.variants.iter().map(|one| &one.ty).collect(),
            Self::Newtype(newtype) => vec![&newtype.inner],
            Self::Alias(inner) => vec![inner],
            Self::Enum(_) | Self::External(_) => Vec::new(),
        }
    }
}
