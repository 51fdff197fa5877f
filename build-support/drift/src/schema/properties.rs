//! What a view says of one property.

use super::Comparison;
use super::reduce;
use super::set::Set;
use super::view::View;
use crate::at::At;
use crate::finding::Spot;
use crate::report::Directions;
use contract::{Node, Value};

/// What a view says of one property.
pub(super) struct Property<'a> {
    /// The schemas its value must meet.
    pub schemas: Vec<At<'a>>,
    pub presence: Presence,
    /// Whether it must not be there.
    pub forbidden: bool,
    /// Whether no value meets its schemas.
    pub unmet: bool,
    /// What forbids it.
    pub never: Option<At<'a>>,
    /// Where it is declared.
    pub at: Option<At<'a>>,
    pub required_at: Option<At<'a>>,
    pub deprecated: bool,
    pub sunset: Option<&'a str>,
}

/// Whether it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Absent,
    /// It travels only the other way.
    Hidden,
    Optional,
    Required,
}

impl Presence {
    pub fn is_there(self) -> bool {
        matches!(self, Self::Optional | Self::Required)
    }
}

/// Which of the two documents.
#[derive(Debug, Clone, Copy)]
pub(super) enum Which {
    Base,
    Revision,
}

/// Looks a property up.
pub(super) fn property<'a>(
    c: &Comparison<'_, 'a>,
    which: Which,
    view: &View<'a>,
    name: &str,
) -> Property<'a> {
    let (schemas, at) = schemas(view, name);
    let side = match which {
        Which::Base => &c.engine.base,
        Which::Revision => &c.engine.revision,
    };
    let of = side.view(&Set::all(schemas.clone()));
    let hidden = match c.way.directions {
        Directions::Request => of.read_only.is_some(),
        _ => of.write_only.is_some(),
    };
    let required_at = view.required.get(name).cloned();
    let span = view.names.first().map(|at| at.node.span);
    let stated = span.map(|span| Node {
        value: Value::String(name.to_owned()),
        span,
    });
    let is_misnamed = stated.is_some_and(|name| reduce::is_misnamed(side, view, &name));
    let forbidden = of.never.is_some() || is_misnamed;
    let presence = match (&at, &required_at) {
        (None, None) => Presence::Absent,
        _ if forbidden => Presence::Absent,
        _ if hidden => Presence::Hidden,
        (_, Some(_)) => Presence::Required,
        _ => Presence::Optional,
    };
    Property {
        schemas,
        presence,
        forbidden,
        unmet: of.is_unmet(),
        never: of.never.clone(),
        at,
        required_at,
        deprecated: of.deprecated.is_some(),
        sunset: of.sunset.as_ref().and_then(|at| at.node.as_str()),
    }
}

/// The schemas a property's value must meet, and where it is declared.
fn schemas<'a>(view: &View<'a>, name: &str) -> (Vec<At<'a>>, Option<At<'a>>) {
    let mut schemas = Vec::new();
    let mut declared = None;
    let mut evaluated = false;
    for part in view.speaking_of(name) {
        let own = part.properties.get(name);
        if let Some(at) = own {
            schemas.push(at.clone());
            declared.get_or_insert_with(|| at.clone());
        }
        // A pattern also applies to properties that are declared beside it.
        let covering = part.covering(name);
        let is_evaluated = own.is_some() || !covering.is_empty();
        schemas.extend(covering);
        if let Some(additional) = part.additional.as_ref().filter(|_| !is_evaluated) {
            schemas.push(additional.clone());
        }
        evaluated |= is_evaluated;
    }
    if !evaluated {
        schemas.extend(view.unevaluated_properties.iter().cloned());
    }
    (schemas, declared)
}

/// The schemas that properties of other names must meet.
pub(super) fn rest<'a>(view: &View<'a>) -> Vec<At<'a>> {
    let additional = view
        .objects
        .iter()
        .filter_map(|part| part.additional.clone());
    additional
        .chain(view.unevaluated_properties.iter().cloned())
        .collect()
}

/// Whether no other property may be there.
pub(super) fn closed_at<'v, 'a>(rest: &'v [At<'a>]) -> Option<&'v At<'a>> {
    rest.iter().find(|at| is_never(at))
}

/// Whether a schema accepts nothing, in either spelling.
fn is_never(at: &At<'_>) -> bool {
    let excluded = at.node.get("not").filter(|_| at.node.members().len() == 1);
    let is_everything =
        |node: &Node| node.as_bool() == Some(true) || node.as_object().is_some_and(<[_]>::is_empty);
    at.node.as_bool() == Some(false) || excluded.is_some_and(is_everything)
}

impl Property<'_> {
    /// Where it stands, or else the schema without it.
    pub fn place(&self, view: &View<'_>) -> Spot {
        let at = self.at.as_ref().or(self.required_at.as_ref());
        at.map_or_else(|| super::site(view), |at| Spot::from(&at.pointer))
    }
}
