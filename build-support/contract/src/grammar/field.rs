//! What the tables are made of.

use crate::version::SpecVersion::{self, V3_0, V3_1};

/// The methods of a path item, as it spells them.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// A kind of object of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A callback: runtime expressions and their path items.
    Callback,
    /// `components`.
    Components,
    /// `info.contact`.
    Contact,
    /// The discriminator of a union.
    Discriminator,
    /// The whole contract.
    Document,
    /// One entry of `encoding`.
    Encoding,
    /// A named example.
    Example,
    /// A link to documentation.
    ExternalDocs,
    /// A header of a response or of a part.
    Header,
    /// `info`.
    Info,
    /// `info.license`.
    License,
    /// A link from a response to a further call.
    Link,
    /// One entry of `content`.
    MediaType,
    /// One flow of OAuth 2.
    OauthFlow,
    /// The flows of OAuth 2.
    OauthFlows,
    /// An operation.
    Operation,
    /// A parameter.
    Parameter,
    /// A path, with its operations.
    PathItem,
    /// `paths`.
    Paths,
    /// A request body.
    RequestBody,
    /// A response.
    Response,
    /// The responses of an operation.
    Responses,
    /// A schema.
    Schema,
    /// One choice of security schemes.
    SecurityRequirement,
    /// A security scheme.
    SecurityScheme,
    /// A server.
    Server,
    /// A variable in the address of a server.
    ServerVariable,
    /// A tag.
    Tag,
    /// How a value looks in XML.
    Xml,
}

impl Kind {
    /// All of them, in the order of their declaration.
    pub(crate) const ALL: [Self; 29] = [
        Self::Callback,
        Self::Components,
        Self::Contact,
        Self::Discriminator,
        Self::Document,
        Self::Encoding,
        Self::Example,
        Self::ExternalDocs,
        Self::Header,
        Self::Info,
        Self::License,
        Self::Link,
        Self::MediaType,
        Self::OauthFlow,
        Self::OauthFlows,
        Self::Operation,
        Self::Parameter,
        Self::PathItem,
        Self::Paths,
        Self::RequestBody,
        Self::Response,
        Self::Responses,
        Self::Schema,
        Self::SecurityRequirement,
        Self::SecurityScheme,
        Self::Server,
        Self::ServerVariable,
        Self::Tag,
        Self::Xml,
    ];
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
