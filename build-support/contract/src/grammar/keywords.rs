//! The keywords of schemas in one table: what each holds, to which values it applies, and what it does.
//!
//! Source: JSON Schema draft 2020-12; the Schema Object of OpenAPI 3.0.4 and 3.1.1.

use super::field::{Field, Kind, Shape, may, new, old};
use Shape::{
    Any, Bound, Count, Each, Flag, List, Map, Number, One, Schema, SchemaOrFlag, Text, Types,
};

/// A keyword of schemas.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keyword {
    /// Its name, what it holds, and which versions have it.
    pub field: Field,
    /// Whether the specification still has it. One that belongs to an older draft of JSON Schema,
    /// or to the Reference Object, is met in schemas and understood, but not a field of theirs.
    pub current: bool,
    /// To which values it applies.
    pub about: About,
    /// What it does.
    pub effect: Effect,
}

/// To which values a keyword applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// Values of any type.
    All,
    Objects,
    Arrays,
    /// Strings. The formats of numbers are the exception that is not distinguished here.
    Strings,
    Numbers,
}

/// What a keyword does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It accepts or rejects values.
    Asserts,
    /// It describes a value for people.
    Prose,
    /// It describes the use of a value for programs.
    Hint,
    /// It names schemas, or leads to one.
    Structure,
}

const SCHEMAS: Shape = Map(&Schema);
const TEXTS: Shape = Each(&Text);

const fn row(field: Field, about: About, effect: Effect) -> Keyword {
    Keyword {
        field,
        current: true,
        about,
        effect,
    }
}

const fn asserts(field: Field, about: About) -> Keyword {
    row(field, about, Effect::Asserts)
}

const fn any(field: Field) -> Keyword {
    asserts(field, About::All)
}

const fn object(field: Field) -> Keyword {
    asserts(field, About::Objects)
}

const fn array(field: Field) -> Keyword {
    asserts(field, About::Arrays)
}

const fn string(field: Field) -> Keyword {
    asserts(field, About::Strings)
}

const fn number(field: Field) -> Keyword {
    asserts(field, About::Numbers)
}

const fn prose(field: Field) -> Keyword {
    row(field, About::All, Effect::Prose)
}

const fn hint(field: Field) -> Keyword {
    row(field, About::All, Effect::Hint)
}

const fn structure(field: Field) -> Keyword {
    row(field, About::All, Effect::Structure)
}

const fn older(keyword: Keyword) -> Keyword {
    Keyword {
        current: false,
        ..keyword
    }
}

/// Every keyword. Walks visit schemas in this order.
pub(crate) const KEYWORDS: [Keyword; 67] = [
    structure(new("$defs", SCHEMAS)),
    // Deprecated by JSON Schema, still met.
    structure(new("definitions", SCHEMAS)),
    prose(may("title", Text)),
    prose(may("description", Text)),
    older(prose(may("summary", Text))),
    prose(may("example", Any)),
    prose(new("examples", List)),
    prose(may("externalDocs", One(Kind::ExternalDocs))),
    prose(new("$comment", Text)),
    hint(may("default", Any)),
    hint(may("deprecated", Flag)),
    hint(may("readOnly", Flag)),
    hint(may("writeOnly", Flag)),
    hint(may("xml", One(Kind::Xml))),
    // OpenAPI: it says which alternative is meant, and rejects nothing that these accept.
    structure(may("discriminator", One(Kind::Discriminator))),
    any(may("type", Types)),
    any(old("nullable", Flag)),
    any(may("enum", List)),
    any(new("const", Any)),
    // Objects.
    object(may("properties", SCHEMAS)),
    object(new("patternProperties", SCHEMAS)),
    object(new("dependentSchemas", SCHEMAS)),
    older(object(may("dependencies", Map(&Any)))),
    object(may("additionalProperties", SchemaOrFlag)),
    object(new("unevaluatedProperties", Schema)),
    object(new("propertyNames", Schema)),
    object(may("required", TEXTS)),
    object(may("minProperties", Count)),
    object(may("maxProperties", Count)),
    object(new("dependentRequired", Map(&TEXTS))),
    // Arrays.
    array(may("items", Schema)),
    older(array(may("additionalItems", Schema))),
    array(new("unevaluatedItems", Schema)),
    array(new("prefixItems", Each(&Schema))),
    array(new("contains", Schema)),
    array(new("minContains", Count)),
    array(new("maxContains", Count)),
    array(may("minItems", Count)),
    array(may("maxItems", Count)),
    array(may("uniqueItems", Flag)),
    // Strings and numbers.
    string(may("format", Text)),
    string(may("minLength", Count)),
    string(may("maxLength", Count)),
    string(may("pattern", Text)),
    string(new("contentEncoding", Text)),
    string(new("contentMediaType", Text)),
    number(may("minimum", Number)),
    number(may("maximum", Number)),
    number(may("exclusiveMinimum", Bound)),
    number(may("exclusiveMaximum", Bound)),
    number(may("multipleOf", Number)),
    // Composition.
    any(may("allOf", Each(&Schema))),
    any(may("anyOf", Each(&Schema))),
    any(may("oneOf", Each(&Schema))),
    any(may("not", Schema)),
    any(new("if", Schema)),
    any(new("then", Schema)),
    any(new("else", Schema)),
    string(new("contentSchema", Schema)),
    // Identity.
    structure(new("$id", Text)),
    structure(new("$schema", Text)),
    structure(new("$anchor", Text)),
    structure(new("$dynamicAnchor", Text)),
    structure(new("$dynamicRef", Text)),
    older(structure(new("$recursiveRef", Text))),
    older(structure(new("$recursiveAnchor", Flag))),
    structure(new("$vocabulary", Any)),
];

const fn count() -> usize {
    let (mut at, mut count) = (0, 0);
    while at < KEYWORDS.len() {
        if KEYWORDS[at].current {
            count += 1;
        }
        at += 1;
    }
    count
}

/// The fields of a Schema Object: the keywords that are current.
pub(super) const SCHEMA: [Field; count()] = {
    let mut fields = [KEYWORDS[0].field; count()];
    let (mut at, mut to) = (0, 0);
    while at < KEYWORDS.len() {
        if KEYWORDS[at].current {
            fields[to] = KEYWORDS[at].field;
            to += 1;
        }
        at += 1;
    }
    fields
};
