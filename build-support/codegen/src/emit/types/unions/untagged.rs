//! Unions whose members differ only in their shape.

use super::super::Scope;
use super::{Arm, definition, shared};
use crate::emit::EmitError;
use crate::model::{Additional, Constant, TypeDef, TypeKind, TypeRef};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn emit(
    scope: &Scope<'_>,
    def: &TypeDef,
    arms: &[Arm<'_>],
) -> Result<TokenStream, EmitError> {
    let definition = definition(scope, def, arms, None)?;
    let (name, text) = (scope.name(def)?, &def.rust_name);
    let result = scope.paths.standard("Result");
    let attempts = attempts(scope, arms.iter());
    let variants = arms.iter().map(|arm| &arm.name);
    Ok(quote! {
        #definition

        impl Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> #result<S::Ok, S::Error> {
                match self { #(Self::#variants(member) => member.serialize(serializer),)* }
            }
        }

        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> #result<Self, D::Error> {
                let mut value = support::untagged::Untagged::read(deserializer)?;
                #(#attempts)*
                value.finish(#text)
            }
        }
    })
}

/// Trying one member after the other.
pub(super) fn attempts<'a>(
    scope: &Scope<'_>,
    arms: impl Iterator<Item = &'a Arm<'a>>,
) -> Vec<TokenStream> {
    let mut ordered: Vec<&Arm<'_>> = arms.collect();
    ordered.sort_by_key(|arm| std::cmp::Reverse(exactness(scope, &arm.variant.ty)));
    let attempt = |arm: &&Arm<'_>| {
        let (variant, member) = (&arm.name, member(scope, arm));
        quote!(value.attempt(&#member, Self::#variant);)
    };
    ordered.iter().map(attempt).collect()
}

/// What the contract says of a member, for the runtime to weigh.
fn member(scope: &Scope<'_>, arm: &Arm<'_>) -> TokenStream {
    let label = &arm.label;
    let shape = shared::struct_of(scope, &arm.variant.ty);
    let fields = shape.into_iter().flat_map(|shape| &shape.fields);
    let properties = fields.map(|field| &field.wire_name);
    let any = match shape {
        Some(shape) => matches!(shape.additional, Additional::Typed(_)),
        None => matches!(scope.paths.resolve(&arm.variant.ty), Ok(TypeRef::Map(_))),
    };
    let listed = arm.variant.listed.iter().map(|(property, values)| {
        let property = match property {
            Some(name) => quote!(Some(#name)),
            None => quote!(None),
        };
        let values = values.iter().map(|value| match value {
            Constant::Text(text) => quote!(support::untagged::Listed::Text(#text)),
            Constant::Whole(number) => {
                let number = proc_macro2::Literal::i128_unsuffixed(*number);
                quote!(support::untagged::Listed::Whole(#number))
            }
            Constant::Flag(flag) => quote!(support::untagged::Listed::Flag(#flag)),
        });
        quote!((#property, &[#(#values),*]))
    });
    let format = match scope.paths.resolve(&arm.variant.ty) {
        Ok(TypeRef::DateTimeText) => {
            quote!(Some(|text| support::DateTimeText::from(text)
                .parse_local()
                .is_ok()))
        }
        Ok(TypeRef::UriText) => quote!(Some(|text| support::UriText::from(text).parse().is_ok())),
        Ok(TypeRef::DateText) => quote!(Some(|text| support::DateText::from(text).parse().is_ok())),
        Ok(TypeRef::UuidText) => quote!(Some(|text| support::UuidText::from(text).parse().is_ok())),
        Ok(TypeRef::Base64Text) => {
            quote!(Some(|text| support::Base64Text::from(text)
                .decode()
                .is_ok()))
        }
        _ => quote!(None),
    };
    quote!(support::untagged::Member {
        name: #label,
        properties: &[#(#properties),*],
        any: #any,
        listed: &[#(#listed),*],
        format: #format,
    })
}

/// How much a value must have to be of this type. What asks for more is tried first, so that a
/// member that is a part of another one does not take its values.
fn exactness(scope: &Scope<'_>, ty: &TypeRef) -> usize {
    if let Some(shape) = shared::struct_of(scope, ty) {
        let required = shape.fields.iter().filter(|field| field.required).count();
        let closed = usize::from(shape.additional == Additional::Denied);
        return 100 + 10 * required + closed;
    }
    match scope.paths.resolve(ty) {
        Ok(TypeRef::Any) => 0,
        Ok(TypeRef::String | TypeRef::Secret) => 1,
        Ok(TypeRef::UriText) => 2,
        Ok(TypeRef::Base64 | TypeRef::Base64Text | TypeRef::Map(_)) => 2,
        Ok(TypeRef::F64) => 3,
        Ok(ty) if ty.is_integer() => 4,
        Ok(TypeRef::Named(name)) => named(scope, name),
        Ok(_) => 6,
        Err(_) => 0,
    }
}

fn named(scope: &Scope<'_>, name: &str) -> usize {
    match scope.paths.definition(name).map(|def| &def.kind) {
        Ok(TypeKind::Enum(shape)) if shape.open => 1,
        Ok(TypeKind::Newtype(shape)) => exactness(scope, &shape.inner),
        _ => 5,
    }
}
