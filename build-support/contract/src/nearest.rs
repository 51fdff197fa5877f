//! Finds the known names that are most similar to an unknown one.

use std::fmt::Display;

/// Up to three names that differ from `name` in few letters, the nearest first; of equally near
/// ones in order of the alphabet.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let lower = name.to_lowercase();
    let limit = (lower.chars().count() / 3).clamp(1, 4);
    let mut near: Vec<(usize, &str)> = known
        .filter_map(|other| {
            let distance = distance(&lower, &other.to_lowercase(), limit)?;
            Some((distance, other))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Asks whether the name nearest to `name` is meant; `None` where none of them is near.
pub fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    did_you_mean(nearest(name, known).first())
}

/// Asks whether one of these names is meant; `None` where there is none.
pub fn did_you_mean(names: impl IntoIterator<Item = impl Display>) -> Option<String> {
    let quoted = names.into_iter().map(|name| format!("`{name}`"));
    let quoted: Vec<String> = quoted.collect();
    (!quoted.is_empty()).then(|| format!("did you mean {}?", quoted.join(" or ")))
}

/// Letters to insert, delete, replace or swap with their neighbour; `None` above the limit.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut older: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (row, from) in a.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, to) in b.iter().enumerate() {
            let replaced = above[column] + usize::from(from != to);
            let mut best = replaced.min(above[column + 1] + 1).min(line[column] + 1);
            if row > 0 && column > 0 && *from == b[column - 1] && a[row - 1] == *to {
                best = best.min(older[column - 1] + 1);
            }
            line.push(best);
        }
        older = std::mem::replace(&mut above, line);
    }
    above.last().copied().filter(|found| *found <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names() {
        let known = ["Card", "Cards", "Customer", "CustomerWebhook", "Account"];
        let near = |name| nearest(name, known.into_iter());
        assert_eq!(near("Crad"), ["Card"]);
        assert_eq!(near("card"), ["Card", "Cards"]);
        assert_eq!(near("Custmer"), ["Customer"]);
        assert!(near("Transaction").is_empty());
        assert!(near("").is_empty());
    }
}
