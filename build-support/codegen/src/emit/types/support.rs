//! The files that generated types stand on, written by hand and copied as they are.

use crate::emit::passed::copied;
use crate::emit::{EmitError, Sink, TypePaths};
use crate::model::{Api, Field, TypeKind, TypeRef};

/// A support file: its name, its text, and what `support/mod.rs` says of it.
struct File {
    name: &'static str,
    text: &'static str,
    declared: &'static str,
    exported: &'static str,
}

macro_rules! file {
    ($name:literal, $declared:literal, $exported:literal) => {
        File {
            name: $name,
            text: include_str!(concat!("runtime/", $name, ".rs")),
            declared: $declared,
            exported: $exported,
        }
    };
}

/// Values; always there.
const VALUES: [File; 6] = [
    file!(
        "base64",
        "mod base64;",
        "pub use base64::{Base64, Base64Error};"
    ),
    file!(
        "decimal",
        "mod decimal;",
        "pub use decimal::{Decimal, DecimalError};"
    ),
    file!("schema", "#[cfg(feature = \"schemars\")]\nmod schema;", ""),
    file!("secret", "mod secret;", "pub use secret::Secret;"),
    file!("text", "pub(crate) mod text;", ""),
    file!(
        "timestamp",
        "mod timestamp;",
        "pub use timestamp::{Instants, OptionalTimestamp, PresentTimestamps, Timestamp, Timestamps};"
    ),
];

/// What the files above export, for a contract that uses another's.
const VALUE_NAMES: &str = "{\n    Base64, Base64Error, Decimal, DecimalError, Instants, \
                           OptionalTimestamp, PresentTimestamps, Secret,\n    Timestamp, Timestamps,\n}";

const KEPT_TEXT: File = file!(
    "kept_text",
    "mod kept_text;",
    "pub use kept_text::{Base64Text, DateText, DateTimeText, UriText, UuidText};"
);

const WHOLE: File = file!("whole", "#[doc(hidden)]\npub mod whole;", "");

// Derived code names what it needs of it, so that it is public and hidden like the others.
const OBJECT: File = file!("object", "#[doc(hidden)]\npub mod object;", "");

const PRESENT: File = file!("present", "#[doc(hidden)]\npub mod present;", "");

const ENUM: File = file!(
    "string_enum",
    "pub(crate) mod string_enum;",
    "pub use string_enum::UnknownValue;\npub(crate) use string_enum::string_enum;"
);

const NEWTYPE: File = file!(
    "newtype",
    "pub(crate) mod newtype;",
    "pub(crate) use newtype::newtype;"
);

// Which functions of these two a contract needs depends on its unions, so they are public and
// hidden rather than private and, for some contracts, unused.
const TAGGED: File = file!("tagged", "#[doc(hidden)]\npub mod tagged;", "");

const INTEGERS: File = File {
    name: "integers",
    text: include_str!("../runtime/integers.rs"),
    declared: "mod integers;",
    exported: "",
};

const UNTAGGED: File = file!("untagged", "#[doc(hidden)]\npub mod untagged;", "");

/// Passes on `support/*.rs`, as far as the contract's types need them; the values of `shared`, another
/// contract's support module, in the place of copies.
pub(super) fn emit(api: &Api, shared: Option<&str>, sink: &mut Sink<'_>) -> Result<(), EmitError> {
    let has = |wanted: fn(&TypeKind) -> bool| api.types.iter().any(|def| wanted(&def.kind));
    let paths = TypePaths::inside(api);
    let shapes = api.types.iter().any(|def| match &def.kind {
        TypeKind::Union(shape) => super::unions::reads_shapes(&paths, shape),
        _ => false,
    });
    let helpers = [
        (KEPT_TEXT, keeps_text(api)),
        (OBJECT, has(is_read_as_object)),
        (PRESENT, has(holds_three_states)),
        (WHOLE, has_integers(api)),
        (NEWTYPE, has(|kind| matches!(kind, TypeKind::Newtype(_)))),
        (ENUM, has(|kind| matches!(kind, TypeKind::Enum(_)))),
        (
            TAGGED,
            has(|kind| matches!(kind, TypeKind::Union(shape) if shape.tag.is_some())),
        ),
        (INTEGERS, shapes),
        (UNTAGGED, shapes),
    ];
    let needed = helpers
        .into_iter()
        .filter(|(_, needed)| *needed)
        .map(|(file, _)| file);
    let values: Vec<File> = match shared {
        None => VALUES.into_iter().collect(),
        // The helpers of this contract's own types use it.
        Some(_) => VALUES
            .into_iter()
            .filter(|file| file.name == "text")
            .collect(),
    };
    let mut all: Vec<File> = values.into_iter().chain(needed).collect();
    all.sort_by_key(|file| file.name);
    let root = root(&all, shared);
    let files = all.iter().map(|file| (file.name, file.text));
    copied(&api.source, files.chain([("mod", root.as_str())]), sink)
}

fn is_read_as_object(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Struct(shape) if super::structs::needs_reader(shape))
}

fn holds_three_states(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Struct(shape) if shape.fields.iter().any(Field::has_three_states))
}

/// Whether some value is a text that is kept as it is.
fn keeps_text(api: &Api) -> bool {
    api.type_refs().any(|ty| ty.holds(&TypeRef::is_kept_text))
}

/// Whether some value is an integer.
fn has_integers(api: &Api) -> bool {
    api.type_refs().any(|ty| ty.holds(&TypeRef::is_integer))
}

fn root(files: &[File], shared: Option<&str>) -> String {
    let lines = |part: fn(&File) -> &'static str| {
        let parts = files.iter().map(part).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("\n")
    };
    let shared = shared.map_or_else(String::new, |path| {
        format!("pub use {path}::{VALUE_NAMES};\n")
    });
    format!(
        "//! What the generated types stand on: values Rust's library does not have, and what types \
         of one\n//! kind have in common.\n\n{}\n\n{shared}{}\n",
        lines(|file| file.declared),
        lines(|file| file.exported)
    )
}
