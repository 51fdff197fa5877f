//! Path templates as a tree: literal segments are tried before parameters, as OpenAPI asks.

use std::collections::BTreeMap;

use super::{parameters::PathValues, percent};

/// Path templates, each leading to a value.
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
    Parameter(String),
}

impl<T: Default> Paths<T> {
    /// The value of a template, made when it is new.
    pub(super) fn entry(&mut self, template: &str) -> &mut T {
        let node = segments(template).fold(self, |node, segment| node.child(segment));
        node.value.get_or_insert_default()
    }

    fn child(&mut self, segment: &str) -> &mut Self {
        if !segment.contains('{') {
            return self.literals.entry(segment.to_owned()).or_default();
        }
        let parts = parts(segment);
        let place = self.patterns.iter().position(|(known, _)| *known == parts);
        let place = place.unwrap_or_else(|| {
            self.patterns.push((parts, Self::default()));
            self.patterns.len() - 1
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
    /// The value of the template that `path` fits, and the raw values of its parameters.
    pub(super) fn find(&self, path: &str) -> Option<(&T, PathValues)> {
        if !path.starts_with('/') {
            return None;
        }
        let segments: Vec<&str> = segments(path).collect();
        let mut values = Vec::new();
        let found = self.walk(&segments, &mut values)?;
        Some((found, PathValues(values)))
    }

    fn walk(&self, segments: &[&str], values: &mut Vec<(String, String)>) -> Option<&T> {
        let Some((segment, rest)) = segments.split_first() else {
            return self.value.as_ref();
        };
        let literal = percent::decode(segment, false);
        if let Some(child) = literal.and_then(|text| self.literals.get(&text))
            && let Some(found) = child.walk(rest, values)
        {
            return Some(found);
        }
        self.patterns.iter().find_map(|(parts, child)| {
            let kept = values.len();
            if take(parts, segment, values)
                && let Some(found) = child.walk(rest, values)
            {
                return Some(found);
            }
            values.truncate(kept);
            None
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
        && let Some((name, tail)) = after.split_once('}')
    {
        if !before.is_empty() {
            parts.push(Part::Literal(before.to_owned()));
        }
        parts.push(Part::Parameter(name.to_owned()));
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    parts
}

/// Whether `text` is made of these parts; a parameter takes at least one character, and as few as
/// it can.
fn take(parts: &[Part], text: &str, values: &mut Vec<(String, String)>) -> bool {
    let Some((part, rest)) = parts.split_first() else {
        return text.is_empty();
    };
    match part {
        Part::Literal(literal) => text
            .strip_prefix(literal.as_str())
            .is_some_and(|text| take(rest, text, values)),
        Part::Parameter(name) => {
            let ends = text.char_indices().map(|(start, c)| start + c.len_utf8());
            ends.into_iter().any(|end| {
                values.push((name.clone(), text[..end].to_owned()));
                let fits = take(rest, &text[end..], values);
                if !fits {
                    values.pop();
                }
                fits
            })
        }
    }
}
