//! The call of a command line.

use std::io::Read as _;
use std::path::Path;

use clap::ArgMatches;
use offblocks_client::{Client, UntypedCall};
use serde_json::Value;
use uuid::Uuid;

use super::body::{self, Set};
use super::grammar::{self, BODY, KEY};
use crate::failure::Failure;
use crate::generated::{Argument, Call, Place};

/// The call, ready to be sent.
pub(super) fn request(
    client: &Client,
    call: &'static Call,
    matches: &ArgMatches,
) -> Result<UntypedCall, Failure> {
    let mut untyped = client.untyped(call.operation);
    for argument in call.arguments {
        let values = grammar::given(matches, argument);
        let name = argument.path.join("/");
        untyped = values.iter().try_fold(untyped, |untyped, value| {
            Ok(match argument.place {
                Place::Path => untyped.path(name.as_str(), *value),
                Place::Query => untyped.query(name.as_str(), *value),
                Place::Header => with_header(untyped, &name, value)?,
                Place::Cookie | Place::Body => untyped,
            })
        })?;
    }
    let key = call.keyed.then(|| matches.get_one::<Uuid>(KEY)).flatten();
    if let Some(key) = key {
        untyped = untyped.idempotency_key(*key);
    }
    Ok(match body(call, matches)? {
        Some(body) => untyped.body(body),
        None => untyped,
    })
}

fn with_header(call: UntypedCall, name: &str, value: &str) -> Result<UntypedCall, Failure> {
    let unusable = || Failure::usage(format!("the header {name} cannot have this value"));
    let header = name.parse::<http::HeaderName>().map_err(|_| unusable())?;
    let value = value.parse::<http::HeaderValue>().map_err(|_| unusable())?;
    Ok(call.header(header, value))
}

fn body(call: &'static Call, matches: &ArgMatches) -> Result<Option<Value>, Failure> {
    let Some(required) = call.body else {
        return Ok(None);
    };
    let given = matches.get_one::<String>(BODY);
    let given = given.map(|given| read(given)).transpose()?;
    let properties = call.arguments.iter().filter(|it| it.place == Place::Body);
    let properties: Vec<&Argument> = properties.collect();
    let set = properties
        .iter()
        .map(|it| (*it, grammar::given(matches, it)));
    let set: Vec<Set<'_>> = set.filter(|(_, values)| !values.is_empty()).collect();
    body::body(given, &set, &properties, required).map_err(Failure::usage)
}

/// The JSON of `--body`: from a file, from the standard input, or the argument itself. No error shows its
/// content, which may be a secret.
fn read(given: &str) -> Result<Value, Failure> {
    let text = match given.trim_start() {
        "-" => {
            let mut text = String::new();
            let read = std::io::stdin().lock().read_to_string(&mut text);
            read.map_err(|error| Failure::new("cannot read the standard input", error))?;
            text
        }
        json if json.starts_with(['{', '[', '"']) => given.to_owned(),
        _ => std::fs::read_to_string(Path::new(given))
            .map_err(|error| Failure::usage(format!("cannot read the body: {error}")))?,
    };
    serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Failure::usage(format!(
            "the body is not valid JSON at line {line}, column {column}"
        ))
    })
}
