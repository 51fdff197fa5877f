//! Decoded texts as JSON values.

use std::collections::BTreeMap;

use serde_json::Value;

use super::choices::{Prefer, chosen, integer, number};
use super::{ParameterFault as Fault, Shape};

/// Decoded texts as one value.
pub(super) fn together(texts: Vec<String>, shape: Shape, prefer: Prefer) -> Result<Value, Fault> {
    let shape = chosen(shape, &texts, prefer);
    if let Shape::List(item) = shape {
        let items = texts.into_iter().map(|text| scalar(text, *item, prefer));
        return items.collect();
    }
    let [single] = <[String; 1]>::try_from(texts).map_err(|_| Fault::Repeated)?;
    scalar(single, shape, prefer)
}

/// Text that is not of its shape stays text: the schema then names what it should have been.
pub(super) fn scalar(text: String, shape: Shape, prefer: Prefer) -> Result<Value, Fault> {
    let number = match chosen(shape, std::slice::from_ref(&text), prefer) {
        Shape::Integer => {
            let read = integer(&text);
            if read.is_none() && number(&text).is_some() && text.bytes().all(|it| it == b'-' || it.is_ascii_digit()) {
                let fault = "is an integer beyond 64 bits, and those are read in bodies alone";
                return Err(Fault::Invalid(fault.to_owned()));
            }
            read
        }
        Shape::Number => number(&text),
        Shape::Boolean => {
            let flag = text.parse().map(Value::Bool);
            return Ok(flag.unwrap_or(Value::String(text)));
        }
        Shape::Json => {
            let value = serde_json::from_str(&text);
            return value.map_err(|_| Fault::Invalid("it is not valid JSON".to_owned()));
        }
        Shape::Text
        | Shape::List(_)
        | Shape::Object(_)
        | Shape::Map(_)
        | Shape::Open(..)
        | Shape::Joined(..)
        | Shape::Spread(_)
        | Shape::Deep(_)
        | Shape::Of(_)
        | Shape::Any(_) => None,
    };
    Ok(number.map_or_else(|| Value::String(text), Value::Number))
}

/// What has the same name, together and in its order.
pub(super) fn grouped<'a, T>(pairs: impl Iterator<Item = (&'a str, T)>) -> BTreeMap<&'a str, Vec<T>> {
    let mut groups: BTreeMap<&str, Vec<T>> = BTreeMap::new();
    for (name, one) in pairs {
        groups.entry(name).or_default().push(one);
    }
    groups
}

/// The shape of a member.
pub(super) fn member_shape(shape: Shape, key: &str) -> Shape {
    match shape {
        Shape::Object(members) => {
            let known = members.iter().find(|(name, _)| *name == key);
            known.map_or(Shape::Text, |(_, shape)| *shape)
        }
        Shape::Map(values) => *values,
        Shape::Open(members, others) => {
            let known = members.iter().find(|(name, _)| *name == key);
            known.map_or(*others, |(_, shape)| *shape)
        }
        _ => Shape::Text,
    }
}
