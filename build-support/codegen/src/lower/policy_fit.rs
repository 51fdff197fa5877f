//! Checks a policy against the lowered contract: what its entries name must be there.

use super::extensions::TRANSPORT;
use super::shape::{component, resolve, type_of};
use super::walk;
use crate::policy::{Policy, Spanned, place};
use contract::diagnostics::Diagnostic;
use contract::{FileId, Node};
use std::collections::BTreeSet;

/// Every entry of a policy that names something the lowered contract does not have. `file` is the
/// id under which [`PolicyText::add_to`](crate::policy::PolicyText::add_to) added the policy's
/// text.
pub fn unfit(policy: &Policy, lowered: &Node, file: FileId) -> Vec<Diagnostic> {
    let known = Known::of(lowered);
    let names = &policy.names;
    let rules = [
        (policy.transport.keys().collect(), &known.headers, "header"),
        (policy.types.keys().collect(), &known.schemas, "schema"),
        (policy.modules.keys().collect(), &known.schemas, "schema"),
        (names.types.keys().collect(), &known.schemas, "schema"),
        (
            policy.enums.except.iter().collect(),
            &known.schemas,
            "schema",
        ),
        (
            names.operations.keys().collect(),
            &known.operations,
            "operation",
        ),
        (names.fields.keys().collect(), &known.properties, "property"),
        (
            policy.secrets.fields.iter().collect(),
            &known.properties,
            "property",
        ),
    ];
    let unknown = rules.into_iter().flat_map(|(names, known, what)| {
        let names: Vec<&Spanned<String>> = names;
        let unknown = names
            .into_iter()
            .filter(move |name| !has(known, name.get_ref(), what));
        unknown.map(move |name| unmatched(name, known, what, file))
    });
    let secrets = policy.secrets.fields.iter();
    let secrets = secrets.filter_map(|name| not_text(name, lowered, file));
    unknown.chain(secrets).collect()
}

/// Header names are the same in any case.
fn has(known: &BTreeSet<String>, name: &str, what: &str) -> bool {
    match what {
        "header" => known.contains(&name.to_ascii_lowercase()),
        _ => known.contains(name),
    }
}

/// A secret is kept as text, so what has a type of its own cannot be one.
fn not_text(name: &Spanned<String>, lowered: &Node, file: FileId) -> Option<Diagnostic> {
    let (schema, property) = name.get_ref().split_once('.')?;
    let schema = component(lowered, schema)?;
    let property = schema.get("properties")?.get(property)?;
    let format = |node: &Node| node.get("format").and_then(Node::as_str).map(str::to_owned);
    let text = resolve(lowered, property).is_some_and(|node| {
        let plain = format(node).is_none_or(|format| format == "password");
        type_of(node) == Some("string") && plain && !node.contains_key("enum")
    });
    let message = format!(
        "`{}` is not a plain string, and only those can be secrets",
        name.get_ref()
    );
    let error = Diagnostic::error("policy::not-text", message, place(file, name.span()));
    (!text).then(|| error.with_help("remove the entry"))
}

/// What the lowered contract has, by the words a policy uses for it.
struct Known {
    headers: BTreeSet<String>,
    schemas: BTreeSet<String>,
    properties: BTreeSet<String>,
    operations: BTreeSet<String>,
}

impl Known {
    fn of(lowered: &Node) -> Self {
        let schemas = lowered.components("schemas");
        let properties = schemas.iter().flat_map(|schema| {
            let properties = schema.value.members_of("properties");
            properties
                .iter()
                .map(|property| format!("{}.{}", schema.key, property.key))
        });
        let mut known = Self {
            headers: BTreeSet::new(),
            schemas: schemas.iter().map(|schema| schema.key.clone()).collect(),
            properties: properties.collect(),
            operations: BTreeSet::new(),
        };
        walk::operations(lowered, &mut |site| known.add(site.node));
        known
    }

    fn add(&mut self, operation: &Node) {
        let id = operation.get("operationId").and_then(Node::as_str);
        self.operations.extend(id.map(str::to_owned));
        let headers = operation.items_of(TRANSPORT);
        let names = headers
            .iter()
            .filter_map(|header| header.get("name")?.as_str());
        self.headers.extend(names.map(str::to_ascii_lowercase));
    }
}

fn unmatched(
    name: &Spanned<String>,
    set: &BTreeSet<String>,
    what: &str,
    file: FileId,
) -> Diagnostic {
    let message = format!("the contract has no {what} `{}`", name.get_ref());
    let found = Diagnostic::error("policy::matches-nothing", message, place(file, name.span()))
        .with_label("matches nothing");
    match contract::suggestion(name.get_ref(), set.iter().map(String::as_str)) {
        Some(asked) => found.with_help(format!("{asked} otherwise remove the entry")),
        None => found.with_help("remove the entry, or correct its name"),
    }
}
