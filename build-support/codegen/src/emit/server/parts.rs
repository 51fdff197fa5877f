//! The parts of a multipart body: an enum of them, and what reads one after another.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Scope, schemas, shapes};
use crate::emit::{EmitError, doc, documentation, ident};
use crate::model::{Operation, Part, PartKind};

/// The type that reads the parts.
pub(super) fn reader(operation: &Operation) -> Ident {
    format_ident!("{}Parts", operation.type_name)
}

/// Both types, where the operation has such a body; `group` is where its schemas stand.
pub(super) fn emit(
    scope: &Scope<'_>,
    operation: &Operation,
    group: &str,
) -> Result<TokenStream, EmitError> {
    let Some(body) = operation.multipart() else {
        return Ok(TokenStream::new());
    };
    let (one, reader) = (
        format_ident!("{}Part", operation.type_name),
        reader(operation),
    );
    let variants = body
        .parts
        .iter()
        .map(|part| Variant::of(scope, operation, part));
    let variants = variants.collect::<Result<Vec<_>, _>>()?;
    let borrows = !body.closed || variants.iter().any(|variant| variant.ty.is_none());
    let (declared, elided) = match borrows {
        true => (quote!(<'a>), quote!(<'_>)),
        false => (quote!(), quote!()),
    };
    let parts = definition(operation, &one, &declared, &variants, body.closed);
    let arms = arms(&one, &variants, body.closed);
    let rules = body
        .parts
        .iter()
        .map(|part| rule(scope, operation, part, group));
    let rules = rules.collect::<Result<Vec<_>, _>>()?;
    let closed = body.closed;
    let docs = doc(&format!(
        "The parts of the body of `{}`, in the order they arrive.",
        operation.id
    ));
    Ok(quote! {
        #parts

        #docs
        #[derive(Debug)]
        pub struct #reader(Multipart);

        impl #reader {
            fn new(incoming: &Incoming, body: axum::body::Body) -> Result<Self, Rejection> {
                Multipart::new(incoming, body, &[#(#rules),*], #closed).map(Self)
            }

            #[doc = " The next part; what was not read of the one before is skipped. At the end it is"]
            #[doc = " known that no required part is missing."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = ""]
            #[doc = " [`Rejection`] where the body breaks the contract, or breaks off."]
            pub async fn next(&mut self) -> Result<Option<#one #elided>, Rejection> {
                let Some(part) = self.0.next().await? else {
                    return Ok(None);
                };
                #arms
            }
        }
    })
}

/// The enum of the parts.
fn definition(
    operation: &Operation,
    name: &Ident,
    lifetime: &TokenStream,
    variants: &[Variant<'_>],
    closed: bool,
) -> TokenStream {
    let docs = doc(&format!("A part of the body of `{}`.", operation.id));
    let variants = variants.iter().map(Variant::definition);
    let other = (!closed).then(|| {
        quote! {
            #[doc = " A part that the contract does not describe."]
            Other(Part<'a>),
        }
    });
    quote! {
        #docs
        #[derive(Debug)]
        pub enum #name #lifetime { #(#variants)* #other }
    }
}

/// From a part by its rule to a variant. A closed body has no part without a rule.
fn arms(one: &Ident, variants: &[Variant<'_>], closed: bool) -> TokenStream {
    let made = |variant: &Variant<'_>| {
        let name = &variant.name;
        match variant.ty {
            None => quote!(#one::#name(part)),
            Some(_) => quote!(#one::#name(part.value().await?)),
        }
    };
    let (numbered, last) = match (closed, variants.split_last()) {
        (true, Some((last, rest))) => (rest, made(last)),
        (true, None) => return quote!(let _ = part; Ok(None)),
        (false, _) => (variants, quote!(#one::Other(part))),
    };
    if numbered.is_empty() {
        return quote!(Ok(Some(#last)));
    }
    let arms = numbered.iter().enumerate().map(|(index, variant)| {
        let index = proc_macro2::Literal::usize_unsuffixed(index);
        let made = made(variant);
        quote!(Some(#index) => #made,)
    });
    quote!(Ok(Some(match part.rule() { #(#arms)* _ => #last })))
}

struct Variant<'a> {
    part: &'a Part,
    name: Ident,
    /// The type of its value; none for a file.
    ty: Option<TokenStream>,
}

impl<'a> Variant<'a> {
    fn of(scope: &Scope<'_>, operation: &Operation, part: &'a Part) -> Result<Self, EmitError> {
        let place = format!("part `{}` of `{}`", part.wire_name, operation.id);
        Ok(Self {
            name: ident(&part.variant_name, &place)?,
            ty: part.kind.ty().map(|ty| scope.paths.ty(ty)).transpose()?,
            part,
        })
    }

    fn definition(&self) -> TokenStream {
        let name = &self.name;
        let fallback = format!("The part `{}`.", self.part.wire_name);
        let docs = doc(&documentation(&self.part.docs, &fallback));
        let ty = self.ty.clone().unwrap_or_else(|| quote!(Part<'a>));
        quote!(#docs #name(#ty),)
    }
}

fn rule(
    scope: &Scope<'_>,
    operation: &Operation,
    part: &Part,
    group: &str,
) -> Result<TokenStream, EmitError> {
    let kind = match &part.kind {
        PartKind::File => quote!(PartKind::File),
        PartKind::Json(_) => quote!(PartKind::Json),
        PartKind::Text(ty) => {
            let shape = shapes::emit(scope, ty)?;
            quote!(PartKind::Text(#shape))
        }
    };
    let (name, repeated) = (&part.wire_name, part.repeated);
    // A list without items has no part.
    let required = part.required && !part.may_be_empty;
    let schema = schemas::part_pointer(group, operation, part);
    // Texts and JSON are read by what they are, as many senders name no type of theirs.
    let media_types = match part.kind {
        PartKind::File => &part.media_types[..],
        _ => &[],
    };
    Ok(quote!(PartRule {
        name: #name,
        kind: #kind,
        required: #required,
        repeated: #repeated,
        media_types: &[#(#media_types),*],
        schema: #schema,
    }))
}
