//! Values in words.

use contract::{Node, Value};

/// A value as one short line.
pub(super) fn brief(node: &Node) -> String {
    let text = match &node.value {
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => node.to_json().to_string(),
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
    };
    shorten(&text)
}

/// The first words of a text that may be long.
pub(super) fn shorten(text: &str) -> String {
    const LIMIT: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    if line.len() == text.len() && line.chars().count() <= LIMIT {
        return line.to_owned();
    }
    let kept: String = line.chars().take(LIMIT).collect();
    format!("{kept}…")
}

/// Names in backquotes, with commas.
pub(super) fn quoted<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let names = names.into_iter();
    let names: Vec<String> = names.map(|name| format!("`{}`", name.as_ref())).collect();
    names.join(", ")
}
