//! What travels in bodies, and how their bytes are read and written.

use super::{Docs, Style, TypeRef};

/// How a member of a form is written (`OpenAPI`, "Encoding Object").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoding {
    /// The member's name.
    pub name: String,
    /// The style of a query.
    pub style: Style,
    /// Whether each item of a list and each member of an object stands by itself.
    pub explode: bool,
}

/// A request body.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// Whether a call without it is rejected. A JSON body whose schema has required properties is
    /// required even where the contract does not say so.
    pub required: bool,
    /// The media type.
    pub media_type: String,
    /// How the bytes are read.
    pub content: Content,
    /// Whether a text must be one that its schema takes, which does not take every text.
    pub restricted_text: bool,
    /// Further media types of the same value, as JSON or as a form: a server reads them too.
    pub also: Vec<(String, Content)>,
    /// The members of a form that the contract says how to write. Of others the items of lists stand by
    /// themselves, and objects travel as JSON.
    pub encodings: Vec<Encoding>,
    /// The body's description.
    pub description: Option<String>,
    /// The name of its variant, where there are several bodies to choose from.
    pub variant_name: String,
    /// What else the body may be: other values of other media types. None of them has others.
    pub others: Vec<Self>,
}

impl Body {
    /// This one and the others, the preferred one first.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.others)
    }

    /// Whether the caller chooses among several.
    #[must_use]
    pub fn has_others(&self) -> bool {
        !self.others.is_empty()
    }

    /// As [`Content::sent_as`].
    #[must_use]
    pub fn sent_as(&self) -> Option<&str> {
        self.content.sent_as(&self.media_type)
    }
}

/// How a body's bytes are read and written.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// JSON of this type.
    Json(TypeRef),
    /// `application/x-www-form-urlencoded` of this type.
    Form(TypeRef),
    /// Text in UTF-8.
    Text,
    /// Bytes as they are.
    Binary,
    /// Records that may go on without an end, as bytes that are handed on as they come: the contract
    /// does not say what one of them is.
    Stream,
    /// Records of this type, which may go on without an end. The data of events of the type
    /// [`TypeRef::String`] is text, that of others JSON.
    Records(Framing, TypeRef),
    /// Several parts.
    Multipart(Multipart),
}

/// How records stand in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// `text/event-stream`.
    Events,
    /// JSON on lines.
    Lines,
    /// JSON behind record separators (RFC 7464).
    Sequence,
}

/// A body of parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Multipart {
    /// The parts that the contract describes, in document order.
    pub parts: Vec<Part>,
    /// Whether the contract forbids others.
    pub closed: bool,
}

/// A part of a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The name of a field.
    pub rust_name: String,
    /// The name of a variant.
    pub variant_name: String,
    /// The name on the wire.
    pub wire_name: String,
    /// Whether a body without it is rejected.
    pub required: bool,
    /// Whether it may be there several times: each item of a list is a part.
    pub repeated: bool,
    /// Whether it is a list that may have no items. Nothing of it is sent then.
    pub may_be_empty: bool,
    /// How its bytes are read and written.
    pub kind: PartKind,
    /// The media types that it may have, or ranges of them; none where the contract says nothing.
    pub media_types: Vec<String>,
    /// Its schema, lowered, with `$ref`s into `#/components/schemas`; of a list that of an item.
    pub schema: serde_json::Value,
    /// Prose.
    pub docs: Docs,
}

/// How the bytes of a part are read and written.
#[derive(Debug, Clone, PartialEq)]
pub enum PartKind {
    /// As they come.
    File,
    /// JSON of this type.
    Json(TypeRef),
    /// The text of a string, a number or a boolean.
    Text(TypeRef),
}

impl PartKind {
    /// The type of the value, where it has one.
    #[must_use]
    pub fn ty(&self) -> Option<&TypeRef> {
        match self {
            Self::File => None,
            Self::Json(ty) | Self::Text(ty) => Some(ty),
        }
    }
}

impl Content {
    /// The media type that goes with a body of which the contract says `media_type`: of a range
    /// (`*/*`) the plainest type. Nothing where the sender has to say it.
    #[must_use]
    pub fn sent_as<'a>(&self, media_type: &'a str) -> Option<&'a str> {
        if !media_type.contains('*') {
            return Some(media_type);
        }
        match self {
            Self::Json(_) => Some("application/json"),
            Self::Form(_) => Some("application/x-www-form-urlencoded"),
            Self::Text => Some("text/plain"),
            Self::Multipart(_) => Some("multipart/form-data"),
            Self::Binary | Self::Stream | Self::Records(..) => None,
        }
    }

    /// The types of what is read.
    #[must_use]
    pub fn types(&self) -> Vec<&TypeRef> {
        match self {
            Self::Json(ty) | Self::Form(ty) | Self::Records(_, ty) => vec![ty],
            Self::Multipart(body) => body
                .parts
                .iter()
                .filter_map(|part| part.kind.ty())
                .collect(),
            Self::Text | Self::Binary | Self::Stream => Vec::new(),
        }
    }

    /// Whether it is read and written as it comes, however long it is.
    #[must_use]
    pub fn is_streamed(&self) -> bool {
        matches!(self, Self::Stream | Self::Records(..) | Self::Multipart(_))
    }
}
