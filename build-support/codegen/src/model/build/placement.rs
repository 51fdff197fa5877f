//! Which file a type is written to.

use super::recursion::mentioned;
use crate::model::{Operation, Tag, TypeDef, TypeKind};
use crate::policy::Policy;
use std::collections::{BTreeMap, BTreeSet};

/// The module of types that several tags use.
pub(super) const COMMON: &str = "common";

/// Modules that are not a tag's.
pub(super) const RESERVED: [&str; 7] = [
    COMMON,
    "lib",
    "main",
    "mod",
    "not_enforced",
    "support",
    "types",
];

/// Gives each type its module: that of the only tag whose operations use it, else [`COMMON`].
/// Receivers count only for types no operation uses, since they report what operations made.
pub(super) fn place(
    types: &mut [TypeDef],
    operations: &[Operation],
    receivers: &[Operation],
    tags: &[Tag],
    policy: &Policy,
) {
    let uses = uses_of(types);
    let by_operations = tags_of(operations, &uses);
    let by_receivers = tags_of(receivers, &uses);
    for def in types {
        let tags_using = by_operations
            .get(&def.rust_name)
            .or_else(|| by_receivers.get(&def.rust_name));
        let only = tags_using
            .filter(|names| names.len() == 1)
            .and_then(BTreeSet::first);
        let tag = only.and_then(|name| tags.iter().find(|tag| tag.name == *name));
        def.module = tag.map_or_else(|| COMMON.to_owned(), |tag| tag.module.clone());
        if let Some(asked) = policy.modules.get(def.schema_name.as_str()) {
            def.module.clone_from(asked);
        }
    }
}

/// Which types each type mentions.
fn uses_of(types: &[TypeDef]) -> BTreeMap<String, BTreeSet<String>> {
    let by_schema: BTreeMap<&str, &str> = types
        .iter()
        .map(|def| (def.schema_name.as_str(), def.rust_name.as_str()))
        .collect();
    let uses = |def: &TypeDef| {
        let mut names = BTreeSet::new();
        match &def.kind {
            TypeKind::Struct(object) => {
                object
                    .fields
                    .iter()
                    .for_each(|field| mentioned(&field.ty, &mut names));
                if let Some(ty) = object.additional.values() {
                    mentioned(ty, &mut names);
                }
                let parents = object
                    .parents
                    .iter()
                    .filter_map(|name| by_schema.get(name.as_str()));
                names.extend(parents.map(|name| (*name).to_owned()));
            }
            TypeKind::Union(union) => union
                .variants
                .iter()
                .for_each(|variant| mentioned(&variant.ty, &mut names)),
            TypeKind::Newtype(newtype) => mentioned(&newtype.inner, &mut names),
            TypeKind::Alias(ty) => mentioned(ty, &mut names),
            TypeKind::Enum(_) | TypeKind::External(_) => {}
        }
        names
    };
    types
        .iter()
        .map(|def| (def.rust_name.clone(), uses(def)))
        .collect()
}

fn tags_of(
    operations: &[Operation],
    uses: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut tags: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations {
        let mut waiting: Vec<String> = named_by(operation).into_iter().collect();
        while let Some(name) = waiting.pop() {
            if tags
                .entry(name.clone())
                .or_default()
                .insert(operation.tag.clone())
            {
                waiting.extend(uses.get(&name).into_iter().flatten().cloned());
            }
        }
    }
    tags
}

fn named_by(operation: &Operation) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let all = operation.type_refs();
    all.for_each(|ty| mentioned(ty, &mut names));
    names
}
