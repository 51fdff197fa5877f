//! The page “what this contract says that the types do not enforce” of each crate's documentation.

use super::{EmitError, FileContent, Sink, code_span, header};
use crate::model::{Api, Checked, Constraint, Owner};
use std::fmt::Write as _;

/// The module that holds the page.
pub(super) const MODULE: &str = "not_enforced";

/// Which crate a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Types,
    Client,
    Server,
}

/// Passes on the page, a module without items.
pub(super) fn emit(api: &Api, reader: Reader, sink: &mut Sink<'_>) -> Result<(), EmitError> {
    let mut text = header(&api.source);
    for line in page(api, reader).lines() {
        let gap = if line.is_empty() { "" } else { " " };
        let _ = writeln!(text, "//!{gap}{line}");
    }
    sink(format!("{MODULE}.rs"), FileContent::Text(text))
}

fn page(api: &Api, reader: Reader) -> String {
    let mut page = String::from("What this contract says that the types do not enforce.\n\n");
    page.push_str(match reader {
        Reader::Types => TYPES,
        Reader::Client => CLIENT,
        Reader::Server => SERVER,
    });
    let shown = |constraint: &&Constraint| {
        reader != Reader::Server || constraint.checked == Checked::Unchecked
    };
    let mut owner = None;
    for constraint in api.constraints.iter().filter(shown) {
        if owner != Some(&constraint.owner) {
            owner = Some(&constraint.owner);
            let _ = write!(page, "\n# {}\n\n", heading(&constraint.owner));
        }
        page.push_str(&entry(constraint, reader));
    }
    if owner.is_none() {
        page.push_str("\nThe contract says nothing of that kind.\n");
    }
    page
}

fn heading(owner: &Owner) -> String {
    match owner {
        Owner::Type(name) => code_span(name),
        Owner::Operation(id) => format!("Operation {}", code_span(id)),
    }
}

fn entry(constraint: &Constraint, reader: Reader) -> String {
    let at = match constraint.at.as_str() {
        "" => "the value".to_owned(),
        at => code_span(at),
    };
    let says = code_span(&constraint.says);
    let checked = match (reader, constraint.checked) {
        (Reader::Server, _) => "",
        (_, Checked::ByServer) => ", checked by the server",
        (_, Checked::Unchecked) => ", not checked",
    };
    format!("- {at}: {says}{checked}\n")
}

const TYPES: &str = "\
A type takes every value of the right shape, so that a client does not lose a response over a limit
that changed. What the contract says beyond the shape stands here, by type and property.

Integers are as wide as their format, their bounds and the values that the contract shows of them ask
for, and `i64` where nothing does. A wider one is an error. One that does not fit into 64 bits is read
and written in bodies as it is, in lists and in maps: in a union, among the further properties of an
object and in a parameter it is an error.

“Checked by the server” is what a server that is generated from this contract does with requests: it
holds bodies and parameters against the schemas before they become values, and rejects what breaks
them. Responses are “not checked”, and neither are words that no validator here knows: that is for the
code that uses the values.
";

const CLIENT: &str = "\
The client sends what it is given, and reads every response of the right shape. It checks none of
what stands here, by type and property or parameter.

“Checked by the server” is what a server that is generated from this contract rejects in a request.
What is “not checked” is for the caller to see to.
";

const SERVER: &str = "\
Requests are held against the schemas of the contract before they become values: patterns, lengths,
ranges, formats and the like need no check in a handler. What stands here is not checked, and is
for the handler to see to, by type and property or parameter.
Responses are sent as the handler makes them.
";
