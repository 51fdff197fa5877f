//! Text outside JSON (path, query, headers, cookies, forms) as JSON values.

use http::{HeaderMap, header};
use serde_json::{Map, Number, Value};

use super::{Location, ParameterFault as Fault, ParameterRule, Shape, percent};

/// The raw, still percent-encoded values of a matched path template.
#[derive(Debug, Clone, Default)]
pub(super) struct PathValues(pub(super) Vec<(String, String)>);

/// Where the values of a call's parameters come from.
pub(super) struct Sources<'a> {
    pub(super) path: Option<&'a PathValues>,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
}

impl Sources<'_> {
    /// The value of a parameter, `None` when it is absent.
    pub(super) fn value(&self, rule: &ParameterRule) -> Result<Option<Value>, Fault> {
        let raw = self.raw(rule)?;
        if raw.is_empty() {
            return Ok(None);
        }
        let plus = rule.location == Location::Query;
        let decode = |text: &str| match rule.location {
            Location::Header => Ok(text.to_owned()),
            _ => percent::decode(text, plus).ok_or(Fault::Encoding),
        };
        assemble(&raw, rule.shape, rule.explode, decode).map(Some)
    }

    fn raw(&self, rule: &ParameterRule) -> Result<Vec<String>, Fault> {
        match rule.location {
            Location::Path => Ok(self.path_values(rule.name)),
            Location::Query => named(self.query.split('&'), rule.name, true),
            Location::Header => header_lines(self.headers, rule.name),
            Location::Cookie => {
                let lines = header_lines(self.headers, header::COOKIE.as_str())?;
                named(
                    lines.iter().flat_map(|line| line.split(';').map(str::trim)),
                    rule.name,
                    false,
                )
            }
        }
    }

    fn path_values(&self, name: &str) -> Vec<String> {
        let pairs = self.path.into_iter().flat_map(|values| &values.0);
        pairs
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .collect()
    }
}

/// A form body as an object; keys the contract does not list stay, as text, for its schema to
/// judge.
pub(super) fn form(text: &str, shape: Shape) -> Result<Value, Fault> {
    let members = if let Shape::Object(members) = shape {
        members
    } else {
        &[]
    };
    let mut object = Map::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let key = pair.split_once('=').map_or(pair, |(key, _)| key);
        let key = percent::decode(key, true).ok_or(Fault::Encoding)?;
        if object.contains_key(&key) {
            continue;
        }
        let known = members.iter().find(|(name, _)| *name == key);
        let shape = known.map_or(Shape::Text, |(_, shape)| *shape);
        let raw = named(text.split('&'), &key, true)?;
        let decode = |text: &str| percent::decode(text, true).ok_or(Fault::Encoding);
        object.insert(key, assemble(&raw, shape, true, decode)?);
    }
    Ok(Value::Object(object))
}

/// The values of `name` among `name=value` pairs.
fn named<'a>(
    pairs: impl Iterator<Item = &'a str>,
    name: &str,
    plus: bool,
) -> Result<Vec<String>, Fault> {
    let mut values = Vec::new();
    for pair in pairs {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if percent::decode(key, plus).as_deref() == Some(name) {
            values.push(value.to_owned());
        }
    }
    Ok(values)
}

fn header_lines(headers: &HeaderMap, name: &str) -> Result<Vec<String>, Fault> {
    let lines = headers.get_all(name).iter();
    lines
        .map(|line| String::from_utf8(line.as_bytes().to_vec()).map_err(|_| Fault::Encoding))
        .collect()
}

fn assemble(
    raw: &[String],
    shape: Shape,
    explode: bool,
    decode: impl Fn(&str) -> Result<String, Fault>,
) -> Result<Value, Fault> {
    if let Shape::List(item) = shape {
        let items = raw.iter().flat_map(|line| pieces(line, explode));
        let items = items.map(|text| decode(text).map(|text| scalar(text, *item)));
        return Ok(Value::Array(items.collect::<Result<_, _>>()?));
    }
    match raw {
        [single] => Ok(scalar(decode(single)?, shape)),
        _ => Err(Fault::Repeated),
    }
}

/// Commas are split before decoding, so that `%2C` is part of a value. An empty text joined with
/// commas is an empty list.
fn pieces(line: &str, explode: bool) -> Vec<&str> {
    match (explode, line.is_empty()) {
        (true, _) => vec![line],
        (false, true) => Vec::new(),
        (false, false) => line.split(',').map(str::trim).collect(),
    }
}

/// Text that is not of its shape stays text: the schema then names what it should have been.
fn scalar(text: String, shape: Shape) -> Value {
    let number = match shape {
        Shape::Integer => integer(&text),
        Shape::Number => integer(&text).or_else(|| text.parse().ok().and_then(Number::from_f64)),
        Shape::Boolean => {
            return text
                .parse()
                .map_or_else(|_| Value::String(text), Value::Bool);
        }
        Shape::Text | Shape::List(_) | Shape::Object(_) => None,
    };
    number.map_or_else(|| Value::String(text), Value::Number)
}

fn integer(text: &str) -> Option<Number> {
    text.parse::<i64>()
        .map(Number::from)
        .or_else(|_| text.parse::<u64>().map(Number::from))
        .ok()
}
