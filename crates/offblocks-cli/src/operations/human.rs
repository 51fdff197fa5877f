//! Responses for people: a table, or one property a line.

use serde_json::Value;

use super::flat::{flat, text};
use crate::control::printed::table;
use crate::generated::Call;
use crate::paint::Paint;

/// The lines that show a value.
pub(super) fn lines(value: &Value, call: &Call, selected: bool, paint: Paint) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) if items.iter().all(Value::is_object) => {
            // What an expression selects has other properties than the contract's items.
            let columns = match selected {
                true => union(items),
                false => call.columns.iter().map(|it| (*it).to_owned()).collect(),
            };
            rows(items, &columns, paint)
        }
        Value::Array(items) => items.iter().map(text).collect(),
        Value::Object(_) => {
            let all = flat(value, call.fields);
            let row = |(name, text): (String, String)| vec![name, text];
            table(&all.into_iter().map(row).collect::<Vec<_>>())
        }
        single => vec![text(single)],
    }
}

fn rows(items: &[Value], columns: &[String], paint: Paint) -> Vec<String> {
    if items.is_empty() {
        return vec!["there are none".to_owned()];
    }
    let cells = |item: &Value| {
        let all = flat(item, &[]);
        let cell = |column: &String| {
            let found = all.iter().find(|(name, _)| name == column);
            found.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        columns.iter().map(cell).collect::<Vec<_>>()
    };
    let rows: Vec<_> = std::iter::once(columns.to_vec())
        .chain(items.iter().map(cells))
        .collect();
    let mut lines = table(&rows);
    lines[0] = paint.title(&lines[0]);
    lines
}

/// The names of all properties.
fn union(items: &[Value]) -> Vec<String> {
    let mut names = Vec::new();
    for (name, _) in items.iter().flat_map(|item| flat(item, &[])) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
