//! What the tables are made of.

use crate::version::SpecVersion::{self, V3_0, V3_1};

/// The methods of a path item, as it spells them.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An object of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Callback,
    Components,
    Contact,
    Discriminator,
    Document,
    Encoding,
    Example,
    ExternalDocs,
    Header,
    Info,
    License,
    Link,
    MediaType,
    OauthFlow,
    OauthFlows,
    Operation,
    Parameter,
    PathItem,
    Paths,
    RequestBody,
    Response,
    Responses,
    Schema,
    SecurityRequirement,
    SecurityScheme,
    Server,
    ServerVariable,
    Tag,
    Xml,
}

/// What a field's value must be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// Any value.
    Any,
    /// A string.
    Text,
    /// A string that is one of these.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// A whole number that is not negative.
    Count,
    /// A number (3.1) or a flag (3.0).
    Bound,
    /// An array of any values.
    List,
    /// The name of a JSON type, or an array of them (3.1).
    Types,
    /// A schema; a flag is one too in 3.1.
    Schema,
    /// A schema or a flag, in both versions.
    SchemaOrFlag,
    /// This object.
    One(Kind),
    /// This object, or a `$ref` to one.
    Ref(Kind),
    /// An array of such values.
    Each(&'static Shape),
    /// An object with free keys and such values.
    Map(&'static Shape),
}

/// A field with a name of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// The only version that has it; both where `None`.
    pub only: Option<SpecVersion>,
}

/// What becomes of keys without a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Others {
    /// They are unknown.
    Unknown,
    /// Each holds such a value.
    All(Shape),
}

pub(super) const fn may(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: false,
        only: None,
    }
}

pub(super) const fn must(name: &'static str, shape: Shape) -> Field {
    Field {
        required: true,
        ..may(name, shape)
    }
}

pub(super) const fn new(name: &'static str, shape: Shape) -> Field {
    Field {
        only: Some(V3_1),
        ..may(name, shape)
    }
}

pub(super) const fn old(name: &'static str, shape: Shape) -> Field {
    Field {
        only: Some(V3_0),
        ..may(name, shape)
    }
}
