//! The words of OpenAPI and JSON Schema that walks and checks use: methods, and for the keywords of
//! schemas what they hold, to which values they apply and what they do. The facts are in the tables of the
//! grammar.

use crate::grammar::{self, About, Effect, Keyword, Others, Shape};
use std::sync::LazyLock;

pub use grammar::{Kind as ObjectKind, METHODS};

/// How a key holds objects of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// It is followed by one of them.
    One,
    /// It is followed by an array of them.
    List,
    /// It is followed by an object whose members they are; its keys are names.
    Named,
}

/// A key of an object and the objects that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The key; `None` stands for every key without a part of its own that is not an extension.
    pub key: Option<&'static str>,
    /// How it holds them.
    pub holds: Holds,
    /// What they are.
    pub kind: ObjectKind,
}

/// The keys of an object that hold further objects. A reference may stand in place of each.
///
/// ```
/// use contract::vocabulary::{Holds, ObjectKind, parts};
/// let content = parts(ObjectKind::RequestBody).first().unwrap();
/// assert_eq!((content.key, content.holds), (Some("content"), Holds::Named));
/// assert_eq!(content.kind, ObjectKind::MediaType);
/// ```
#[must_use]
pub fn parts(kind: ObjectKind) -> &'static [Part] {
    static PARTS: LazyLock<[Vec<Part>; ObjectKind::ALL.len()]> =
        LazyLock::new(|| ObjectKind::ALL.map(parts_of));
    // A kind stands in the list where it stands in the declaration.
    &PARTS[kind as usize]
}

fn parts_of(kind: ObjectKind) -> Vec<Part> {
    if kind == ObjectKind::Schema {
        let part = |(key, holds)| Part {
            key: Some(key),
            holds,
            kind,
        };
        return schema_bearing().map(part).collect();
    }
    let fields = kind.fields().iter();
    let fields = fields.map(|field| (Some(field.name), field.shape));
    let others = match kind.others() {
        Others::All(shape) => Some((None, shape)),
        Others::Unknown => None,
    };
    let part = |(key, shape)| {
        let (holds, kind) = objects(shape)?;
        Some(Part { key, holds, kind })
    };
    fields.chain(others).filter_map(part).collect()
}

/// The objects in a field's value.
fn objects(shape: Shape) -> Option<(Holds, ObjectKind)> {
    let one = |shape: &Shape| match shape {
        Shape::One(kind) | Shape::Ref(kind) => Some(*kind),
        Shape::Schema | Shape::SchemaOrFlag => Some(ObjectKind::Schema),
        _ => None,
    };
    match shape {
        Shape::Each(each) => Some((Holds::List, one(each)?)),
        Shape::Map(each) => Some((Holds::Named, one(each)?)),
        shape => Some((Holds::One, one(&shape)?)),
    }
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
    let (holds, kind) = objects(keyword.field.shape)?;
    (kind == ObjectKind::Schema).then_some(holds)
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
    fn each_kind_finds_its_own_parts() {
        for kind in ObjectKind::ALL {
            assert_eq!(
                parts(kind),
                parts_of(kind),
                "{kind:?} stands elsewhere in the list"
            );
        }
        let others = parts(ObjectKind::Responses).iter().map(|part| part.key);
        assert_eq!(others.collect::<Vec<_>>(), [Some("default"), None]);
        assert_eq!(parts(ObjectKind::SecurityRequirement), []);
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
