//! References that lead nowhere: a finding of their own, so that the rest can be compared.

use super::{Hit, Walk};
use crate::drift::at::At;
use crate::drift::finding::{Finding, Spot};
use crate::drift::kind::Kind;
use crate::drift::report::Severity;
use crate::drift::side::Side;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Finds them in both documents, one entry for each text.
pub(super) fn compare(walk: &mut Walk<'_>) {
    let base = dangling(&walk.engine.base);
    let revision = dangling(&walk.engine.revision);
    for (text, at) in &revision {
        let inside = text.starts_with('#');
        let known = base.get(text);
        let severity = match (inside, known) {
            (true, None) => Severity::Undecided,
            _ => Severity::Warning,
        };
        let message = match inside {
            true => format!("the reference `{text}` leads nowhere"),
            false => format!("the reference `{text}` leads out of the document"),
        };
        report(
            walk,
            Kind::ReferenceDangling,
            severity,
            message,
            known,
            Some(at),
        );
    }
    for (text, at) in base
        .iter()
        .filter(|(text, _)| !revision.contains_key(*text))
    {
        let message = format!("the reference `{text}` led nowhere before");
        report(
            walk,
            Kind::ReferenceMended,
            Severity::Warning,
            message,
            Some(at),
            None,
        );
    }
}

fn report(
    walk: &mut Walk<'_>,
    kind: Kind,
    severity: Severity,
    message: String,
    base: Option<&Rc<str>>,
    revision: Option<&Rc<str>>,
) {
    let mut finding = Finding::fixed(kind, severity, message);
    finding.base = base.map(Spot::from);
    finding.revision = revision.map(Spot::from);
    walk.hits.push(Hit {
        finding,
        polarity: None,
        soft: false,
        used_by: None,
    });
}

/// The first place of each reference that leads nowhere.
fn dangling<'a>(side: &Side<'a>) -> BTreeMap<&'a str, Rc<str>> {
    let mut found = BTreeMap::new();
    search(side, &side.root, &mut found);
    found
}

fn search<'a>(side: &Side<'a>, at: &At<'a>, found: &mut BTreeMap<&'a str, Rc<str>>) {
    if let Some(text) = at.text("$ref")
        && side.resolve(text).is_none()
    {
        let place = at.pointer_of("$ref");
        found.entry(text).or_insert(place);
    }
    // What stands there are values, not parts of the contract.
    let values = ["example", "examples", "default", "enum", "const"];
    let inside_names = at.pointer.ends_with("/properties") || at.pointer.ends_with("/schemas");
    for (key, member) in at.members() {
        if inside_names || (!values.contains(&key) && !key.starts_with("x-")) {
            search(side, &member, found);
        }
    }
    at.items().for_each(|item| search(side, &item, found));
}
