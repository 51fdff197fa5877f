//! Numbers at the limits that either side draws.

use super::Found;
use super::view::View;
use serde_json::{Number, Value};

const LIMITS: [&str; 4] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/// Writes numbers: first one inside every limit, then those at and beside each.
pub(super) fn make(view: &View, receiver: &View, whole: bool, found: &mut Found) {
    let steps: Vec<f64> = numbers(view, "multipleOf").collect();
    let foreign: Vec<f64> = numbers(receiver, "multipleOf").collect();
    let limits = LIMITS
        .iter()
        .flat_map(|key| numbers(view, key).chain(numbers(receiver, key)));
    let mut limits: Vec<f64> = limits.collect();
    limits.sort_by(f64::total_cmp);
    limits.dedup();
    let mut tried = vec![1.0, 0.0];
    tried.extend(steps.iter().chain(&foreign).copied());
    tried.extend(middle(view, receiver));
    tried.extend(middle(view, &View::default()));
    for limit in limits {
        tried.extend([limit, limit + 1.0, limit - 1.0, limit + 0.5, limit - 0.5]);
        for step in &steps {
            let multiple = (limit / step).ceil() * step;
            tried.extend([multiple, multiple + step, multiple - step]);
        }
    }
    for step in steps.iter().chain(&foreign) {
        tried.extend([0.0, -step, step * 3.0, step * 7.0, step / 2.0, step + 1.0]);
        // Whole multiples of a half, and several different ones.
        tried.extend([2.0, -2.0, 4.0, -4.0, 6.0].map(|times| step * times));
    }
    tried.extend([2.0, -1.0, 0.5, 3.0, 10.0, 1e10, -1e10]);
    let (good, doubtful): (Vec<f64>, _) = tried
        .into_iter()
        .partition(|number| is_inside(view, *number));
    let kept = |number: &f64| !whole || number.fract() == 0.0;
    let both: Vec<f64> = good
        .iter()
        .copied()
        .filter(|number| is_inside(receiver, *number))
        .collect();
    let ordered = both.into_iter().take(1).chain(good).chain(doubtful);
    found.extend(ordered.filter(kept).filter_map(value));
}

fn numbers<'k>(view: &'k View, key: &'k str) -> impl Iterator<Item = f64> + use<'k> {
    view.all(key).filter_map(Value::as_f64)
}

/// A number between the limits of both, where both are drawn.
fn middle(view: &View, other: &View) -> Option<f64> {
    let all = |key| numbers(view, key).chain(numbers(other, key));
    let least = all("minimum")
        .chain(all("exclusiveMinimum"))
        .reduce(f64::max)?;
    let most = all("maximum")
        .chain(all("exclusiveMaximum"))
        .reduce(f64::min)?;
    Some(f64::midpoint(least, most))
}

fn is_inside(view: &View, number: f64) -> bool {
    numbers(view, "minimum").all(|limit| number >= limit)
        && numbers(view, "maximum").all(|limit| number <= limit)
        && numbers(view, "exclusiveMinimum").all(|limit| number > limit)
        && numbers(view, "exclusiveMaximum").all(|limit| number < limit)
        && numbers(view, "multipleOf").all(|step| is_multiple(number, step))
}

fn is_multiple(number: f64, step: f64) -> bool {
    let times = number / step;
    (times - times.round()).abs() < 1e-9
}

/// Whole numbers are written without a fraction, as far as they are exact.
fn value(number: f64) -> Option<Value> {
    if number.fract() == 0.0 && number.abs() < 9.2e18 {
        return Some(Value::Number((number as i64).into()));
    }
    Number::from_f64(number).map(Value::Number)
}
