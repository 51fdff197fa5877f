//! YAML of a JSON value.
//!
//! JSON texts are YAML 1.2 texts, so only the layout is made here: one property or item a line. A
//! text stands without quotes where no reader can take it for anything else. The libraries that write
//! YAML are no longer kept up, or bring a second parser; this needs none.

use serde_json::{Map, Value};

/// The value as YAML, ending with a line feed.
pub(super) fn yaml(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(members) if !members.is_empty() => object(members, 0, false, &mut out),
        Value::Array(items) if !items.is_empty() => array(items, 0, &mut out),
        single => out = format!("{}\n", scalar(single)),
    }
    out
}

fn object(members: &Map<String, Value>, depth: usize, mut inline: bool, out: &mut String) {
    for (name, value) in members {
        if !inline {
            out.push_str(&"  ".repeat(depth));
        }
        inline = false;
        out.push_str(&text(name));
        out.push(':');
        match value {
            Value::Object(members) if !members.is_empty() => {
                out.push('\n');
                object(members, depth + 1, false, out);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                array(items, depth + 1, out);
            }
            single => {
                out.push_str(&format!(" {}\n", scalar(single)));
            }
        }
    }
}

fn array(items: &[Value], depth: usize, out: &mut String) {
    for item in items {
        out.push_str(&"  ".repeat(depth));
        out.push('-');
        match item {
            Value::Object(members) if !members.is_empty() => {
                out.push(' ');
                object(members, depth + 1, true, out);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                array(items, depth + 1, out);
            }
            single => out.push_str(&format!(" {}\n", scalar(single))),
        }
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(string) => text(string),
        other => other.to_string(),
    }
}

/// A text, in quotes unless it is plainly a word.
fn text(text: &str) -> String {
    const OTHERS: [&str; 11] = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf",
    ];
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let inside = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_./".contains(c));
    let other = OTHERS.contains(&text.to_ascii_lowercase().as_str());
    match begins && inside && !other {
        true => text.to_owned(),
        false => Value::from(text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_layout_is_one_property_a_line() {
        let value = json!({
            "at": {"city": "Bristol", "code": "BS1 4RN"}, "fees": [{"a": "0.04", "b": [1, [2]]}],
            "flag": true, "gone": null, "none": [], "word": "no"
        });
        let expected = "\
at:
  city: Bristol
  code: \"BS1 4RN\"
fees:
  - a: \"0.04\"
    b:
      - 1
      -
        - 2
flag: true
gone: null
none: []
word: \"no\"
";
        assert_eq!(yaml(&value), expected);
    }

    #[test]
    fn it_is_read_back_as_it_was() {
        let awkward = [
            "",
            " a",
            "a: b",
            "- a",
            "# a",
            "1e3",
            "0x1F",
            "~",
            "é\n\t\"\\",
            "Null",
            "12:30:45",
            "2024-03-05",
            "a #b",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "{a",
            "[a",
            "a,b",
            "\u{85}\u{2028}",
        ];
        // The reader takes contracts, so this is one.
        let value = json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {},
            "x-awkward": awkward, "x-nested": [[], [[1.5, {"x": [{}]}]], {"": "key"}]
        });
        let read = contract::read_str("t.yaml", &yaml(&value)).unwrap();
        assert_eq!(read.root.to_json(), value);
    }
}
