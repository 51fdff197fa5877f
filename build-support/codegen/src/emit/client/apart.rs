//! The names that the members of an object cannot have where they stand by themselves: in a query,
//! in cookies and in a form, beside other values. Names of listed members cannot
//! collide, because the contract fixes them. Those of other members come from the caller, so they are
//! checked.

use proc_macro2::TokenStream;
use quote::quote;

use super::plan::Plan;
use crate::model::{Encoding, Field, Location, Operation, Parameter, Style, TypeKind, TypeRef};
use contract::PathTemplate;

/// The call that writes the pairs of a parameter, looked at where a caller chooses names in them.
pub(super) fn parameter(
    plan: &Plan<'_>,
    operation: &Operation,
    parameter: &Parameter,
    pairs: TokenStream,
) -> TokenStream {
    let mut names = Vec::new();
    for other in &operation.parameters {
        if other.location == parameter.location {
            names.push(other.wire_name.as_str());
            names.extend(spread(plan, other));
        }
    }
    names.extend(fixed(operation, parameter.location));
    names.extend(keys(plan, operation, parameter.location));
    let deep = parameter.style == Style::DeepObject;
    let own = (parameter.wire_name.as_str(), &parameter.ty);
    looked_at(plan, own, deep, names, pairs)
}

/// The pairs of a form's member, looked at as those of a parameter are.
pub(super) fn member(
    plan: &Plan<'_>,
    form: &TypeRef,
    encodings: &[Encoding],
    encoding: &Encoding,
    pairs: TokenStream,
) -> TokenStream {
    let mut names = Vec::new();
    let mut own = &TypeRef::String;
    for field in fields(plan, form) {
        let name = field.wire_name.as_str();
        names.push(name);
        let own_style = encodings.iter().find(|one| one.name == name);
        if own_style.is_some_and(|one| is_spread(one.style, one.explode)) {
            names.extend(properties(plan, &field.ty));
        }
        if name == encoding.name {
            own = &field.ty;
        }
    }
    let deep = encoding.style == Style::DeepObject;
    looked_at(plan, (&encoding.name, own), deep, names, pairs)
}

/// `wire::apart` around pairs, where a value could bring a name with it.
fn looked_at(
    plan: &Plan<'_>,
    (name, ty): (&str, &TypeRef),
    deep: bool,
    mut names: Vec<&str>,
    pairs: TokenStream,
) -> TokenStream {
    if !is_open(plan, ty) {
        return pairs;
    }
    if deep {
        let begins = format!("{name}[");
        names.retain(|name| name.starts_with(&begins));
    } else {
        let own = properties(plan, ty);
        // A value that need not have members has the name of its own.
        let single = may_be_single(plan, ty);
        names.retain(|other| !(own.contains(other) || single && *other == name));
    }
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [] => pairs,
        names => quote!(wire::apart(#name, &[#(#names),*], #pairs?)),
    }
}

/// Whether a value can have members that the contract does not list.
fn is_open(plan: &Plan<'_>, ty: &TypeRef) -> bool {
    match plan.paths.resolve(ty) {
        Ok(TypeRef::Map(_) | TypeRef::Any) => true,
        Ok(TypeRef::Nullable(inner)) => is_open(plan, inner),
        Ok(TypeRef::Named(name) | TypeRef::Boxed(name)) => {
            match plan.paths.definition(name).map(|found| &found.kind) {
                Ok(TypeKind::Struct(object)) => object.additional.values().is_some(),
                Ok(TypeKind::Newtype(newtype)) => is_open(plan, &newtype.inner),
                Ok(TypeKind::Union(union)) => {
                    union.variants.iter().any(|variant| match &variant.ty {
                        // What contains itself is not followed.
                        TypeRef::Boxed(_) => true,
                        ty => is_open(plan, ty),
                    })
                }
                // A type that is written by hand may be an object.
                Ok(TypeKind::External(_)) => true,
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether a value can be one without members.
fn may_be_single(plan: &Plan<'_>, ty: &TypeRef) -> bool {
    match plan.paths.resolve(ty) {
        Ok(TypeRef::Any) => true,
        Ok(TypeRef::Nullable(inner)) => may_be_single(plan, inner),
        Ok(TypeRef::Named(name) | TypeRef::Boxed(name)) => matches!(
            plan.paths.definition(name).map(|found| &found.kind),
            Ok(TypeKind::Union(_) | TypeKind::External(_))
        ),
        _ => false,
    }
}

/// The names that a parameter has for its members where they stand by themselves.
fn spread<'a>(plan: &Plan<'a>, parameter: &Parameter) -> Vec<&'a str> {
    match is_spread(parameter.style, parameter.explode) {
        true => properties(plan, &parameter.ty),
        false => Vec::new(),
    }
}

fn is_spread(style: Style, explode: bool) -> bool {
    explode && !matches!(style, Style::DeepObject | Style::Json)
}

/// The members that the contract lists.
fn properties<'a>(plan: &Plan<'a>, ty: &TypeRef) -> Vec<&'a str> {
    let fields = fields(plan, ty).iter();
    fields.map(|field| field.wire_name.as_str()).collect()
}

fn fields<'a>(plan: &Plan<'a>, ty: &TypeRef) -> &'a [Field] {
    match plan.paths.resolve(ty) {
        Ok(TypeRef::Nullable(inner)) => fields(plan, inner),
        Ok(TypeRef::Named(name) | TypeRef::Boxed(name)) => {
            match plan.paths.definition(name).map(|found| &found.kind) {
                Ok(TypeKind::Struct(object)) => &object.fields,
                Ok(TypeKind::Newtype(newtype)) => fields(plan, &newtype.inner),
                _ => &[],
            }
        }
        _ => &[],
    }
}

/// The names in the query of the path itself.
fn fixed(operation: &Operation, location: Location) -> impl Iterator<Item = &str> {
    let pairs = PathTemplate::new(&operation.path).fixed();
    let pairs = pairs.filter(move |_| location == Location::Query);
    pairs.filter_map(|pair| pair.split('=').next())
}

/// The names that credentials of the call are sent under.
fn keys<'a>(
    plan: &Plan<'a>,
    operation: &'a Operation,
    location: Location,
) -> impl Iterator<Item = &'a str> {
    let place = match location {
        Location::Query => "query",
        Location::Cookie => "cookie",
        Location::Path | Location::Header => "",
    };
    let schemes = plan.api.security_schemes.iter();
    let own = schemes.filter(|scheme| {
        operation
            .security
            .iter()
            .flatten()
            .any(|name| *name == scheme.name)
    });
    let own = own.filter(move |scheme| scheme.location.as_deref() == Some(place));
    own.filter_map(|scheme| scheme.parameter.as_deref())
}
