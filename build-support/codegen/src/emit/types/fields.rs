//! One property of an object as a field of a struct.

use super::Scope;
use crate::emit::{EmitError, code_span, doc, documentation, ident, prose};
use crate::model::{Field, TypeDef, TypeKind, TypeRef};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::Ident;

/// A field, ready to be printed.
pub(super) struct Plan<'a> {
    pub(super) field: &'a Field,
    pub(super) name: Ident,
    /// The type without `Option`.
    inner: TokenStream,
    /// Whether the field is an `Option`.
    pub(super) optional: bool,
    /// The value it takes when absent, where that is not `None`.
    pub(super) default: Option<TokenStream>,
    /// What serde reads and writes it with, where that is not the type itself.
    with: Option<String>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        scope: &Scope<'_>,
        def: &TypeDef,
        field: &'a Field,
    ) -> Result<Self, EmitError> {
        let place = format!("`{}` of `{}`", field.wire_name, def.schema_name);
        let default = match field.required || field.nullable {
            true => None,
            false => default(scope, field)?,
        };
        let inner = match hides_itself(scope, field)? {
            true => scope.paths.support("Secret"),
            false => scope.paths.ty(&field.ty)?,
        };
        let optional = default.is_none() && (!field.required || field.nullable);
        Ok(Self {
            name: ident(&field.rust_name, &place)?,
            with: with(scope, &field.ty, &inner, optional)?,
            inner,
            optional,
            default,
            field,
        })
    }

    /// The whole field: documentation, attributes, name and type.
    pub(super) fn tokens(&self, scope: &Scope<'_>, owner: &Ident, camel: bool) -> TokenStream {
        let (name, docs) = (&self.name, doc(&self.docs(scope)));
        let attributes = self.attributes(owner, camel);
        let serde = (!attributes.is_empty()).then(|| quote!(#[serde(#(#attributes),*)]));
        let ty = self.ty(scope);
        quote!(#docs #serde pub #name: #ty,)
    }

    /// The field's type.
    pub(super) fn ty(&self, scope: &Scope<'_>) -> TokenStream {
        match self.optional {
            true => scope.paths.option(self.inner.clone()),
            false => self.inner.clone(),
        }
    }

    /// The function that makes the field's default.
    pub(super) fn default_name(&self) -> Ident {
        format_ident!("default_{}", bare(self.field))
    }

    /// The parameter of a constructor, and what it becomes. Texts are taken in any form.
    pub(super) fn argument(&self, scope: &Scope<'_>) -> (TokenStream, TokenStream) {
        let (name, ty) = (&self.name, self.ty(scope));
        let text = !self.optional && matches!(self.field.ty, TypeRef::String | TypeRef::Secret);
        match text {
            true => (quote!(#name: impl Into<#ty>), quote!(#name: #name.into())),
            false => (quote!(#name: #ty), quote!(#name)),
        }
    }

    fn attributes(&self, owner: &Ident, camel: bool) -> Vec<TokenStream> {
        let mut found = Vec::new();
        let wire = &self.field.wire_name;
        let bare = bare(self.field);
        let spelt = if camel {
            camel_case(bare)
        } else {
            bare.to_owned()
        };
        if spelt != *wire {
            found.push(quote!(rename = #wire));
        }
        if self.default.is_some() {
            let path = format!("{owner}::{}", self.default_name());
            found.push(quote!(default = #path));
        } else if self.optional && !self.field.required {
            if self.with.is_some() {
                found.push(quote!(default));
            }
            found.push(quote!(skip_serializing_if = "Option::is_none"));
        } else if self.optional && self.with.is_none() {
            // Without it, serde takes absence for null.
            found.push(quote!(deserialize_with = "Option::deserialize"));
        }
        if let Some(with) = &self.with {
            found.push(quote!(with = #with));
        }
        found
    }

    fn docs(&self, scope: &Scope<'_>) -> String {
        let wire = code_span(&self.field.wire_name);
        let fallback = match described(scope, &self.field.ty) {
            Some(text) => text,
            None => format!("The {wire} property."),
        };
        let mut text = documentation(&self.field.docs, &fallback);
        if let Some(example) = self.field.docs.examples.first().and_then(short) {
            text.push_str(&format!("\n\nExample: {example}."));
        }
        if let Some(value) = self.field.default.as_ref().and_then(short) {
            text.push_str("\n\n");
            text.push_str(&match (self.field.required, &self.default) {
                (true, _) => format!("Default: {value}, though it must be sent."),
                (false, Some(_)) => format!("Taken as {value} where it is absent."),
                (false, None) => format!("Where it is absent, {value} is meant."),
            });
        }
        let side = match (self.field.read_only, self.field.write_only) {
            (true, false) => "\n\nOnly in responses.",
            (false, true) => "\n\nOnly in requests.",
            _ => "",
        };
        text + side
    }
}

/// What `#[serde(with = "…")]` names for a type that holds instants, given as the model has it and
/// as Rust.
pub(super) fn with(
    scope: &Scope<'_>,
    ty: &TypeRef,
    rust: &TokenStream,
    optional: bool,
) -> Result<Option<String>, EmitError> {
    if !scope.paths.holds_instants(ty)? {
        return Ok(None);
    }
    let one = !matches!(
        scope.paths.resolve(ty)?,
        TypeRef::Array(_) | TypeRef::Map(_) | TypeRef::Nullable(_)
    );
    Ok(Some(match (one, optional) {
        (true, false) => "support::Timestamp".to_owned(),
        (true, true) => "support::OptionalTimestamp".to_owned(),
        (false, false) => format!("support::Timestamps::<{}>", compact(rust)),
        (false, true) => {
            let option = scope.paths.option(rust.clone());
            format!("support::Timestamps::<{}>", compact(&option))
        }
    }))
}

/// A type's tokens without the spaces between them.
fn compact(ty: &TokenStream) -> String {
    ty.to_string().replace(' ', "")
}

/// Whether the field's type becomes [`Secret`](TypeRef::Secret) because the policy says so.
pub(super) fn hides_itself(scope: &Scope<'_>, field: &Field) -> Result<bool, EmitError> {
    let resolved = scope.paths.resolve(&field.ty)?;
    Ok(
        matches!(resolved, TypeRef::Secret)
            || (field.secret && matches!(resolved, TypeRef::String)),
    )
}

/// A name without `r#`, as serde sees it.
pub(super) fn bare(field: &Field) -> &str {
    field.rust_name.trim_start_matches("r#")
}

/// What serde's `rename_all = "camelCase"` makes of a field's name.
pub(super) fn camel_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut raise = false;
    for c in name.chars() {
        match c {
            '_' => raise = true,
            c if raise && !out.is_empty() => {
                out.push(c.to_ascii_uppercase());
                raise = false;
            }
            c => {
                out.push(if out.is_empty() {
                    c.to_ascii_lowercase()
                } else {
                    c
                });
                raise = false;
            }
        }
    }
    out
}

/// What the field's own type says of itself, where the field says nothing.
fn described(scope: &Scope<'_>, ty: &TypeRef) -> Option<String> {
    let (TypeRef::Named(name) | TypeRef::Boxed(name)) = ty else {
        return None;
    };
    let docs = &scope.paths.definition(name).ok()?.docs;
    let text = docs.description.as_ref().or(docs.summary.as_ref())?;
    prose(text)
        .split("\n\n")
        .next()
        .map(str::to_owned)
        .filter(|text| !text.is_empty())
}

fn short(value: &Value) -> Option<String> {
    let text = value.to_string();
    (text.len() <= 80).then(|| code_span(&text))
}

/// The default as Rust, where Rust has a literal for it.
fn default(scope: &Scope<'_>, field: &Field) -> Result<Option<TokenStream>, EmitError> {
    let Some(value) = &field.default else {
        return Ok(None);
    };
    Ok(match (scope.paths.resolve(&field.ty)?, value) {
        (TypeRef::String, Value::String(text)) if !field.secret => Some(quote!(#text.to_owned())),
        (TypeRef::Bool, Value::Bool(value)) => Some(quote!(#value)),
        (TypeRef::F64, Value::Number(number)) => number.as_f64().map(|number| {
            let number = proc_macro2::Literal::f64_unsuffixed(number);
            quote!(#number)
        }),
        (ty, Value::Number(number)) => whole(ty, number),
        (TypeRef::Array(_), Value::Array(items)) if items.is_empty() => Some(quote!(Vec::new())),
        (TypeRef::Named(name), Value::String(text)) => variant(scope, name, text)?,
        _ => None,
    })
}

/// A literal of an integer type that holds the number.
fn whole(ty: &TypeRef, number: &serde_json::Number) -> Option<TokenStream> {
    let (least, most) = ty.range()?;
    let value = number.as_i64().map(i128::from);
    let value = value.or_else(|| number.as_u64().map(i128::from))?;
    let number = proc_macro2::Literal::i128_unsuffixed(value);
    (least..=most).contains(&value).then(|| quote!(#number))
}

fn variant(scope: &Scope<'_>, name: &str, text: &str) -> Result<Option<TokenStream>, EmitError> {
    let TypeKind::Enum(shape) = &scope.paths.definition(name)?.kind else {
        return Ok(None);
    };
    let path = scope.paths.named(name)?;
    let found = shape.values.iter().find(|value| value.wire == text);
    let variant = found
        .map(|value| ident(&value.rust_name, text))
        .transpose()?;
    Ok(variant.map(|variant| quote!(#path::#variant)))
}
