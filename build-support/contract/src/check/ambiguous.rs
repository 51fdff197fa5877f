//! Paths that fit the same requests, neither of which is the more exact.

use crate::diagnostics::Diagnostic;
use crate::node::Member;
use crate::template::PathTemplate;
use std::collections::HashMap;

/// Of two templates that fit the same path, one has to be the more exact of both in each segment; else
/// OpenAPI leaves open which of them is called. Each path is reported with the first such one before it.
pub(super) fn check(paths: &[Member]) -> Vec<Diagnostic> {
    let mut by_length: HashMap<usize, Branch<'_>> = HashMap::new();
    let mut found = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        if path.key.starts_with("x-") {
            continue;
        }
        let segments: Vec<&str> = PathTemplate::new(&path.key).path.split('/').collect();
        let before = by_length.entry(segments.len()).or_default();
        if let Some(other) = before.torn(&segments, Torn::default()) {
            found.push(ambiguous(path, &paths[other]));
        }
        before.add(&segments, at);
    }
    found
}

fn ambiguous(path: &Member, other: &Member) -> Diagnostic {
    let message = format!("some requests fit both `{}` and `{}`", path.key, other.key);
    Diagnostic::warning("read::ambiguous-paths", message, path.key_span)
        .with_label("where they differ first, a server takes the fixed segment")
        .with_related(other.key_span, "the other one")
        .with_help("give both the same fixed segments up to their parameters")
}

/// Where each of two paths has a fixed segment and the other one a parameter.
#[derive(Debug, Clone, Copy, Default)]
struct Torn {
    first: bool,
    second: bool,
}

/// Paths of one length with the same beginning, by what follows. So a path is compared with those alone
/// that can fit the same requests.
#[derive(Debug, Default)]
struct Branch<'a> {
    fixed: HashMap<&'a str, Branch<'a>>,
    parameter: Option<Box<Branch<'a>>>,
    /// The first path that ends here.
    path: Option<usize>,
}

impl<'a> Branch<'a> {
    fn add(&mut self, segments: &[&'a str], at: usize) {
        let Some((segment, rest)) = segments.split_first() else {
            self.path.get_or_insert(at);
            return;
        };
        match is_parameter(segment) {
            true => self.parameter.get_or_insert_default().add(rest, at),
            false => self.fixed.entry(segment).or_default().add(rest, at),
        }
    }

    /// The first path that fits what these segments fit, and of which neither is the more exact.
    fn torn(&self, segments: &[&str], so_far: Torn) -> Option<usize> {
        let Some((segment, rest)) = segments.split_first() else {
            return self.path.filter(|_| so_far.first && so_far.second);
        };
        let parameter = self.parameter.as_deref();
        if is_parameter(segment) {
            let second = Torn {
                second: true,
                ..so_far
            };
            let fixed = self.fixed.values();
            let fixed = fixed.filter_map(|branch| branch.torn(rest, second));
            let same = parameter.and_then(|branch| branch.torn(rest, so_far));
            return fixed.chain(same).min();
        }
        let first = Torn {
            first: true,
            ..so_far
        };
        let same = self.fixed.get(segment);
        let same = same.and_then(|branch| branch.torn(rest, so_far));
        let wider = parameter.and_then(|branch| branch.torn(rest, first));
        same.into_iter().chain(wider).min()
    }
}

/// Whether a segment is one parameter and nothing else.
fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{') && segment.find('}') == Some(segment.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_that_fit_the_same() {
        let torn = |one: &str, other: &str| {
            let mut before = Branch::default();
            before.add(&one.split('/').collect::<Vec<_>>(), 7);
            let other: Vec<&str> = other.split('/').collect();
            before.torn(&other, Torn::default()) == Some(7)
        };
        for (one, other, expected) in [
            ("/a/{x}/d", "/a/d/{y}", true),
            ("/{entity}/me", "/books/{id}", true),
            ("/a/{x}", "/a/b", false),
            ("/a/{x}", "/a/{y}", false),
            ("/a/{x}/c", "/a/b/{y}/c", false),
            ("/a/{x}/c", "/a/b/d", false),
            ("/a/{x}.{y}/c", "/a/b/{z}", false),
        ] {
            assert_eq!(torn(one, other), expected, "{one} {other}");
            assert_eq!(torn(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn the_first_of_several_is_named() {
        let mut before = Branch::default();
        for (at, path) in ["/b/{x}/c", "/{x}/b/c", "/a/{x}/c", "/{y}/b/c"]
            .iter()
            .enumerate()
        {
            before.add(&path.split('/').collect::<Vec<_>>(), at);
        }
        let path: Vec<&str> = "/a/b/{z}".split('/').collect();
        assert_eq!(before.torn(&path, Torn::default()), Some(1));
    }
}
