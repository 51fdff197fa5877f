//! The hand-written files that generated servers stand on, copied as they are.

use crate::emit::passed::copied;
use crate::emit::{EmitError, Sink};
use crate::lower::is_multipart;
use crate::model::{Api, Content, Operation};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("runtime/", $name, ".rs")))),*]
    };
}

const FILES: [(&str, &str); 24] = files![
    "body",
    "choices",
    "context",
    "deep",
    "dispatch",
    "formats",
    "headers",
    "incoming",
    "json",
    "mod",
    "nearest",
    "operation",
    "parameters",
    "paths",
    "percent",
    "problem",
    "reason",
    "rejection",
    "respond",
    "router",
    "schema",
    "status",
    "styles",
    "values",
];

/// The files for multipart bodies, and what `mod.rs` says of them.
const PARTS: [(&str, &str); 2] = [
    ("multipart", include_str!("runtime/multipart.rs")),
    ("splitter", include_str!("runtime/splitter.rs")),
];
const PARTS_DECLARED: &str = "
mod multipart;
mod splitter;

pub use multipart::{Multipart, Part, PartKind, PartRule};
";

/// The files for streams of records, and what `mod.rs` says of them.
const RECORDS: [(&str, &str); 2] = [
    ("records", include_str!("../runtime/records.rs")),
    ("streams", include_str!("runtime/streams.rs")),
];
const RECORDS_DECLARED: &str = "
mod records;
mod streams;

pub use records::*;
pub use streams::RecordReader;
";

/// The file for bodies of a type that the contract leaves open, and what `mod.rs` says of it.
const TYPED: [(&str, &str); 1] = [("typed", include_str!("../runtime/typed.rs"))];
const TYPED_DECLARED: &str = "
mod typed;

pub use typed::{OutOfRange, TypedBody};
";

/// Passes on `support/*.rs`, as far as the contract needs them.
pub(super) fn emit(api: &Api, sink: &mut Sink<'_>) -> Result<(), EmitError> {
    let mut files = FILES.map(|(name, text)| (name, text.to_owned())).to_vec();
    files.push((
        "integers",
        include_str!("../runtime/integers.rs").to_owned(),
    ));
    let mut add = |more: &[(&'static str, &str)], declared: &str| {
        files.extend(more.iter().map(|(name, text)| (*name, (*text).to_owned())));
        let root = files.iter_mut().find(|(name, _)| *name == "mod");
        root.into_iter()
            .for_each(|(_, text)| text.push_str(declared));
    };
    if holds(api, |content| matches!(content, Content::Multipart(_))) {
        add(&PARTS, PARTS_DECLARED);
    }
    if holds(api, |content| matches!(content, Content::Records(..))) {
        add(&RECORDS, RECORDS_DECLARED);
    }
    if sends_open_types(api) {
        add(&TYPED, TYPED_DECLARED);
    }
    let files = files.iter().map(|(name, text)| (*name, text.as_str()));
    copied(&api.source, files, sink)
}

/// Whether some body is of a kind.
fn holds(api: &Api, kind: fn(&Content) -> bool) -> bool {
    let mut operations = api.operations.iter().chain(&api.receivers);
    operations.any(|operation| contents(operation).any(kind))
}

/// Whether a response says only in which range its media type is, or leaves the boundary of its parts open.
fn sends_open_types(api: &Api) -> bool {
    let mut operations = api.operations.iter().chain(&api.receivers);
    let is_open = |(media_type, content): &(String, Content)| {
        content.sent_as(media_type).is_none() || is_multipart(media_type)
    };
    operations.any(|operation| {
        let mut contents = operation
            .responses
            .iter()
            .filter_map(|one| one.content.as_ref());
        contents.any(is_open)
    })
}

fn contents(operation: &Operation) -> impl Iterator<Item = &Content> {
    let responses = operation.responses.iter();
    let responses = responses.filter_map(|response| response.content.as_ref());
    let request = operation.contents();
    request.chain(responses.map(|(_, content)| content))
}
