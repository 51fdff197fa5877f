//! Dialects of schemas.

use crate::finding::Finding;
use crate::kind::Kind;
use crate::report::Severity;

/// The dialect that a schema of OpenAPI 3.1 and later has where none is stated.
const DEFAULT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A change of dialect: the keywords may mean something else. The dialect of OpenAPI itself is that of
/// 2020-12 with more keywords.
pub(crate) fn changed(base: Option<&str>, revision: Option<&str>) -> Option<Finding> {
    let (from, to) = (plain(base), plain(revision));
    (from != to).then(|| {
        let message = format!("schemas are written in `{to}` instead of `{from}`");
        Finding::fixed(Kind::DialectChanged, Severity::Undecided, message)
    })
}

fn plain(text: Option<&str>) -> &str {
    let text = text.unwrap_or(DEFAULT).trim_end_matches('#');
    let is_of_openapi =
        text.starts_with("https://spec.openapis.org/oas/") && text.contains("/dialect/");
    match is_of_openapi {
        true => DEFAULT,
        false => text,
    }
}
