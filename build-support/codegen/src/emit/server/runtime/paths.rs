//! Path templates as a tree: literal segments are tried before parameters, as OpenAPI asks.

use std::collections::BTreeMap;

use super::percent;

/// A path of the contract, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Template<'a> {
    /// What is matched with the path of a request.
    pub(super) path: &'a str,
    /// The names of its parameters, in order.
    pub(super) names: Vec<&'a str>,
    /// Pairs that the query of a request has to have. OpenAPI knows none of them, but documents do.
    pub(super) query: Vec<(String, String)>,
}

impl<'a> Template<'a> {
    /// A fragment, which some documents have too, is never sent.
    pub(super) fn new(template: &'a str) -> Self {
        let whole = cut(template, '#').0;
        let (path, query) = cut(whole, '?');
        let fixed = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.contains('{'));
        let names = path.split('{').skip(1);
        Self {
            path,
            names: names
                .filter_map(|part| Some(part.split_once('}')?.0))
                .collect(),
            query: fixed.filter_map(pair).collect(),
        }
    }
}

/// The pairs of a query, without those that are not UTF-8.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    query.split('&').filter_map(pair).collect()
}

fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    Some((percent::decode(name, true)?, percent::decode(value, true)?))
}

/// What stands before a sign that is not part of a name, and what stands behind it.
fn cut(text: &str, sign: char) -> (&str, &str) {
    let mut inside = false;
    let found = text.char_indices().find(|(_, c)| {
        inside = (inside || *c == '{') && *c != '}';
        !inside && *c == sign
    });
    found.map_or((text, ""), |(at, _)| {
        (&text[..at], &text[at + sign.len_utf8()..])
    })
}

/// Path templates, each leading to a value. Templates that differ in the names of their parameters
/// alone match the same paths, and are one.
#[derive(Debug)]
pub(super) struct Paths<T> {
    literals: BTreeMap<String, Paths<T>>,
    patterns: Vec<(Vec<Part>, Paths<T>)>,
    value: Option<T>,
}

/// A piece of a segment: `{id}.json` is a parameter and a literal.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Parameter,
}

impl<T: Default> Paths<T> {
    /// The value of a template, made when it is new.
    pub(super) fn entry(&mut self, template: &str) -> &mut T {
        let node = segments(template).fold(self, |node, segment| node.child(segment));
        node.value.get_or_insert_default()
    }

    fn child(&mut self, segment: &str) -> &mut Self {
        if !segment.contains('{') {
            let literal = percent::decode(segment, false).unwrap_or_else(|| segment.to_owned());
            return self.literals.entry(literal).or_default();
        }
        let parts = parts(segment);
        let place = self.patterns.iter().position(|(known, _)| *known == parts);
        let place = place.unwrap_or_else(|| {
            // What has more literal text says more of a path, and is tried first: `{id}:cancel`
            // before `{id}`.
            let more = |(known, _): &(Vec<Part>, Self)| literal(known) >= literal(&parts);
            let place = self
                .patterns
                .iter()
                .take_while(|pattern| more(pattern))
                .count();
            self.patterns.insert(place, (parts, Self::default()));
            place
        });
        &mut self.patterns[place].1
    }
}

impl<T> Default for Paths<T> {
    fn default() -> Self {
        Self {
            literals: BTreeMap::new(),
            patterns: Vec::new(),
            value: None,
        }
    }
}

impl<T> Paths<T> {
    /// The value of the template that `path` fits, and the raw values of its parameters in order.
    pub(super) fn find(&self, path: &str) -> Option<(&T, Vec<String>)> {
        if !path.starts_with('/') {
            return None;
        }
        let segments: Vec<&str> = segments(path).collect();
        let mut values = Vec::new();
        let found = self.walk(&segments, &mut values)?;
        Some((found, values))
    }

    fn walk(&self, segments: &[&str], values: &mut Vec<String>) -> Option<&T> {
        let Some((segment, rest)) = segments.split_first() else {
            return self.value.as_ref();
        };
        let literal = percent::decode(segment, false);
        if let Some(child) = literal.and_then(|text| self.literals.get(&text))
            && let Some(found) = child.walk(rest, values)
        {
            return Some(found);
        }
        let plain = [percent::SEPARATING, percent::RESERVED];
        let plain = plain.map(|kept| percent::plain(segment, kept));
        self.patterns.iter().find_map(|(parts, child)| {
            plain.iter().find_map(|plain| {
                let kept = values.len();
                if take(parts, plain, values)
                    && let Some(found) = child.walk(rest, values)
                {
                    return Some(found);
                }
                values.truncate(kept);
                None
            })
        })
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

fn parts(segment: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{')
        && let Some((_, tail)) = after.split_once('}')
    {
        if !before.is_empty() {
            parts.push(Part::Literal(percent::plain(before, percent::RESERVED)));
        }
        parts.push(Part::Parameter);
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(percent::plain(rest, percent::RESERVED)));
    }
    parts
}

/// How much of a segment is literal, in bytes.
fn literal(parts: &[Part]) -> usize {
    let texts = parts.iter().map(|part| match part {
        Part::Literal(text) => text.len(),
        Part::Parameter => 0,
    });
    texts.sum()
}

/// Whether `text` is made of these parts; a parameter takes at least one character, and as few as
/// it can.
fn take(parts: &[Part], text: &str, values: &mut Vec<String>) -> bool {
    let Some((part, rest)) = parts.split_first() else {
        return text.is_empty();
    };
    match part {
        Part::Literal(literal) => text
            .strip_prefix(literal.as_str())
            .is_some_and(|text| take(rest, text, values)),
        Part::Parameter => {
            let ends = text.char_indices().map(|(start, c)| start + c.len_utf8());
            ends.into_iter().any(|end| {
                values.push(text[..end].to_owned());
                let fits = take(rest, &text[end..], values);
                if !fits {
                    values.pop();
                }
                fits
            })
        }
    }
}
