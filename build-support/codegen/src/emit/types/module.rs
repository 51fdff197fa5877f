//! One file of types: its head, what it imports, and its items.

use super::Scope;
use crate::emit::{EmitError, ident, inner_doc, prose};
use crate::model::{Api, TypeDef, TypeKind, TypeRef};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeSet;

/// The modules that have at least one generated type, by name.
pub(super) fn names(api: &Api) -> BTreeSet<&str> {
    let generated = api
        .types
        .iter()
        .filter(|def| !matches!(def.kind, TypeKind::External(_)));
    generated.map(|def| def.module.as_str()).collect()
}

/// The items of one module.
pub(super) fn emit(scope: &Scope<'_>, module: &str) -> Result<TokenStream, EmitError> {
    let defs: Vec<&TypeDef> = scope
        .api
        .types
        .iter()
        .filter(|def| def.module == module && scope.extent.has_type(def))
        .collect();
    let docs = inner_doc(&head(scope.api, module));
    let imports = imports(scope, module, &defs)?;
    let mut items = TokenStream::new();
    for def in defs {
        items.extend(scope.item(def)?);
    }
    Ok(quote!(#docs #imports #items))
}

fn head(api: &Api, module: &str) -> String {
    let Some(tag) = api.tags.iter().find(|tag| tag.module == module) else {
        return "Types that several groups of operations share.".to_owned();
    };
    let mut text = format!("Types of the “{}” operations.", prose(&tag.name));
    if let Some(description) = &tag.description {
        text.push_str(&format!("\n\n{}", prose(description)));
    }
    text
}

fn imports(scope: &Scope<'_>, module: &str, defs: &[&TypeDef]) -> Result<TokenStream, EmitError> {
    let needs = Needs::of(scope, defs)?;
    let mut names = Vec::new();
    for name in &needs.names {
        let def = scope.paths.definition(name)?;
        if def.module != module && !matches!(def.kind, TypeKind::External(_)) {
            names.push(ident(name, "a type")?);
        }
    }
    if needs.support {
        names.push(ident("support", "a module")?);
    }
    let siblings = match names.as_slice() {
        [] => None,
        [one] => Some(quote!(use super::#one;)),
        _ => Some(quote!(use super::{#(#names),*};)),
    };
    let serde = needs.serde.then(|| {
        quote!(
            use serde::{Deserialize, Serialize};
        )
    });
    Ok(quote!(#siblings #serde))
}

/// What the items of a file refer to.
#[derive(Default)]
struct Needs {
    names: BTreeSet<String>,
    support: bool,
    serde: bool,
}

impl Needs {
    fn of(scope: &Scope<'_>, defs: &[&TypeDef]) -> Result<Self, EmitError> {
        let mut needs = Self::default();
        for def in defs {
            needs.add(scope, def)?;
        }
        Ok(needs)
    }

    fn add(&mut self, scope: &Scope<'_>, def: &TypeDef) -> Result<(), EmitError> {
        self.serde |= matches!(
            def.kind,
            TypeKind::Struct(_) | TypeKind::Union(_) | TypeKind::Newtype(_)
        );
        self.support |= matches!(
            def.kind,
            TypeKind::Enum(_) | TypeKind::Union(_) | TypeKind::Newtype(_)
        );
        match &def.kind {
            TypeKind::Struct(shape) => {
                self.support |= super::structs::needs_reader(shape);
                for field in &shape.fields {
                    self.field(scope, &field.ty)?;
                    self.support |= field.secret || field.has_three_states();
                }
                if let Some(ty) = shape.additional.values() {
                    self.support |= scope.paths.holds_integers(ty)?;
                    self.reference(ty);
                }
                self.names.extend(
                    super::structs::parents(scope, shape).map(|(def, _)| def.rust_name.clone()),
                );
            }
            TypeKind::Union(shape) => {
                shape.variants.iter().for_each(|v| self.reference(&v.ty));
                self.names
                    .extend(super::unions::enums_of_tags(scope, shape)?);
            }
            TypeKind::Newtype(shape) => self.reference(&shape.inner),
            TypeKind::Alias(ty) => self.reference(ty),
            TypeKind::Enum(_) | TypeKind::External(_) => {}
        }
        Ok(())
    }

    fn field(&mut self, scope: &Scope<'_>, ty: &TypeRef) -> Result<(), EmitError> {
        // Aliases of timestamps and integers still need the support module, to be read.
        self.support |= scope.paths.holds_instants(ty)? || scope.paths.holds_integers(ty)?;
        self.reference(ty);
        Ok(())
    }

    fn reference(&mut self, ty: &TypeRef) {
        match ty {
            TypeRef::Named(name) | TypeRef::Boxed(name) => {
                self.names.insert(name.clone());
            }
            TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
                self.reference(inner);
            }
            TypeRef::Decimal | TypeRef::Base64 | TypeRef::Secret => {
                self.support = true;
            }
            ty if ty.is_kept_text() => self.support = true,
            _ => {}
        }
    }
}
