//! Templates of paths.

use crate::percent;
use std::cmp::Ordering;

/// A path of a contract, taken apart. OpenAPI gives it neither a query nor a fragment, but documents
/// write both: a query that is always sent, a fragment that tells two operations of one path apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathTemplate<'a> {
    /// What stands in a request: `/cards/{cardId}`.
    pub path: &'a str,
    /// What stands behind a question mark.
    pub query: &'a str,
    /// What stands behind a number sign. It is never sent.
    pub fragment: &'a str,
}

impl<'a> PathTemplate<'a> {
    /// Takes the key of a path item apart. Signs between braces belong to a name.
    #[must_use]
    pub fn new(key: &'a str) -> Self {
        let (whole, fragment) = cut(key, '#');
        let (path, query) = cut(whole, '?');
        Self {
            path,
            query,
            fragment,
        }
    }

    /// The names between the braces of the path, in their order.
    #[must_use]
    pub fn names(&self) -> Vec<&'a str> {
        path_names(self.path)
    }

    /// The pairs of the query that are always sent, as they stand: `beta=true`.
    pub fn fixed(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.pairs().filter(|pair| !pair.contains('{'))
    }

    /// The pairs of the query whose value is a parameter, `page={number}`: the key, and the name
    /// between the braces.
    pub fn named(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.pairs().filter_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            Some((key, value.strip_prefix('{')?.strip_suffix('}')?))
        })
    }

    /// Whether a request for `path` fits. Two spellings of one path are the same, and a parameter takes
    /// at least one character of its segment.
    #[must_use]
    pub fn fits(&self, path: &str) -> bool {
        let segments = |path: &'_ str| path.matches('/').count();
        let pairs = self.path.split('/').zip(path.split('/'));
        segments(self.path) == segments(path) && pairs.into_iter().all(segment_fits)
    }

    /// The order in which templates that fit the same path are tried: the first segment that differs
    /// decides. A literal goes before a pattern, and of two patterns the one with more literal text.
    #[must_use]
    pub fn before(&self, other: &Self) -> Ordering {
        let literal = |path: &'a str| path.split('/').map(literal_text);
        literal(other.path).cmp(literal(self.path))
    }

    fn pairs(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.query.split('&').filter(|pair| !pair.is_empty())
    }
}

/// Whether a segment of a request is what a segment of a template says.
fn segment_fits((template, given): (&str, &str)) -> bool {
    if !template.contains('{') {
        let decoded = |text| percent::decode(text).unwrap_or_else(|| text.into());
        return decoded(template) == decoded(given);
    }
    let given = percent::normal(given);
    let mut literals = literals(template);
    let first = literals.next().unwrap_or_default();
    let rest: Vec<_> = literals.collect();
    let behind = given.strip_prefix(&*first);
    behind.is_some_and(|behind| parameters_fit(&rest, behind))
}

/// Whether each literal follows a parameter, and the last ends the text.
fn parameters_fit(literals: &[std::borrow::Cow<'_, str>], text: &str) -> bool {
    let Some((literal, rest)) = literals.split_first() else {
        return text.is_empty();
    };
    let mut ends = text
        .char_indices()
        .map(|(at, c)| &text[at + c.len_utf8()..]);
    ends.any(|behind| {
        let behind = behind.strip_prefix(&**literal);
        behind.is_some_and(|behind| parameters_fit(rest, behind))
    })
}

/// The texts before, between and behind the parameters of a segment.
fn literals(template: &str) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
    let parts = template.split('{').enumerate();
    parts.map(|(place, part)| match part.split_once('}') {
        Some((_, literal)) if place > 0 => percent::normal(literal),
        _ => percent::normal(part),
    })
}

/// How much of a segment is literal, in bytes; all of it is more than any part.
fn literal_text(segment: &str) -> usize {
    match segment.contains('{') {
        true => literals(segment).map(|text| text.len()).sum(),
        false => usize::MAX,
    }
}

/// What stands before a sign, and what stands behind it.
fn cut(text: &str, sign: char) -> (&str, &str) {
    let mut inside = false;
    let found = text.char_indices().find(|(_, character)| {
        inside = (inside || *character == '{') && *character != '}';
        !inside && *character == sign
    });
    found.map_or((text, ""), |(at, _)| {
        (&text[..at], &text[at + sign.len_utf8()..])
    })
}

/// The names between the braces of a path (`/cards/{cardId}`), in their order. What follows a brace
/// that is never closed is not a name.
#[must_use]
pub fn path_names(template: &str) -> Vec<&str> {
    let parts = template.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{PathTemplate, path_names};

    #[test]
    fn names_stand_between_braces() {
        for (template, names) in [
            ("/", &[][..]),
            ("/cards/{id}", &["id"]),
            ("/{a}/{b}.{c}", &["a", "b", "c"]),
            ("/{a}/{b", &["a"]),
        ] {
            assert_eq!(path_names(template), names, "{template}");
        }
    }

    #[test]
    fn queries_and_fragments_are_cut_off() {
        for (key, parts) in [
            ("/a", ["/a", "", ""]),
            ("/a?b=1", ["/a", "b=1", ""]),
            ("/a#b?c", ["/a", "", "b?c"]),
            ("/a?b=1#c", ["/a", "b=1", "c"]),
            ("/a/{b?}/{#c}?d={e?}", ["/a/{b?}/{#c}", "d={e?}", ""]),
            ("/#", ["/", "", ""]),
        ] {
            let found = PathTemplate::new(key);
            assert_eq!([found.path, found.query, found.fragment], parts, "{key}");
        }
        let template = PathTemplate::new("/a/{id}?fixed=1&flag&page={number}&odd=x{y}&");
        assert_eq!(template.names(), ["id"]);
        assert_eq!(template.fixed().collect::<Vec<_>>(), ["fixed=1", "flag"]);
        assert_eq!(template.named().collect::<Vec<_>>(), [("page", "number")]);
    }
}
