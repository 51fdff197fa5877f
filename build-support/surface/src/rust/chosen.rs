//! Which types and operations have to be written to see what changes in them.
//!
//! The code of a type depends on its model and on the models of all types it refers to, apart from their
//! descriptions. The code of an operation depends on its model and on the names of types. Where these are the
//! same on both sides, the code is the same.

use codegen::emit::Chosen;
use codegen::model::{Api, Docs, Operation, Tag, TypeDef, TypeKind, TypeRef};
use std::collections::{BTreeMap, BTreeSet};
use std::mem::{Discriminant, discriminant};

/// Names, borrowed from the models.
type Names<'a> = BTreeSet<&'a str>;

/// Everything that differs or refers to what does, and the parents that such types turn into.
pub(super) fn chosen(before: &Api, after: &Api) -> Chosen {
    let (old, new) = (Side::of(before), Side::of(after));
    let differing = changed(&old.types, &new.types);
    let users = users(&old, &new);
    let both = |name: &str| old.types.get(name).zip(new.types.get(name));
    let but = |same: fn(&Type<'_>, &Type<'_>) -> bool| {
        let names = differing.iter().copied();
        let names = names.filter(|name| !both(name).is_some_and(|(old, new)| same(old, new)));
        with_users(names.collect(), &users)
    };
    let mut types = but(|old, new| old.without_words() == new.without_words());
    types.extend(&differing);
    let renamed = but(|old, new| old.outline() == new.outline());
    let mut operations = changed(&old.operations, &new.operations);
    for (id, (operation, _)) in old.operations.iter().chain(&new.operations) {
        if !uses_of_operation(operation).is_disjoint(&renamed) {
            operations.insert(id);
        }
    }
    let parents = types.iter().flat_map(|name| {
        let defs = [old.types.get(name), new.types.get(name)];
        defs.into_iter().flatten().flat_map(|it| it.parents())
    });
    let parents: Names<'_> = parents
        .flat_map(|schema| [old.by_schema.get(schema), new.by_schema.get(schema)])
        .flatten()
        .copied()
        .collect();
    let tags = operations.iter().flat_map(|id| {
        let sides = [old.operations.get(id), new.operations.get(id)];
        sides.into_iter().flatten().map(|(it, _)| it.tag.as_str())
    });
    // A tag more or less changes what the root of a crate asks for, which names every tag.
    let names = |api: &'_ Api| api.tags.iter().map(|tag| tag.name.clone()).collect();
    let [old_tags, new_tags]: [BTreeSet<String>; 2] = [names(before), names(after)];
    let tags = match old_tags == new_tags {
        true => tags.map(str::to_owned).collect(),
        false => old_tags.union(&new_tags).cloned().collect(),
    };
    Chosen {
        types: owned(types.union(&parents)),
        tags,
        operations: owned(&operations),
    }
}

fn owned<'a>(names: impl IntoIterator<Item = &'a &'a str>) -> BTreeSet<String> {
    names.into_iter().map(|name| (*name).to_owned()).collect()
}

/// A model by its names.
struct Side<'a> {
    types: BTreeMap<&'a str, Type<'a>>,
    by_schema: BTreeMap<&'a str, &'a str>,
    /// With the tag, which names what an operation is a part of.
    operations: BTreeMap<&'a str, (&'a Operation, Option<&'a Tag>)>,
}

#[derive(PartialEq)]
struct Type<'a>(&'a TypeDef);

impl<'a> Side<'a> {
    fn of(api: &'a Api) -> Self {
        let types = api.types.iter();
        let names = |def: &'a TypeDef| (def.schema_name.as_str(), def.rust_name.as_str());
        let operations = api.operations.iter().chain(&api.receivers);
        Self {
            by_schema: types.clone().map(names).collect(),
            types: types
                .map(|def| (def.rust_name.as_str(), Type(def)))
                .collect(),
            operations: operations
                .map(|it| {
                    let tag = api.tags.iter().find(|tag| tag.name == it.tag);
                    (it.id.as_str(), (it, tag))
                })
                .collect(),
        }
    }
}

/// For each type those that refer to it, on either side.
fn users<'a>(old: &Side<'a>, new: &Side<'a>) -> BTreeMap<&'a str, Names<'a>> {
    let mut users: BTreeMap<&str, Names<'a>> = BTreeMap::new();
    for side in [old, new] {
        for (user, def) in &side.types {
            for used in def.uses(side) {
                users.entry(used).or_default().insert(user);
            }
        }
    }
    users
}

/// Some types and all that refer to one of them, over however many others.
fn with_users<'a>(mut open: Vec<&'a str>, users: &BTreeMap<&'a str, Names<'a>>) -> Names<'a> {
    let mut found = Names::new();
    while let Some(name) = open.pop() {
        if found.insert(name) {
            open.extend(users.get(name).into_iter().flatten());
        }
    }
    found
}

/// The keys whose values are not the same on both sides.
fn changed<'a, T: PartialEq>(old: &BTreeMap<&'a str, T>, new: &BTreeMap<&'a str, T>) -> Names<'a> {
    let keys = old.keys().chain(new.keys());
    keys.filter(|key| old.get(*key) != new.get(*key))
        .copied()
        .collect()
}

impl<'a> Type<'a> {
    fn without_words(&self) -> TypeDef {
        let mut def = self.0.clone();
        def.docs = Docs::default();
        if let TypeKind::Struct(shape) = &mut def.kind {
            for field in &mut shape.fields {
                field.docs = Docs::default();
            }
        }
        def
    }

    /// What an operation that refers to it depends on: whether it is a type of its own, and of
    /// which kind, or another name for something else.
    fn outline(&self) -> (Discriminant<TypeKind>, Option<&TypeKind>) {
        let kind = &self.0.kind;
        let other = matches!(
            kind,
            TypeKind::Alias(_) | TypeKind::External(_) | TypeKind::Newtype(_)
        );
        (discriminant(kind), other.then_some(kind))
    }

    /// Schemas whose members it has.
    fn parents(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let parents: &'a [String] = match &self.0.kind {
            TypeKind::Struct(shape) => &shape.parents,
            _ => &[],
        };
        parents.iter().map(String::as_str)
    }

    fn uses(&self, side: &Side<'a>) -> Names<'a> {
        let mut names = Names::new();
        match &self.0.kind {
            TypeKind::Struct(shape) => {
                for field in &shape.fields {
                    reference(&field.ty, &mut names);
                }
                if let Some(ty) = shape.additional.values() {
                    reference(ty, &mut names);
                }
                names.extend(self.parents().filter_map(|it| side.by_schema.get(it)));
            }
            TypeKind::Union(shape) => {
                let variants = shape.variants.iter();
                variants.for_each(|variant| reference(&variant.ty, &mut names));
            }
            TypeKind::Newtype(shape) => reference(&shape.inner, &mut names),
            TypeKind::Alias(ty) => reference(ty, &mut names),
            TypeKind::Enum(_) | TypeKind::External(_) => {}
        }
        names
    }
}

fn uses_of_operation(operation: &Operation) -> Names<'_> {
    let mut names = Names::new();
    let all = operation.type_refs();
    all.for_each(|ty| reference(ty, &mut names));
    names
}

fn reference<'a>(ty: &'a TypeRef, names: &mut Names<'a>) {
    match ty {
        TypeRef::Named(name) | TypeRef::Boxed(name) => {
            names.insert(name);
        }
        TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
            reference(inner, names);
        }
        _ => {}
    }
}
