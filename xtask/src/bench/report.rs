//! Figures as a person or a program reads them.

use serde_json::{Value, json};
use std::time::Duration;

/// One measured figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    goal: Option<&'static str>,
}

impl Figure {
    /// A time, shown in milliseconds.
    pub fn time(what: &str, time: Duration, goal: Option<&'static str>) -> Self {
        Self::new(what, time.as_secs_f64() * 1e3, "ms", goal)
    }

    /// A size given in bytes, shown in megabytes of a million bytes.
    #[expect(clippy::cast_precision_loss, reason = "no process needs 2^53 bytes")]
    pub fn memory(what: &str, bytes: u64, goal: Option<&'static str>) -> Self {
        Self::new(what, bytes as f64 / 1e6, "MB", goal)
    }

    /// A count of things.
    #[expect(clippy::cast_precision_loss, reason = "no program has 2^53 parts")]
    pub fn count(what: &str, count: usize) -> Self {
        Self::number(what, count as f64)
    }

    /// A number without a unit.
    pub fn number(what: &str, value: f64) -> Self {
        Self::new(what, value, "", None)
    }

    /// By how much one of these figures is greater than another, where both are times.
    pub fn difference(
        what: &str,
        figures: &[Self],
        greater: &str,
        smaller: &str,
        goal: Option<&'static str>,
    ) -> Option<Self> {
        let micros = |name: &str| {
            let figure = figures.iter().find(|figure| figure.what == name)?;
            let factor = match figure.unit {
                "ns" => 1e-3,
                "µs" => 1.0,
                "ms" => 1e3,
                "s" => 1e6,
                _ => return None,
            };
            Some(figure.value * factor)
        };
        let value = micros(greater)? - micros(smaller)?;
        Some(Self::new(what, value, "µs", goal))
    }

    /// A value in a unit.
    pub fn new(what: &str, value: f64, unit: &'static str, goal: Option<&'static str>) -> Self {
        Self {
            what: what.to_owned(),
            value,
            unit,
            goal,
        }
    }
}

/// What figures of an example mean: the name it prints, what a person reads, and the goal.
pub type Meanings = &'static [(&'static str, &'static str, Option<&'static str>)];

/// The units that examples print, and what a person reads.
const UNITS: &[(&str, &str)] = &[
    ("% of GET", "%"),
    ("%", "%"),
    ("MB", "MB"),
    ("a second", "a second"),
    ("cards", "cards"),
    ("ms", "ms"),
    ("operations", "operations"),
    ("requests", "requests"),
    ("responses", "responses"),
    ("µs", "µs"),
];

/// The figures that an example printed, a JSON object a line, in the order of their meanings.
pub fn printed(lines: &str, meanings: Meanings) -> Vec<Figure> {
    let lines = lines.lines();
    let found: Vec<Value> = lines
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let figure = |&(name, what, goal): &(&str, &str, Option<&'static str>)| {
        let found = found.iter().find(|it| it["name"] == name)?;
        let unit = UNITS.iter().find(|(printed, _)| found["unit"] == *printed);
        let unit = unit.map_or("", |(_, shown)| shown);
        Some(Figure::new(what, found["value"].as_f64()?, unit, goal))
    };
    meanings.iter().filter_map(figure).collect()
}

/// One line a figure.
pub fn to_text(figures: &[Figure]) -> String {
    let width = figures.iter().map(|figure| figure.what.len()).max();
    let width = width.unwrap_or(0);
    let line = |figure: &Figure| {
        let goal = figure.goal.map(|goal| format!("   goal: {goal}"));
        let Figure {
            what, value, unit, ..
        } = figure;
        format!(
            "{what:<width$} {value:>11.3} {unit}{}\n",
            goal.unwrap_or_default()
        )
    };
    figures.iter().map(line).collect()
}

/// One object a figure.
pub fn to_json(figures: &[Figure]) -> Value {
    let one = |figure: &Figure| {
        let Figure {
            what,
            value,
            unit,
            goal,
        } = figure;
        json!({"what": what, "value": value, "unit": unit, "goal": goal})
    };
    figures.iter().map(one).collect()
}

/// The medians of divan's table.
pub fn from_divan(printed: &str) -> Vec<Figure> {
    printed.lines().filter_map(divan_row).collect()
}

/// `├─ sign_bare   116.5 µs │ 402.9 µs │ 118.2 µs │ …`: the third time is the median.
fn divan_row(line: &str) -> Option<Figure> {
    let rest = line
        .trim_start()
        .strip_prefix(['├', '╰'])?
        .trim_start_matches('─');
    let (first, columns) = rest.split_once('│')?;
    let name = first.split_whitespace().next()?;
    let median = columns.split('│').nth(1)?;
    let mut words = median.split_whitespace();
    let value: f64 = words.next()?.parse().ok()?;
    let unit = match words.next()? {
        "ns" => "ns",
        "µs" => "µs",
        "ms" => "ms",
        "s" => "s",
        _ => return None,
    };
    let goal = name
        .ends_with("request")
        .then_some("within 10 % of the bare operation");
    Some(Figure::new(name, value, unit, goal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_example_prints_becomes_figures_in_the_order_of_the_table() {
        const MEANINGS: Meanings = &[
            (
                "first_response",
                "time to the first response",
                Some("60 ms"),
            ),
            ("never", "never printed", None),
            ("share", "share", None),
        ];
        let text = "{\"name\": \"share\", \"value\": 81.5, \"unit\": \"% of GET\"}\n\
                    {\"name\": \"first_response\", \"value\": 45, \"unit\": \"ms\"}\nother\n";
        let expected = [
            Figure::new("time to the first response", 45.0, "ms", Some("60 ms")),
            Figure::new("share", 81.5, "%", None),
        ];
        assert_eq!(printed(text, MEANINGS), expected);
    }

    #[test]
    fn the_median_of_a_benchmark_is_its_third_time() {
        let table = "sign  fastest │ slowest │ median │ mean │ samples │ iters\n\
                     ├─ sign_bare      110.1 µs      │ 402.9 µs │ 118.2 µs │ 120 µs │ 100 │ 100\n\
                     ╰─ sign_request   112 µs        │ 300 µs   │ 1.2 ms   │ 123 µs │ 100 │ 100\n";
        let goal = Some("within 10 % of the bare operation");
        let expected = [
            Figure::new("sign_bare", 118.2, "µs", None),
            Figure::new("sign_request", 1.2, "ms", goal),
        ];
        assert_eq!(from_divan(table), expected);
    }
}
