//! Names for schemas that have none.

use contract::Node;
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::BTreeSet;

/// The names in use under `components.schemas`, compared as the Rust types they become.
#[derive(Debug)]
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// The names a contract has already.
    #[must_use]
    pub fn taken_by(root: &Node) -> Self {
        let members = root.components("schemas");
        Self {
            taken: members.iter().map(|member| folded(&member.key)).collect(),
        }
    }

    /// A name like `wanted`, in upper camel case, that nothing else has: `Order`, `Order2`, …
    pub fn fresh(&mut self, wanted: &str) -> String {
        let base = wanted.to_upper_camel_case();
        let base = if base.is_empty() {
            "Schema".to_owned()
        } else {
            base
        };
        let numbered = (2_u32..).map(|number| format!("{base}{number}"));
        let mut candidates = std::iter::once(base.clone()).chain(numbered);
        let free = candidates.find(|name| self.taken.insert(folded(name)));
        free.unwrap_or(base)
    }
}

fn folded(name: &str) -> String {
    name.to_snake_case()
}
