//! Which traits each type can derive, given that every part of it must have them.

use crate::model::{Api, TypeDef, TypeKind, TypeRef};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeMap;

/// The traits of one type that depend on its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Traits {
    /// `Copy`.
    pub(super) copy: bool,
    /// `Eq`.
    pub(super) eq: bool,
    /// `Hash`; only with `Eq`.
    pub(super) hash: bool,
    /// `PartialOrd` and `Ord`; derived for newtypes alone.
    pub(super) ord: bool,
}

impl Traits {
    const ALL: Self = Self {
        copy: true,
        eq: true,
        hash: true,
        ord: true,
    };
    const VALUE: Self = Self {
        copy: false,
        ..Self::ALL
    };
    const MAP: Self = Self {
        copy: false,
        ord: false,
        ..Self::ALL
    };
    const SECRET: Self = Self {
        copy: false,
        eq: true,
        hash: false,
        ord: false,
    };
    /// Of objects and unions, before their parts are looked at. The contract may add a part to them,
    /// which takes a trait from the whole that it lacks. A text, which most additions are, is not
    /// `Copy`, so no object is. `Eq` and `Hash` are taken by a number alone, or by a secret; they are
    /// kept, because users put values into sets and compare them in types of their own.
    const GROWING: Self = Self::VALUE;
    const FLOAT: Self = Self {
        copy: true,
        eq: false,
        hash: false,
        ord: false,
    };

    fn and(self, other: Self) -> Self {
        Self {
            copy: self.copy && other.copy,
            eq: self.eq && other.eq,
            hash: self.hash && other.hash && self.eq && other.eq,
            ord: self.ord && other.ord,
        }
    }

    /// The names to derive between `Clone` and `Serialize`.
    pub(super) fn names(self) -> TokenStream {
        let copy = self.copy.then(|| quote!(Copy,));
        let eq = self.eq.then(|| quote!(Eq,));
        let hash = self.hash.then(|| quote!(Hash,));
        quote!(Clone, #copy Debug, PartialEq, #eq #hash)
    }
}

/// The traits of every named type.
pub(super) struct Derives<'a>(BTreeMap<&'a str, Traits>);

impl<'a> Derives<'a> {
    /// Begins with every trait for every type and takes away until nothing changes, so that types
    /// that contain themselves keep what the rest of them allows.
    pub(super) fn of(api: &'a Api) -> Self {
        let mut found = Self(
            api.types
                .iter()
                .map(|def| (def.rust_name.as_str(), Traits::ALL))
                .collect(),
        );
        loop {
            let mut changed = false;
            for def in &api.types {
                let traits = found.definition(def);
                let before = found.0.insert(&def.rust_name, traits);
                changed |= before != Some(traits);
            }
            if !changed {
                return found;
            }
        }
    }

    /// The traits of a named type.
    pub(super) fn named(&self, rust_name: &str) -> Traits {
        self.0.get(rust_name).copied().unwrap_or(Traits::MAP)
    }

    /// The traits of a use of a type.
    pub(super) fn reference(&self, ty: &TypeRef) -> Traits {
        match ty {
            TypeRef::Named(name) => self.named(name),
            TypeRef::Boxed(name) => self.named(name).and(Traits::VALUE),
            TypeRef::Uuid | TypeRef::DateTime | TypeRef::Date | TypeRef::Bool => Traits::ALL,
            TypeRef::Decimal
            | TypeRef::Base64
            | TypeRef::Url
            | TypeRef::String
            | TypeRef::UriText
            | TypeRef::DateText
            | TypeRef::UuidText
            | TypeRef::Base64Text
            | TypeRef::DateTimeText => Traits::VALUE,
            TypeRef::Secret => Traits::SECRET,
            TypeRef::F64 => Traits::FLOAT,
            TypeRef::Array(inner) | TypeRef::Map(inner) => self.reference(inner).and(Traits::VALUE),
            TypeRef::Nullable(inner) => self.reference(inner),
            TypeRef::Any => Traits::MAP,
            TypeRef::I8 | TypeRef::I16 | TypeRef::I32 | TypeRef::I64 | TypeRef::I128 => Traits::ALL,
            TypeRef::U8 | TypeRef::U16 | TypeRef::U32 | TypeRef::U64 => Traits::ALL,
        }
    }

    fn definition(&self, def: &TypeDef) -> Traits {
        match &def.kind {
            TypeKind::Struct(shape) => {
                let fields = shape.fields.iter().map(|field| match field.secret {
                    true => Traits::SECRET,
                    false => self.reference(&field.ty),
                });
                let rest = match shape.additional.values() {
                    Some(ty) => self.reference(ty).and(Traits::MAP),
                    None => Traits::GROWING,
                };
                fields.fold(rest, Traits::and)
            }
            TypeKind::Enum(shape) if shape.open => Traits::MAP,
            TypeKind::Enum(_) => Traits {
                ord: false,
                ..Traits::ALL
            },
            TypeKind::Union(shape) => {
                let start = match shape.open {
                    true => Traits::MAP,
                    false => Traits::GROWING,
                };
                let members = shape.variants.iter();
                let members = members.map(|variant| self.reference(&variant.ty));
                members.fold(start, Traits::and)
            }
            TypeKind::Newtype(shape) => self.reference(&shape.inner),
            TypeKind::Alias(target) => self.reference(target),
            TypeKind::External(path) => external(path),
        }
    }
}

/// A hand-written type must have `Clone`, `Debug`, `PartialEq`, `Eq` and `Hash`; of the ones whose
/// other traits are known, those are used too.
fn external(path: &str) -> Traits {
    const COPY: [&str; 3] = ["uuid::Uuid", "chrono::", "rust_decimal::Decimal"];
    let path = path.trim_start_matches("::").trim_start_matches("crate::");
    if COPY.iter().any(|known| path.starts_with(known)) {
        return Traits::ALL;
    }
    if path.starts_with("support::Secret") {
        return Traits::SECRET;
    }
    Traits::MAP
}
