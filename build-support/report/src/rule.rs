//! Rules: the stable names of what a report can find.

use crate::Severity;

/// A rule. Every entry carries its own, so that no format has to look one up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub id: &'static str,
    /// The part of a contract, an exchange or the code that it is about.
    pub area: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// What it means, and to whom.
    pub explanation: &'static str,
    /// What it finds, as an example: `before → after` for changes.
    pub example: &'static str,
    /// How bad every entry of the rule is; `None` where that depends on the entry.
    pub severity: Option<Severity>,
}

/// A list of rules to search and to print.
#[derive(Debug, Clone)]
pub struct Rules(Vec<&'static Rule>);

impl FromIterator<&'static Rule> for Rules {
    fn from_iter<T: IntoIterator<Item = &'static Rule>>(rules: T) -> Self {
        Self(rules.into_iter().collect())
    }
}

impl Rules {
    /// The rule of a name.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&'static Rule> {
        self.0.iter().find(|rule| rule.id == id).copied()
    }

    /// The rule whose name is most like one that no rule has.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&'static Rule> {
        let near = contract::nearest(id, self.0.iter().map(|rule| rule.id));
        self.find(near.first()?)
    }

    /// Each area once, in the order in which they first come, with its rules.
    #[must_use]
    pub fn by_area(&self) -> Vec<(&'static str, Vec<&'static Rule>)> {
        let mut areas: Vec<(&str, Vec<&Rule>)> = Vec::new();
        for rule in &self.0 {
            match areas.iter_mut().find(|(area, _)| *area == rule.area) {
                Some((_, rules)) => rules.push(rule),
                None => areas.push((rule.area, vec![rule])),
            }
        }
        areas
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rule(id: &'static str, area: &'static str) -> Rule {
        Rule {
            id,
            area,
            title: "",
            explanation: "",
            example: "",
            severity: None,
        }
    }

    #[test]
    fn rules_are_found_by_name_and_by_a_name_like_theirs() {
        static RULES: [Rule; 3] = [
            rule("operation-removed", "operation"),
            rule("header-removed", "header"),
            rule("operation-added", "operation"),
        ];
        let rules: Rules = RULES.iter().collect();
        assert_eq!(rules.find("header-removed"), Some(&RULES[1]));
        assert_eq!(rules.find("nothing"), None);
        assert_eq!(rules.nearest("operation-remove"), Some(&RULES[0]));
        let areas = rules.by_area();
        assert_eq!(areas[0], ("operation", vec![&RULES[0], &RULES[2]]));
        assert_eq!(areas[1], ("header", vec![&RULES[1]]));
    }
}
