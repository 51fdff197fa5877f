//! How one text holds a list or an object (RFC 6570; OpenAPI, "Style Values").
//!
//! Texts are taken apart before they are decoded, so that an escaped separator is part of a value. Spaces and
//! pipes are encoded by most programs, and separate in either spelling.

use super::{Location, ParameterFault as Fault, ParameterRule, Style};

/// What a text holds, still encoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parts {
    /// One value.
    One(String),
    /// The items of a list.
    Items(Vec<String>),
    /// The members of an object.
    Members(Vec<(String, String)>),
}

/// What is expected of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    One,
    Items,
    Members,
}

/// Takes the text of a parameter apart.
pub(super) fn parts(text: &str, rule: &ParameterRule, expected: Expected) -> Result<Parts, Fault> {
    let text = without_prefix(text, rule, expected)?;
    Ok(match expected {
        Expected::One => Parts::One(text),
        Expected::Items => Parts::Items(items(&text, rule)?),
        Expected::Members => Parts::Members(members(&text, rule)?),
    })
}

/// The text behind what only says that a parameter begins: `.`, `;name=`.
fn without_prefix(text: &str, rule: &ParameterRule, expected: Expected) -> Result<String, Fault> {
    let begins = |prefix: &str| match text.strip_prefix(prefix) {
        Some(rest) => Ok(rest.to_owned()),
        None => Err(Fault::Invalid(format!("it does not begin with `{prefix}`"))),
    };
    match rule.style {
        Style::Label => begins("."),
        Style::Matrix if rule.explode && expected != Expected::One => begins(";"),
        Style::Matrix => named(&begins(";")?, rule.name),
        _ => Ok(text.to_owned()),
    }
}

/// The value of `name=value`; a name alone has an empty one.
fn named(text: &str, name: &str) -> Result<String, Fault> {
    let value = text.strip_prefix(name).and_then(|rest| match rest {
        "" => Some(rest),
        rest => rest.strip_prefix('='),
    });
    let value = value.ok_or_else(|| Fault::Invalid(format!("it does not begin with `;{name}=`")));
    value.map(str::to_owned)
}

/// An empty text is an empty list.
fn items(text: &str, rule: &ParameterRule) -> Result<Vec<String>, Fault> {
    let exploded = rule.explode && rule.style == Style::Matrix;
    let items = split(text, rule).into_iter();
    let items = items.map(|item| match exploded {
        true => named(&item, rule.name),
        false => Ok(item),
    });
    items.collect()
}

fn members(text: &str, rule: &ParameterRule) -> Result<Vec<(String, String)>, Fault> {
    let parts = split(text, rule);
    if rule.explode {
        let pairs = parts.iter().map(|part| match part.split_once('=') {
            Some((key, value)) => (key.to_owned(), value.to_owned()),
            None => (part.clone(), String::new()),
        });
        return Ok(pairs.collect());
    }
    let pairs = parts.chunks(2).map(|pair| match pair {
        [key, value] => Ok((key.clone(), value.clone())),
        _ => Err(Fault::Invalid("a name has no value".to_owned())),
    });
    pairs.collect()
}

fn split(text: &str, rule: &ParameterRule) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let in_header = rule.location == Location::Header;
    let parts: Vec<&str> = match (rule.style, rule.explode) {
        (Style::Label, true) => text.split('.').collect(),
        (Style::Matrix, true) => text.split(';').collect(),
        (Style::Pipe, _) => {
            let escapes = text.split("%7C").flat_map(|part| part.split("%7c"));
            escapes.flat_map(|part| part.split('|')).collect()
        }
        (Style::Space, _) => {
            let spaces = text.split("%20").flat_map(|part| part.split('+'));
            spaces.collect()
        }
        _ if in_header => text.split(',').map(str::trim).collect(),
        _ => text.split(',').collect(),
    };
    parts.into_iter().map(str::to_owned).collect()
}
