//! What formats include one another.
//!
//! Source: the OpenAPI format registry and JSON Schema 2020-12, section 7.3 of the validation part.

use crate::drift::report::Effect;

/// Each format with those that include it. A number's format without a larger one is included in
/// every number.
const KNOWN: &[(&str, &[&str])] = &[
    ("int8", &["int16", "int32", "int64"]),
    ("int16", &["int32", "int64"]),
    ("int32", &["int64"]),
    ("int64", &[]),
    (
        "uint8",
        &["uint16", "uint32", "uint64", "int16", "int32", "int64"],
    ),
    ("uint16", &["uint32", "uint64", "int32", "int64"]),
    ("uint32", &["uint64", "int64"]),
    ("uint64", &[]),
    ("float", &["double"]),
    ("double", &[]),
    ("decimal", &[]),
    ("date", &[]),
    ("date-time", &[]),
    ("time", &[]),
    ("duration", &[]),
    ("email", &["idn-email"]),
    ("idn-email", &[]),
    ("hostname", &["idn-hostname"]),
    ("idn-hostname", &[]),
    ("ipv4", &[]),
    ("ipv6", &[]),
    ("uri", &["uri-reference", "iri", "iri-reference"]),
    ("url", &["uri", "uri-reference", "iri", "iri-reference"]),
    ("uri-reference", &["iri-reference"]),
    ("iri", &["iri-reference"]),
    ("iri-reference", &[]),
    ("uri-template", &[]),
    ("uuid", &[]),
    ("json-pointer", &[]),
    ("relative-json-pointer", &[]),
    ("regex", &[]),
];

/// What a change of format does, and whether that is sure: nobody can say what an unknown format
/// refuses, so it may refuse nothing.
pub(super) fn effect(base: Option<&str>, revision: Option<&str>) -> (Effect, bool) {
    let wider = |format: &str| {
        KNOWN
            .iter()
            .find(|(name, _)| *name == format)
            .map(|(_, w)| *w)
    };
    match (base, revision) {
        (base, revision) if base == revision => (Effect::Equal, true),
        (None, Some(new)) => (Effect::Narrowed, wider(new).is_some()),
        (Some(old), None) => (Effect::Widened, wider(old).is_some()),
        (Some(old), Some(new)) => match (wider(old), wider(new)) {
            (Some(of_old), _) if of_old.contains(&new) => (Effect::Widened, true),
            (_, Some(of_new)) if of_new.contains(&old) => (Effect::Narrowed, true),
            (Some(_), Some(_)) => (Effect::Both, true),
            _ => (Effect::Undecided, false),
        },
        (None, None) => (Effect::Equal, true),
    }
}

/// Whether a pattern matches every text.
pub(super) fn is_idle_pattern(pattern: &str) -> bool {
    [
        "",
        ".*",
        "^.*$",
        "^.*",
        ".*$",
        "^",
        "$",
        r"[\s\S]*",
        r"^[\s\S]*$",
    ]
    .contains(&pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects() {
        let table = [
            (None, Some("uuid"), Effect::Narrowed, true),
            (Some("uuid"), None, Effect::Widened, true),
            (Some("int32"), Some("int64"), Effect::Widened, true),
            (Some("int64"), Some("int32"), Effect::Narrowed, true),
            (Some("date"), Some("date-time"), Effect::Both, true),
            (None, Some("colour"), Effect::Narrowed, false),
            (Some("colour"), Some("uuid"), Effect::Undecided, false),
            (Some("colour"), Some("colour"), Effect::Equal, true),
        ];
        for (base, revision, expected, sure) in table {
            assert_eq!(
                effect(base, revision),
                (expected, sure),
                "{base:?} → {revision:?}"
            );
        }
    }
}
