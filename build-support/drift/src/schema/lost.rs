//! References that do not lead to a value.

use super::side::Side;
use crate::at::At;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The first place of each such reference, by its text.
pub(crate) type AllLost<'a> = BTreeMap<&'a str, Lost>;

/// A reference that does not lead to a value.
#[derive(Debug)]
pub(crate) struct Lost {
    pub way: Way,
    pub place: Rc<str>,
}

/// Where it leads instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Nowhere,
    Circle,
    Outside,
}

/// Finds them.
pub(crate) fn search<'a>(side: &Side<'a>) -> AllLost<'a> {
    let mut found = AllLost::new();
    visit(side, &side.root, &mut found);
    found
}

fn visit<'a>(side: &Side<'a>, at: &At<'a>, found: &mut AllLost<'a>) {
    if let Some(text) = at.text("$ref")
        && let Some(way) = way(side, text)
    {
        let place = at.pointer_of("$ref");
        found.entry(text).or_insert(Lost { way, place });
    }
    // What stands there are values, not parts of the contract.
    let values = ["example", "examples", "default", "enum", "const"];
    let inside_names = at.pointer.ends_with("/properties") || at.pointer.ends_with("/schemas");
    for (key, member) in at.members() {
        if inside_names || (!values.contains(&key) && !key.starts_with("x-")) {
            visit(side, &member, found);
        }
    }
    at.items().for_each(|item| visit(side, &item, found));
}

/// How a reference is lost, if it is. One that arrives at another one goes on with that.
fn way<'a>(side: &Side<'a>, text: &'a str) -> Option<Way> {
    let Some(mut at) = side.resolve(text) else {
        return Some(match text.starts_with('#') {
            true => Way::Nowhere,
            false => Way::Outside,
        });
    };
    let mut seen = Vec::new();
    while let Some(next) = at.text("$ref") {
        if seen.contains(&at.id()) {
            return Some(Way::Circle);
        }
        seen.push(at.id());
        // If the next one is lost, that is found at its own place.
        at = side.resolve(next)?;
    }
    None
}
