//! Which fields each object of the specification has, as tables.
//!
//! Source: OpenAPI 3.0.4 and 3.1.1, section 4.8 of each; JSON Schema draft 2020-12.

mod keywords;
mod tables;

use super::version::SpecVersion;

pub(super) use keywords::{About, Effect, KEYWORDS, Keyword};

/// The methods of a path item, as it spells them.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An object of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
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
pub(super) enum Shape {
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
pub(super) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// The only version that has it; both where `None`.
    pub only: Option<SpecVersion>,
}

/// What becomes of keys without a field.
#[derive(Debug, Clone, Copy)]
pub(super) enum Others {
    /// They are unknown.
    Unknown,
    /// Each holds such a value.
    All(Shape),
}

impl Kind {
    /// Its fields.
    pub(super) fn fields(self) -> &'static [Field] {
        tables::fields(self)
    }

    /// The field of this name.
    pub(super) fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }

    /// What its other keys hold.
    pub(super) fn others(self) -> Others {
        match self {
            Self::Paths | Self::Callback => Others::All(Shape::Ref(Self::PathItem)),
            Self::Responses => Others::All(Shape::Ref(Self::Response)),
            Self::SecurityRequirement => Others::All(Shape::Each(&Shape::Text)),
            _ => Others::Unknown,
        }
    }

    /// The section of `components` that holds objects of this kind.
    pub(super) fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Callback => "callbacks",
            Self::Example => "examples",
            Self::Header => "headers",
            Self::Link => "links",
            Self::Parameter => "parameters",
            Self::PathItem => "pathItems",
            Self::RequestBody => "requestBodies",
            Self::Response => "responses",
            Self::Schema => "schemas",
            Self::SecurityScheme => "securitySchemes",
            _ => return None,
        })
    }

    /// Its name, as a person would say it.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Callback => "a callback",
            Self::Components => "`components`",
            Self::Contact => "a contact",
            Self::Discriminator => "a discriminator",
            Self::Document => "the document",
            Self::Encoding => "an encoding",
            Self::Example => "an example",
            Self::ExternalDocs => "`externalDocs`",
            Self::Header => "a header",
            Self::Info => "`info`",
            Self::License => "a licence",
            Self::Link => "a link",
            Self::MediaType => "a media type",
            Self::OauthFlow => "an OAuth flow",
            Self::OauthFlows => "`flows`",
            Self::Operation => "an operation",
            Self::Parameter => "a parameter",
            Self::PathItem => "a path item",
            Self::Paths => "`paths`",
            Self::RequestBody => "a request body",
            Self::Response => "a response",
            Self::Responses => "`responses`",
            Self::Schema => "a schema",
            Self::SecurityRequirement => "a security requirement",
            Self::SecurityScheme => "a security scheme",
            Self::Server => "a server",
            Self::ServerVariable => "a server variable",
            Self::Tag => "a tag",
            Self::Xml => "`xml`",
        }
    }
}
