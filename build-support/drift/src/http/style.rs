//! How a value is written as text: its style, and whether each item or property stands for itself.
//!
//! Source: OpenAPI 3.0 and 3.1, "Style Values" and "Style Examples".

use crate::at::At;
use crate::finding::{Finding, Verdict};
use crate::kind::Kind;
use crate::report::Effect;
use crate::schema::set::Set;
use crate::schema::side::Side;
use crate::schema::types::Types;

/// How deep alternatives within alternatives are followed.
const DEEPEST: usize = 8;

const KNOWN: [&str; 7] = [
    "form",
    "simple",
    "matrix",
    "label",
    "spaceDelimited",
    "pipeDelimited",
    "deepObject",
];

/// What a value may be, as far as it shows in the way it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape(Types);

impl Shape {
    /// What the schema of a parameter, header or part lets it be.
    pub fn of<'a>(side: &Side<'a>, schema: Option<At<'a>>) -> Self {
        Self::all_of(side, schema.into_iter().collect())
    }

    /// What schemas that must all hold let a value be.
    pub fn all_of<'a>(side: &Side<'a>, schemas: Vec<At<'a>>) -> Self {
        Self(types(side, &Set::all(schemas), 0))
    }

    /// Whether it may be a text.
    pub fn has_text(self) -> bool {
        self.0.has(Types::STRING)
    }

    /// What either of two may be.
    pub fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }

    /// Whether it may be an object.
    pub fn has_object(self) -> bool {
        self.0.has(Types::OBJECT)
    }

    /// Whether it may be an array or an object.
    pub fn is_compound(self) -> bool {
        self.0.has(Types::ARRAY.or(Types::OBJECT))
    }

    /// Whether anything is said of it at all.
    fn is_told(self) -> bool {
        self.0.or(Types::NULL) != Types::ALL
    }
}

fn types<'a>(side: &Side<'a>, set: &Set<'a>, depth: usize) -> Types {
    let view = side.view(set);
    let Some(union) = view.unions.first().filter(|_| depth < DEEPEST) else {
        return view.types();
    };
    let members = 0..union.members.len();
    let each = members.map(|member| types(side, &set.pick(union.at.id(), member), depth + 1));
    each.fold(Types::NONE, Types::or)
}

/// Style and explode, as far as they show in the text of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written<'a> {
    style: &'a str,
    explode: bool,
}

impl<'a> Written<'a> {
    /// How a parameter, a header or a part with these fields is written; `default` is the style
    /// where none is named.
    pub fn of(at: Option<&At<'a>>, default: &'a str, shape: Shape) -> Self {
        let style = at.and_then(|at| at.text("style")).unwrap_or(default);
        let explode = at.and_then(|at| at.node.get("explode"));
        let explode = explode.and_then(contract::Node::as_bool);
        let explode = explode.unwrap_or(style == "form");
        match (shape.is_compound(), style) {
            // An item of its own is written the same by all three.
            (true, "spaceDelimited" | "pipeDelimited") if explode && !shape.has_object() => Self {
                style: "form",
                explode,
            },
            (true, "deepObject") => Self {
                style,
                explode: false,
            },
            // Commas stand between items either way.
            (true, "simple") if !shape.has_object() => Self {
                style,
                explode: false,
            },
            (true, _) => Self { style, explode },
            (false, style) if KNOWN.contains(&style) && !["matrix", "label"].contains(&style) => {
                Self {
                    style: default,
                    explode: false,
                }
            }
            (false, _) => Self {
                style,
                explode: false,
            },
        }
    }

    /// Whether its style is that of a query.
    pub fn is_form(self) -> bool {
        self.style == "form"
    }

    /// Whether each item or property is written as a parameter of its own.
    pub fn is_exploded_form(self) -> bool {
        self.is_form() && self.explode
    }

    /// Whether the name is part of the text, as in `;id=1`.
    pub fn shows_name(self, shape: Shape) -> bool {
        let only_properties = self.explode && shape.0.without(Types::OBJECT).is_empty();
        self.style == "matrix" && !only_properties
    }

    fn words(self, other: Self) -> String {
        match (self.style == other.style, self.explode) {
            (false, _) => format!("`{}`", self.style),
            (true, true) => format!("`{}`, exploded", self.style),
            (true, false) => format!("`{}`, not exploded", self.style),
        }
    }
}

/// What is to be said of two ways of writing, and the field that makes the difference.
pub(super) fn compare<'a>(
    name: &str,
    shape: Shape,
    (from, to): (Written<'a>, Written<'a>),
) -> Option<(Finding, &'static str)> {
    if from == to {
        return None;
    }
    let field = match from.style == to.style {
        true => "explode",
        false => "style",
    };
    let (old, new) = (from.words(to), to.words(from));
    let message = format!("{name} is written as {new} instead of {old}");
    let sure = [from, to].iter().all(|one| KNOWN.contains(&one.style)) && shape.is_told();
    let verdict = match sure {
        true => Verdict::ByEffect,
        false => Verdict::Unsure,
    };
    let finding = Finding::new(Kind::ParameterStyleChanged, Effect::Both, message);
    Some((finding.judged(verdict), field))
}
