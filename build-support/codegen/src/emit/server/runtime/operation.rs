//! What the contract says about an operation, as data that layers can read.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::Schemas;

/// One method on one path of the contract.
///
/// A `&'static Operation` travels in the extensions of every request that reached a declared
/// operation, so that a layer can decide by the contract and not by matching paths.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// `operationId` as the contract spells it.
    pub id: &'static str,
    /// The HTTP method, upper case.
    pub method: &'static str,
    /// The path template (`/cards/{cardId}`), without a base path.
    pub path: &'static str,
    /// The tag the operation belongs to.
    pub tag: &'static str,
    /// Alternatives, each a conjunction of security schemes; empty means no authentication.
    pub security: &'static [&'static [&'static str]],
    /// Whether the contract asks for an HTTP message signature.
    pub signed: bool,
    /// Whether the contract asks for a digest of the body.
    pub digest: bool,
    /// The header that carries an idempotency key, where the contract has one.
    pub idempotency_key: Option<KeyHeader>,
    /// The parameters a caller passes.
    pub parameters: &'static [ParameterRule],
    /// The request body, where there is one.
    pub body: Option<BodyRule>,
    /// The documented responses, as the contract's keys: `"200"`, `"4XX"`, `"default"`.
    pub statuses: &'static [&'static str],
    /// The contract's schemas, which the rules above point into.
    pub schemas: &'static LazyLock<Schemas>,
}

impl Operation {
    /// An operation that needs no authentication, takes nothing and documents nothing; the
    /// generated table says the rest with the methods below.
    #[must_use]
    pub const fn new(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        tag: &'static str,
        schemas: &'static LazyLock<Schemas>,
    ) -> Self {
        Self {
            id,
            method,
            path,
            tag,
            security: &[],
            signed: false,
            digest: false,
            idempotency_key: None,
            parameters: &[],
            body: None,
            statuses: &[],
            schemas,
        }
    }

    /// Sets [`Operation::security`].
    #[must_use]
    pub const fn security(mut self, security: &'static [&'static [&'static str]]) -> Self {
        self.security = security;
        self
    }

    /// Sets [`Operation::signed`].
    #[must_use]
    pub const fn signed(mut self) -> Self {
        self.signed = true;
        self
    }

    /// Sets [`Operation::digest`].
    #[must_use]
    pub const fn digest(mut self) -> Self {
        self.digest = true;
        self
    }

    /// Sets [`Operation::idempotency_key`].
    #[must_use]
    pub const fn idempotency_key(mut self, name: &'static str, required: bool) -> Self {
        self.idempotency_key = Some(KeyHeader { name, required });
        self
    }

    /// Sets [`Operation::parameters`].
    #[must_use]
    pub const fn parameters(mut self, parameters: &'static [ParameterRule]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Sets [`Operation::body`].
    #[must_use]
    pub const fn body(mut self, body: BodyRule) -> Self {
        self.body = Some(body);
        self
    }

    /// Sets [`Operation::statuses`].
    #[must_use]
    pub const fn statuses(mut self, statuses: &'static [&'static str]) -> Self {
        self.statuses = statuses;
        self
    }

    /// Whether a call has to authenticate: no alternative of [`Operation::security`] is empty.
    #[must_use]
    pub fn needs_authentication(&self) -> bool {
        !self.security.is_empty() && self.security.iter().all(|schemes| !schemes.is_empty())
    }
}

/// The header of an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyHeader {
    /// The header's name.
    pub name: &'static str,
    /// Whether a call without it is rejected.
    pub required: bool,
}

/// A parameter of an operation.
#[derive(Debug, Clone, Copy)]
pub struct ParameterRule {
    /// Where it travels.
    pub location: Location,
    /// Its name on the wire.
    pub name: &'static str,
    /// How its text becomes a value.
    pub shape: Shape,
    /// How its text holds several values.
    pub style: Style,
    /// Whether each item of a list and each member of an object stands by itself (`true`), or all
    /// are joined (`false`).
    pub explode: bool,
    /// Whether an empty text counts as absence (`allowEmptyValue`).
    pub may_be_empty: bool,
    /// Where its schema stands in the schemas document, as a JSON pointer.
    pub schema: &'static str,
}

impl ParameterRule {
    /// A rule of the usual style of its location, whose items and members stand by themselves.
    #[must_use]
    pub const fn new(
        location: Location,
        name: &'static str,
        shape: Shape,
        schema: &'static str,
    ) -> Self {
        Self {
            location,
            name,
            shape,
            style: Style::Plain,
            explode: true,
            may_be_empty: false,
            schema,
        }
    }

    /// Sets [`ParameterRule::style`].
    #[must_use]
    pub const fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// Sets [`ParameterRule::may_be_empty`].
    #[must_use]
    pub const fn may_be_empty(mut self) -> Self {
        self.may_be_empty = true;
        self
    }

    /// Joins the items of a list and the members of an object.
    #[must_use]
    pub const fn joined(mut self) -> Self {
        self.explode = false;
        self
    }
}

/// How one text holds several values (OpenAPI, "Style Values").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The usual one: `simple` in paths and headers, `form` in queries and cookies. Commas join.
    Plain,
    /// `.1.2`, in a path.
    Label,
    /// `;a=1;a=2`, in a path.
    Matrix,
    /// `a=1%202`, in a query.
    Space,
    /// `a=1|2`, in a query.
    Pipe,
    /// `a[x]=1`, in a query.
    Deep,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl Location {
    /// The word the contract uses for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// How text outside JSON becomes a JSON value.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list of one shape.
    List(&'static Shape),
    /// Named members.
    Object(&'static [(&'static str, Shape)]),
    /// Members of any name and one shape.
    Map(&'static Shape),
    /// Named members, and others of any name and one shape.
    Open(&'static [(&'static str, Shape)], &'static Shape),
    /// A text that is JSON.
    Json,
    /// One of several shapes, none of which is of this kind.
    Any(&'static [Shape]),
    /// Items or members that share one text, in a form.
    Joined(Style, &'static Shape),
    /// Members among those of the form they belong to, or items that stand by themselves.
    Spread(&'static Shape),
    /// Members and items by their names in brackets, in a form.
    Deep(&'static Shape),
    /// A shape that may have itself inside.
    Of(&'static Shape),
}

impl Shape {
    /// The shape that this one stands for.
    pub(super) fn itself(self) -> Self {
        match self {
            Self::Of(shape) => shape.itself(),
            shape => shape,
        }
    }

    /// The members that it names.
    pub(super) fn members(self) -> &'static [(&'static str, Shape)] {
        match self.itself() {
            Self::Object(members) | Self::Open(members, _) => members,
            _ => &[],
        }
    }

    /// The value of which no text shows anything: a list without items, an object without members.
    pub(super) fn nothing(self) -> Option<Value> {
        match self.itself() {
            Self::List(_) => Some(Value::Array(Vec::new())),
            Self::Object(_) | Self::Map(_) | Self::Open(..) => Some(Value::Object(Map::new())),
            Self::Any(options) => options.iter().find_map(|option| option.nothing()),
            Self::Joined(_, inner) | Self::Spread(inner) | Self::Deep(inner) => inner.nothing(),
            _ => None,
        }
    }
}

/// A request body of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyRule {
    /// Whether a call without it is rejected.
    pub required: bool,
    /// The media type, or a range of them (`image/*`).
    pub media_type: &'static str,
    /// Further media types of the same value.
    pub also: &'static [&'static str],
    /// What else the body may be: other values of other media types. None of them has others.
    pub others: &'static [BodyRule],
    /// Whether the handler reads it as it comes. It may be of any length then.
    pub streamed: bool,
    /// Where its schema stands in the schemas document, as a JSON pointer; `None` leaves the
    /// check to the Rust type (messages of a newer sender are read leniently).
    pub schema: Option<&'static str>,
    /// Whether what is checked is the text of the body as it is.
    pub text: bool,
}

impl BodyRule {
    /// A body that has to be there and is not checked against a schema.
    #[must_use]
    pub const fn new(media_type: &'static str) -> Self {
        Self {
            required: true,
            media_type,
            also: &[],
            others: &[],
            streamed: false,
            schema: None,
            text: false,
        }
    }

    /// Lets calls leave the body out.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// Sets [`BodyRule::also`].
    #[must_use]
    pub const fn also(mut self, media_types: &'static [&'static str]) -> Self {
        self.also = media_types;
        self
    }

    /// Sets [`BodyRule::others`].
    #[must_use]
    pub const fn others(mut self, rules: &'static [BodyRule]) -> Self {
        self.others = rules;
        self
    }

    /// Leaves the reading to the handler.
    #[must_use]
    pub const fn streamed(mut self) -> Self {
        self.streamed = true;
        self
    }

    /// Checks the body against the schema at this JSON pointer.
    #[must_use]
    pub const fn checked(mut self, schema: &'static str) -> Self {
        self.schema = Some(schema);
        self
    }

    /// Checks the text of the body against the schema at this JSON pointer.
    #[must_use]
    pub const fn checked_text(mut self, schema: &'static str) -> Self {
        self.schema = Some(schema);
        self.text = true;
        self
    }

    /// The media types of its value.
    pub fn media_types(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.media_type).chain(self.also.iter().copied())
    }

    /// This one and the others, the preferred one first.
    pub fn all(&self) -> impl Iterator<Item = &BodyRule> {
        std::iter::once(self).chain(self.others)
    }
}
