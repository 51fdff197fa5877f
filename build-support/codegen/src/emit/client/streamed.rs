//! Bodies that are sent and read as they come.

use proc_macro2::TokenStream;
use quote::quote;

use super::plan::{Call, Plan};
use crate::emit::EmitError;
use crate::model::{Content, Framing, TypeRef};

/// Whether the body is sent as it comes, which can be done once. Under a session a call may be sent
/// again, so the body is in memory there.
pub(super) fn is_streamed(plan: &Plan<'_>, call: &Call<'_>) -> bool {
    let mut contents = call.operation.contents();
    plan.settings.error.is_none() && contents.any(Content::is_streamed)
}

/// The type of one record of a stream.
///
/// # Errors
/// Fails when the type has no path.
pub(super) fn record(
    plan: &Plan<'_>,
    framing: Framing,
    ty: &TypeRef,
) -> Result<TokenStream, EmitError> {
    let ty = plan.ty(ty)?;
    Ok(match framing {
        Framing::Events => quote!(records::Event<#ty>),
        Framing::Lines | Framing::Sequence => ty,
    })
}
