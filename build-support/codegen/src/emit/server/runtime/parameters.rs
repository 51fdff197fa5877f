//! Text outside JSON (path, query, headers, cookies, forms) as JSON values.

use http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::choices::{Prefer, chosen, object_among};
use super::styles::{self, Expected, Parts};
use super::values::{grouped, member_shape, scalar, together};
use super::{Location, ParameterFault as Fault, ParameterRule, Shape, Style, deep, percent};

/// The raw, still percent-encoded values of a matched path template.
#[derive(Debug, Clone, Default)]
pub(super) struct PathValues(pub(super) Vec<(String, String)>);

/// Where the values of a call's parameters come from.
pub(super) struct Sources<'a> {
    pub(super) path: Option<&'a PathValues>,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    /// The parameters of the call, which share the names of its query.
    pub(super) rules: &'a [ParameterRule],
}

impl Sources<'_> {
    /// The value of a parameter, `None` when it is absent.
    pub(super) fn value(&self, rule: &ParameterRule, prefer: Prefer) -> Result<Option<Value>, Fault> {
        let decode = |text: &str| decode(text, rule.location);
        if rule.style == Style::Deep {
            return deep::value(self.query, rule.name, rule.shape, prefer);
        }
        if let Some(shape) = object_among(rule.shape)
            && let Some(pairs) = self.spread(&ParameterRule { shape, ..*rule })?
            && (!pairs.is_empty() || !matches!(rule.shape, Shape::Any(_)))
        {
            return members(&pairs, shape, &|_| prefer, decode).map_err(|(_, fault)| fault);
        }
        let mut raw = self.raw(rule)?;
        raw.retain(|text| !(rule.may_be_empty && text.is_empty()));
        if raw.is_empty() {
            return Ok(None);
        }
        assemble(&raw, rule, prefer, decode).map(Some)
    }

    /// The members of an object that is spread over a query or cookies: `x=1`.
    fn spread(&self, rule: &ParameterRule) -> Result<Option<Vec<(String, String)>>, Fault> {
        let pairs = match rule.location {
            Location::Query => pairs(self.query.split('&'), true),
            Location::Cookie => self.cookies()?,
            Location::Path | Location::Header => return Ok(None),
        };
        if rule.style != Style::Plain || !rule.explode {
            return Ok(None);
        }
        let own = pairs.into_iter().filter(|(key, _)| self.is_member(rule, key));
        Ok(Some(own.collect()))
    }

    /// Whether a name of the query is that of a member. A map takes every name that is not the
    /// name of another parameter.
    fn is_member(&self, rule: &ParameterRule, key: &str) -> bool {
        match rule.shape {
            Shape::Object(members) => members.iter().any(|(name, _)| *name == key),
            _ => !self.rules.iter().any(|other| {
                let base = key.split('[').next().unwrap_or(key);
                other.location == rule.location && (other.name == key || other.name == base)
            }),
        }
    }

    fn raw(&self, rule: &ParameterRule) -> Result<Vec<String>, Fault> {
        let named = |pairs: Vec<(String, String)>| {
            let own = pairs.into_iter().filter(|(key, _)| key == rule.name);
            own.map(|(_, value)| value).collect()
        };
        match rule.location {
            Location::Path => Ok(self.path_values(rule.name)),
            Location::Query => Ok(named(pairs(self.query.split('&'), true))),
            Location::Header => header_lines(self.headers, rule.name),
            Location::Cookie => Ok(named(self.cookies()?)),
        }
    }

    fn cookies(&self) -> Result<Vec<(String, String)>, Fault> {
        let lines = header_lines(self.headers, header::COOKIE.as_str())?;
        let all = lines.iter().flat_map(|line| line.split(';').map(str::trim));
        Ok(pairs(all, false))
    }

    fn path_values(&self, name: &str) -> Vec<String> {
        let pairs = self.path.into_iter().flat_map(|values| &values.0);
        pairs
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .collect()
    }
}

fn decode(text: &str, location: Location) -> Result<String, Fault> {
    match location {
        Location::Header => Ok(text.to_owned()),
        _ => percent::decode(text, location == Location::Query).ok_or(Fault::Encoding),
    }
}

/// A form body as an object; keys the contract does not list stay, as text, for its schema to
/// judge.
pub(super) fn form(
    text: &str,
    shape: Shape,
    prefer: &dyn Fn(&str) -> Prefer,
) -> Result<Value, OfMember> {
    let listed = match shape {
        Shape::Object(members) | Shape::Open(members, _) => members,
        _ => &[],
    };
    let decode = |text: &str| decode(text, Location::Query);
    let mut rest = pairs(text.split('&').filter(|pair| !pair.is_empty()), true);
    let mut object = Map::new();
    for (name, shape) in listed {
        let value = match *shape {
            Shape::Deep(shape) => {
                rest.retain(|(key, _)| !is_below(key, name));
                deep::value(text, name, *shape, prefer(name))
            }
            shape => own_member(&mut rest, name, shape, prefer(name)),
        };
        if let Some(value) = value.map_err(|fault| ((*name).to_owned(), fault))? {
            object.insert((*name).to_owned(), value);
        }
    }
    for (name, value) in members(&rest, shape, prefer, decode)?.iter().flat_map(Value::as_object).flatten() {
        object.insert(name.clone(), value.clone());
    }
    Ok(Value::Object(object))
}

/// The member of a form that is written in a way of its own, taken out of the pairs.
fn own_member(
    rest: &mut Vec<(String, String)>,
    name: &'static str,
    shape: Shape,
    prefer: Prefer,
) -> Result<Option<Value>, Fault> {
    let decode = |text: &str| decode(text, Location::Query);
    let fault = |(_, fault): OfMember| fault;
    match shape {
        Shape::Joined(style, shape) => {
            let own = taken(rest, |key| key == name);
            let texts: Vec<String> = own.into_iter().map(|(_, text)| text).collect();
            let rule = ParameterRule::new(Location::Query, name, *shape, "");
            let rule = rule.style(style).joined();
            (!texts.is_empty()).then(|| assemble(&texts, &rule, prefer, decode)).transpose()
        }
        Shape::Spread(shape @ (Shape::Object(names) | Shape::Open(names, _))) => {
            let own = taken(rest, |key| names.iter().any(|(name, _)| *name == key));
            members(&own, *shape, &|_| prefer, decode).map_err(fault)
        }
        Shape::Spread(shape) => {
            let own = taken(rest, |key| key == name);
            let texts = own.iter().map(|(_, text)| decode(text));
            let texts = texts.collect::<Result<Vec<_>, _>>()?;
            (!texts.is_empty()).then(|| together(texts, *shape, prefer)).transpose()
        }
        _ => Ok(None),
    }
}

/// Takes out the pairs of some names.
fn taken(pairs: &mut Vec<(String, String)>, is_own: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let (own, rest) = std::mem::take(pairs).into_iter().partition(|(key, _)| is_own(key));
    *pairs = rest;
    own
}

/// `name=value` pairs: decoded names, values as they are. A name that is not encoded well is kept
/// as it is, since no parameter has it.
fn pairs<'a>(pairs: impl Iterator<Item = &'a str>, plus: bool) -> Vec<(String, String)> {
    let pairs = pairs.filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let key = percent::decode(key, plus).unwrap_or_else(|| key.to_owned());
        (key, value.to_owned())
    });
    pairs.collect()
}

/// Whether a name is `base`, or `base[…]`.
fn is_below(name: &str, base: &str) -> bool {
    name.strip_prefix(base)
        .is_some_and(|rest| rest.is_empty() || (rest.starts_with('[') && rest.ends_with(']')))
}

/// The name of a member, and what is wrong with it.
type OfMember = (String, Fault);

/// An object of members, some of which may be repeated; `None` where there are none.
fn members(
    pairs: &[(String, String)],
    shape: Shape,
    prefer: &dyn Fn(&str) -> Prefer,
    decode: impl Fn(&str) -> Result<String, Fault>,
) -> Result<Option<Value>, OfMember> {
    let mut object = Map::new();
    for (key, texts) in grouped(pairs.iter().map(|(key, text)| (key.as_str(), text))) {
        let shape = member_shape(shape, key);
        let texts = texts.into_iter().map(|text| decode(text));
        let texts = texts.collect::<Result<Vec<_>, _>>();
        let value = texts.and_then(|texts| together(texts, shape, prefer(key)));
        object.insert(key.to_owned(), value.map_err(|fault| (key.to_owned(), fault))?);
    }
    Ok((!object.is_empty()).then_some(Value::Object(object)))
}

fn header_lines(headers: &HeaderMap, name: &str) -> Result<Vec<String>, Fault> {
    let lines = headers.get_all(name).iter();
    lines
        .map(|line| String::from_utf8(line.as_bytes().to_vec()).map_err(|_| Fault::Encoding))
        .collect()
}

/// The value of a parameter that has its texts to itself.
fn assemble(
    raw: &[String],
    rule: &ParameterRule,
    prefer: Prefer,
    decode: impl Fn(&str) -> Result<String, Fault>,
) -> Result<Value, Fault> {
    let shape = match rule.shape {
        Shape::Any(_) => {
            let decoded = raw.iter().map(|text| decode(text)).collect::<Result<Vec<_>, _>>()?;
            chosen(rule.shape, &decoded, prefer)
        }
        shape => shape,
    };
    let rule = &ParameterRule { shape, ..*rule };
    let expected = match rule.shape {
        Shape::List(_) => Expected::Items,
        Shape::Object(_) | Shape::Map(_) | Shape::Open(..) => Expected::Members,
        _ => Expected::One,
    };
    if expected == Expected::Items {
        let mut items = Vec::new();
        for text in raw {
            items.extend(listed(text, rule)?);
        }
        let texts = items.iter().map(|text| decode(text));
        return together(texts.collect::<Result<_, _>>()?, rule.shape, prefer);
    }
    // Lines of one header are one object.
    let joined = raw.join(",");
    let text = match raw {
        [single] => single,
        _ if rule.location == Location::Header && expected == Expected::Members => &joined,
        _ => return Err(Fault::Repeated),
    };
    match styles::parts(text, rule, expected)? {
        Parts::One(text) => scalar(decode(&text)?, rule.shape, prefer),
        Parts::Items(_) => Err(Fault::Repeated),
        Parts::Members(pairs) => {
            let decoded = pairs.into_iter().map(|(key, value)| Ok((decode(&key)?, value)));
            let pairs = decoded.collect::<Result<Vec<_>, Fault>>()?;
            let object = members(&pairs, rule.shape, &|_| prefer, decode);
            let object = object.map_err(|(_, fault)| fault)?;
            Ok(object.unwrap_or_else(|| Value::Object(Map::new())))
        }
    }
}

/// The items in one of the texts of a list.
fn listed(text: &str, rule: &ParameterRule) -> Result<Vec<String>, Fault> {
    let repeats = matches!(rule.location, Location::Query | Location::Cookie);
    if repeats && rule.explode {
        return Ok(vec![text.to_owned()]);
    }
    match styles::parts(text, rule, Expected::Items)? {
        Parts::Items(items) => Ok(items),
        Parts::One(_) | Parts::Members(_) => Err(Fault::Repeated),
    }
}
