//! `--query`: a part of a response, by a JMESPath expression.

use serde_json::Value;

/// What the expression selects.
///
/// # Errors
/// When the expression is not valid, or a function gets an argument of a wrong type.
pub(super) fn select(expression: &str, value: &Value) -> Result<Value, String> {
    let compiled = jmespath::compile(expression).map_err(|error| error.to_string())?;
    let found = compiled.search(value).map_err(|error| error.to_string())?;
    serde_json::to_value(&*found).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn expressions_select() {
        let cards = json!([{"id": 1, "status": "active"}, {"id": 2, "status": "inactive"}]);
        let ids = select("[?status=='active'].id", &cards);
        assert_eq!(ids, Ok(json!([1])));
        assert_eq!(select("length(@)", &cards), Ok(json!(2)));
        assert!(select("length(", &cards).is_err());
        assert!(select("sum(@)", &cards).is_err());
    }
}
