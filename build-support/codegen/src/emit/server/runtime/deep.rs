//! Values in the style `deepObject`: `a[x]=1` for a member, and `a[x][y]=1` and `a[x][0]=1` for what
//! is inside of one. OpenAPI describes the first; the others are how most programs write the rest.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::choices::{Prefer, list_among, object_among};
use super::values::{grouped, member_shape, scalar, together};
use super::{ParameterFault as Fault, Shape, percent};

/// How many names in brackets may follow one another.
const DEEPEST: usize = 100;

/// The value of `base` among the pairs of a query or a form; `None` where it has no pairs.
pub(super) fn value(
    pairs: &str,
    base: &str,
    shape: Shape,
    prefer: Prefer,
) -> Result<Option<Value>, Fault> {
    let mut leaves = leaves(pairs, base)?;
    // An object has nothing under its own name.
    if matches!(shape.itself(), Shape::Object(_) | Shape::Map(_) | Shape::Open(..)) {
        leaves.retain(|leaf| !leaf.path.is_empty());
    }
    if leaves.iter().any(|leaf| leaf.path.len() > DEEPEST) {
        let message = format!("more than {DEEPEST} names in brackets follow one another");
        return Err(Fault::Invalid(message));
    }
    let leaves: Vec<Rest<'_>> = leaves.iter().map(|leaf| (&*leaf.path, &*leaf.text)).collect();
    (!leaves.is_empty()).then(|| inside(leaves, shape, prefer)).transpose()
}

/// A decoded text, and the names that lead to it inside of the value.
struct Leaf {
    path: Vec<String>,
    text: String,
}

fn leaves(pairs: &str, base: &str) -> Result<Vec<Leaf>, Fault> {
    let pairs = pairs.split('&').filter_map(|pair| {
        let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
        Some((path(name, base)?, text))
    });
    let leaves = pairs.map(|(path, text)| {
        let text = percent::decode(text, true).ok_or(Fault::Encoding)?;
        Ok(Leaf { path, text })
    });
    leaves.collect()
}

/// The names in brackets behind `base` in the name of a pair, which is as it came. `None` where the
/// name is another one.
fn path(name: &str, base: &str) -> Option<Vec<String>> {
    let decode = |text: &str| percent::decode(text, true).unwrap_or_else(|| text.to_owned());
    let decoded = decode(name);
    if decoded == base {
        return Some(Vec::new());
    }
    // Brackets that are not encoded separate names, which may then have encoded ones in them.
    for (at, _) in name.match_indices('[') {
        let (before, brackets) = name.split_at(at);
        if decode(before) == base
            && let Some(names) = names(brackets)
        {
            return Some(names.map(decode).collect());
        }
    }
    let names = names(decoded.strip_prefix(base)?)?;
    Some(names.map(str::to_owned).collect())
}

/// The names in `[a][b]`.
fn names(brackets: &str) -> Option<impl Iterator<Item = &str>> {
    let inner = brackets.strip_prefix('[')?.strip_suffix(']')?;
    Some(inner.split("]["))
}

/// What is left of a path, and the text at its end.
type Rest<'a> = (&'a [String], &'a str);

fn inside(leaves: Vec<Rest<'_>>, shape: Shape, prefer: Prefer) -> Result<Value, Fault> {
    let (here, below): (Vec<_>, Vec<_>) = leaves.into_iter().partition(|(path, _)| path.is_empty());
    match (here.is_empty(), below.is_empty()) {
        (false, false) => Err(Fault::Repeated),
        (false, true) => whole(here, shape, prefer),
        _ => parts(below, shape, prefer),
    }
}

/// Texts without a name of their own.
fn whole(texts: Vec<Rest<'_>>, shape: Shape, prefer: Prefer) -> Result<Value, Fault> {
    let texts: Vec<String> = texts.into_iter().map(|(_, text)| text.to_owned()).collect();
    let shape = shape.itself();
    let may_be_object = object_among(shape).is_some();
    let object = may_be_object && (prefer == Prefer::Object || !matches!(shape, Shape::Any(_)));
    match texts.as_slice() {
        // An object without members has no pairs, and is written as JSON.
        [text] if object => scalar(text.clone(), Shape::Json, prefer),
        _ => together(texts, shape, prefer),
    }
}

/// What has a name in brackets, by that name.
fn parts(leaves: Vec<Rest<'_>>, shape: Shape, prefer: Prefer) -> Result<Value, Fault> {
    let named = leaves.into_iter().filter_map(|(path, text)| {
        let (name, rest) = path.split_first()?;
        Some((name.as_str(), (rest, text)))
    });
    let by_name = grouped(named);
    let numbered = by_name.keys().all(|name| name.is_empty() || name.parse::<usize>().is_ok());
    match (list_among(shape), object_among(shape)) {
        (Some(item), object) if numbered && (object.is_none() || prefer != Prefer::Object) => {
            items(by_name, item, prefer)
        }
        (_, Some(object)) => members(by_name, |name| member_shape(object, name), prefer),
        // What may be anything is as it looks.
        (None, None) if are_places(&by_name) => items(by_name, shape, prefer),
        (_, None) => members(by_name, |_| shape, prefer),
    }
}

/// Whether names are the numbers of items, from 0 on and with none left out.
fn are_places(by_name: &BTreeMap<&str, Vec<Rest<'_>>>) -> bool {
    (0..by_name.len()).all(|place| by_name.contains_key(place.to_string().as_str()))
}

fn members(
    by_name: BTreeMap<&str, Vec<Rest<'_>>>,
    shape: impl Fn(&str) -> Shape,
    prefer: Prefer,
) -> Result<Value, Fault> {
    let members = by_name.into_iter().map(|(name, leaves)| {
        let value = inside(leaves, shape(name), prefer)?;
        Ok((name.to_owned(), value))
    });
    members.collect::<Result<Map<_, _>, _>>().map(Value::Object)
}

/// Items in the order of their numbers, and behind them those of `a[]=1&a[]=2`.
fn items(
    by_name: BTreeMap<&str, Vec<Rest<'_>>>,
    item: Shape,
    prefer: Prefer,
) -> Result<Value, Fault> {
    let mut numbered: BTreeMap<usize, Vec<Rest<'_>>> = BTreeMap::new();
    let mut others = Vec::new();
    for (name, leaves) in by_name {
        if name.is_empty() {
            others = leaves;
            continue;
        }
        let place = name.parse();
        let place = place.map_err(|_| Fault::Invalid(format!("`[{name}]` is not the number of an item")))?;
        numbered.entry(place).or_default().extend(leaves);
    }
    if others.iter().any(|(path, _)| !path.is_empty()) {
        let message = "an item that has members needs its number: `[0]` instead of `[]`";
        return Err(Fault::Invalid(message.to_owned()));
    }
    let each = numbered.into_values().chain(others.into_iter().map(|one| vec![one]));
    each.map(|leaves| inside(leaves, item, prefer)).collect()
}
