//! `shapes.rs`: the fields and enum values of every response, as tables a client looks for drift
//! by.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToShoutySnakeCase as _;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::plan::Plan;
use crate::emit::{EmitError, doc, ident};
use crate::model::{
    Content, Field, Operation, Response, Status, TypeDef, TypeKind, TypeRef, Union,
};

/// Names of the file's own tables.
const TAKEN: [&str; 2] = ["RESPONSES", "CONTRACT"];

/// The file's items. `drift` is the module of `Shape` and `Documented`.
///
/// # Errors
/// Fails when a name is not valid Rust, or the model lacks a type it names.
pub(super) fn shapes(plan: &Plan<'_>, drift: &syn::Path) -> Result<TokenStream, EmitError> {
    let tables = Tables::new(plan)?;
    let responses = plan.api.operations.iter().map(|one| tables.responses(one));
    let responses: Vec<_> = responses.collect::<Result<_, _>>()?;
    let definitions: Vec<_> = tables.definitions().collect::<Result<_, _>>()?;
    let sha256 = &plan.api.source.sha256;
    Ok(quote! {
        #![doc = " The fields and enum values the contract gives to what a client is sent."]

        use #drift::{Documented, Shape};

        /// SHA-256 of the contract's bytes, in hexadecimal.
        pub const CONTRACT: &str = #sha256;

        /// The documented responses of each operation: their statuses, and what their bodies hold.
        pub static RESPONSES: &[(&str, &[Documented])] = &[#(#responses),*];

        #(#definitions)*
    })
}

/// The types a client can be sent, and the names of their tables.
struct Tables<'p, 'a> {
    plan: &'p Plan<'a>,
    names: BTreeMap<&'a str, Ident>,
}

impl<'p, 'a> Tables<'p, 'a> {
    fn new(plan: &'p Plan<'a>) -> Result<Self, EmitError> {
        let mut tables = Self {
            plan,
            names: BTreeMap::new(),
        };
        let sent = tables.sent()?;
        let mut taken: BTreeSet<String> = TAKEN.map(str::to_owned).into();
        for def in &plan.api.types {
            if sent.contains(def.rust_name.as_str()) {
                let mut name = def.rust_name.to_shouty_snake_case();
                if !name.starts_with(unicode_ident::is_xid_start) {
                    name.insert(0, '_');
                }
                while !taken.insert(name.clone()) {
                    name.push('_');
                }
                let name = ident(&name, &format!("schema `{}`", def.schema_name))?;
                tables.names.insert(&def.rust_name, name);
            }
        }
        Ok(tables)
    }

    /// The types that need a table: those reached from a response or from what a receiver is sent.
    fn sent(&self) -> Result<BTreeSet<&'a str>, EmitError> {
        let api = self.plan.api;
        let responses = api.operations.iter().flat_map(|one| &one.responses);
        let responses = responses.filter_map(|response| Some(&response.content.as_ref()?.1));
        let bodies = api.receivers.iter().filter_map(|one| one.body.as_ref());
        let contents = responses.chain(bodies.map(|body| &body.content));
        let mut found = BTreeSet::new();
        for content in contents {
            if let Content::Json(ty) = content {
                self.reach(ty, &mut found)?;
            }
        }
        Ok(found)
    }

    fn reach(&self, ty: &'a TypeRef, found: &mut BTreeSet<&'a str>) -> Result<(), EmitError> {
        match self.plan.paths.resolve(ty)? {
            TypeRef::Named(name) | TypeRef::Boxed(name) => {
                let def = self.plan.paths.definition(name)?;
                if !self.is_plain(def)? && found.insert(&def.rust_name) {
                    for inner in def.kind.parts() {
                        self.reach(inner, found)?;
                    }
                }
                Ok(())
            }
            TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
                self.reach(inner, found)
            }
            _ => Ok(()),
        }
    }

    /// Whether a type needs no table: a hand-written one, or a newtype of a single text or number.
    fn is_plain(&self, def: &TypeDef) -> Result<bool, EmitError> {
        Ok(match &def.kind {
            TypeKind::External(_) => true,
            TypeKind::Alias(inner) | TypeKind::Newtype(crate::model::Newtype { inner }) => {
                is_leaf(self.plan.paths.resolve(inner)?)
            }
            _ => false,
        })
    }

    fn definitions(&self) -> impl Iterator<Item = Result<TokenStream, EmitError>> {
        let types = self.plan.api.types.iter();
        types.filter_map(|def| {
            let name = self.names.get(def.rust_name.as_str())?;
            Some(self.definition(def).map(|shape| {
                let about = doc(&format!("What the contract says of `{}`.", def.rust_name));
                quote!(#about pub static #name: Shape = #shape;)
            }))
        })
    }

    fn definition(&self, def: &TypeDef) -> Result<TokenStream, EmitError> {
        match &def.kind {
            TypeKind::Struct(object) => {
                let fields = self.fields(&object.fields)?;
                Ok(match object.additional.values() {
                    Some(values) => {
                        let values = self.shape(values)?;
                        quote!(Shape::Map(&[#(#fields),*], &#values))
                    }
                    None => {
                        quote!(Shape::Object(&[#(#fields),*]))
                    }
                })
            }
            TypeKind::Enum(listed) => {
                let values = listed.values.iter().map(|value| &value.wire);
                Ok(quote!(Shape::Enum(&[#(#values),*])))
            }
            TypeKind::Union(union) => self.union(union),
            TypeKind::Newtype(newtype) => self.shape(&newtype.inner),
            TypeKind::Alias(inner) => self.shape(inner),
            TypeKind::External(_) => Ok(quote!(Shape::Any)),
        }
    }

    fn fields(&self, fields: &[Field]) -> Result<Vec<TokenStream>, EmitError> {
        let entry = |field: &Field| {
            let (name, shape) = (&field.wire_name, self.shape(&field.ty)?);
            Ok(quote!((#name, &#shape)))
        };
        fields.iter().map(entry).collect()
    }

    fn union(&self, union: &Union) -> Result<TokenStream, EmitError> {
        let mut members = Vec::new();
        for variant in &union.variants {
            let shape = self.shape(&variant.ty)?;
            match union.tag {
                Some(_) => {
                    let values = &variant.tag_values;
                    members.extend(values.iter().map(|value| quote!((#value, &#shape))));
                }
                None => members.push(quote!(&#shape)),
            }
        }
        Ok(match &union.tag {
            Some(tag) => quote!(Shape::Tagged { tag: #tag, members: &[#(#members),*] }),
            None => quote!(Shape::Untagged(&[#(#members),*])),
        })
    }

    /// An expression of type `Shape`: the name of a table where there is one.
    fn shape(&self, ty: &TypeRef) -> Result<TokenStream, EmitError> {
        Ok(match self.plan.paths.resolve(ty)? {
            TypeRef::Named(name) | TypeRef::Boxed(name) => match self.names.get(name.as_str()) {
                Some(table) => quote!(#table),
                None => match &self.plan.paths.definition(name)?.kind {
                    TypeKind::External(_) => quote!(Shape::Any),
                    _ => quote!(Shape::Leaf),
                },
            },
            TypeRef::Array(item) => {
                let item = self.shape(item)?;
                quote!(Shape::Array(&#item))
            }
            TypeRef::Map(values) => {
                let values = self.shape(values)?;
                quote!(Shape::Map(&[], &#values))
            }
            TypeRef::Nullable(inner) => self.shape(inner)?,
            TypeRef::Any => quote!(Shape::Any),
            _ => quote!(Shape::Leaf),
        })
    }

    /// The entry of an operation. The order of the model is that of precedence: codes, classes,
    /// `default`.
    fn responses(&self, operation: &Operation) -> Result<TokenStream, EmitError> {
        let response = |response: &Response| {
            let shape = match &response.content {
                Some((_, Content::Json(ty))) => self.shape(ty)?,
                _ => quote!(Shape::Any),
            };
            let statuses = statuses(response.status);
            Ok(quote!((#statuses, &#shape)))
        };
        let preferred = operation.responses.iter();
        let preferred = preferred.filter(|one| one.alternative.is_none());
        let responses = preferred.map(response);
        let responses: Vec<_> = responses.collect::<Result<_, EmitError>>()?;
        let id = &operation.id;
        Ok(quote!((#id, &[#(#responses),*])))
    }
}

/// Whether a type is a text, a number or a truth value.
fn is_leaf(ty: &TypeRef) -> bool {
    use TypeRef::{Any, Array, Boxed, Map, Named, Nullable};
    !matches!(
        ty,
        Named(_) | Boxed(_) | Array(_) | Map(_) | Nullable(_) | Any
    )
}

fn statuses(status: Status) -> TokenStream {
    let (first, last) = match status {
        Status::Code(code) => (code, code),
        Status::Range(class) => (u16::from(class) * 100, u16::from(class) * 100 + 99),
        Status::Default => (0, u16::MAX),
    };
    let (first, last) = (
        Literal::u16_unsuffixed(first),
        Literal::u16_unsuffixed(last),
    );
    quote!(#first..=#last)
}

#[cfg(test)]
mod tests;
