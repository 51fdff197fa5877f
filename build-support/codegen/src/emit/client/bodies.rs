//! What a caller gives for a body: one type, or an enum of several, by media type.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::parts;
use super::plan::{Call, Plan};
use super::streamed::{is_streamed, record};
use crate::emit::{EmitError, code_span, doc, ident};
use crate::model::{Body, Content};

/// The type of the argument, and whether callers pass what becomes it.
pub(super) fn ty(
    plan: &Plan<'_>,
    call: &Call<'_>,
    body: &Body,
) -> (Result<TokenStream, EmitError>, bool) {
    match body.has_others() {
        true => {
            let name = name(plan, call);
            (Ok(quote!(#name)), true)
        }
        false => one(plan, call, body),
    }
}

/// The enum, where there are several.
///
/// # Errors
/// Fails when a type has no path, or a name is not an identifier.
pub(super) fn emit(plan: &Plan<'_>, call: &Call<'_>) -> Result<TokenStream, EmitError> {
    let body = call.operation.body.as_ref();
    let Some(body) = body.filter(|body| body.has_others()) else {
        return Ok(TokenStream::new());
    };
    let name = name(plan, call);
    let about = doc(&format!(
        "What the body of {} may be, by its media type.",
        code_span(&call.operation.id)
    ));
    let cloned = (!is_streamed(plan, call)).then(|| quote!(, Clone));
    let mut variants = TokenStream::new();
    let mut types: Vec<Variant> = Vec::new();
    for one in body.all() {
        let (variant, ty) = (variant_name(call, one)?, self::one(plan, call, one).0?);
        let about = doc(&about_type(one));
        variants.extend(quote!(#about #variant(#ty),));
        let identity = match &one.content {
            Content::Json(ty) | Content::Form(ty) => plan.paths.identity(ty)?,
            _ => ty.to_string(),
        };
        types.push(Variant {
            name: variant,
            ty,
            identity,
        });
    }
    let conversions = types.iter().filter(|one| one.is_alone(&types));
    let conversions = conversions.map(|one| {
        let (variant, ty) = (&one.name, &one.ty);
        let text = (ty.to_string() == "String").then(|| {
            quote! {
                impl From<&str> for #name {
                    fn from(body: &str) -> Self {
                        Self::#variant(body.to_owned())
                    }
                }
            }
        });
        quote! {
            impl From<#ty> for #name {
                fn from(body: #ty) -> Self {
                    Self::#variant(body)
                }
            }
            #text
        }
    });
    Ok(quote! {
        #about
        #[derive(Debug #cloned)]
        #[non_exhaustive]
        pub enum #name { #variants }

        #(#conversions)*
    })
}

/// The path of a body's variant.
///
/// # Errors
/// Fails when its name is not an identifier.
pub(super) fn variant(
    plan: &Plan<'_>,
    call: &Call<'_>,
    body: &Body,
) -> Result<TokenStream, EmitError> {
    let (name, variant) = (name(plan, call), variant_name(call, body)?);
    Ok(quote!(#name::#variant))
}

fn name(plan: &Plan<'_>, call: &Call<'_>) -> Ident {
    plan.beside(call, "Body")
}

fn variant_name(call: &Call<'_>, body: &Body) -> Result<Ident, EmitError> {
    ident(
        &body.variant_name,
        &format!("a body of operation `{}`", call.operation.id),
    )
}

struct Variant {
    name: Ident,
    ty: TokenStream,
    /// What tells its type apart from others.
    identity: String,
}

impl Variant {
    /// Whether no other body is of this type, so that a value of it can only mean this one.
    fn is_alone(&self, all: &[Self]) -> bool {
        let same = all.iter().filter(|one| one.identity == self.identity);
        same.count() == 1
    }
}

fn about_type(body: &Body) -> String {
    format!("{}.", code_span(&body.media_type))
}

fn one(plan: &Plan<'_>, call: &Call<'_>, body: &Body) -> (Result<TokenStream, EmitError>, bool) {
    match &body.content {
        Content::Json(ty) | Content::Form(ty) => (plan.ty(ty), false),
        Content::Text => (Ok(quote!(String)), true),
        Content::Stream if is_streamed(plan, call) => (Ok(quote!(reqwest::Body)), true),
        Content::Records(framing, ty) if is_streamed(plan, call) => {
            let record = record(plan, *framing, ty);
            (record.map(|record| quote!(records::Records<#record>)), true)
        }
        Content::Multipart(_) if is_streamed(plan, call) => {
            let name = parts::name(plan, call);
            (Ok(quote!(#name)), false)
        }
        _ if body.sent_as().is_none() => (Ok(quote!(typed::TypedBody<Vec<u8>>)), false),
        _ => (Ok(quote!(Vec<u8>)), true),
    }
}
