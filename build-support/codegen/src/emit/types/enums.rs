//! Enums over strings.

use super::Scope;
use crate::emit::{EmitError, code_span, doc, ident};
use crate::model::{Enum, EnumValue, TypeDef};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

pub(super) fn emit(
    scope: &Scope<'_>,
    def: &TypeDef,
    shape: &Enum,
) -> Result<TokenStream, EmitError> {
    let name = scope.name(def)?;
    let docs = scope.docs(def);
    let variants = variants(def, shape)?;
    let listed = shape.values.iter().zip(&variants).map(|(value, variant)| {
        let docs = doc(&format!("{}.", code_span(&value.wire)));
        quote!(#docs #variant,)
    });
    let listed: TokenStream = listed.collect();
    let derives = scope.derives.named(&def.rust_name).names();
    let unknown = unknown_arm(&shape.values);
    let kept = shape.open.then(|| {
        let text = scope.paths.standard("String");
        let docs = doc("A value this version does not know, kept as it came. Make it with `from`, which finds the\nknown values, rather than by hand: a known value in here equals no other.");
        quote!(#docs #unknown(#text),)
    });
    let table = table(&name, shape, &variants, &unknown);
    let rest = match shape.open {
        true => quote!(support::string_enum!(open #name => #unknown);),
        false => quote!(support::string_enum!(closed #name);),
    };
    Ok(quote! {
        #docs
        #[derive(#derives)]
        #[non_exhaustive]
        pub enum #name { #listed #kept }
        #table
        #rest
    })
}

/// `ALL` and `as_str`, which everything else is made of.
fn table(name: &Ident, shape: &Enum, variants: &[Ident], unknown: &Ident) -> TokenStream {
    let wires = shape.values.iter().map(|value| value.wire.as_str());
    let known = shape.open.then(|| quote!(Self::#unknown(value) => value,));
    let (all, text) = (
        doc("Every value the contract lists, in its order."),
        doc("The value as it is written on the wire."),
    );
    let result = if shape.open {
        quote!(&str)
    } else {
        quote!(&'static str)
    };
    quote! {
        impl #name {
            #all
            pub const ALL: &[Self] = &[#(Self::#variants),*];

            #text
            #[must_use]
            pub fn as_str(&self) -> #result {
                match self { #(Self::#variants => #wires,)* #known }
            }
        }
    }
}

fn variants(def: &TypeDef, shape: &Enum) -> Result<Vec<Ident>, EmitError> {
    let name = |value: &EnumValue| {
        ident(
            &value.rust_name,
            &format!("`{}` of `{}`", value.wire, def.schema_name),
        )
    };
    shape.values.iter().map(name).collect()
}

/// The arm for what is not known, under a name no listed value has.
fn unknown_arm(values: &[EnumValue]) -> Ident {
    let taken = |name: &str| values.iter().any(|value| value.rust_name == name);
    let free = ["Unknown", "Unrecognised", "UnknownValue"]
        .into_iter()
        .find(|name| !taken(name));
    Ident::new(
        free.unwrap_or("OtherThanListed"),
        proc_macro2::Span::call_site(),
    )
}
