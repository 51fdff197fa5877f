//! Values as texts that are equal where the values are, so that one is found among many at once.

use super::amount::Amount;
use contract::{Node, Value};
use std::fmt::Write as _;

/// The text of a value: 1 is 1.0, and members have no order.
pub(crate) fn canonical(node: &Node) -> String {
    let mut text = String::new();
    write(node, &mut text);
    text
}

fn write(node: &Node, text: &mut String) {
    match &node.value {
        Value::Null => text.push('n'),
        Value::Bool(value) => text.push(if *value { 't' } else { 'f' }),
        Value::Number(number) => {
            let written = Amount::of(node).map(|amount| amount.to_string());
            text.push('#');
            text.push_str(&written.unwrap_or_else(|| number.to_string()));
            text.push(';');
        }
        Value::String(value) => quoted(value, text),
        Value::Array(items) => {
            text.push('[');
            items.iter().for_each(|item| write(item, text));
            text.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|one, other| one.key.cmp(&other.key));
            text.push('{');
            for member in sorted {
                quoted(&member.key, text);
                write(&member.value, text);
            }
            text.push('}');
        }
    }
}

/// The length says where a text ends, whatever is in it.
fn quoted(value: &str, text: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(text, "\"{}:{value}", value.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::view::same;

    #[test]
    fn texts_are_equal_where_values_are() {
        let values = [
            "null",
            "true",
            "false",
            "1",
            "1.0",
            "1e0",
            "10",
            "0.1",
            "\"1\"",
            "\"\"",
            "[]",
            "{}",
            "[1, 2]",
            "[2, 1]",
            "[[1], 2]",
            "[1, [2]]",
            "{a: 1, b: 2}",
            "{b: 2, a: 1.0}",
            "{a: {b: 2}}",
            "[\"a\", \"b\"]",
            "[\"a\\\"1:b\"]",
            "123456789012345678901234567890",
        ];
        let read = |text: &str| {
            let document = format!("openapi: 3.1.0\ninfo: {{}}\nx-value: {text}\n");
            crate::Contract::read("value.yaml", document).unwrap()
        };
        let read: Vec<_> = values.iter().map(|text| read(text)).collect();
        let nodes = read
            .iter()
            .map(|contract| contract.root().get("x-value").unwrap());
        let nodes: Vec<_> = nodes.collect();
        for (one, text) in nodes.iter().zip(values) {
            for (other, other_text) in nodes.iter().zip(values) {
                let equal = canonical(one) == canonical(other);
                assert_eq!(equal, same(one, other), "{text} and {other_text}");
            }
        }
    }
}
