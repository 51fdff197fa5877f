//! Generation policy: what a contract cannot say for itself, as data in `openapi/codegen.toml`.
//!
//! [`Policy::default`] serves any contract. Every key is optional; an unknown one is an error, and
//! so is an entry that names something the contract does not have, which
//! lowering checks.

mod client;
mod formats;
mod malformed;
mod objects;
mod text;
mod transport;

pub use client::{ClientPolicy, Hooks};
pub use formats::{ByteForm, DateForm, DateTimeForm, Formats, UriForm, UuidForm};
pub use objects::{Objects, Unlisted};
pub use text::PolicyText;
pub(crate) use text::place;
pub use toml::Spanned;
pub use transport::TransportRole;

use contract::Sources;
use contract::diagnostics::{Diagnostic, Diagnostics};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A table of the policy file, by key; keys know where they stand and are found by `&str`.
pub type Table<T> = BTreeMap<Spanned<String>, T>;

/// How a contract is turned into Rust where the contract leaves it open.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Policy {
    /// `[transport]`: header name → what it does. Such headers are not arguments of a call.
    pub transport: Table<TransportRole>,
    /// `[types]`: component schema → the Rust path of a hand-written type.
    pub types: Table<String>,
    /// `[formats]`: what a format becomes in Rust.
    pub formats: Formats,
    /// `[objects]`: what becomes of properties that the contract does not list.
    pub objects: Objects,
    /// `[secrets]`: what must never be printed.
    pub secrets: Secrets,
    /// `[enums]`: which enums keep unknown values.
    pub enums: EnumPolicy,
    /// `[names]`: other names than those derived from the contract.
    pub names: Names,
    /// `[modules]`: component schema → the module its type is written to.
    pub modules: Table<String>,
    /// `[client]`: how the generated client is wired.
    pub client: ClientPolicy,
    /// `[emit]`: how generated crates refer to each other.
    pub emit: EmitPolicy,
    /// The file the policy was read from, for diagnostics; empty for [`Policy::default`].
    #[serde(skip)]
    pub text: PolicyText,
}

/// `[secrets]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Secrets {
    /// Properties as `Schema.property`, the schema's name being that of the lowered contract
    /// (`GetTokenRequest.apiSecret`). They must be strings. Strings of `format: password` are
    /// secrets without being listed.
    pub fields: Vec<Spanned<String>>,
}

/// `[enums]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct EnumPolicy {
    /// Whether enums (and unions with a discriminator) keep values the contract does not list.
    pub open: bool,
    /// Component schemas for which the opposite holds.
    pub except: Vec<Spanned<String>>,
}

impl Default for EnumPolicy {
    /// Open: a contract gains enum values over time without calling it a break, and a client
    /// built earlier must still read the response. A server loses nothing, because it checks bodies
    /// against the contract's schema before they become Rust values.
    fn default() -> Self {
        Self {
            open: true,
            except: Vec::new(),
        }
    }
}

/// `[names]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Names {
    /// Component schema (of the lowered contract) → Rust type name.
    pub types: Table<String>,
    /// operationId → Rust method name.
    pub operations: Table<String>,
    /// `Schema.property` → Rust field name.
    pub fields: Table<String>,
}

/// `[emit]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct EmitPolicy {
    /// The path by which client and server refer to the types crate.
    pub types: String,
    /// The path of another contract's `support` module of types. Its values (decimals, secrets,
    /// timestamps, …) are used, and no copies of them are written.
    pub types_support: Option<String>,
    /// The path of another contract's `support` module of a server, which is used instead of a copy
    /// of it.
    pub server_support: Option<String>,
}

impl Default for EmitPolicy {
    fn default() -> Self {
        Self {
            types: "offblocks_types".to_owned(),
            types_support: None,
            server_support: None,
        }
    }
}

impl Policy {
    /// Reads a policy file's text; `name` is the path shown in diagnostics.
    ///
    /// # Errors When the text is not valid TOML, has an unknown key or a value of the wrong kind,
    /// or gives a Rust path or name that cannot be one.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let source = PolicyText::new(name, text);
        let mut policy: Self = toml::from_str(text).map_err(|error| source.syntax(&error))?;
        policy.text = source;
        let mut found = Diagnostics::new(Sources::single(name, text));
        let file = found.sources.files().next().unwrap_or_default();
        found.items = policy.malformed(file);
        found.into_result().map(|_| policy)
    }

    /// What the policy makes of a header, by its name in any case.
    #[must_use]
    pub fn transport_role(&self, header: &str) -> Option<TransportRole> {
        let mut rules = self.transport.iter();
        let (_, role) = rules.find(|(name, _)| name.get_ref().eq_ignore_ascii_case(header))?;
        Some(*role)
    }

    /// Whether the enum or tagged union of this component schema keeps unknown values.
    #[must_use]
    pub fn is_open(&self, schema: &str) -> bool {
        let excepted = self
            .enums
            .except
            .iter()
            .any(|name| name.get_ref() == schema);
        self.enums.open != excepted
    }

    /// Whether a property is a secret.
    #[must_use]
    pub fn is_secret(&self, schema: &str, property: &str) -> bool {
        let full = format!("{schema}.{property}");
        self.secrets
            .fields
            .iter()
            .any(|name| *name.get_ref() == full)
    }

    /// The Rust field name asked for a property.
    #[must_use]
    pub fn field_name(&self, schema: &str, property: &str) -> Option<&str> {
        let full = format!("{schema}.{property}");
        self.names.fields.get(full.as_str()).map(String::as_str)
    }

    /// The Rust type of a component schema, where one is written by hand.
    #[must_use]
    pub fn rust_path(&self, schema: &str) -> Option<&str> {
        self.types.get(schema).map(String::as_str)
    }

    fn malformed(&self, file: contract::FileId) -> Vec<Diagnostic> {
        malformed::malformed(self, file)
    }
}
