//! One property of an object as a field of a struct.

use super::Scope;
use crate::emit::{EmitError, code_span, doc, documentation, ident, prose, setter_name};
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
    /// Whether absence, null and a value are three things.
    three_states: bool,
    /// What a reader takes for an absent value.
    default: Option<Default>,
    /// What serde reads and writes it with, where that is not the type itself.
    with: Option<String>,
    /// Whether it holds integers.
    whole: bool,
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
        let optional = !field.required || field.nullable;
        let three_states = field.has_three_states();
        let with = match three_states {
            true => with_presence(scope, &field.ty, &inner)?,
            false => with(scope, &field.ty, &inner, optional)?,
        };
        Ok(Self {
            name: ident(&field.rust_name, &place)?,
            with,
            whole: scope.paths.holds_integers(&field.ty)?,
            three_states,
            inner,
            optional,
            default,
            field,
        })
    }

    /// The whole field: documentation, attributes, name and type.
    pub(super) fn tokens(&self, scope: &Scope<'_>, camel: bool) -> TokenStream {
        let (name, docs) = (&self.name, doc(&self.docs(scope)));
        let attributes = self.attributes(camel);
        let serde = (!attributes.is_empty()).then(|| quote!(#[serde(#(#attributes),*)]));
        let ty = self.ty(scope);
        quote!(#docs #serde pub #name: #ty,)
    }

    /// The field's type.
    pub(super) fn ty(&self, scope: &Scope<'_>) -> TokenStream {
        let nullable = self.field.nullable && self.field.ty != TypeRef::Any;
        let mut ty = self.inner.clone();
        for wrapped in [nullable, !self.field.required] {
            if wrapped {
                ty = scope.paths.option(ty);
            }
        }
        ty
    }

    /// A method that gives the value, or the contract's default where it is absent. `others` are
    /// the fields of the struct.
    pub(super) fn reader(&self, others: &[Field]) -> Option<TokenStream> {
        let Default { ty, value } = self.default.as_ref()?;
        let name = format_ident!("{}_or_default", self.stem(others));
        let default = self.field.default.as_ref().and_then(short);
        let docs = doc(&format!(
            "{}, or {} where it is absent.",
            code_span(&self.field.wire_name),
            default.unwrap_or_else(|| "the contract's default".to_owned())
        ));
        Some(quote! {
            #docs
            #[must_use]
            pub fn #name(&self) -> #ty { #value }
        })
    }

    /// A method that gives a value to a field that may be absent. Texts are taken in any form.
    /// `others` are the fields of the struct.
    pub(super) fn setter(&self, scope: &Scope<'_>, others: &[Field]) -> Option<TokenStream> {
        if self.field.required {
            return None;
        }
        let (name, stem) = (&self.name, self.stem(others));
        let method = setter_name(stem);
        let (argument, value) = self.given(scope);
        let value = value.unwrap_or_else(|| quote!(#name));
        let docs = doc(&format!("Sets {}.", code_span(&self.field.wire_name)));
        Some(quote! {
            #docs
            #[must_use]
            pub fn #method(mut self, #argument) -> Self {
                self.#name = Some(#value);
                self
            }
        })
    }

    /// The name that methods of the field begin with or end in. `others` are the fields of the
    /// struct.
    fn stem(&self, others: &[Field]) -> &str {
        let own = bare(self.field);
        let plain = own.trim_end_matches('_');
        let taken = plain.is_empty() || others.iter().any(|other| bare(other) == plain);
        if taken { own } else { plain }
    }

    /// The parameter of a constructor, and what it becomes.
    pub(super) fn argument(&self, scope: &Scope<'_>) -> (TokenStream, TokenStream) {
        let (name, (argument, value)) = (&self.name, self.given(scope));
        let initial = match (self.field.required, value.is_some()) {
            (true, false) => quote!(#name),
            (true, true) => quote!(#name: #value),
            (false, false) => quote!(#name: Some(#name)),
            (false, true) => quote!(#name: Some(#value)),
        };
        (argument, initial)
    }

    /// The parameter that a value is given by, and how it becomes the field's, where it is not that
    /// already. Texts, bytes, lists and what is in a box are taken in any form that becomes one.
    fn given(&self, scope: &Scope<'_>) -> (TokenStream, Option<TokenStream>) {
        let name = &self.name;
        let mut ty = self.inner.clone();
        if self.field.nullable && self.field.ty != TypeRef::Any {
            ty = scope.paths.option(ty);
        }
        let (argument, value) = match &self.field.ty {
            _ if self.field.nullable => (quote!(#ty), None),
            TypeRef::Array(of) if **of == TypeRef::String => {
                let text = scope.paths.standard("String");
                (
                    quote!(impl IntoIterator<Item = impl Into<#text>>),
                    Some(quote!(#name.into_iter().map(Into::into).collect())),
                )
            }
            TypeRef::String
            | TypeRef::Secret
            | TypeRef::Base64
            | TypeRef::Array(_)
            | TypeRef::Boxed(_) => (quote!(impl Into<#ty>), Some(quote!(#name.into()))),
            text if text.is_kept_text() => (quote!(impl Into<#ty>), Some(quote!(#name.into()))),
            _ => (quote!(#ty), None),
        };
        (quote!(#name: #argument), value)
    }

    fn attributes(&self, camel: bool) -> Vec<TokenStream> {
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
        if !self.field.required {
            if self.with.is_some() || self.three_states || self.whole {
                found.push(quote!(default));
            }
            found.push(quote!(skip_serializing_if = "Option::is_none"));
        }
        if let Some(reader) = self.reader_of_values() {
            found.push(quote!(deserialize_with = #reader));
        }
        if let Some(with) = &self.with {
            found.push(quote!(with = #with));
        }
        found
    }

    /// The function that reads the field, where serde's own does not fit.
    fn reader_of_values(&self) -> Option<&'static str> {
        if self.with.is_some() {
            return None;
        }
        match (self.three_states, self.whole) {
            (true, true) => Some("support::whole::present"),
            (true, false) => Some("support::present::read"),
            (false, true) => Some("support::whole::read"),
            // Without it, serde takes absence for null.
            (false, false) if self.optional && self.field.required => Some("Option::deserialize"),
            (false, false) => None,
        }
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
                (false, _) => format!("Where it is absent, {value} is meant."),
            });
        }
        if self.three_states && self.field.nullable {
            text.push_str("\n\n`None` is absent, `Some(None)` is null.");
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

/// As [`with`], for a property that may be absent, null or a value.
fn with_presence(
    scope: &Scope<'_>,
    ty: &TypeRef,
    rust: &TokenStream,
) -> Result<Option<String>, EmitError> {
    if !scope.paths.holds_instants(ty)? {
        return Ok(None);
    }
    let option = scope.paths.option(rust.clone());
    let option = compact(&option);
    Ok(Some(format!("support::PresentTimestamps::<{option}>")))
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

/// The default that a reader takes for an absent property.
pub(super) struct Default {
    /// What the method gives back.
    ty: TokenStream,
    /// How it is made of the field, which is an `Option`.
    value: TokenStream,
}

/// The default as Rust, where Rust has a literal for it.
fn default(scope: &Scope<'_>, field: &Field) -> Result<Option<Default>, EmitError> {
    let Some(value) = &field.default else {
        return Ok(None);
    };
    let name = ident(&field.rust_name, &field.wire_name)?;
    let plain = |literal: TokenStream| -> Result<Option<Default>, EmitError> {
        Ok(Some(Default {
            ty: scope.paths.ty(&field.ty)?,
            value: quote!(self.#name.unwrap_or(#literal)),
        }))
    };
    match (scope.paths.resolve(&field.ty)?, value) {
        (TypeRef::String, Value::String(text)) if !field.secret => Ok(Some(Default {
            ty: quote!(&str),
            value: quote!(self.#name.as_deref().unwrap_or(#text)),
        })),
        (TypeRef::Bool, Value::Bool(value)) => plain(quote!(#value)),
        (TypeRef::F64, Value::Number(number)) => match number.as_f64() {
            Some(number) => {
                let number = proc_macro2::Literal::f64_unsuffixed(number);
                plain(quote!(#number))
            }
            None => Ok(None),
        },
        (ty, Value::Number(number)) => match whole(ty, number) {
            Some(number) => plain(number),
            None => Ok(None),
        },
        (TypeRef::Array(item), Value::Array(items)) if items.is_empty() => {
            let item = scope.paths.ty(item)?;
            Ok(Some(Default {
                ty: quote!(&[#item]),
                value: quote!(self.#name.as_deref().unwrap_or_default()),
            }))
        }
        (TypeRef::Named(of), Value::String(text)) => {
            let Some(variant) = variant(scope, of, text)? else {
                return Ok(None);
            };
            let copy = scope.derives.reference(&field.ty).copy;
            let clone = (!copy).then(|| quote!(.clone()));
            Ok(Some(Default {
                ty: scope.paths.ty(&field.ty)?,
                value: quote!(self.#name #clone.unwrap_or(#variant)),
            }))
        }
        _ => Ok(None),
    }
}

/// A literal of an integer type that holds the number.
fn whole(ty: &TypeRef, number: &serde_json::Number) -> Option<TokenStream> {
    let (least, most) = ty.range()?;
    let value = number.as_i64().map(i128::from);
    let value = value.or_else(|| number.as_u64().map(i128::from))?;
    let number = proc_macro2::Literal::i128_unsuffixed(value);
    (least..=most).contains(&value).then(|| quote!(#number))
}

/// The variant of an enum for one of its listed values; none of what is not an enum.
pub(super) fn variant(
    scope: &Scope<'_>,
    name: &str,
    text: &str,
) -> Result<Option<TokenStream>, EmitError> {
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
