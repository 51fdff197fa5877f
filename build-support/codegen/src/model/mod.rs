//! The contract as the emitters see it: named types and typed operations, every Rust name already
//! chosen, nothing left to look up.
//!
//! A model is built from a lowered document by [`build`]. Everything in it keeps the order of the
//! document, so that emitting is a plain walk and the output does not depend on hash order.

mod bodies;
mod build;
mod types;

pub use bodies::{Body, Content, Encoding, Framing, Multipart, Part, PartKind};
pub use build::build;
pub use types::{
    Additional, Constant, Enum, EnumValue, Field, Newtype, Struct, TypeDef, TypeKind, TypeRef,
    Union, Variant,
};

use crate::policy::TransportRole;

/// A whole contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// Where the contract was read from, for the header of generated files.
    pub source: Source,
    /// The URLs of `servers`, in order.
    pub servers: Vec<String>,
    /// Tags that have at least one operation, in the order the document first names them.
    pub tags: Vec<Tag>,
    /// Every named type, in document order; names are unique.
    pub types: Vec<TypeDef>,
    /// Every operation under `paths`, in document order.
    pub operations: Vec<Operation>,
    /// Every operation under `webhooks` and `callbacks` that asks for something of its own;
    /// identical ones (the same body, responses and parameters) stand here once.
    pub receivers: Vec<Operation>,
    /// `components.securitySchemes`, in order.
    pub security_schemes: Vec<SecurityScheme>,
    /// What the contract says of values that no type holds them to, by schema and operation, in the
    /// order of the document.
    pub constraints: Vec<Constraint>,
}

/// What the contract says of a value that its type does not hold it to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// What the value belongs to.
    pub owner: Owner,
    /// Its way from there, as `address.lines[]`; empty for the whole.
    pub at: String,
    /// The keyword with its value, as `maxLength: 30`.
    pub says: String,
    /// Who checks it.
    pub checked: Checked,
}

/// What a value belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A type, by its Rust name.
    Type(String),
    /// An operation, by its `operationId`.
    Operation(String),
}

/// Who checks what the contract says of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// A generated server, in requests.
    ByServer,
    /// Nothing that is generated.
    Unchecked,
}

impl Api {
    /// Every use of a type: inside types, and in operations and receivers.
    pub fn type_refs(&self) -> impl Iterator<Item = &TypeRef> {
        let types = self.types.iter().flat_map(|def| def.kind.parts());
        let operations = self.operations.iter().chain(&self.receivers);
        types.chain(operations.flat_map(Operation::type_refs))
    }
}

impl Operation {
    /// The parts of the body, where it has parts.
    #[must_use]
    pub fn multipart(&self) -> Option<&Multipart> {
        self.contents().find_map(|content| match content {
            Content::Multipart(body) => Some(body),
            _ => None,
        })
    }

    /// What the body may hold.
    pub fn contents(&self) -> impl Iterator<Item = &Content> {
        let bodies = self.body.iter().flat_map(Body::all);
        bodies.map(|body| &body.content)
    }

    /// The types of parameters, body and responses.
    pub fn type_refs(&self) -> impl Iterator<Item = &TypeRef> {
        let parameters = self.parameters.iter().map(|parameter| &parameter.ty);
        let bodies = self.contents().flat_map(Content::types);
        let responses = self.responses.iter().flat_map(Response::type_refs);
        parameters.chain(bodies).chain(responses)
    }
}

/// The document a model came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path written into generated headers, relative and with forward slashes.
    pub path: String,
    /// SHA-256 of the document's bytes, lowercase hexadecimal.
    pub sha256: String,
}

/// A group of operations: one file, one trait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The tag as the contract spells it.
    pub name: String,
    /// The module that holds it: snake case, never a keyword.
    pub module: String,
    /// The tag as a Rust type name.
    pub type_name: String,
    /// The tag's description.
    pub description: Option<String>,
}

/// Prose that travels into doc comments.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Docs {
    /// `summary` (operations) or `title` (schemas).
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// Every `example` and `examples` entry.
    pub examples: Vec<serde_json::Value>,
    /// `deprecated: true`.
    pub deprecated: bool,
}

/// One method on one path, or one message a receiver is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// `operationId` as the contract spells it.
    pub id: String,
    /// The method's Rust name, snake case (`create_account_card`).
    pub rust_name: String,
    /// The Rust name types of this operation begin with (`CreateAccountCard`).
    pub type_name: String,
    /// The HTTP method, upper case.
    pub method: String,
    /// The path template (`/cards/{cardId}`); for a receiver the runtime expression or key.
    pub path: String,
    /// [`Tag::name`] of the operation's first tag.
    pub tag: String,
    /// Prose.
    pub docs: Docs,
    /// Parameters a caller passes; transport headers are not among them.
    pub parameters: Vec<Parameter>,
    /// Headers the policy takes from callers, in document order.
    pub transport: Vec<TransportHeader>,
    /// The request body.
    pub body: Option<Body>,
    /// Documented responses: status codes ascending, then ranges, then `default`.
    pub responses: Vec<Response>,
    /// Alternatives, each a conjunction of scheme names; empty means no authentication.
    pub security: Vec<Vec<String>>,
    /// JSON pointer of the operation in the document.
    pub pointer: String,
}

/// A parameter in path, query, header or cookie.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The Rust name.
    pub rust_name: String,
    /// The name on the wire.
    pub wire_name: String,
    /// Where it travels.
    pub location: Location,
    /// Whether a call without it is rejected.
    pub required: bool,
    /// Its type.
    pub ty: TypeRef,
    /// How a list or an object becomes text.
    pub style: Style,
    /// Whether each item of a list and each member of an object stands by itself (`true`, the
    /// default of a query), or all are joined (`false`).
    pub explode: bool,
    /// Whether reserved characters of a query go out as they are, as far as they separate nothing.
    pub allow_reserved: bool,
    /// Whether a server reads an empty text as absence.
    pub may_be_empty: bool,
    /// The parameter's schema, lowered, with `$ref`s into `#/components/schemas`.
    pub schema: serde_json::Value,
    /// Prose.
    pub docs: Docs,
}

/// How a list or an object becomes text (OpenAPI, "Style Values").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `1,2`; the default of paths and headers.
    Simple,
    /// `.1,2`, in a path.
    Label,
    /// `;a=1,2`, in a path.
    Matrix,
    /// `a=1,2`; the default of queries and cookies.
    Form,
    /// `a=1%202`, in a query.
    SpaceDelimited,
    /// `a=1|2`, in a query.
    PipeDelimited,
    /// `a[x]=1`, in a query.
    DeepObject,
    /// The value as JSON: the parameter is described by `content`.
    Json,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// A header that a session adds, not a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportHeader {
    /// The header's name as the contract spells it.
    pub wire_name: String,
    /// What it does.
    pub role: TransportRole,
    /// Whether the contract marks it required.
    pub required: bool,
}

/// One documented response.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The status or statuses.
    pub status: Status,
    /// The description.
    pub description: String,
    /// The media type and body, where the contract gives one.
    pub content: Option<(String, Content)>,
    /// Of a further body of the same status, which its media type tells apart: what names of it end
    /// with. The one without comes first.
    pub alternative: Option<String>,
    /// The headers that the contract describes.
    pub headers: Option<Headers>,
}

impl Response {
    /// The types of body and headers.
    pub fn type_refs(&self) -> impl Iterator<Item = &TypeRef> {
        let body = self.content.iter();
        body.flat_map(|(_, content)| content.types())
            .chain(self.headers.as_ref().map(|all| &all.ty))
    }
}

/// The headers of a response as one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Headers {
    /// The object: a property for each header, by its name.
    pub ty: TypeRef,
    /// How the text of each header is read, in document order.
    pub rules: Vec<HeaderRule>,
}

/// How the text of a header is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderRule {
    /// The header's name as the contract spells it.
    pub wire_name: String,
    /// Whether the members of an object stand as `name=value` (`true`) or `name,value`.
    pub explode: bool,
    /// Whether the text is JSON.
    pub json: bool,
}

/// A key of `responses`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// One code.
    Code(u16),
    /// `2XX` is `Range(2)`.
    Range(u8),
    /// `default`.
    Default,
}

impl Status {
    /// Whether the status means success (2xx).
    #[must_use]
    pub fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }

    /// Whether the status is something else than an error (below 400): a documented redirection or
    /// `304` is what a call was made for, as a success is.
    #[must_use]
    pub fn is_outcome(self) -> bool {
        matches!(self, Self::Code(..=399) | Self::Range(..=3))
    }

    /// Whether the status sends the caller elsewhere.
    #[must_use]
    pub fn is_redirection(self) -> bool {
        match self {
            Self::Code(code) => matches!(code, 300..=303 | 305..=399),
            Self::Range(class) => class == 3,
            Self::Default => false,
        }
    }
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its key.
    pub name: String,
    /// Its key as a field.
    pub rust_name: String,
    /// `http`, `apiKey`, `oauth2`, `openIdConnect`, `mutualTLS`.
    pub kind: String,
    /// `bearer`, `basic`, … for `http`.
    pub scheme: Option<String>,
    /// `header`, `query` or `cookie` for `apiKey`.
    pub location: Option<String>,
    /// The name of the header, of the parameter or of the cookie for `apiKey`.
    pub parameter: Option<String>,
}
