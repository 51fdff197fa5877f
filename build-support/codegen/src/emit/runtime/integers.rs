//! Integers that are written like other numbers: JSON Schema counts `5.0` and `5e0` among them.

use serde_json::Value;

/// Writes every such integer of a value as serde reads integers: `5`.
pub fn normalise(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(normalise),
        Value::Object(members) => members.values_mut().for_each(normalise),
        Value::Number(number) if number.is_f64() => {
            let integer = whole(value).and_then(|integer| i64::try_from(integer).ok());
            if let Some(integer) = integer {
                *value = integer.into();
            }
        }
        _ => {}
    }
}

/// The value of an integer, however it is written.
#[must_use]
pub fn whole(value: &Value) -> Option<i128> {
    /// Every integer up to here has a double of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let integer = value.as_i64().map(i128::from);
    let integer = integer.or_else(|| value.as_u64().map(i128::from));
    integer.or_else(|| {
        let number = value.as_f64()?;
        #[allow(clippy::cast_possible_truncation, reason = "checked in the same line")]
        (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i128)
    })
}
