//! Names the inline schemas of shared parameters, bodies, responses and headers after these, so
//! that what many operations share stays one type when it is put where it is used.

use crate::lower::context::Context;
use crate::lower::names::Names;
use crate::lower::shape::{reference, referred};
use contract::{Member, Node};

/// Sections of `components`, and what the name of a schema found there ends with.
const SECTIONS: [(&str, &str); 4] = [
    ("parameters", ""),
    ("headers", ""),
    ("requestBodies", "Request"),
    ("responses", "Response"),
];

/// Runs the pass.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let mut names = Names::taken_by(root);
    let mut lifted = Vec::new();
    for (section, ending) in SECTIONS {
        let shared = root
            .get_mut("components")
            .and_then(|all| all.get_mut(section));
        let shared = shared.and_then(Node::as_object_mut);
        for member in shared.into_iter().flatten() {
            let stem = member.key.strip_suffix(ending).unwrap_or(&member.key);
            let wanted = format!("{stem}{ending}");
            lift(&mut member.value, &wanted, &mut names, &mut lifted);
        }
    }
    if !lifted.is_empty() {
        let schemas = super::schemas_of(root).as_object_mut();
        schemas.into_iter().for_each(|all| all.append(&mut lifted));
    }
}

fn lift(holder: &mut Node, wanted: &str, names: &mut Names, lifted: &mut Vec<Member>) {
    let mut take = |schema: &mut Node| {
        if !deserving(schema) {
            return;
        }
        let name = names.fresh(wanted);
        let left = super::ref_to(&name, schema.span);
        lifted.push(Member {
            key: name,
            key_span: schema.span,
            value: std::mem::replace(schema, left),
        });
    };
    holder.get_mut("schema").into_iter().for_each(&mut take);
    let content = holder.get_mut("content").and_then(Node::as_object_mut);
    for member in content.into_iter().flatten() {
        member
            .value
            .get_mut("schema")
            .into_iter()
            .for_each(&mut take);
    }
}

/// Whether a schema will be a type of its own, as far as is known before it is lowered.
fn deserving(schema: &Node) -> bool {
    let structural = ["properties", "enum", "oneOf", "anyOf", "allOf"];
    let is_structural = structural.iter().any(|key| schema.contains_key(key));
    reference(schema).is_none() && referred(schema).is_none() && is_structural
}
