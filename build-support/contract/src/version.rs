//! Which version of the specification a document follows.

use super::node::Node;
use crate::diagnostics::Diagnostic;

/// The version of the specification a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpecVersion {
    /// OpenAPI 3.0.x.
    V3_0,
    /// OpenAPI 3.1.x, and what 3.2.x has in common with it.
    V3_1,
}

impl SpecVersion {
    /// `3.0` or `3.1`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
        }
    }
}

const CODE: &str = "read::version";

/// Reads `openapi`. A document that is not OpenAPI, or of a version that is not supported, is
/// rejected before anything else is looked at.
pub(super) fn of(root: &Node) -> Result<SpecVersion, Box<Diagnostic>> {
    if root.as_object().is_none() {
        let message = format!("a contract is an object, this is {}", root.kind());
        return Err(Diagnostic::error("read::not-openapi", message, root.span.at_start()).into());
    }
    if let Some(swagger) = root.member("swagger") {
        let message = "this is Swagger 2.0, whose words mean other things than those of OpenAPI 3";
        return Err(Diagnostic::error(CODE, message, swagger.key_span)
            .with_help(
                "convert it to OpenAPI 3.0 first, for example with `npx swagger2openapi --outfile \
                 openapi.yaml FILE`, and give the result here",
            )
            .into());
    }
    let Some(openapi) = root.get("openapi") else {
        let message = "this is not a valid OpenAPI document: there is no `openapi` field";
        return Err(
            Diagnostic::error("read::not-openapi", message, root.span.at_start())
                .with_help("a contract begins with `openapi: 3.1.0`")
                .into(),
        );
    };
    let number = openapi.as_number().map(ToString::to_string);
    let Some(text) = openapi.as_str().or(number.as_deref()) else {
        let message = format!("`openapi` is {}, not a version", openapi.kind());
        return Err(Diagnostic::error(CODE, message, openapi.span)
            .with_help("write all three parts: `openapi: 3.1.0`")
            .into());
    };
    supported(text).ok_or_else(|| {
        let message = format!("OpenAPI `{text}` is not supported");
        Diagnostic::error(CODE, message, openapi.span)
            .with_label("3.0.x, 3.1.x and 3.2.x are")
            .with_help("write the contract in OpenAPI 3.0 or 3.1")
            .into()
    })
}

/// What to say of a version that is read as the one before it. Each field that is new in it is named
/// where it stands, as one that 3.1 does not know.
pub(super) fn later(root: &Node) -> Option<Diagnostic> {
    let openapi = root.get("openapi")?;
    let text = openapi.as_str().filter(|text| text.starts_with("3.2"))?;
    let message = format!("OpenAPI `{text}` is read as 3.1: what is new in 3.2 has no effect");
    Some(Diagnostic::warning(
        "read::later-version",
        message,
        openapi.span,
    ))
}

fn supported(text: &str) -> Option<SpecVersion> {
    let mut parts = text.splitn(3, '.');
    let version = match (parts.next()?, parts.next()?) {
        ("3", "0") => SpecVersion::V3_0,
        ("3", "1" | "2") => SpecVersion::V3_1,
        _ => return None,
    };
    let patch_is_number = parts.next().is_none_or(|patch| {
        let digits = patch.split(['-', '+']).next().unwrap_or(patch);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    patch_is_number.then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        let table = [
            ("3.0.0", Some(SpecVersion::V3_0)),
            ("3.0.4", Some(SpecVersion::V3_0)),
            ("3.1.0", Some(SpecVersion::V3_1)),
            ("3.1.0-rc1", Some(SpecVersion::V3_1)),
            ("3.1", Some(SpecVersion::V3_1)),
            ("3.2.0", Some(SpecVersion::V3_1)),
            ("3.3.0", None),
            ("2.0", None),
            ("3.10.0", None),
            ("3.1.x", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(supported(text), expected, "for {text:?}");
        }
    }
}
