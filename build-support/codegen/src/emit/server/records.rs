//! Records of streams.

use proc_macro2::TokenStream;
use quote::quote;

use super::Scope;
use crate::emit::EmitError;
use crate::model::{Framing, TypeRef};

/// The type of one record of a stream.
pub(super) fn record(
    scope: &Scope<'_>,
    framing: Framing,
    ty: &TypeRef,
) -> Result<TokenStream, EmitError> {
    let ty = scope.paths.ty(ty)?;
    Ok(match framing {
        Framing::Events => quote!(Event<#ty>),
        Framing::Lines | Framing::Sequence => ty,
    })
}
