//! One of several types.

mod shared;
mod tagged;
mod untagged;

use super::Scope;
use crate::emit::{EmitError, TypePaths, doc, ident};
use crate::model::{TypeDef, TypeRef, Union, Variant};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeSet;
use syn::Ident;

pub(super) fn emit(
    scope: &Scope<'_>,
    def: &TypeDef,
    shape: &Union,
) -> Result<TokenStream, EmitError> {
    let arms = shape
        .variants
        .iter()
        .map(|variant| Arm::new(scope, def, variant));
    let arms = arms.collect::<Result<Vec<_>, _>>()?;
    let name = scope.name(def)?;
    let body = match &shape.tag {
        Some(tag) => tagged::emit(scope, def, shape, tag, &arms)?,
        None => untagged::emit(scope, def, &arms)?,
    };
    let (schema, from) = (
        schema(&name, &arms),
        conversions(scope, shape, &name, &arms)?,
    );
    Ok(quote!(#body #from #schema))
}

/// Whether values of a union are told apart by their shape: all of them, or those without a tag.
pub(super) fn reads_shapes(paths: &TypePaths<'_>, shape: &Union) -> bool {
    let may_lack = |tag: &String| {
        let mut variants = shape.variants.iter();
        variants.any(|variant| shared::may_lack(paths, &variant.ty, tag))
    };
    shape.tag.as_ref().is_none_or(may_lack)
}

/// The enums that conversions into a union name.
pub(super) fn enums_of_tags(scope: &Scope<'_>, shape: &Union) -> Result<Vec<String>, EmitError> {
    let mut found = Vec::new();
    for member in &shape.variants {
        if let Some(tag) = &shape.tag {
            found.extend(tagged::enum_of_tag(scope, tag, member)?);
        }
    }
    Ok(found)
}

/// One member, ready to be printed.
struct Arm<'a> {
    variant: &'a Variant,
    name: Ident,
    ty: TokenStream,
    /// What the member is called in errors.
    label: String,
    /// What tells its type apart from the others'.
    identity: String,
}

impl<'a> Arm<'a> {
    fn new(scope: &Scope<'_>, def: &TypeDef, variant: &'a Variant) -> Result<Self, EmitError> {
        let label = match &variant.ty {
            TypeRef::Named(name) | TypeRef::Boxed(name) => name.clone(),
            _ => variant.rust_name.clone(),
        };
        Ok(Self {
            variant,
            name: ident(
                &variant.rust_name,
                &format!("a member of `{}`", def.schema_name),
            )?,
            ty: scope.paths.ty(&variant.ty)?,
            label,
            identity: scope.paths.identity(&variant.ty)?,
        })
    }
}

/// The enum itself; `more` is an arm beyond the members.
fn definition(
    scope: &Scope<'_>,
    def: &TypeDef,
    arms: &[Arm<'_>],
    more: Option<TokenStream>,
) -> Result<TokenStream, EmitError> {
    let (name, docs) = (scope.name(def)?, scope.docs(def));
    let derives = scope.derives.named(&def.rust_name).names();
    let members = arms.iter().map(|arm| {
        let (name, ty) = (&arm.name, &arm.ty);
        let docs = doc(&match arm.variant.tag_values.as_slice() {
            [] => format!("{}.", super::super::code_span(&arm.label)),
            tags => {
                let tags: Vec<_> = tags
                    .iter()
                    .map(|tag| super::super::code_span(tag))
                    .collect();
                format!("{}.", tags.join(" or "))
            }
        });
        quote!(#docs #name(#ty),)
    });
    Ok(quote! {
        #docs
        #[derive(#derives)]
        #[allow(clippy::large_enum_variant, reason = "read once and matched once; a box would be in every match's way")]
        #[non_exhaustive]
        pub enum #name { #(#members)* #more }
    })
}

/// `From` for each type. Of members with the same one the first is made, so that a further member
/// takes nothing away.
fn conversions(
    scope: &Scope<'_>,
    shape: &Union,
    name: &Ident,
    arms: &[Arm<'_>],
) -> Result<TokenStream, EmitError> {
    let mut seen = BTreeSet::new();
    let mut all = TokenStream::new();
    for arm in arms.iter().filter(|arm| seen.insert(&arm.identity)) {
        let (variant, ty) = (&arm.name, &arm.ty);
        let set = match &shape.tag {
            Some(tag) => tagged::set_tag(scope, tag, arm.variant)?,
            None => None,
        };
        let changed = set.as_ref().map(|_| quote!(mut));
        let docs = set.as_ref().zip(shape.tag.as_ref()).map(|(_, tag)| {
            let tag = super::super::code_span(tag);
            doc(&format!(
                "Where {tag} is absent, it is set to what chooses this member."
            ))
        });
        all.extend(quote! {
            impl From<#ty> for #name {
                #docs
                fn from(#changed value: #ty) -> Self {
                    #set
                    Self::#variant(value)
                }
            }
        });
    }
    Ok(all)
}

fn schema(name: &Ident, arms: &[Arm<'_>]) -> TokenStream {
    let (text, members) = (name.to_string(), arms.iter().map(|arm| &arm.ty));
    quote! {
        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for #name {
            fn schema_name() -> std::borrow::Cow<'static, str> { #text.into() }
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let members = [#(generator.subschema_for::<#members>()),*];
                schemars::json_schema!({ "oneOf": members })
            }
        }
    }
}
