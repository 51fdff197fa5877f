//! What a pointer is called by name.

use super::kind::Scope;
use contract::pointer;
use std::borrow::Cow;

/// The subject of a finding about a schema: `Card.limit`, `Card.tags[]`.
pub(super) fn subject(base: Option<&str>, revision: Option<&str>, scope: Scope) -> Option<String> {
    if scope != Scope::Value {
        return None;
    }
    let named = |pointer: Option<&str>| pointer.map(name).filter(|name| !name.is_empty());
    let (base, revision) = (named(base), named(revision));
    let longer = match (&base, &revision) {
        (Some(one), Some(other)) if one.len() > other.len() => base,
        (_, Some(_)) => revision,
        _ => base,
    };
    longer.map(|name| format!("`{name}`"))
}

fn name(pointer: &str) -> String {
    let tokens: Vec<Cow<'_, str>> = pointer::tokens(pointer).collect();
    let (mut name, mut at) = match tokens.as_slice() {
        [components, schemas, name, ..] if components == "components" && schemas == "schemas" => {
            (name.clone().into_owned(), 3)
        }
        _ => {
            let schema = tokens.iter().position(|token| token == "schema");
            (String::new(), schema.map_or(tokens.len(), |at| at + 1))
        }
    };
    while let Some(token) = tokens.get(at) {
        match token.as_ref() {
            "properties" => {
                let Some(property) = tokens.get(at + 1) else {
                    break;
                };
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(property);
                at += 1;
            }
            "items" => name.push_str("[]"),
            "additionalProperties" => name.push_str(".*"),
            _ => {}
        }
        at += 1;
    }
    name
}
