//! Which two schemas a change is about.

use super::generate::Step;
use crate::report::Change;
use contract::vocabulary::{Holds, holds};
use contract::{Node, Place};

/// Two schemas that apply to the same values, and where inside those values the change lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    pub base: String,
    pub revision: String,
    pub focus: Vec<Step>,
}

impl Subject {
    /// Two schemas under pointers, as a whole.
    pub fn of(base: &str, revision: &str) -> Self {
        Self {
            base: base.to_owned(),
            revision: revision.to_owned(),
            focus: Vec::new(),
        }
    }
}

/// How far outwards a change is followed.
const MOST: usize = 4;

/// The pairs of schemas around a change, the innermost first.
pub(super) fn subjects(change: &Change, base: &Node, revision: &Node) -> Vec<Subject> {
    let property = change.property.as_deref();
    let (base_pointer, revision_pointer) = (
        pointer(change.base.as_ref(), property),
        pointer(change.revision.as_ref(), property),
    );
    let (outer_base, outer_revision) = match (base_pointer, revision_pointer) {
        (Some(one), Some(other)) => (around(one), around(other)),
        (Some(one), None) => counterpart(around(one), base, revision),
        (None, Some(other)) => {
            let (other, one) = counterpart(around(other), revision, base);
            (one, other)
        }
        (None, None) => return Vec::new(),
    };
    if let Some(name) = property {
        let focus = vec![Step::Property(name.to_owned())];
        return pairs(&outer_base, &outer_revision, true, focus);
    }
    let worded =
        base_pointer.is_some_and(names_keyword) || revision_pointer.is_some_and(names_keyword);
    pairs(&outer_base, &outer_revision, worded, Vec::new())
}

fn pointer<'c>(place: Option<&'c Place>, property: Option<&str>) -> Option<&'c str> {
    let pointer = place?.pointer.as_str();
    Some(property.map_or(pointer, |name| object(pointer, name)))
}

/// The object around one of its properties; where it lacks the property, it is named itself.
fn object<'p>(pointer: &'p str, property: &str) -> &'p str {
    let own = format!("/properties/{}", contract::pointer::escape(property));
    pointer.strip_suffix(&own).unwrap_or(pointer)
}

/// Whether a pointer leads to a keyword of a schema, so that this very schema is meant and not the
/// object that it is a member of. A name in `required` is the object's matter.
fn names_keyword(pointer: &str) -> bool {
    let levels = around(pointer);
    let rest = levels
        .first()
        .and_then(|level| pointer.strip_prefix(level.pointer.as_str()));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with("/required"))
}

/// The value of an enum that a pointer names.
pub(super) fn listed<'a>(pointer: &str, root: &'a Node) -> Option<&'a Node> {
    let (list, at) = pointer.rsplit_once('/')?;
    let is_value = list.ends_with("/enum") && at.parse::<usize>().is_ok() || at == "const";
    root.pointer(pointer).filter(|_| is_value)
}

/// A schema, and the step that leads into it from the one around it; none from a composition.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Level {
    pointer: String,
    step: Option<Step>,
    /// Whether it is a part of the schema around it, not of its values.
    composed: bool,
}

/// Without a place on the other side, the schemas that stand under the same pointers there.
fn counterpart(levels: Vec<Level>, own: &Node, other: &Node) -> (Vec<Level>, Vec<Level>) {
    let is_there = |level: &Level| {
        own.pointer(&level.pointer).is_some() && other.pointer(&level.pointer).is_some()
    };
    let there = levels.into_iter().skip_while(|level| !is_there(level));
    let there: Vec<Level> = there.collect();
    (there.clone(), there)
}

fn pairs(base: &[Level], revision: &[Level], worded: bool, mut focus: Vec<Step>) -> Vec<Subject> {
    let (base, revision) = (values(base), values(revision));
    let (mut base, mut revision) = (&base[..], &revision[..]);
    let mut found: Vec<Subject> = Vec::new();
    while let (Some((one, outer_base)), Some((other, outer_revision))) =
        (base.split_first(), revision.split_first())
    {
        // Where one side names a member and the other the object, the object is meant.
        let unlike = one.step.is_some() != other.step.is_some();
        if unlike && found.is_empty() && !worded {
            let (deep, step) = match one.step.is_some() {
                true => (&mut base, &one.step),
                false => (&mut revision, &other.step),
            };
            if deep.len() > 1 {
                *deep = &deep[1..];
                focus = step.clone().into_iter().collect();
                continue;
            }
        }
        found.push(Subject {
            base: one.pointer.clone(),
            revision: other.pointer.clone(),
            focus: focus.clone(),
        });
        if one.step != other.step || found.len() == MOST {
            break;
        }
        focus.splice(0..0, one.step.clone());
        (base, revision) = (outer_base, outer_revision);
    }
    found
}

/// The schemas of whole values: of those composed into one, only the outermost.
fn values(levels: &[Level]) -> Vec<Level> {
    levels
        .iter()
        .filter(|level| !level.composed)
        .cloned()
        .collect()
}

/// The schemas around a pointer, from the inside out.
fn around(pointer: &str) -> Vec<Level> {
    let tokens: Vec<&str> = pointer.split('/').skip(1).collect();
    let Some(start) = begin(&tokens) else {
        return Vec::new();
    };
    let upto = |count: usize| {
        let tokens = tokens[..count].iter();
        tokens.flat_map(|token| ["/", token]).collect::<String>()
    };
    let mut levels = vec![Level {
        pointer: upto(start),
        step: None,
        composed: false,
    }];
    let mut at = start;
    while let Some(keyword) = tokens.get(at) {
        let (width, step, composed) = match *keyword {
            "properties" => (2, tokens.get(at + 1).map(|name| named(name)), false),
            "items" => (1, Some(Step::Item), false),
            "prefixItems" => (2, Some(Step::Item), false),
            "not" | "if" | "then" | "else" => (1, None, true),
            "dependentSchemas" => (2, None, true),
            "$defs" | "definitions" => (2, None, false),
            key => match holds(key) {
                Some(Holds::List) => (2, None, true),
                Some(Holds::Named) => (2, Some(Step::Other), false),
                Some(Holds::One) => (1, Some(Step::Other), false),
                None => break,
            },
        };
        if at + width > tokens.len() {
            break;
        }
        at += width;
        levels.push(Level {
            pointer: upto(at),
            step,
            composed,
        });
    }
    levels.reverse();
    levels
}

fn named(token: &str) -> Step {
    Step::Property(contract::pointer::unescape(token).into_owned())
}

/// How many steps lead to the outermost schema.
fn begin(tokens: &[&str]) -> Option<usize> {
    if let ["components", "schemas", _, ..] = tokens {
        return Some(3);
    }
    let mut at = if tokens.first() == Some(&"components") {
        3
    } else {
        0
    };
    while let Some(token) = tokens.get(at) {
        at += match *token {
            "schema" => return Some(at + 1),
            "callbacks" => 3,
            "content" | "encoding" | "headers" | "parameters" | "paths" | "responses"
            | "webhooks" => 2,
            _ => 1,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(pointer: &str) -> Vec<String> {
        around(pointer)
            .into_iter()
            .map(|level| level.pointer)
            .collect()
    }

    #[test]
    fn the_schemas_around_a_pointer() {
        assert_eq!(
            pointers("/components/schemas/Card/properties/status/enum/3"),
            [
                "/components/schemas/Card/properties/status",
                "/components/schemas/Card"
            ]
        );
        assert_eq!(
            pointers(
                "/paths/~1schema/get/responses/200/content/application~1json/schema/items/maxLength"
            ),
            [
                "/paths/~1schema/get/responses/200/content/application~1json/schema/items",
                "/paths/~1schema/get/responses/200/content/application~1json/schema"
            ]
        );
        assert_eq!(
            pointers("/components/parameters/schema/schema/type"),
            ["/components/parameters/schema/schema"]
        );
        assert_eq!(
            pointers("/components/responses/schema/description"),
            [""; 0]
        );
        assert_eq!(pointers("/info/title"), [""; 0]);
    }

    fn paired(base: &str, revision: &str) -> Vec<(String, String)> {
        let worded = names_keyword(base) || names_keyword(revision);
        let pairs = pairs(&around(base), &around(revision), worded, Vec::new()).into_iter();
        pairs.map(|pair| (pair.base, pair.revision)).collect()
    }

    #[test]
    fn what_is_composed_is_one_value() {
        assert_eq!(
            paired(
                "/components/schemas/A/allOf/1/properties/x/type",
                "/components/schemas/A/properties/x/type"
            ),
            [
                (
                    "/components/schemas/A/allOf/1/properties/x".to_owned(),
                    "/components/schemas/A/properties/x".to_owned()
                ),
                (
                    "/components/schemas/A".to_owned(),
                    "/components/schemas/A".to_owned()
                )
            ]
        );
    }

    #[test]
    fn a_keyword_is_about_the_schema_that_has_it() {
        let pair = paired(
            "/components/schemas/A/properties/x/enum/0",
            "/components/schemas/X/enum",
        );
        let meant = (
            "/components/schemas/A/properties/x",
            "/components/schemas/X",
        );
        assert_eq!(pair, [(meant.0.to_owned(), meant.1.to_owned())]);
    }

    #[test]
    fn a_member_against_its_object_is_about_the_object() {
        assert_eq!(
            paired(
                "/components/schemas/A",
                "/components/schemas/A/properties/x"
            ),
            [(
                "/components/schemas/A".to_owned(),
                "/components/schemas/A".to_owned()
            )]
        );
    }
}
