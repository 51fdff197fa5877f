//! How generated code names its types.

use super::{EmitError, ident};
use crate::model::{Api, TypeDef, TypeKind, TypeRef};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};

/// Finds the Rust path of every type, seen from one place.
#[derive(Debug, Clone)]
pub struct TypePaths<'a> {
    types: BTreeMap<&'a str, &'a TypeDef>,
    by_schema: BTreeMap<&'a str, &'a TypeDef>,
    /// The path of the types crate; `None` inside that crate.
    outside: Option<syn::Path>,
}

impl<'a> TypePaths<'a> {
    /// Paths as the types crate's own generated files write them: names alone, since each file
    /// imports what it uses.
    #[must_use]
    pub fn inside(api: &'a Api) -> Self {
        Self::new(api, None)
    }

    /// Paths as another crate writes them: `offblocks_types::Card`. `types` is the types crate as
    /// a Rust path (the policy's `emit.types`).
    ///
    /// # Errors
    ///
    /// [`EmitError::Path`] when `types` is not a Rust path.
    pub fn outside(api: &'a Api, types: &str) -> Result<Self, EmitError> {
        Ok(Self::new(api, Some(parse_path(types, "the types crate")?)))
    }

    fn new(api: &'a Api, outside: Option<syn::Path>) -> Self {
        Self {
            types: api
                .types
                .iter()
                .map(|ty| (ty.rust_name.as_str(), ty))
                .collect(),
            by_schema: api
                .types
                .iter()
                .map(|ty| (ty.schema_name.as_str(), ty))
                .collect(),
            outside,
        }
    }

    /// The definition of a named type.
    ///
    /// # Errors
    ///
    /// [`EmitError::UnknownType`] when the model has none.
    pub fn definition(&self, rust_name: &str) -> Result<&'a TypeDef, EmitError> {
        let found = self.types.get(rust_name).copied();
        found.ok_or_else(|| EmitError::UnknownType {
            name: rust_name.to_owned(),
        })
    }

    /// The definition of the type that stands for a schema of the lowered document.
    #[must_use]
    pub fn by_schema(&self, schema_name: &str) -> Option<&'a TypeDef> {
        self.by_schema.get(schema_name).copied()
    }

    /// Follows aliases to what is written on the wire; newtypes are types of their own.
    ///
    /// # Errors
    ///
    /// [`EmitError::UnknownType`] for a name the model does not have.
    pub fn resolve<'t>(&self, ty: &'t TypeRef) -> Result<&'t TypeRef, EmitError>
    where
        'a: 't,
    {
        let mut current = ty;
        let mut seen = BTreeSet::new();
        while let TypeRef::Named(name) = current
            && seen.insert(name.as_str())
        {
            match &self.definition(name)?.kind {
                TypeKind::Alias(next) => current = next,
                _ => break,
            }
        }
        Ok(current)
    }

    /// What tells the type apart from others: two names of one type have the same.
    ///
    /// # Errors
    ///
    /// [`EmitError`] for a name the model does not have, or one that is not valid Rust.
    pub fn identity(&self, ty: &TypeRef) -> Result<String, EmitError> {
        Ok(self.ty(&self.without_aliases(ty)?)?.to_string())
    }

    fn without_aliases(&self, ty: &TypeRef) -> Result<TypeRef, EmitError> {
        let inner = |inner: &TypeRef| self.without_aliases(inner).map(Box::new);
        Ok(match self.resolve(ty)? {
            TypeRef::Array(item) => TypeRef::Array(inner(item)?),
            TypeRef::Map(value) => TypeRef::Map(inner(value)?),
            TypeRef::Nullable(value) => TypeRef::Nullable(inner(value)?),
            other => other.clone(),
        })
    }

    /// Whether the type is an instant, or a list or map of such, which take a `with` where they
    /// are a field.
    ///
    /// # Errors
    ///
    /// [`EmitError::UnknownType`] for a name the model does not have.
    pub fn holds_instants(&self, ty: &TypeRef) -> Result<bool, EmitError> {
        Ok(match self.resolve(ty)? {
            TypeRef::DateTime => true,
            TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
                self.holds_instants(inner)?
            }
            TypeRef::Named(name) => match &self.definition(name)?.kind {
                TypeKind::External(path) => path.contains("chrono::DateTime<"),
                _ => false,
            },
            _ => false,
        })
    }

    /// Whether the type is an integer, or a list or map of such, which is read by a function of its
    /// own where it is a field.
    ///
    /// # Errors
    ///
    /// [`EmitError::UnknownType`] for a name the model does not have.
    pub fn holds_integers(&self, ty: &TypeRef) -> Result<bool, EmitError> {
        Ok(match self.resolve(ty)? {
            TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
                self.holds_integers(inner)?
            }
            ty => ty.is_integer(),
        })
    }

    /// The Rust type of a reference (`Vec<offblocks_types::Card>`).
    ///
    /// # Errors
    ///
    /// [`EmitError`] for a name the model does not have, or one that is not valid Rust.
    pub fn ty(&self, ty: &TypeRef) -> Result<TokenStream, EmitError> {
        Ok(match ty {
            TypeRef::Named(name) => self.named(name)?,
            TypeRef::Boxed(name) => {
                let (boxed, inner) = (self.standard("Box"), self.named(name)?);
                quote!(#boxed<#inner>)
            }
            TypeRef::Uuid => quote!(uuid::Uuid),
            TypeRef::DateTime => quote!(chrono::DateTime<chrono::Utc>),
            TypeRef::DateTimeText => self.support("DateTimeText"),
            TypeRef::Date => quote!(chrono::NaiveDate),
            TypeRef::Decimal => self.support("Decimal"),
            TypeRef::DateText => self.support("DateText"),
            TypeRef::UuidText => self.support("UuidText"),
            TypeRef::Base64Text => self.support("Base64Text"),
            TypeRef::Base64 => self.support("Base64"),
            TypeRef::Url => quote!(url::Url),
            TypeRef::UriText => self.support("UriText"),
            TypeRef::String => self.standard("String"),
            TypeRef::Secret => self.support("Secret"),
            TypeRef::Bool => quote!(bool),
            TypeRef::I8 => quote!(i8),
            TypeRef::I16 => quote!(i16),
            TypeRef::I32 => quote!(i32),
            TypeRef::I64 => quote!(i64),
            TypeRef::U8 => quote!(u8),
            TypeRef::U16 => quote!(u16),
            TypeRef::U32 => quote!(u32),
            TypeRef::U64 => quote!(u64),
            TypeRef::I128 => quote!(i128),
            TypeRef::F64 => quote!(f64),
            TypeRef::Array(item) => {
                let (list, item) = (self.standard("Vec"), self.ty(item)?);
                quote!(#list<#item>)
            }
            TypeRef::Map(value) => {
                let (text, value) = (self.standard("String"), self.ty(value)?);
                quote!(std::collections::BTreeMap<#text, #value>)
            }
            TypeRef::Nullable(inner) => self.option(self.ty(inner)?),
            TypeRef::Any => quote!(serde_json::Value),
        })
    }

    /// The path of a named type.
    ///
    /// # Errors
    ///
    /// [`EmitError`] for a name the model does not have, or one that is not valid Rust.
    pub fn named(&self, rust_name: &str) -> Result<TokenStream, EmitError> {
        let definition = self.definition(rust_name)?;
        if let TypeKind::External(path) = &definition.kind {
            return self.external(path, &definition.schema_name);
        }
        let name = ident(rust_name, &format!("schema `{}`", definition.schema_name))?;
        Ok(match &self.outside {
            Some(types) => quote!(#types::#name),
            None => quote!(#name),
        })
    }

    /// `Option<…>` of a type.
    #[must_use]
    pub fn option(&self, inner: TokenStream) -> TokenStream {
        let option = self.standard("Option");
        quote!(#option<#inner>)
    }

    /// A type of the prelude, in full where the contract has a schema of the same name.
    #[must_use]
    pub fn standard(&self, name: &'static str) -> TokenStream {
        let shadowed = self.outside.is_none() && self.types.contains_key(name);
        match (name, shadowed) {
            ("Option", false) => quote!(Option),
            ("Option", true) => quote!(::std::option::Option),
            ("Vec", false) => quote!(Vec),
            ("Vec", true) => quote!(::std::vec::Vec),
            ("Box", false) => quote!(Box),
            ("Box", true) => quote!(::std::boxed::Box),
            ("Result", false) => quote!(Result),
            ("Result", true) => quote!(::std::result::Result),
            (_, true) => quote!(::std::string::String),
            (_, false) => quote!(String),
        }
    }

    /// A type of the support module.
    #[must_use]
    pub fn support(&self, name: &str) -> TokenStream {
        let name = syn::Ident::new(name, proc_macro2::Span::call_site());
        match &self.outside {
            Some(types) => quote!(#types::support::#name),
            None => quote!(support::#name),
        }
    }

    fn external(&self, path: &str, schema: &str) -> Result<TokenStream, EmitError> {
        if let (Some(rest), Some(types)) = (path.strip_prefix("crate::"), &self.outside) {
            let rest = parse_path(rest, schema)?;
            return Ok(quote!(#types::#rest));
        }
        let path = parse_path(path.trim_start_matches("::"), schema)?;
        Ok(quote!(#path))
    }
}

/// A Rust path of the policy, from the entry for this schema or of this name.
pub(crate) fn parse_path(path: &str, schema: &str) -> Result<syn::Path, EmitError> {
    syn::parse_str(path).map_err(|_| EmitError::Path {
        path: path.to_owned(),
        schema: schema.to_owned(),
    })
}
