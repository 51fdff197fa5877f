//! The kinds of bodies that come with responses, and how each is read.

use proc_macro2::TokenStream;
use quote::quote;

use super::plan::Plan;
use super::responses::Style;
use super::streamed::record;
use crate::emit::EmitError;
use crate::model::{Content, Framing, Response, TypeRef};

/// One body type.
#[derive(Clone)]
pub(super) enum Kind {
    Json(TokenStream),
    /// JSON that is an integer or holds some, and what reads them however they are written.
    Integers(TokenStream, TokenStream),
    Text,
    Bytes,
    /// The type of a record, and the function that reads it.
    Records(TokenStream, TokenStream),
    Empty,
}

impl Kind {
    pub(super) fn of(plan: &Plan<'_>, response: &Response) -> Result<Self, EmitError> {
        Ok(match &response.content {
            None => Self::Empty,
            Some((_, Content::Json(ty))) => Self::json(plan, ty)?,
            Some((_, Content::Text)) => Self::Text,
            Some((_, Content::Records(framing, ty))) if plan.settings.error.is_none() => {
                let read = match (framing, ty) {
                    (Framing::Events, TypeRef::String) => quote!(text_events),
                    (Framing::Events, _) => quote!(events),
                    (Framing::Lines, _) => quote!(lines),
                    (Framing::Sequence, _) => quote!(sequence),
                };
                Self::Records(record(plan, *framing, ty)?, read)
            }
            Some(_) => Self::Bytes,
        })
    }

    fn json(plan: &Plan<'_>, ty: &TypeRef) -> Result<Self, EmitError> {
        let plain = plan.ty(ty)?;
        Ok(match plan.paths.holds_integers(ty)? {
            true => {
                let module = plan.paths.support("whole");
                Self::Integers(plain.clone(), quote!(#module::Read<#plain>))
            }
            false => Self::Json(plain),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The Rust type. A stream cannot be printed, so inside an enum bytes are read to the end.
    pub(super) fn ty(&self, style: Style, inside: bool) -> TokenStream {
        match self {
            Self::Json(ty) | Self::Integers(ty, _) => ty.clone(),
            Self::Text => quote!(String),
            Self::Bytes if style == Style::Session || inside => quote!(Vec<u8>),
            Self::Bytes => quote!(ByteStream),
            Self::Records(record, _) => quote!(streams::RecordStream<#record>),
            Self::Empty => quote!(()),
        }
    }

    /// An expression of type `ResponseValue<T>`, in a function that may use `?`.
    pub(super) fn read(&self, inside: bool) -> TokenStream {
        match self {
            Self::Json(_) => quote!(wire::read_json(response).await?),
            Self::Integers(_, read) => quote! {
                wire::map(wire::read_json::<#read, _>(response).await?, |read| read.0)
            },
            Self::Text => quote!(wire::read_text(response).await?),
            Self::Bytes if inside => quote!(wire::read_bytes(response).await?),
            Self::Bytes => quote!(ResponseValue::stream(response)),
            Self::Records(_, read) => {
                quote!(streams::RecordStream::#read(ResponseValue::stream(response)))
            }
            Self::Empty => quote!(ResponseValue::empty(response)),
        }
    }

    /// An expression of type `Result<ResponseValue<T>, Error>` under a session.
    pub(super) fn take(&self) -> TokenStream {
        match self {
            Self::Json(_) => quote!(response.json()),
            Self::Integers(_, read) => {
                quote!(response.json::<#read>().map(|value| value.map(|read| read.0)))
            }
            Self::Text => quote!(response.text()),
            Self::Bytes | Self::Records(..) => quote!(response.bytes()),
            Self::Empty => quote!(response.empty()),
        }
    }
}
