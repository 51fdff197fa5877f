//! The words of OpenAPI and JSON Schema that walks and checks ask for: methods, and what the
//! keywords of schemas hold, are about and do. The facts stand in the tables of the grammar.

use crate::grammar::{self, About, Effect, Keyword, Shape};

pub use grammar::METHODS;

/// How a keyword holds schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// It is followed by one schema.
    One,
    /// It is followed by an array of schemas.
    List,
    /// It is followed by an object whose members are schemas; its keys are names.
    Named,
}

/// How a keyword of schemas holds other schemas; `None` where it holds none.
///
/// ```
/// use contract::vocabulary::{Holds, holds};
/// assert_eq!(holds("properties"), Some(Holds::Named));
/// assert_eq!(holds("required"), None);
/// ```
#[must_use]
pub fn holds(keyword: &str) -> Option<Holds> {
    find(keyword).and_then(held)
}

/// The keywords that hold schemas and belong to the specification, in the order walks visit them.
pub fn schema_bearing() -> impl Iterator<Item = (&'static str, Holds)> {
    let current = grammar::KEYWORDS.iter().filter(|keyword| keyword.current);
    current.filter_map(|keyword| Some((keyword.field.name, held(keyword)?)))
}

/// The keywords that accept or reject values of one JSON type, those about all types left out.
/// Empty for types that have no such keyword.
pub fn about(kind: &str) -> impl Iterator<Item = &'static str> + use<> {
    let about = match kind {
        "object" => Some(About::Objects),
        "array" => Some(About::Arrays),
        "string" => Some(About::Strings),
        "number" | "integer" => Some(About::Numbers),
        _ => None,
    };
    let keywords = grammar::KEYWORDS.iter();
    let keywords = keywords.filter(move |keyword| Some(keyword.about) == about);
    keywords.map(|keyword| keyword.field.name)
}

/// Whether a key of a schema is only for readers: prose, examples, extensions.
#[must_use]
pub fn is_prose(key: &str) -> bool {
    key.starts_with("x-") || find(key).is_some_and(|found| found.effect == Effect::Prose)
}

/// Whether a key of a schema accepts and rejects nothing and names no schema: prose, and what says
/// how a value is used.
#[must_use]
pub fn is_annotation(key: &str) -> bool {
    is_prose(key) || find(key).is_some_and(|found| found.effect == Effect::Hint)
}

/// Whether a keyword accepts or rejects values.
#[must_use]
pub fn asserts(key: &str) -> bool {
    find(key).is_some_and(|found| found.effect == Effect::Asserts)
}

fn find(name: &str) -> Option<&'static Keyword> {
    let mut keywords = grammar::KEYWORDS.iter();
    keywords.find(|keyword| keyword.field.name == name)
}

fn held(keyword: &Keyword) -> Option<Holds> {
    match keyword.field.shape {
        Shape::Schema | Shape::SchemaOrFlag => Some(Holds::One),
        Shape::Each(Shape::Schema) => Some(Holds::List),
        Shape::Map(Shape::Schema) => Some(Holds::Named),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_keyword_stands_once() {
        let names = grammar::KEYWORDS.iter().map(|keyword| keyword.field.name);
        let names: Vec<&str> = names.collect();
        let distinct: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(
            names.len(),
            distinct.len(),
            "a keyword stands twice in the table"
        );
    }

    #[test]
    fn what_keywords_are() {
        assert_eq!(
            holds("dependencies"),
            None,
            "it may hold lists of names too"
        );
        assert_eq!(holds("allOf"), Some(Holds::List));
        assert_eq!(holds("additionalProperties"), Some(Holds::One));
        assert!(is_prose("x-note") && is_prose("summary") && !is_prose("default"));
        assert!(is_annotation("readOnly") && !is_annotation("type"));
        assert!(asserts("type") && !asserts("discriminator") && !asserts("unknown"));
        assert!(about("integer").any(|keyword| keyword == "multipleOf"));
        assert_eq!(about("null").count(), 0);
    }
}
