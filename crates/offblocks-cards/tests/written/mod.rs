//! Reads the sentences in which transitions are written down:
//! "Card: `issuing` → `active` | **`issue_failed`**; `active` ↔ `inactive`."

use std::collections::BTreeSet;

/// The transitions and final states of one kind of entity.
#[derive(Debug, Default)]
pub struct Written {
    pub steps: BTreeSet<(String, String)>,
    /// Those in bold.
    pub finals: BTreeSet<String>,
}

impl Written {
    /// Reads the sentence that begins with the entity's name and a colon.
    pub fn of(entity: &str, text: &str) -> Self {
        let start = format!("\n{entity}: ");
        let (_, rest) = text.split_once(&start).expect("the entity has a paragraph");
        let sentence = without_asides(rest.lines().next().unwrap_or_default());
        let sentence = sentence.split('.').next().unwrap_or_default();
        let mut written = Self::default();
        for clause in sentence.replace(", or ", ";").split(';') {
            written.read_clause(clause);
        }
        assert!(
            !written.steps.is_empty(),
            "{entity}: no transitions found in {sentence:?}"
        );
        written
    }

    pub fn states(&self) -> BTreeSet<String> {
        let pairs = self.steps.iter().flat_map(|(from, to)| [from, to]);
        pairs.cloned().collect()
    }

    /// A clause is a chain: "`a` → `b` → `c` | **`d`**" or "`a` ↔ `b`".
    fn read_clause(&mut self, clause: &str) {
        let mut before: Option<(Vec<String>, bool)> = None;
        for part in clause.split_inclusive(['→', '↔']) {
            let states = self.leading_states(part);
            if let Some((earlier, both_ways)) = &before {
                self.connect(earlier, &states, *both_ways);
            }
            before = Some((states, part.ends_with('↔')));
        }
    }

    fn connect(&mut self, earlier: &[String], later: &[String], both_ways: bool) {
        for from in earlier {
            for to in later {
                self.steps.insert((from.clone(), to.clone()));
                if both_ways {
                    self.steps.insert((to.clone(), from.clone()));
                }
            }
        }
    }

    /// The states a part begins with, separated by "/" or "|"; what follows them is prose.
    fn leading_states(&mut self, part: &str) -> Vec<String> {
        let mut states = Vec::new();
        let mut rest = part.trim_start();
        loop {
            let bold = rest.starts_with("**");
            let Some(after) = rest.trim_start_matches("**").strip_prefix('`') else {
                return states;
            };
            let (state, after) = after.split_once('`').expect("backticks come in pairs");
            if bold {
                self.finals.insert(state.to_owned());
            }
            states.push(state.to_owned());
            let after = after.trim_start_matches("**").trim_start();
            match after.strip_prefix(['/', '|']) {
                Some(more) => rest = more.trim_start(),
                None => return states,
            }
        }
    }
}

/// The text without what stands in parentheses.
fn without_asides(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|character| {
            match character {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}
