//! What formats include one another.
//!
//! Source: the OpenAPI format registry and JSON Schema 2020-12, section 7.3 of the validation part.

use crate::report::Effect;

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

/// What a change of format does, and whether that is sure. What an unknown format
/// rejects is not defined, so it may reject nothing.
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

/// The numbers that a format of whole numbers leaves.
pub(super) fn whole_range(format: &str) -> Option<(i128, i128)> {
    let (signed, bits) = match format.strip_prefix("uint") {
        Some(bits) => (false, bits),
        None => (true, format.strip_prefix("int")?),
    };
    let bits: u32 = bits
        .parse()
        .ok()
        .filter(|bits| [8, 16, 32, 64].contains(bits))?;
    Some(match signed {
        true => (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
        false => (0, (1_i128 << bits) - 1),
    })
}

/// The fewest and the most characters of a text of a format, where that is fixed.
pub(super) fn lengths(format: &str) -> Option<(usize, Option<usize>)> {
    match format {
        "uuid" => Some((36, Some(36))),
        "date" => Some((10, Some(10))),
        "ipv4" => Some((7, Some(15))),
        _ => None,
    }
}

/// Whether a format applies to numbers. Any other known format applies to strings. `None` for an
/// unknown format.
pub(super) fn is_of_numbers(format: &str) -> Option<bool> {
    let known = KNOWN.iter().any(|(name, _)| *name == format);
    let numeric = whole_range(format).is_some() || ["float", "double"].contains(&format);
    // Decimals travel as numbers and as texts.
    (known && format != "decimal").then_some(numeric)
}

/// Whether a text is of a format. Where that is not easy to check, the result is true.
pub(super) fn fits(format: &str, text: &str) -> bool {
    match format {
        "uuid" => is_shaped(text, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh"),
        "date" => is_shaped(text, "dddd-dd-dd"),
        "date-time" => {
            let (date, time) = text.split_at_checked(10).unwrap_or_default();
            is_shaped(date, "dddd-dd-dd") && time.starts_with(['T', 't', ' '])
        }
        "time" => text
            .get(..8)
            .is_some_and(|time| is_shaped(time, "dd:dd:dd")),
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<std::net::Ipv6Addr>().is_ok(),
        "email" | "idn-email" => text.contains('@'),
        "uri" | "url" | "iri" => text.contains(':'),
        "duration" => text.starts_with('P'),
        _ => true,
    }
}

/// `h` stands for a hexadecimal digit, `d` for a decimal one, anything else for itself.
fn is_shaped(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text
            .chars()
            .zip(shape.chars())
            .all(|(c, wanted)| match wanted {
                'h' => c.is_ascii_hexdigit(),
                'd' => c.is_ascii_digit(),
                other => c == other,
            })
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
