//! Gives schemas whose names have other signs than letters, digits, `.`, `-` and `_` a name like it, so
//! that a reference spells it as it is: `Page<Card>` becomes `Page_Card_`.

use crate::lower::context::Context;
use contract::{Node, Value, pointer};
use std::collections::{BTreeMap, BTreeSet};

/// Runs the pass.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let schemas = root.components("schemas").iter();
    let mut taken: BTreeSet<String> = schemas.clone().map(|member| member.key.clone()).collect();
    let odd = schemas.filter(|member| !member.key.chars().all(is_plain) || member.key.is_empty());
    let names = odd.map(|member| {
        let name = fresh(&member.key, &mut taken);
        (member.key.clone(), name)
    });
    let names: BTreeMap<String, String> = names.collect();
    if names.is_empty() {
        return;
    }
    for member in super::schemas_of(root)
        .as_object_mut()
        .into_iter()
        .flatten()
    {
        if let Some(name) = names.get(&member.key) {
            member.key.clone_from(name);
        }
    }
    refer(root, &names);
}

/// Letters of any script stay: they make the better Rust name.
fn is_plain(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '.' | '-' | '_')
}

fn fresh(key: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = key
        .chars()
        .map(|sign| if is_plain(sign) { sign } else { '_' });
    let base: String = plain.collect();
    let numbered = (2_u32..).map(|number| format!("{base}_{number}"));
    let mut candidates = std::iter::once(base.clone()).chain(numbered);
    let free = candidates.find(|name| !name.is_empty() && taken.insert(name.clone()));
    free.unwrap_or(base)
}

/// Rewrites every reference to a renamed schema, those of mappings included.
fn refer(node: &mut Node, names: &BTreeMap<String, String>) {
    match &mut node.value {
        Value::Object(members) => {
            for member in &mut **members {
                match member.key.as_str() {
                    "$ref" => rewrite(&mut member.value, names),
                    "mapping" => {
                        let entries = member.value.as_object_mut().into_iter().flatten();
                        entries.for_each(|entry| rewrite(&mut entry.value, names));
                    }
                    _ => {}
                }
                refer(&mut member.value, names);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, names)),
        _ => {}
    }
}

fn rewrite(target: &mut Node, names: &BTreeMap<String, String>) {
    let Some(text) = target.as_str() else { return };
    let rewritten = match names.get(text) {
        // A mapping may name a schema by its name alone.
        Some(name) => Some(name.clone()),
        None => pointer::of_reference(text).and_then(|at| renamed(&at, names)),
    };
    if let Some(text) = rewritten {
        target.value = Value::String(text);
    }
}

fn renamed(at: &str, names: &BTreeMap<String, String>) -> Option<String> {
    let mut steps: Vec<String> = pointer::tokens(at).map(Into::into).collect();
    let [components, schemas, name, ..] = steps.as_mut_slice() else {
        return None;
    };
    if components != "components" || schemas != "schemas" {
        return None;
    }
    name.clone_from(names.get(name.as_str())?);
    let steps = steps
        .iter()
        .map(|step| format!("/{}", pointer::escape(step)));
    Some(format!("#{}", steps.collect::<String>()))
}
