//! What an argument or a response is made of, as far as a command line cares.

use std::collections::BTreeMap;

use quote::format_ident;

use super::texts::said;
use crate::model::{Api, Docs, Field, Struct, TypeDef, TypeKind, TypeRef};

/// How many columns a table has at most.
const COLUMNS: usize = 7;

/// The named types of a contract.
pub(super) struct Types<'a>(BTreeMap<&'a str, &'a TypeDef>);

/// What one value is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    /// A variant of the emitted `Kind`.
    pub kind: &'static str,
    pub list: bool,
    pub values: Vec<String>,
}

impl Value {
    fn of(kind: &'static str) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }

    pub fn kind(&self) -> proc_macro2::Ident {
        format_ident!("{}", self.kind)
    }
}

impl<'a> Types<'a> {
    pub fn new(api: &'a Api) -> Self {
        let named = api.types.iter().map(|def| (def.rust_name.as_str(), def));
        Self(named.collect())
    }

    /// What a value of this type is. What is neither a single value nor a list of such is JSON.
    pub fn value(&self, ty: &TypeRef) -> Value {
        match ty {
            TypeRef::Named(_) | TypeRef::Boxed(_) => self.named(ty),
            TypeRef::Array(inner) => {
                let inner = self.value(inner);
                match inner.list || inner.kind == "Json" {
                    true => Value::of("Json"),
                    false => Value {
                        list: true,
                        ..inner
                    },
                }
            }
            TypeRef::Nullable(inner) => self.value(inner),
            TypeRef::Map(_) | TypeRef::Any => Value::of("Json"),
            TypeRef::Uuid => Value::of("Uuid"),
            TypeRef::Decimal => Value::of("Decimal"),
            TypeRef::Bool => Value::of("Boolean"),
            TypeRef::F64 => Value::of("Number"),
            TypeRef::DateTime | TypeRef::DateTimeText => Value::of("DateTime"),
            TypeRef::Date => Value::of("Date"),
            ty if ty.is_integer() => Value::of("Integer"),
            _ => Value::of("Text"),
        }
    }

    fn named(&self, ty: &TypeRef) -> Value {
        match self.def(ty).map(|def| &def.kind) {
            Some(TypeKind::Enum(values)) => Value {
                values: values.values.iter().map(|it| it.wire.clone()).collect(),
                ..Value::of("Text")
            },
            Some(TypeKind::Newtype(newtype)) => self.value(&newtype.inner),
            Some(TypeKind::Alias(inner)) => self.value(inner),
            Some(TypeKind::External(_)) => Value::of("Text"),
            Some(TypeKind::Struct(_) | TypeKind::Union(_)) | None => Value::of("Json"),
        }
    }

    /// The object that a type is, where it is one with named properties.
    pub fn object(&self, ty: &TypeRef) -> Option<&'a Struct> {
        match &self.def(ty)?.kind {
            TypeKind::Struct(object) if !object.fields.is_empty() => Some(object),
            TypeKind::Alias(inner) => self.object(inner),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn items<'t>(&self, ty: &'t TypeRef) -> Option<&'t TypeRef>
    where
        'a: 't,
    {
        match ty {
            TypeRef::Array(inner) => Some(inner),
            TypeRef::Named(_) => match &self.def(ty)?.kind {
                TypeKind::Alias(inner) => self.items(inner),
                _ => None,
            },
            _ => None,
        }
    }

    /// What the contract says of a value: at its place, or of its type.
    pub fn about(&self, docs: &Docs, ty: &TypeRef) -> String {
        let of_type = || said(&self.def(innermost(ty))?.docs);
        said(docs).or_else(of_type).unwrap_or_default()
    }

    /// The properties of an object that a table shows: its id and its status first, then the single
    /// values that are always there, then those that can be missing, in the contract's order. Of the
    /// instants only the last one is shown, at the end, since creation is before it.
    pub fn columns(&self, object: &'a Struct) -> Vec<&'a str> {
        let is_time = |field: &Field| self.value(&field.ty).kind == "DateTime";
        let shown = |field: &&Field| {
            let value = self.value(&field.ty);
            !field.secret && !is_time(field) && !matches!(value.kind, "Json" | "Object")
        };
        let rank = |field: &&Field| match (field.wire_name.as_str(), field.required) {
            ("id", _) => 0,
            ("status", _) => 1,
            (_, true) => 2,
            (_, false) => 3,
        };
        let mut fields: Vec<&Field> = object.fields.iter().filter(shown).collect();
        fields.sort_by_key(rank);
        let last = object.fields.iter().rev().find(|field| is_time(field));
        fields.truncate(COLUMNS - usize::from(last.is_some()));
        let fields = fields.into_iter().chain(last);
        fields.map(|field| field.wire_name.as_str()).collect()
    }

    /// The names of the secrets in a value of this type, whatever they are inside.
    pub fn secrets(&self, ty: &TypeRef) -> Vec<String> {
        let (mut found, mut seen) = (Vec::new(), Vec::new());
        self.find_secrets(ty, &mut seen, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn find_secrets(&self, ty: &TypeRef, seen: &mut Vec<String>, found: &mut Vec<String>) {
        let ty = innermost(ty);
        let Some(def) = self.def(ty).filter(|def| !seen.contains(&def.rust_name)) else {
            return;
        };
        seen.push(def.rust_name.clone());
        if let TypeKind::Struct(object) = &def.kind {
            let secret = |field: &&Field| field.secret || field.ty == TypeRef::Secret;
            let secrets = object.fields.iter().filter(secret);
            found.extend(secrets.map(|field| field.wire_name.clone()));
        }
        for part in def.kind.parts() {
            self.find_secrets(part, seen, found);
        }
    }

    fn def(&self, ty: &TypeRef) -> Option<&'a TypeDef> {
        match ty {
            TypeRef::Named(name) | TypeRef::Boxed(name) => self.0.get(name.as_str()).copied(),
            _ => None,
        }
    }
}

/// The type of the items or values, however deep.
fn innermost(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => innermost(inner),
        other => other,
    }
}
