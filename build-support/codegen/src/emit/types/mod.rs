//! The types crate: one Rust type for each named schema, one file for each module of the model.
//!
//! What the contract says about a value's shape becomes Rust's types; what it says about its range
//! (`minLength`, `pattern`, bounds, …) does not: a server checks bodies against the contract's
//! schema before they become values, and a client leaves the judgement to the server.

mod derives;
mod enums;
mod examples;
mod fields;
mod module;
mod newtypes;
mod origin;
mod structs;
mod support;
mod unions;

use super::page::{self, Reader};
use super::{
    EmitError, Extent, FileContent, Sink, TypePaths, doc, documentation, ident, inner_doc,
};
use crate::model::{Api, TypeDef, TypeKind};
use crate::policy::Policy;
use derives::Derives;
use examples::Examples;
use origin::Origins;
use proc_macro2::TokenStream;
use quote::quote;
pub(crate) use structs::RESPONSES;
use syn::Ident;

/// Passes on every file of the types crate's generated folder: `mod.rs`, one file for each module,
/// and the hand-written support files below `support/`.
///
/// # Errors
///
/// [`EmitError`] when a name is not a Rust identifier, and what the sink fails with.
pub fn emit(
    api: &Api,
    policy: &Policy,
    extent: Extent<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), EmitError> {
    let paths = TypePaths::inside(api);
    let derives = Derives::of(api);
    let scope = Scope {
        api,
        paths: &paths,
        derives: &derives,
        origins: Origins::of(api),
        examples: Examples::of(api, &paths),
        crate_name: &policy.emit.types,
        extent,
    };
    support::emit(api, policy.emit.types_support.as_deref(), sink)?;
    for name in module::names(api) {
        let items = module::emit(&scope, name)?;
        sink(format!("{name}.rs"), FileContent::Items(items))?;
    }
    if extent.is_whole() {
        page::emit(api, Reader::Types, sink)?;
    }
    sink("mod.rs".to_owned(), FileContent::Items(root(api)?))
}

/// What emitting one type needs to know of all the others.
struct Scope<'a> {
    api: &'a Api,
    paths: &'a TypePaths<'a>,
    derives: &'a Derives<'a>,
    origins: Origins<'a>,
    examples: Examples<'a>,
    /// The types crate's own name, for examples.
    crate_name: &'a str,
    extent: Extent<'a>,
}

impl Scope<'_> {
    /// The definition of one type and its implementations; nothing for hand-written types.
    fn item(&self, def: &TypeDef) -> Result<TokenStream, EmitError> {
        match &def.kind {
            TypeKind::Struct(shape) => structs::emit(self, def, shape),
            TypeKind::Enum(shape) => enums::emit(self, def, shape),
            TypeKind::Union(shape) => unions::emit(self, def, shape),
            TypeKind::Newtype(shape) => newtypes::emit(self, def, shape),
            TypeKind::Alias(target) => {
                let (docs, name) = (self.docs(def), self.name(def)?);
                let target = self.paths.ty(target)?;
                Ok(quote!(#docs pub type #name = #target;))
            }
            TypeKind::External(_) => Ok(TokenStream::new()),
        }
    }

    fn name(&self, def: &TypeDef) -> Result<Ident, EmitError> {
        ident(&def.rust_name, &format!("schema `{}`", def.schema_name))
    }

    /// The type's documentation, with an example where its module has none yet.
    fn docs(&self, def: &TypeDef) -> TokenStream {
        let mut text = documentation(&def.docs, &self.origins.sentence(def));
        if let Some(example) = self.examples.section(self.crate_name, def) {
            text.push_str(&example);
        }
        doc(&text)
    }
}

/// The root of the generated folder: the modules, and every type once more at the top.
fn root(api: &Api) -> Result<TokenStream, EmitError> {
    let docs = inner_doc(&format!(
        "The types of {} {}.",
        super::prose(&api.title),
        api.version
    ));
    let mut modules = TokenStream::new();
    let mut exports = TokenStream::new();
    for name in module::names(api) {
        let name = ident(name, "a module")?;
        modules.extend(quote!(mod #name;));
        exports.extend(quote!(pub use #name::*;));
    }
    let page = ident(page::MODULE, "a module")?;
    Ok(quote!(#docs #modules pub mod #page; pub mod support; #exports))
}

#[cfg(test)]
mod tests;
