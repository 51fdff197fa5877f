//! The names a client needs beyond those of the model: its builders, their fields and setters.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};

use super::Settings;
use crate::emit::{EmitError, TypePaths, ident};
use crate::model::{Api, Location, Operation, Parameter, Tag, TypeRef};
use crate::policy::TransportRole;

/// A contract with every name of its client chosen.
pub(super) struct Plan<'a> {
    pub api: &'a Api,
    pub settings: &'a Settings,
    pub paths: TypePaths<'a>,
    /// One for each operation, in document order.
    pub calls: Vec<Call<'a>>,
    /// The names of the builders.
    builders: BTreeSet<String>,
}

/// An operation and the names of what is written for it.
pub(super) struct Call<'a> {
    /// Its place among the contract's operations.
    pub index: usize,
    pub operation: &'a Operation,
    /// The builder's type.
    pub builder: Ident,
    /// The method of `Client`.
    pub method: Ident,
    /// The constant in `operations.rs`.
    pub constant: Ident,
    /// A field of the builder for each parameter, in their order.
    pub fields: Vec<Ident>,
    /// The builder's field for the body.
    pub body: Ident,
    /// The builder's field for the client.
    pub client: Ident,
    /// The builder's field for what all calls can be given, under a session.
    pub options: Ident,
    /// The builder's field for the media type that is asked for, where a status has several. Under a
    /// session the preferred one is.
    pub accept: Option<Ident>,
    /// Whether the call carries an idempotency key.
    pub keyed: bool,
    /// The builder's field for the idempotency key, and the header it is sent in. Under a session
    /// the key is one of the options, and the session sends it.
    pub key: Option<(Ident, &'a str)>,
}

/// Names that a builder's file imports or finds in the prelude.
const TAKEN_TYPES: [&str; 18] = [
    "Client",
    "ClientHooks",
    "Error",
    "OperationInfo",
    "RequestBuilderExt",
    "ResponseValue",
    "ByteStream",
    "Result",
    "Option",
    "Vec",
    "String",
    "Ok",
    "Err",
    "Some",
    "None",
    "Box",
    "Self",
    "Operation",
];

/// Names of the builder's own functions.
const TAKEN_SETTERS: [&str; 2] = ["new", "send"];

/// Names of the functions that a session gives to every builder.
const TAKEN_OPTIONS: [&str; 11] = [
    "request",
    "operation",
    "idempotency_key",
    "key",
    "timeout",
    "deadline",
    "header",
    "retry",
    "into_future",
    "clone",
    "fmt",
];

/// Functions of `Client` that are not operations.
const TAKEN_METHODS: [&str; 11] = [
    "new",
    "new_with_client",
    "builder",
    "base_url",
    "baseurl",
    "client",
    "inner",
    "api_version",
    "pre",
    "post",
    "exec",
];

impl<'a> Plan<'a> {
    /// Chooses the names.
    ///
    /// # Errors
    /// Fails when the policy's paths or the model's names are not Rust.
    pub fn new(api: &'a Api, settings: &'a Settings) -> Result<Self, EmitError> {
        let calls = api.operations.iter().enumerate();
        let calls: Vec<Call<'_>> = calls
            .map(|(index, operation)| Call::new(index, operation, settings.error.is_some()))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            api,
            settings,
            paths: TypePaths::outside(api, &settings.types)?,
            builders: calls.iter().map(|call| call.builder.to_string()).collect(),
            calls,
        })
    }

    /// The name of a type beside a call's builder, which no builder has: `GetThingSuccess`.
    pub fn beside(&self, call: &Call<'_>, word: &str) -> Ident {
        // The underscore that keeps a builder apart from what is imported has done its work.
        let builder = call.builder.to_string();
        let mut name = format!("{}{word}", builder.trim_end_matches('_'));
        while self.builders.contains(&name) {
            name.push('_');
        }
        Ident::new(&name, call.builder.span())
    }

    /// The calls of a tag, in document order.
    pub fn calls_of(&self, tag: &Tag) -> Vec<&Call<'a>> {
        self.calls
            .iter()
            .filter(|call| call.operation.tag == tag.name)
            .collect()
    }

    /// The path of a type.
    ///
    /// # Errors
    /// Fails when the model does not know it.
    pub fn ty(&self, ty: &TypeRef) -> Result<TokenStream, EmitError> {
        self.paths.ty(ty)
    }
}

impl<'a> Call<'a> {
    fn new(index: usize, operation: &'a Operation, session: bool) -> Result<Self, EmitError> {
        let mut taken = BTreeSet::from(TAKEN_SETTERS.map(str::to_owned));
        if session {
            taken.extend(TAKEN_OPTIONS.map(str::to_owned));
        }
        let mut field = |name: &str| free(name, &mut taken, operation);
        let parameters = operation.parameters.iter();
        let fields = parameters
            .map(|parameter| field(&parameter.rust_name))
            .collect::<Result<_, _>>()?;
        let mut headers = operation.transport.iter();
        let key = headers.find(|header| header.role == TransportRole::IdempotencyKey);
        let mut types = TAKEN_TYPES.map(str::to_owned).into();
        let mut methods = TAKEN_METHODS.map(str::to_owned).into();
        Ok(Self {
            index,
            operation,
            fields,
            keyed: key.is_some(),
            key: key
                .filter(|_| !session)
                .map(|header| Ok((field("idempotency_key")?, header.wire_name.as_str())))
                .transpose()?,
            body: field("body")?,
            client: field("client")?,
            options: field("options")?,
            accept: (!session && has_alternatives(operation))
                .then(|| field("accept"))
                .transpose()?,
            builder: free(&operation.type_name, &mut types, operation)?,
            method: free(&operation.rust_name, &mut methods, operation)?,
            constant: ident(&constant(&operation.rust_name), &place(operation))?,
        })
    }

    /// Parameters with their fields: those of the path in the order of the path, the others in
    /// document order.
    pub fn arguments(&self) -> Vec<(&'a Parameter, &Ident)> {
        let mut all: Vec<_> = self.operation.parameters.iter().zip(&self.fields).collect();
        all.sort_by_key(|(parameter, _)| match parameter.location {
            Location::Path => {
                let braced = format!("{{{}}}", parameter.wire_name);
                (0, self.operation.path.find(&braced))
            }
            _ => (1, None),
        });
        all
    }
}

fn has_alternatives(operation: &Operation) -> bool {
    let mut responses = operation.responses.iter();
    responses.any(|response| response.alternative.is_some())
}

/// The name, with underscores behind it until it is unique.
fn free(
    name: &str,
    taken: &mut BTreeSet<String>,
    operation: &Operation,
) -> Result<Ident, EmitError> {
    let mut name = name.to_owned();
    while !taken.insert(name.clone()) {
        name = format!("{}_", name.trim_start_matches("r#"));
    }
    ident(&name, &place(operation))
}

fn place(operation: &Operation) -> String {
    format!("operation `{}`", operation.id)
}

/// The name of the constant that describes an operation.
pub fn constant(rust_name: &str) -> String {
    rust_name.trim_start_matches("r#").to_uppercase()
}
