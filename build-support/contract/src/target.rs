//! The text of a `$ref`, taken apart.

use crate::percent;

/// A `$ref`: which file, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Target {
    /// The relative path of a file; empty for the same file.
    pub file: String,
    /// A JSON pointer, percent-decoded; empty for the whole file.
    pub pointer: String,
}

/// What is not a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadTarget {
    /// It has a scheme or a host.
    Remote,
    /// The fragment is a name, not a pointer.
    Anchor,
    /// A percent sign is not followed by two hexadecimal digits, or they make no UTF-8.
    Percent,
    /// It is empty.
    Empty,
}

/// Takes the text of a `$ref` apart.
pub(super) fn parse(text: &str) -> Result<Target, BadTarget> {
    let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
    if text.is_empty() {
        return Err(BadTarget::Empty);
    }
    if is_remote(file) {
        return Err(BadTarget::Remote);
    }
    let pointer = percent::decode(fragment).ok_or(BadTarget::Percent)?;
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(BadTarget::Anchor);
    }
    Ok(Target {
        file: percent::decode(file)
            .ok_or(BadTarget::Percent)?
            .into_owned(),
        pointer: pointer.into_owned(),
    })
}

fn is_remote(file: &str) -> bool {
    let scheme = file.split_once(':').map(|(scheme, _)| scheme);
    let has_scheme = scheme.is_some_and(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    });
    has_scheme || file.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let ok = |file: &str, pointer: &str| {
            Ok(Target {
                file: file.to_owned(),
                pointer: pointer.to_owned(),
            })
        };
        let table = [
            ("#/components/schemas/A", ok("", "/components/schemas/A")),
            ("#/paths/~1a~1%7Bid%7D", ok("", "/paths/~1a~1{id}")),
            ("#", ok("", "")),
            ("a.yaml", ok("a.yaml", "")),
            ("../x/a%20b.json#/A", ok("../x/a b.json", "/A")),
            ("./a:b.yaml", ok("./a:b.yaml", "")),
            ("https://example.org/a.yaml#/A", Err(BadTarget::Remote)),
            ("//example.org/a.yaml", Err(BadTarget::Remote)),
            ("urn:x", Err(BadTarget::Remote)),
            ("#A", Err(BadTarget::Anchor)),
            ("#/%zz", Err(BadTarget::Percent)),
            ("#/%ff", Err(BadTarget::Percent)),
            ("#/%é", Err(BadTarget::Percent)),
            ("", Err(BadTarget::Empty)),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text), expected, "for {text:?}");
        }
    }
}
