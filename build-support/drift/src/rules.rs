//! The rules: every name a change can have, with what it means and an example.

use super::kind::{Kind, Scope};
use ::report::Rule;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Every rule of changes, by area and in the order of the contract's parts.
pub static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| Kind::ALL.iter().flat_map(rules).collect());

static BY_ID: LazyLock<BTreeMap<&'static str, &'static Rule>> =
    LazyLock::new(|| ALL.iter().map(|rule| (rule.id, rule)).collect());

/// The rule of a name.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    BY_ID.get(id).copied()
}

fn rules(kind: &Kind) -> Vec<Rule> {
    let row = kind.row();
    let rule = |id, area| Rule {
        id,
        area,
        title: row.title,
        explanation: row.explanation,
        example: row.example,
        severity: None,
    };
    match row.scope {
        Scope::Value => vec![
            rule(row.ids[0], "request"),
            rule(row.ids[1], "response"),
            rule(row.ids[2], "schema"),
        ],
        Scope::Part(area) => vec![rule(row.ids[3], area)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_found() {
        let names: BTreeSet<&str> = ALL.iter().map(|rule| rule.id).collect();
        assert_eq!(names.len(), ALL.len(), "two rules have one name");
        for rule in ALL.iter() {
            assert_eq!(find(rule.id), Some(rule));
            assert!(!rule.title.is_empty() && !rule.explanation.is_empty());
            assert!(rule.example.contains('→'), "{} shows no change", rule.id);
        }
        assert_eq!(find("nothing"), None);
    }
}
