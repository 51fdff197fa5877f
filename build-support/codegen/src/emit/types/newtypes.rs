//! Types around another type.

use super::Scope;
use super::fields::with;
use crate::emit::EmitError;
use crate::model::{Newtype, TypeDef, TypeRef};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn emit(
    scope: &Scope<'_>,
    def: &TypeDef,
    shape: &Newtype,
) -> Result<TokenStream, EmitError> {
    let name = scope.name(def)?;
    let docs = scope.docs(def);
    let inner = scope.paths.ty(&shape.inner)?;
    let traits = scope.derives.reference(&shape.inner);
    let derives = traits.names();
    let ord = traits.ord.then(|| quote!(PartialOrd, Ord,));
    let with = with(scope, &shape.inner, &inner, false)?;
    let with = with.map(|with| quote!(#[serde(with = #with)]));
    let kind = match scope.paths.resolve(&shape.inner)? {
        TypeRef::String => Some(quote!(string)),
        inner if has_text(inner) => Some(quote!(text)),
        _ => None,
    };
    Ok(quote! {
        #docs
        #[derive(#derives #ord)]
        #[derive(Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct #name(#with pub #inner);

        support::newtype!(#kind #name, #inner);
    })
}

/// Whether `Display` and `FromStr` of the type use the form on the wire.
fn has_text(ty: &TypeRef) -> bool {
    ty.is_integer()
        || ty.is_kept_text()
        || matches!(
            ty,
            TypeRef::Uuid
                | TypeRef::Date
                | TypeRef::Decimal
                | TypeRef::Base64
                | TypeRef::Url
                | TypeRef::Bool
        )
}
