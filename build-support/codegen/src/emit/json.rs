//! JSON laid out for people: what fits on a line stays on one.

use serde_json::Value;

/// Lines are no longer than this, unless a single value is.
const WIDTH: usize = 96;

/// What one level is indented by.
const STEP: &str = "  ";

/// The value as text without a final newline. Members keep their order.
pub fn layout(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0, 0);
    out
}

/// A text as a raw string of Rust, with as many `#` as it needs.
pub fn raw_string(text: &str) -> String {
    let behind_quotes = text.split('"').skip(1);
    let runs = behind_quotes.map(|part| part.len() - part.trim_start_matches('#').len());
    let hashes = "#".repeat(runs.max().unwrap_or(0) + 1);
    format!("r{hashes}\"{text}\"{hashes}")
}

/// Writes a value; `taken` is how much of its first line stands before it.
fn write(out: &mut String, value: &Value, depth: usize, taken: usize) {
    let line = one_line(value);
    // One column is kept for the comma behind it.
    if taken + line.chars().count() < WIDTH {
        out.push_str(&line);
        return;
    }
    match value {
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter().map(|item| (String::new(), item));
            block(out, ['[', ']'], items, depth);
        }
        Value::Object(members) if !members.is_empty() => {
            let members = members
                .iter()
                .map(|(key, value)| (format!("{}: ", text(key)), value));
            block(out, ['{', '}'], members, depth);
        }
        _ => out.push_str(&line),
    }
}

/// Writes each part on lines of its own, between brackets.
fn block<'a>(
    out: &mut String,
    [open, close]: [char; 2],
    parts: impl Iterator<Item = (String, &'a Value)>,
    depth: usize,
) {
    let margin = STEP.repeat(depth + 1);
    out.push(open);
    for (index, (key, value)) in parts.enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&margin);
        out.push_str(&key);
        write(out, value, depth + 1, margin.len() + key.chars().count());
    }
    out.push('\n');
    out.push_str(&STEP.repeat(depth));
    out.push(close);
}

/// The value on one line, with a space behind each colon and comma.
fn one_line(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(one_line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", text(key), one_line(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

fn text(key: &str) -> String {
    Value::from(key).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_fits_stays_on_one_line() {
        let value = json!({
            "empty": [{}, []],
            "names": ["a".repeat(40), "b".repeat(40), "c\n"],
            "small": { "type": "string", "enum": ["x", null] },
        });
        let expected = format!(
            "{{\n  \"empty\": [{{}}, []],\n  \"names\": [\n    \"{}\",\n    \"{}\",\n    \"c\\n\"\n  ],\n  \
             \"small\": {{\"enum\": [\"x\", null], \"type\": \"string\"}}\n}}",
            "a".repeat(40),
            "b".repeat(40),
        );
        assert_eq!(layout(&value), expected);
        assert_eq!(layout(&json!({ "a": 1 })), r#"{"a": 1}"#);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,30}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".{0,8}", inner, 0..6)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_changes_but_the_layout(value in any_json()) {
            let text = layout(&value);
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }
}
