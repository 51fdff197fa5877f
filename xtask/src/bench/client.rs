//! What the client costs: a call at run time, and the crates that an application compiles.

use super::compile;
use super::measure::cargo;
use super::report::{Figure, from_divan};
use crate::report::Failure;
use std::collections::BTreeSet;
use std::path::Path;

/// A call beside a prepared request and one signature, by the client's own benchmark, receiving a
/// webhook, and what an application that uses the client alone compiles.
pub fn client(root: &Path) -> Result<Vec<Figure>, Failure> {
    let names = ["--package", "offblocks-client", "--bench", "call"];
    let printed = cargo(root, &[&["bench"], &names[..]].concat())?;
    let mut figures = from_divan(&printed);
    let beyond = Figure::difference(
        "call beyond a prepared request and one signature",
        &figures,
        "call",
        "prepared_request_and_signature",
        Some("under 25 µs"),
    );
    figures.extend(beyond);
    figures.extend(allocations(&printed));
    figures.extend(super::webhooks(root)?);
    figures.push(Figure::count("crates with only the client", crates(root)?));
    figures.push(compile::application(root)?);
    Ok(figures)
}

/// How often each benchmark allocates, and how many allocations it holds at once at most: the medians
/// of the rows below `alloc:` and `max alloc:`.
fn allocations(printed: &str) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut name = None;
    let mut lines = printed.lines();
    while let Some(line) = lines.next() {
        let begins = line.trim_start().strip_prefix(['├', '╰']);
        if let Some(row) = begins {
            name = row.trim_start_matches('─').split_whitespace().next();
        }
        if line.contains(" alloc:") {
            let what = match line.contains("max alloc:") {
                true => "allocations held at once",
                false => "allocations",
            };
            let row = lines.next().unwrap_or_default();
            let median = row.split('│').nth_back(3).map(str::trim);
            let median = median.and_then(|text| text.parse::<f64>().ok());
            if let (Some(name), Some(median)) = (name, median) {
                figures.push(Figure::number(&format!("{name}: {what}"), median));
            }
        }
    }
    figures
}

/// How many crates an application with only the client compiles, the client's own among them.
fn crates(root: &Path) -> Result<usize, Failure> {
    let tree = ["tree", "--package", "offblocks-client", "--edges", "normal"];
    let printed = cargo(root, &[&tree[..], &["--prefix", "none"]].concat())?;
    let names = printed.lines().filter_map(|line| {
        let line = line.trim_end_matches(" (*)");
        (!line.is_empty()).then_some(line)
    });
    Ok(names.collect::<BTreeSet<_>>().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_allocations_of_a_benchmark_are_the_median_below_their_heading() {
        let table = "\
├─ call                            230 µs        │ 1 ms          │ 250 µs        │ 260 µs        │ 3000    │ 3000
│                                  alloc:        │               │               │               │         │
│                                    81          │ 90            │ 82            │ 82.01         │         │
│                                    9.1 KB      │ 9.5 KB        │ 9.1 KB        │ 9.1 KB        │         │
╰─ other                           1 ms          │ 1 ms          │ 1 ms          │ 1 ms          │ 20      │ 20
";
        let expected = [Figure::number("call: allocations", 82.0)];
        assert_eq!(allocations(table), expected);
    }
}
