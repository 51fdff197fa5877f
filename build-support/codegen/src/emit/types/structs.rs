//! Objects.

use super::Scope;
use super::fields::{Plan, bare, camel_case, hides_itself};
use crate::emit::{EmitError, doc, ident};
use crate::model::{Additional, Field, Struct, TypeDef, TypeKind};
use contract::schema::Direction;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

/// The feature of the constructors that are for servers alone. `cargo semver-checks` and this
/// workspace's `drift` take features whose names begin like this for what versions do not cover.
pub(crate) const RESPONSES: &str = "unstable-responses";

pub(super) fn emit(
    scope: &Scope<'_>,
    def: &TypeDef,
    shape: &Struct,
) -> Result<TokenStream, EmitError> {
    let name = scope.name(def)?;
    let plans = shape
        .fields
        .iter()
        .map(|field| Plan::new(scope, def, field));
    let plans = plans.collect::<Result<Vec<_>, _>>()?;
    let definition = definition(scope, def, shape, &plans)?;
    let inherent = inherent(scope, def, shape, &plans)?;
    let debug = manual_debug(scope, &name, shape)?;
    let mut items = quote!(#definition #inherent #debug);
    for (parent, fields) in parents(scope, shape) {
        items.extend(from_child((&name, shape), parent, &fields)?);
    }
    Ok(items)
}

fn definition(
    scope: &Scope<'_>,
    def: &TypeDef,
    shape: &Struct,
    plans: &[Plan<'_>],
) -> Result<TokenStream, EmitError> {
    let (name, docs) = (scope.name(def)?, scope.docs(def));
    let camel = prefers_camel_case(&shape.fields);
    let closed = shape.additional == Additional::Denied;
    let serde = [
        needs_reader(shape).then(|| quote!(crate = "support::object")),
        camel.then(|| quote!(rename_all = "camelCase")),
        closed.then(|| quote!(deny_unknown_fields)),
    ];
    let serde: Vec<_> = serde.into_iter().flatten().collect();
    let serde = (!serde.is_empty()).then(|| quote!(#[serde(#(#serde),*)]));
    let derives = derives(scope, def, shape)?;
    let fields = plans.iter().map(|plan| plan.tokens(scope, camel));
    let rest = rest(scope, shape)?;
    Ok(quote! {
        #docs
        #[derive(#derives)]
        #[derive(Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #serde
        #[non_exhaustive]
        pub struct #name { #(#fields)* #rest }
    })
}

/// Whether the derived code has to be told that a list is not an object. Where properties that are not
/// listed are kept, it takes objects alone.
pub(super) fn needs_reader(shape: &Struct) -> bool {
    shape.additional.values().is_none()
}

/// The map of properties that are not listed.
fn rest(scope: &Scope<'_>, shape: &Struct) -> Result<Option<TokenStream>, EmitError> {
    let Some(ty) = shape.additional.values() else {
        return Ok(None);
    };
    let reader = scope.paths.holds_integers(ty)?;
    let reader = reader.then(|| quote!(, deserialize_with = "support::whole::read"));
    let (name, text, ty) = (
        rest_name(shape),
        scope.paths.standard("String"),
        scope.paths.ty(ty)?,
    );
    let docs = doc("Properties that are not listed here.");
    Ok(Some(quote! {
        #docs
        #[serde(flatten #reader)]
        pub #name: std::collections::BTreeMap<#text, #ty>,
    }))
}

fn rest_name(shape: &Struct) -> Ident {
    let mut name = "additional".to_owned();
    while shape.fields.iter().any(|field| bare(field) == name) {
        name.push('_');
    }
    format_ident!("{name}")
}

fn derives(scope: &Scope<'_>, def: &TypeDef, shape: &Struct) -> Result<TokenStream, EmitError> {
    let traits = scope.derives.named(&def.rust_name);
    let debug = (!needs_manual_debug(scope, shape)?).then(|| quote!(Debug,));
    let default = has_default(shape).then(|| quote!(Default,));
    let eq = traits.eq.then(|| quote!(Eq,));
    let hash = traits.hash.then(|| quote!(Hash,));
    Ok(quote!(Clone, #debug #default PartialEq, #eq #hash))
}

/// `new` with what is required, setters for the rest where a caller makes the object, and the methods
/// that know the contract's defaults. Others cannot write the struct out, because the contract may add
/// a property to it.
fn inherent(
    scope: &Scope<'_>,
    def: &TypeDef,
    shape: &Struct,
    plans: &[Plan<'_>],
) -> Result<Option<TokenStream>, EmitError> {
    let constructor = constructors(scope, shape, plans);
    let setters = plans
        .iter()
        .filter(|_| shape.sent)
        .filter_map(|plan| plan.setter(scope, &shape.fields));
    let readers = plans.iter().filter_map(|plan| plan.reader(&shape.fields));
    let methods: Vec<_> = setters.chain(readers).collect();
    let empty = constructor.is_none() && methods.is_empty();
    let name = scope.name(def)?;
    Ok((!empty).then(|| quote!(impl #name { #constructor #(#methods)* })))
}

/// `new`, and, for an object that does not travel alike in both directions, `for_response`.
fn constructors(scope: &Scope<'_>, shape: &Struct, plans: &[Plan<'_>]) -> Option<TokenStream> {
    let differs = plans.iter().any(|plan| plan.field.required_in.is_some());
    if !differs {
        let docs = match plans.iter().all(|plan| plan.field.required) {
            true => "Made of its properties, all of which are required.",
            false => "Made of what is required; the rest is absent.",
        };
        let given = |plan: &Plan<'_>| plan.field.required;
        return constructor(scope, shape, plans, ("new", docs, !shape.sent), &given);
    }
    let in_direction = |direction| {
        move |plan: &Plan<'_>| plan.field.required || plan.field.required_in == Some(direction)
    };
    let request = "Made of what a request needs; the rest is absent.";
    let response = "Made of what a response needs; the rest is absent.";
    let new = in_direction(Direction::Request);
    let new = constructor(scope, shape, plans, ("new", request, false), &new);
    let for_response = in_direction(Direction::Response);
    let for_response = constructor(
        scope,
        shape,
        plans,
        ("for_response", response, true),
        &for_response,
    );
    Some(quote!(#new #for_response))
}

/// Whether an object that a caller makes can be made of nothing. One that only a server makes has a
/// constructor instead, which may ask for something tomorrow.
fn has_default(shape: &Struct) -> bool {
    shape.sent && shape.fields.iter().all(|field| !field.required)
}

/// A constructor that takes some of the fields; none where it would take none and there is a default.
///
/// One that is for servers alone asks for all that a response must have, so a property more, which
/// breaks no client, is a parameter more. It is there under a feature that versions of the types do not
/// cover, which servers and tests enable.
fn constructor(
    scope: &Scope<'_>,
    shape: &Struct,
    plans: &[Plan<'_>],
    (name, docs, for_servers): (&str, &str, bool),
    is_given: &dyn Fn(&Plan<'_>) -> bool,
) -> Option<TokenStream> {
    let given = plans.iter().filter(|plan| is_given(plan));
    let parameters: Vec<_> = given.map(|plan| plan.argument(scope).0).collect();
    if parameters.is_empty() && has_default(shape) {
        return None;
    }
    let note = match for_servers {
        true => format!(
            "{docs}\n\nFor servers and tests, with the feature `{RESPONSES}`: what a response must \
             have\ncan grow with a minor version."
        ),
        false => docs.to_owned(),
    };
    let (name, docs) = (format_ident!("{name}"), doc(&note));
    let condition = for_servers.then(|| quote!(#[cfg(feature = #RESPONSES)]));
    let many = (parameters.len() > 7).then(|| {
        quote!(#[expect(clippy::too_many_arguments, reason = "each is required by the contract")])
    });
    // Without a `Default`, for the same reason that it stands under a feature.
    let none = parameters.is_empty().then(
        || quote!(#[allow(clippy::new_without_default, reason = "it may ask for something later")]),
    );
    let values = plans
        .iter()
        .map(|plan| initial(scope, plan, is_given(plan)));
    let rest = rest_initial(shape);
    Some(quote! {
        #docs
        #condition
        #many
        #none
        #[must_use]
        pub fn #name(#(#parameters),*) -> Self { Self { #(#values,)* #rest } }
    })
}

fn initial(scope: &Scope<'_>, plan: &Plan<'_>, given: bool) -> TokenStream {
    let name = &plan.name;
    if given {
        return plan.argument(scope).1;
    }
    quote!(#name: None)
}

fn rest_initial(shape: &Struct) -> Option<TokenStream> {
    let keeps = shape.additional.values().is_some();
    keeps.then(|| {
        let name = rest_name(shape);
        quote!(#name: std::collections::BTreeMap::new())
    })
}

/// A secret that is not text cannot hide itself, so the struct around it does.
fn needs_manual_debug(scope: &Scope<'_>, shape: &Struct) -> Result<bool, EmitError> {
    for field in &shape.fields {
        if field.secret && !hides_itself(scope, field)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn manual_debug(
    scope: &Scope<'_>,
    name: &Ident,
    shape: &Struct,
) -> Result<Option<TokenStream>, EmitError> {
    if !needs_manual_debug(scope, shape)? {
        return Ok(None);
    }
    let mut fields = Vec::new();
    for field in &shape.fields {
        let (label, member) = (bare(field), ident(&field.rust_name, &field.wire_name)?);
        fields.push(match field.secret && !hides_itself(scope, field)? {
            true => quote!(.field(#label, &format_args!("redacted"))),
            false => quote!(.field(#label, &self.#member)),
        });
    }
    let text = name.to_string();
    Ok(Some(quote! {
        impl std::fmt::Debug for #name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.debug_struct(#text) #(#fields)* .finish_non_exhaustive()
            }
        }
    }))
}

/// The `allOf` parents whose every field is a field here, with the pairs of fields.
pub(super) fn parents<'a>(
    scope: &'a Scope<'_>,
    shape: &'a Struct,
) -> impl Iterator<Item = (&'a TypeDef, Vec<(&'a Field, &'a Field)>)> {
    shape.parents.iter().filter_map(|schema| {
        let parent = scope.paths.by_schema(schema)?;
        let TypeKind::Struct(of_parent) = &parent.kind else {
            return None;
        };
        let kept = of_parent.additional.values();
        if kept.is_some() && kept != shape.additional.values() {
            return None;
        }
        let pairs = of_parent.fields.iter().map(|field| {
            let own = shape
                .fields
                .iter()
                .find(|own| own.wire_name == field.wire_name)?;
            fits(own, field).then_some((field, own))
        });
        Some((parent, pairs.collect::<Option<Vec<_>>>()?))
    })
}

/// Whether a value of one field can be moved into the other as it is.
fn fits(own: &Field, parent: &Field) -> bool {
    own.ty == parent.ty
        && own.secret == parent.secret
        && own.required == parent.required
        && own.nullable == parent.nullable
        && own.default == parent.default
}

fn from_child(
    (child, shape): (&Ident, &Struct),
    parent: &TypeDef,
    pairs: &[(&Field, &Field)],
) -> Result<TokenStream, EmitError> {
    let name = ident(&parent.rust_name, &parent.schema_name)?;
    let mut moves = Vec::new();
    for (field, own) in pairs {
        let to = ident(&field.rust_name, &field.wire_name)?;
        let from = ident(&own.rust_name, &own.wire_name)?;
        moves.push(quote!(#to: value.#from));
    }
    if let TypeKind::Struct(of_parent) = &parent.kind
        && of_parent.additional.values().is_some()
    {
        let (to, from) = (rest_name(of_parent), rest_name(shape));
        moves.push(quote!(#to: value.#from));
    }
    let value = if moves.is_empty() {
        quote!(_)
    } else {
        quote!(value)
    };
    Ok(quote! {
        impl From<#child> for #name {
            fn from(#value: #child) -> Self { Self { #(#moves),* } }
        }
    })
}

/// Whether one `rename_all` says more than it costs.
fn prefers_camel_case(fields: &[Field]) -> bool {
    let ascii = fields.iter().all(|field| bare(field).is_ascii());
    let plain = fields
        .iter()
        .filter(|field| bare(field) != field.wire_name)
        .count();
    let camel = fields
        .iter()
        .filter(|field| camel_case(bare(field)) != field.wire_name)
        .count();
    ascii && camel < plain
}
