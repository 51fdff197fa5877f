//! Which fields each object of the specification has, as tables.
//!
//! Source: OpenAPI 3.0.4 and 3.1.1, section 4.8 of each; JSON Schema draft 2020-12.

mod field;
mod keywords;
mod tables;

pub(crate) use field::{Field, Others, Shape};
pub use field::{Kind, METHODS};
pub(crate) use keywords::{About, Effect, KEYWORDS, Keyword};

impl Kind {
    /// Its fields.
    pub(crate) fn fields(self) -> &'static [Field] {
        tables::fields(self)
    }

    /// The field of this name.
    pub(super) fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }

    /// What its other keys hold.
    pub(crate) fn others(self) -> Others {
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
