//! Secrets in responses: never printed.

use serde_json::Value;

/// Stands for a secret.
const HIDDEN: &str = "[hidden: --secrets-to FILE writes it to a file]";

/// The response without the texts of its secrets, which are the properties of these names.
pub(super) fn hidden(mut response: Value, names: &[&str]) -> Value {
    hide(&mut response, names);
    response
}

fn hide(value: &mut Value, names: &[&str]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, names)),
        Value::Object(members) => {
            for (name, member) in members {
                match names.contains(&name.as_str()) && !member.is_null() {
                    true => *member = HIDDEN.into(),
                    false => hide(member, names),
                }
            }
        }
        _ => (),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_hidden_wherever_they_are() {
        let response = json!([{"token": "abc", "a": {"token": 7, "b": "kept"}}, "token"]);
        let shown = hidden(response, &["token"]);
        assert_eq!(
            shown,
            json!([{"token": HIDDEN, "a": {"token": HIDDEN, "b": "kept"}}, "token"])
        );
    }
}
