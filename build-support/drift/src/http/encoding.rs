//! How the parts of a form are written.
//!
//! Source: OpenAPI 3.0 and 3.1, "Encoding Object", with its defaults by the type of a part.

use super::media::{Media, includes};
use super::style::{self, Shape, Written};
use super::{Scope, Walk, headers, notes};
use crate::at::At;
use crate::finding::{Finding, Verdict, effect};
use crate::kind::Kind;
use crate::report::Effect;
use crate::schema::set::Set;
use crate::schema::side::Side;
use crate::schema::types::Types;
use contract::SpecVersion;
use std::collections::BTreeSet;

const ELSEWHERE: &[&str] = &[
    "contentType",
    "style",
    "explode",
    "allowReserved",
    "headers",
];

/// Compares the parts of two forms. Other media types have no parts, and ignore the field.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, scope: &Scope, one: &Media<'a>, other: &Media<'a>) {
    let is_multipart = one.key.starts_with("multipart/");
    let is_form = one.key.starts_with("application/x-www-form-urlencoded");
    if !is_multipart && !is_form {
        return;
    }
    let (old, new) = (one.at.get("encoding"), other.at.get("encoding"));
    let names = |at: &Option<At<'a>>| -> BTreeSet<&'a str> {
        let members = at.iter().flat_map(|at| at.node.members());
        members.map(|member| member.key.as_str()).collect()
    };
    // 3.0 knows styles in URL-encoded forms alone.
    let is_styled = is_form || walk.engine.revision.version != SpecVersion::V3_0;
    for name in names(&old).union(&names(&new)) {
        let of = |at: &Option<At<'a>>| at.as_ref().and_then(|at| at.get(name));
        let base = Part::of(&walk.engine.base, one, of(&old), name);
        let revision = Part::of(&walk.engine.revision, other, of(&new), name);
        let (Some(base), Some(revision)) = (base, revision) else {
            continue;
        };
        if let (Some(old), Some(new)) = (&base.encoding, &revision.encoding) {
            notes::compare(walk, old, new, ELSEWHERE, Some(&scope.used_by()));
        }
        if is_styled {
            written(walk, scope, name, &base, &revision);
        }
        // A style that is stated leaves no say to the media type.
        let by_style = |part: &Part<'a>| {
            is_styled
                && ["style", "explode", "allowReserved"]
                    .iter()
                    .any(|key| part.says(key))
        };
        if !by_style(&base) && !by_style(&revision) {
            content_type(walk, scope, name, &base, &revision);
        }
        if is_multipart {
            let mut of = scope.clone();
            of.side = format!("{} part {name}", scope.side).into();
            headers::compare(walk, &of, &base.place, &revision.place);
        }
    }
}

/// A part of a form.
struct Part<'a> {
    encoding: Option<At<'a>>,
    /// Its encoding, or else the media type that lacks it.
    place: At<'a>,
    /// What may be sent for it, where the type of the part or the encoding defines it.
    types: Option<Vec<String>>,
    shape: Shape,
}

impl<'a> Part<'a> {
    /// `None` where the schema lists its parts and this one is not among them.
    fn of(
        side: &Side<'a>,
        media: &Media<'a>,
        encoding: Option<At<'a>>,
        name: &str,
    ) -> Option<Self> {
        let schema = media.at.get("schema");
        let view = side.view(&Set::all(schema.into_iter().collect()));
        let properties = view.objects.iter().map(|part| &part.properties);
        let lists = properties.clone().any(|of| !of.is_empty()) && view.unions.is_empty();
        let schema = properties.filter_map(|of| of.get(name)).next().cloned();
        if lists && schema.is_none() {
            return None;
        }
        let stated = encoding.as_ref().and_then(|at| at.text("contentType"));
        let types = match stated {
            Some(list) => Some(split(list)),
            None => default(side, schema.clone(), 0).map(|one| vec![one.to_owned()]),
        };
        Some(Self {
            place: encoding.clone().unwrap_or_else(|| media.at.clone()),
            encoding,
            types,
            shape: Shape::of(side, schema),
        })
    }

    fn says(&self, key: &str) -> bool {
        let encoding = self.encoding.as_ref();
        encoding.is_some_and(|at| at.node.contains_key(key))
    }
}

/// A list of media types, which commas separate.
fn split(list: &str) -> Vec<String> {
    let types = list.split(',').map(|one| one.trim().to_ascii_lowercase());
    types.filter(|one| !one.is_empty()).collect()
}

/// The media type of a part without one in an encoding; `None` where its type does not define it.
fn default<'a>(side: &Side<'a>, schema: Option<At<'a>>, depth: usize) -> Option<&'static str> {
    const DEEPEST: usize = 4;
    let view = side.view(&Set::all(schema.into_iter().collect()));
    let types = view.types().without(Types::NULL);
    let scalar = Types::SCALAR.without(Types::NULL);
    if types == Types::OBJECT {
        return Some("application/json");
    }
    if types == Types::ARRAY && depth < DEEPEST {
        let items = view.arrays.iter().find_map(|part| part.rest.clone());
        return default(side, items, depth + 1);
    }
    let is_scalar = !types.is_empty() && types.without(scalar).is_empty();
    let binary = !view.contents.is_empty();
    match (is_scalar, binary) {
        (true, true) => Some("application/octet-stream"),
        (true, false) => Some("text/plain"),
        (false, _) => None,
    }
}

fn content_type<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    name: &str,
    base: &Part<'a>,
    revision: &Part<'a>,
) {
    if !base.says("contentType") && !revision.says("contentType") {
        return;
    }
    let lacks = |of: &[String], other: &[String]| {
        let mut of = of.iter();
        of.any(|one| !other.iter().any(|range| includes(range, one)))
    };
    let (effect, verdict) = match (&base.types, &revision.types) {
        (Some(old), Some(new)) => (effect(lacks(old, new), lacks(new, old)), Verdict::ByEffect),
        (None, Some(_)) => (Effect::Narrowed, Verdict::Unsure),
        (Some(_), None) => (Effect::Widened, Verdict::Unsure),
        (None, None) => return,
    };
    if effect == Effect::Equal {
        return;
    }
    let shown = |types: &Option<Vec<String>>| match types {
        Some(types) => crate::text::quoted(types),
        None => "what its type asks for".to_owned(),
    };
    let (from, to) = (shown(&base.types), shown(&revision.types));
    let message = format!("the part `{name}` is sent as {to} instead of {from}");
    let finding = Finding::new(Kind::EncodingChanged, effect, message).judged(verdict);
    let (base, revision) = (base.field("contentType"), revision.field("contentType"));
    walk.hit(scope, finding.at(&base, &revision));
}

fn written<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    name: &str,
    base: &Part<'a>,
    revision: &Part<'a>,
) {
    let shape = base.shape.or(revision.shape);
    let of = |part: &Part<'a>| Written::of(part.encoding.as_ref(), "form", shape);
    let part = format!("the part `{name}`");
    if let Some((finding, field)) = style::compare(&part, shape, (of(base), of(revision))) {
        let finding = Finding {
            kind: Kind::EncodingChanged,
            ..finding
        };
        walk.hit(
            scope,
            finding.at(&base.field(field), &revision.field(field)),
        );
    }
    let reserved = |part: &Part<'a>| {
        part.encoding
            .as_ref()
            .is_some_and(|at| at.flag("allowReserved"))
    };
    let (old, new) = (reserved(base), reserved(revision));
    if old != new {
        let word = if new { "no longer" } else { "now" };
        let message = format!("the part `{name}` {word} has its reserved characters encoded");
        let finding = Finding::new(Kind::EncodingChanged, effect(old, new), message);
        let field = "allowReserved";
        walk.hit(
            scope,
            finding.at(&base.field(field), &revision.field(field)),
        );
    }
}

impl Part<'_> {
    fn field(&self, key: &str) -> std::rc::Rc<str> {
        self.place.place_of(key)
    }
}
