//! Types that contain themselves get a `Box` where they do.

use super::circles::Circles;
use crate::model::{Newtype, TypeDef, TypeKind, TypeRef};
use std::collections::{BTreeMap, BTreeSet};

/// Boxes what contains itself: first struct fields, then, where only unions go round, variants. A
/// type that is another name for a list or map of itself becomes a type of its own.
pub(super) fn resolve(types: &mut [TypeDef]) {
    own_types(types);
    for unions in [false, true] {
        let circles = Circles::of(&edges(types));
        for def in &mut *types {
            let name = def.rust_name.clone();
            // What is a part of the type leads back to it, if both are in one circle.
            let inside = |target: &str| circles.joins(target, &name);
            match &mut def.kind {
                TypeKind::Struct(object) if !unions => {
                    object
                        .fields
                        .iter_mut()
                        .for_each(|field| boxed(&mut field.ty, &inside));
                }
                TypeKind::Union(union) if unions => {
                    union
                        .variants
                        .iter_mut()
                        .for_each(|variant| boxed(&mut variant.ty, &inside));
                }
                _ => {}
            }
        }
    }
}

fn boxed(ty: &mut TypeRef, inside: &dyn Fn(&str) -> bool) {
    if let TypeRef::Named(target) = ty
        && inside(target)
    {
        *ty = TypeRef::Boxed(target.clone());
    }
}

/// Which types stand directly inside which; lists, maps and boxes break the chain.
fn edges(types: &[TypeDef]) -> BTreeMap<String, BTreeSet<String>> {
    let direct = |ty: &TypeRef| match ty {
        TypeRef::Named(name) => Some(name.clone()),
        TypeRef::Nullable(inner) => match &**inner {
            TypeRef::Named(name) => Some(name.clone()),
            _ => None,
        },
        _ => None,
    };
    let inside = |def: &TypeDef| -> BTreeSet<String> {
        match &def.kind {
            TypeKind::Struct(object) => object
                .fields
                .iter()
                .filter_map(|field| direct(&field.ty))
                .collect(),
            TypeKind::Union(union) => union
                .variants
                .iter()
                .filter_map(|variant| direct(&variant.ty))
                .collect(),
            TypeKind::Newtype(newtype) => direct(&newtype.inner).into_iter().collect(),
            TypeKind::Alias(ty) => direct(ty).into_iter().collect(),
            TypeKind::Enum(_) | TypeKind::External(_) => BTreeSet::new(),
        }
    };
    types
        .iter()
        .map(|def| (def.rust_name.clone(), inside(def)))
        .collect()
}

/// `type Tree = Vec<Tree>` is not valid Rust.
fn own_types(types: &mut [TypeDef]) {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for def in &*types {
        if let TypeKind::Alias(ty) = &def.kind {
            let mut names = BTreeSet::new();
            mentioned(ty, &mut names);
            edges.insert(def.rust_name.clone(), names);
        }
    }
    let circles = Circles::of(&edges);
    for def in types {
        if let TypeKind::Alias(ty) = &def.kind
            && circles.has(&def.rust_name)
        {
            def.kind = TypeKind::Newtype(Newtype { inner: ty.clone() });
        }
    }
}

/// The named types a type mentions, at any depth.
pub(super) fn mentioned(ty: &TypeRef, names: &mut BTreeSet<String>) {
    match ty {
        TypeRef::Named(name) | TypeRef::Boxed(name) => {
            names.insert(name.clone());
        }
        TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
            mentioned(inner, names)
        }
        _ => {}
    }
}
