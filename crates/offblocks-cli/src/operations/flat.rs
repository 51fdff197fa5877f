//! A JSON value as named texts: what tables, lists of properties and CSV are made of.

use serde_json::Value;

/// The single values of an object, each with its name; the name of one that is inside others has dots.
/// Properties of the object come in the given order, others behind. Lists of single values are one
/// text.
pub(super) fn flat(value: &Value, order: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let Value::Object(members) = value else {
        return vec![(String::new(), text(value))];
    };
    let known = order.iter().filter_map(|name| members.get_key_value(*name));
    let others = members
        .iter()
        .filter(|(name, _)| !order.contains(&name.as_str()));
    for (name, member) in known.chain(others) {
        add(name, member, &mut found);
    }
    found
}

fn add(name: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (inner, member) in members {
                add(&format!("{name}.{inner}"), member, found);
            }
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            for (index, item) in items.iter().enumerate() {
                add(&format!("{name}.{index}"), item, found);
            }
        }
        value => found.push((name.to_owned(), text(value))),
    }
}

/// A single value, or a list of such, as text. Control characters are written as escapes, so that a
/// text from elsewhere cannot control a terminal.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => printable(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(text).collect();
            items.join(", ")
        }
        other => other.to_string(),
    }
}

fn printable(text: &str) -> String {
    let safe = |character: char| match character.is_control() {
        true => character.escape_default().to_string(),
        false => character.to_string(),
    };
    text.chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn properties_are_named_by_their_place() {
        let value = json!({
            "b": {"y": 1, "x": [1, 2]}, "a": null, "id": "7", "c": [{"k": "v"}], "d": [], "e": {}
        });
        let found = flat(&value, &["id", "missing", "b"]);
        let lines: Vec<_> = found
            .iter()
            .map(|(name, text)| format!("{name}={text}"))
            .collect();
        assert_eq!(
            lines,
            ["id=7", "b.x=1, 2", "b.y=1", "a=", "c.0.k=v", "d=", "e={}"]
        );
    }

    #[test]
    fn a_text_cannot_steer_a_terminal() {
        assert_eq!(text(&json!("a\u{1b}[2Jb\u{9b}")), "a\\u{1b}[2Jb\\u{9b}");
    }
}
