//! Limits on sizes that are written with a point, as `minItems: 1.0`. JSON Schema treats them as
//! integers, so they are written without the point, and nothing is reported.

use crate::grammar::{KEYWORDS, Kind, Shape};
use crate::node::{Node, Value};
use crate::version::SpecVersion;
use crate::walk::{Place, Walk};
use serde_json::Number;

/// Beyond this a double does not hold every integer.
const MOST: f64 = 9_007_199_254_740_992.0;

/// Writes every such limit without a point.
pub(super) fn write(root: &mut Node, version: SpecVersion) {
    let walk = Walk::new(root, Kind::Document, version);
    let found: Vec<_> = walk.of(Kind::Schema).flat_map(counts).collect();
    for (pointer, keyword, count) in found {
        let limit = root.pointer_mut(&pointer);
        if let Some(limit) = limit.and_then(|schema| schema.get_mut(keyword)) {
            limit.value = Value::Number(count);
        }
    }
}

fn counts<'a>(place: &'a Place<'_>) -> impl Iterator<Item = (String, &'static str, Number)> + 'a {
    let keywords = KEYWORDS.iter().map(|keyword| keyword.field);
    let counts = keywords.filter(|field| matches!(field.shape, Shape::Count));
    counts.filter_map(|field| {
        let limit = place.node.get(field.name)?.as_number()?;
        Some((place.pointer.clone(), field.name, whole(limit)?))
    })
}

/// The integer that a number with a point is.
fn whole(number: &Number) -> Option<Number> {
    let value = number.as_f64().filter(|_| number.is_f64())?;
    let is_count = value.fract() == 0.0 && (0.0..=MOST).contains(&value);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and not below 0"
    )]
    is_count.then(|| Number::from(value as u64))
}
