//! What a contract asks of the generated code, and what the code does, in the same words.

use crate::generated_crate::GeneratedCrate;
use contract::{Place, Sources, Span};
use std::collections::BTreeMap;
use std::fmt;

/// The package of a crate that is generated from the OffBlocks contract.
pub(super) fn package(krate: GeneratedCrate) -> String {
    format!("offblocks-{}", krate.role())
}

/// What is said of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aspect {
    /// A schema has a type.
    Type,
    /// A property has a field that is read and written under its name.
    Field,
    /// An enum value has a variant.
    Value,
    /// An enum value is written.
    ValueWritten,
    /// An enum value is known when read.
    ValueRead,
    /// An alternative of a union has a variant.
    Member,
    /// An operation is in the table, with method and path.
    Operation,
    /// An operation has a method, of the client or of a trait.
    Method,
    /// A request is sent with method and path; the names of path parameters left out.
    Request,
    /// An operation is routed to its handler.
    Route,
    /// What is received has a method.
    Receiver,
    /// A parameter is declared.
    Parameter,
    /// A parameter is put in a request, or read from one.
    ParameterUsed,
    /// A status is declared.
    Status,
    /// A status is understood, or can be sent.
    StatusSent,
}

impl Aspect {
    /// What is missing or too much, in words.
    pub(super) fn noun(self, shown: &str) -> String {
        let what = match self {
            Self::Type => "a type for the schema",
            Self::Field => "the field",
            Self::Value => "a variant for the enum value",
            Self::ValueWritten => "a way to write the enum value",
            Self::ValueRead => "a way to read the enum value",
            Self::Member => "a variant for the alternative",
            Self::Operation => "a table entry for the operation",
            Self::Method => "a method for the operation",
            Self::Request => "a request",
            Self::Route => "a route to the operation",
            Self::Receiver => "a receiver of",
            Self::Parameter => "a table entry for the parameter",
            Self::ParameterUsed => "any use of the parameter",
            Self::Status => "a table entry for the status",
            Self::StatusSent => "a response with the status",
        };
        format!("{what} `{shown}`")
    }

    /// What has to be there for this to be there at all: where one of them is missing or too much,
    /// this goes without saying.
    pub(super) fn wholes(self) -> &'static [Self] {
        match self {
            Self::Field | Self::Value | Self::ValueWritten | Self::ValueRead | Self::Member => {
                &[Self::Type]
            }
            Self::Parameter | Self::Status => &[Self::Operation, Self::Receiver],
            Self::Request | Self::ParameterUsed | Self::StatusSent => &[Self::Method],
            _ => &[],
        }
    }

    /// The rule of a fact that only the contract (`missing`) or only the code has.
    pub(super) fn rule(self, missing: bool) -> &'static str {
        let (lacks, makes_up) = match self {
            Self::Type | Self::Member => ("code-schema-missing", "code-schema-extra"),
            Self::Field => ("code-field-missing", "code-field-extra"),
            Self::Value | Self::ValueWritten | Self::ValueRead => {
                ("code-enum-value-missing", "code-enum-value-extra")
            }
            Self::Operation | Self::Method | Self::Request | Self::Route | Self::Receiver => {
                ("code-operation-missing", "code-operation-extra")
            }
            Self::Parameter | Self::ParameterUsed => {
                ("code-parameter-missing", "code-parameter-extra")
            }
            Self::Status | Self::StatusSent => ("code-status-missing", "code-status-extra"),
        };
        if missing { lacks } else { makes_up }
    }
}

/// One thing that contract and code must both have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fact {
    pub(super) krate: GeneratedCrate,
    pub(super) aspect: Aspect,
    /// A schema's or operation's name without case and signs.
    pub(super) subject: String,
    /// A property, value, parameter, status, ….
    pub(super) detail: String,
}

impl Fact {
    pub(super) fn new(krate: GeneratedCrate, aspect: Aspect, subject: &str, detail: &str) -> Self {
        Self {
            krate,
            aspect,
            subject: plain(subject),
            detail: detail.to_owned(),
        }
    }

    /// What distinguishes it from all others.
    pub(super) fn key(&self) -> String {
        format!(
            "{}/{:?}/{}/{}",
            package(self.krate),
            self.aspect,
            self.subject,
            self.detail
        )
    }
}

/// How a fact is written on the side that has it, and where.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) shown: String,
    pub(super) place: Place,
}

/// What each fact is, and where it stands.
pub(super) type Facts = BTreeMap<Fact, Found>;

/// Where a stretch of text stands.
pub(super) fn place(sources: &Sources, pointer: &str, span: Span) -> Place {
    let (line, column) = sources.position(span);
    Place {
        pointer: pointer.to_owned(),
        span,
        file: sources.name(span.file).to_owned(),
        line,
        column,
    }
}

/// A name without case and signs, so that those of contract and code are the same.
pub(super) fn plain(name: impl fmt::Display) -> String {
    let name = name.to_string();
    let name = name.strip_prefix("r#").unwrap_or(&name);
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// A path template without the names of its parameters: what a client puts in and what the
/// contract calls it differ.
pub(super) fn template(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((head, tail)) = rest.split_once('{') {
        out.push_str(head);
        out.push_str("{}");
        rest = tail.split_once('}').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}
