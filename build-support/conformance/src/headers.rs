//! The values of response headers against their schemas.

use super::exchange::Exchange;
use super::index::{Contract, DocumentedResponse, Operation};
use super::observe::Observation;
use super::schema::Violation;
use serde_json::Value;

/// Every header whose value breaks its schema.
pub(super) fn check(
    contract: &Contract,
    operation: &Operation,
    response: &DocumentedResponse,
    exchange: &Exchange,
) -> Vec<Observation> {
    let headers = response.header_schemas.iter();
    let broken = headers.filter_map(|(name, schema)| {
        let value = exchange.response.headers.get(name)?;
        let violation = violation(contract, schema, value)?;
        let message = format!(
            "{} {}: the header `{name}`: {}",
            operation.id, response.key, violation.message
        );
        let cause = format!("{schema}\n{}", violation.schema);
        Some(Observation::new("header-invalid", cause, schema, message))
    });
    broken.collect()
}

/// How a value breaks its schema, whichever way it is read: a header is text, and its schema says
/// what the text stands for.
fn violation(contract: &Contract, schema: &str, value: &str) -> Option<Violation> {
    let mut first = None;
    for reading in readings(value) {
        let mut violations = contract.schemas.violations(schema, &reading).into_iter();
        let violation = violations.next()?;
        // What another reading has against a value is said where the types fit at least.
        if first.is_none() || violation.rule != "type-wrong" {
            first = Some(violation);
        }
    }
    first
}

/// What a text may stand for: itself, a number or a truth value, and a list of either, written with
/// commas (style `simple`).
fn readings(text: &str) -> Vec<Value> {
    let items = || {
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
    };
    let mut found = vec![Value::from(text)];
    found.extend(scalar(text));
    found.push(items().map(Value::from).collect());
    let scalars: Option<Vec<Value>> = items().map(scalar).collect();
    found.extend(scalars.map(Value::from));
    found
}

fn scalar(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    (value.is_number() || value.is_boolean()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::readings;
    use serde_json::json;

    #[test]
    fn a_text_stands_for_itself_a_number_or_a_list() {
        let words = |text: &str| json!(readings(text));
        assert_eq!(words("7"), json!(["7", 7, ["7"], [7]]));
        assert_eq!(words("a, b"), json!(["a, b", ["a", "b"]]));
        assert_eq!(words("true"), json!(["true", true, ["true"], [true]]));
    }
}
