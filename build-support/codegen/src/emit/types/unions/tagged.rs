//! Unions whose members are distinguished by a property.

use super::super::Scope;
use super::super::fields::variant;
use super::{Arm, definition, shared, untagged};
use crate::emit::{EmitError, code_span, doc, documentation, ident};
use crate::model::{Field, TypeDef, TypeRef, Union, Variant};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

pub(super) fn emit(
    scope: &Scope<'_>,
    def: &TypeDef,
    shape: &Union,
    tag: &str,
    arms: &[Arm<'_>],
) -> Result<TokenStream, EmitError> {
    let identity = shared::identity(scope, shape, tag)?;
    let unknown = match shape.open {
        true => Some(Unknown::new(scope, def, arms, tag, identity)?),
        false => None,
    };
    let more = unknown.as_ref().map(|unknown| {
        let (arm, name) = (&unknown.arm, &unknown.name);
        let docs = doc("A type this version does not know.");
        quote!(#docs #arm(#name),)
    });
    let definition = definition(scope, def, arms, more)?;
    let name = scope.name(def)?;
    let accessors = accessors(scope, &name, arms, unknown.as_ref(), identity)?;
    let serialize = serialize(scope, &name, tag, arms, unknown.as_ref())?;
    let untagged = by_shape(scope, def, tag, arms);
    let deserialize = deserialize(scope, &name, tag, arms, unknown.as_ref(), untagged);
    let unknown = unknown.map(|unknown| unknown.definition(scope, tag));
    Ok(quote!(#definition #unknown #accessors #serialize #deserialize))
}

/// Gives `value` the tag that chooses a member, where it need not have one and has none: what
/// callers make is told apart by it, and what was read is written as it was.
pub(super) fn set_tag(
    scope: &Scope<'_>,
    tag: &str,
    member: &Variant,
) -> Result<Option<TokenStream>, EmitError> {
    let Some((field, first)) = optional_tag(scope, tag, member) else {
        return Ok(None);
    };
    let set = match scope.paths.resolve(&field.ty)? {
        TypeRef::String => Some(quote!(get_or_insert_with(|| #first.to_owned()))),
        TypeRef::Named(of) => variant(scope, of, first)?.map(|value| quote!(get_or_insert(#value))),
        _ => None,
    };
    let name = ident(&field.rust_name, tag)?;
    Ok(set.map(|set| quote!(value.#name.#set;)))
}

/// The enum that [`set_tag`] names.
pub(super) fn enum_of_tag(
    scope: &Scope<'_>,
    tag: &str,
    member: &Variant,
) -> Result<Option<String>, EmitError> {
    let Some((field, first)) = optional_tag(scope, tag, member) else {
        return Ok(None);
    };
    let TypeRef::Named(of) = scope.paths.resolve(&field.ty)? else {
        return Ok(None);
    };
    Ok(variant(scope, of, first)?.map(|_| of.clone()))
}

/// The tag of a member that need not have it, and the first value that chooses the member.
fn optional_tag<'a, 'b>(
    scope: &Scope<'a>,
    tag: &str,
    member: &'b Variant,
) -> Option<(&'a Field, &'b String)> {
    let mut fields = shared::struct_of(scope, &member.ty)?.fields.iter();
    let field =
        fields.find(|field| field.wire_name == tag && !field.required && !field.nullable)?;
    Some((field, member.tag_values.first()?))
}

/// The struct for members still to come.
struct Unknown<'a> {
    name: Ident,
    /// The union's arm that holds it.
    arm: Ident,
    /// The field for the tag.
    tag: Ident,
    identity: Option<(&'a Field, Ident, TokenStream)>,
    union: Ident,
    copyable: bool,
}

impl<'a> Unknown<'a> {
    fn new(
        scope: &Scope<'_>,
        def: &TypeDef,
        arms: &[Arm<'_>],
        tag: &str,
        identity: Option<&'a Field>,
    ) -> Result<Self, EmitError> {
        let mut name = format!("Unknown{}", def.rust_name);
        while scope.paths.definition(&name).is_ok() {
            name.push('_');
        }
        let taken = arms.iter().any(|arm| arm.name == "Unknown");
        let identity = match identity {
            Some(field) => {
                let name = ident(&field.rust_name, &field.wire_name)?;
                Some((field, name, scope.paths.ty(&field.ty)?))
            }
            None => None,
        };
        Ok(Self {
            name: ident(&name, &def.schema_name)?,
            arm: if taken {
                format_ident!("Unrecognised")
            } else {
                format_ident!("Unknown")
            },
            tag: tag_name(scope, tag, arms)?,
            copyable: identity
                .as_ref()
                .is_some_and(|(field, ..)| scope.derives.reference(&field.ty).copy),
            identity,
            union: scope.name(def)?,
        })
    }

    fn definition(&self, scope: &Scope<'_>, tag: &str) -> TokenStream {
        let docs = doc(&format!(
            "What [`{}::{}`] holds: a value of a type this version does not know. It is written as \
             it was read.",
            self.union, self.arm
        ));
        let identity = self.identity.as_ref().map(|(field, name, ty)| {
            let docs = doc(&about(field));
            quote!(#docs pub #name: #ty,)
        });
        let (name, tag_field, text) = (&self.name, &self.tag, scope.paths.standard("String"));
        let tag_docs = doc(&format!("The value of {}.", code_span(tag)));
        let raw_docs = doc("The whole object, what is above included.");
        quote! {
            #docs
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub struct #name {
                #identity
                #tag_docs
                pub #tag_field: #text,
                #raw_docs
                pub raw: serde_json::Map<#text, serde_json::Value>,
            }
        }
    }

    fn decode(&self) -> TokenStream {
        let (arm, name, tag) = (&self.arm, &self.name, &self.tag);
        let identity = self.identity.as_ref().map(|(field, name, _)| {
            let wire = &field.wire_name;
            quote!(#name: object.property(#wire)?,)
        });
        quote!(_ => Ok(Self::#arm(#name { #identity #tag: object.tag, raw: object.raw })),)
    }
}

fn about(field: &Field) -> String {
    let fallback = format!("The {} property.", code_span(&field.wire_name));
    documentation(&field.docs, &fallback)
}

/// The name of the tag as a field: the members' own, where they have one.
fn tag_name(scope: &Scope<'_>, tag: &str, arms: &[Arm<'_>]) -> Result<Ident, EmitError> {
    let field = arms.first().and_then(|arm| tag_field(scope, tag, arm));
    let name = field.map_or_else(|| tag.to_snake_case(), |field| field.rust_name.clone());
    let name = match name.as_str() {
        // The other field of an unknown member is called so.
        "raw" => "tag",
        name => name,
    };
    // A keyword is not an identifier to the parser.
    let name = match syn::parse_str::<Ident>(name) {
        Ok(_) => name.to_owned(),
        Err(_) => format!("r#{name}"),
    };
    ident(&name, tag).or_else(|_| ident("tag", tag))
}

/// Whether the member can hold the tag: it is a union itself, or lists it among its properties.
fn lists(scope: &Scope<'_>, tag: &str, arm: &Arm<'_>) -> bool {
    let member = shared::struct_of(scope, &arm.variant.ty);
    member.is_none_or(|shape| shape.fields.iter().any(|field| field.wire_name == tag))
}

fn tag_field<'a>(scope: &Scope<'a>, tag: &str, arm: &Arm<'_>) -> Option<&'a Field> {
    let member = shared::struct_of(scope, &arm.variant.ty)?;
    shared::required(member, tag)
}

/// The tag's text, given a member in `value`, where the member has a field for it that is text.
fn tag_text(scope: &Scope<'_>, tag: &str, arm: &Arm<'_>) -> Result<Option<TokenStream>, EmitError> {
    use crate::model::TypeKind;
    let Some(field) = tag_field(scope, tag, arm) else {
        return Ok(None);
    };
    let name = ident(&field.rust_name, tag)?;
    Ok(match scope.paths.resolve(&field.ty)? {
        TypeRef::String => Some(quote!(value.#name.as_str())),
        TypeRef::Named(of) if matches!(scope.paths.definition(of)?.kind, TypeKind::Enum(_)) => {
            Some(quote!(value.#name.as_str()))
        }
        _ => None,
    })
}

/// The identity, whichever member it is.
fn accessors(
    scope: &Scope<'_>,
    name: &Ident,
    arms: &[Arm<'_>],
    unknown: Option<&Unknown<'_>>,
    identity: Option<&Field>,
) -> Result<Option<TokenStream>, EmitError> {
    let Some(field) = identity else {
        return Ok(None);
    };
    let (method, ty) = (
        ident(&field.rust_name, &field.wire_name)?,
        scope.paths.ty(&field.ty)?,
    );
    let copy = unknown.map_or_else(|| scope.derives.reference(&field.ty).copy, |u| u.copyable);
    let (ty, borrow) = if copy {
        (ty, None)
    } else {
        (quote!(&#ty), Some(quote!(&)))
    };
    let names = arms
        .iter()
        .map(|arm| &arm.name)
        .chain(unknown.map(|unknown| &unknown.arm));
    let docs = doc(&format!("{}\n\nEvery member has it.", about(field)));
    Ok(Some(quote! {
        impl #name {
            #docs
            #[must_use]
            pub fn #method(&self) -> #ty {
                match self { #(Self::#names(value) => #borrow value.#method,)* }
            }
        }
    }))
}

fn serialize(
    scope: &Scope<'_>,
    name: &Ident,
    tag: &str,
    arms: &[Arm<'_>],
    unknown: Option<&Unknown<'_>>,
) -> Result<TokenStream, EmitError> {
    let result = scope.paths.standard("Result");
    let mut members = Vec::new();
    for arm in arms {
        let (variant, tags) = (&arm.name, &arm.variant.tag_values);
        members.push(
            match (tag_text(scope, tag, arm)?, tag_field(scope, tag, arm)) {
                (Some(text), _) => quote! {
                    Self::#variant(value) => {
                        support::tagged::write(serializer, value, #text, &[#(#tags),*])
                    }
                },
                (None, Some(_)) => quote!(Self::#variant(value) => value.serialize(serializer),),
                (None, None) if shared::struct_of(scope, &arm.variant.ty).is_none() => {
                    quote!(Self::#variant(value) => value.serialize(serializer),)
                }
                (None, None) if lists(scope, tag, arm) => quote! {
                    Self::#variant(value) => {
                        support::tagged::write_own(serializer, value, #tag, &[#(#tags),*])
                    }
                },
                (None, None) => quote! {
                    Self::#variant(value) => {
                        support::tagged::write_adding(serializer, value, #tag, &[#(#tags),*])
                    }
                },
            },
        );
    }
    let unknown = unknown.map(|unknown| {
        let arm = &unknown.arm;
        quote!(Self::#arm(value) => value.raw.serialize(serializer),)
    });
    Ok(quote! {
        impl Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> #result<S::Ok, S::Error> {
                match self { #(#members)* #unknown }
            }
        }
    })
}

/// How a value without the tag is read, where some members need not have it: as that one of them
/// that its shape fits best.
fn by_shape(scope: &Scope<'_>, def: &TypeDef, tag: &str, arms: &[Arm<'_>]) -> Option<TokenStream> {
    let silent = arms
        .iter()
        .filter(|arm| shared::may_lack(scope.paths, &arm.variant.ty, tag));
    let attempts = untagged::attempts(scope, silent);
    let union = &def.rust_name;
    (!attempts.is_empty()).then(|| {
        quote! {
            let mut value = support::untagged::Untagged::of(untagged);
            #(#attempts)*
            return value.finish(#union);
        }
    })
}

fn deserialize(
    scope: &Scope<'_>,
    name: &Ident,
    tag: &str,
    arms: &[Arm<'_>],
    unknown: Option<&Unknown<'_>>,
    untagged: Option<TokenStream>,
) -> TokenStream {
    let result = scope.paths.standard("Result");
    let object = match untagged {
        None => quote!(let object = support::tagged::Tagged::read(deserializer, #tag)?;),
        Some(untagged) => quote! {
            let object = match support::tagged::Tagged::find(deserializer, #tag)? {
                Ok(object) => object,
                Err(untagged) => { #untagged }
            };
        },
    };
    let members = arms
        .iter()
        .filter(|arm| !arm.variant.tag_values.is_empty())
        .map(|arm| {
            let (variant, label, tags) = (&arm.name, &arm.label, &arm.variant.tag_values);
            let object = match lists(scope, tag, arm) {
                true => quote!(object),
                false => quote!(object.without(#tag)),
            };
            quote!(#(#tags)|* => #object.decode(#label).map(Self::#variant),)
        });
    let rest = unknown.map_or_else(
        || {
            let known: Vec<_> = arms
                .iter()
                .flat_map(|arm| &arm.variant.tag_values)
                .collect();
            quote!(other => Err(serde::de::Error::unknown_variant(other, &[#(#known),*])),)
        },
        Unknown::decode,
    );
    quote! {
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> #result<Self, D::Error> {
                #object
                match object.tag.as_str() { #(#members)* #rest }
            }
        }
    }
}
