//! The arguments of an operation: its parameters, and the properties of its body.

use heck::ToKebabCase as _;
use proc_macro2::TokenStream;
use quote::quote;

use super::types::{Types, Value};
use crate::model::{Body, Content, Location, Operation, Parameter, Struct, TypeRef};

/// How deep properties of objects become arguments of their own.
const DEEPEST: usize = 4;

/// The parameters that a caller gives, those of the path in its order.
pub(super) fn parameters(types: &Types<'_>, operation: &Operation) -> Vec<TokenStream> {
    let mut all: Vec<&Parameter> = operation.parameters.iter().collect();
    all.sort_by_key(|parameter| match parameter.location {
        Location::Path => {
            let braced = format!("{{{}}}", parameter.wire_name);
            (0, operation.path.find(&braced))
        }
        _ => (1, None),
    });
    let tokens = |parameter: &&Parameter| {
        let place = match parameter.location {
            Location::Path => quote!(Place::Path),
            Location::Query => quote!(Place::Query),
            Location::Header => quote!(Place::Header),
            Location::Cookie => quote!(Place::Cookie),
        };
        let described = Described {
            place,
            value: types.value(&parameter.ty),
            required: parameter.required,
            default: None,
            secret: false,
            about: types.about(&parameter.docs, &parameter.ty),
        };
        described.tokens(&[parameter.wire_name.as_str()])
    };
    all.iter().map(tokens).collect()
}

/// The properties of a JSON body, those of objects inside with the path to them. An object stands
/// before its own properties.
pub(super) fn properties(types: &Types<'_>, body: &Body) -> Vec<TokenStream> {
    let mut found = Vec::new();
    if let Content::Json(ty) = &body.content
        && let Some(object) = types.object(ty)
    {
        collect(types, object, &mut Vec::new(), &mut found);
    }
    found
}

fn collect<'a>(
    types: &Types<'a>,
    object: &'a Struct,
    path: &mut Vec<&'a str>,
    found: &mut Vec<TokenStream>,
) {
    for field in object.fields.iter().filter(|field| !field.read_only) {
        path.push(&field.wire_name);
        let mut value = types.value(&field.ty);
        let inner = types.object(&field.ty).filter(|_| path.len() < DEEPEST);
        if inner.is_some() {
            value.kind = "Object";
        }
        let described = Described {
            place: quote!(Place::Body),
            value,
            required: field.required,
            default: field.default.as_ref().map(ToString::to_string),
            secret: field.secret || field.ty == TypeRef::Secret,
            about: types.about(&field.docs, &field.ty),
        };
        found.push(described.tokens(path));
        if let Some(inner) = inner {
            collect(types, inner, path, found);
        }
        path.pop();
    }
}

/// An argument, apart from its name.
struct Described {
    place: TokenStream,
    value: Value,
    required: bool,
    /// The default, as JSON.
    default: Option<String>,
    secret: bool,
    about: String,
}

impl Described {
    fn tokens(&self, path: &[&str]) -> TokenStream {
        let Self {
            place,
            value,
            required,
            secret,
            about,
            ..
        } = self;
        let (kind, list, values) = (value.kind(), value.list, &value.values);
        let flag = path.join("-").to_kebab_case();
        let default = match &self.default {
            Some(json) => quote!(Some(#json)),
            None => quote!(None),
        };
        quote! {
            Argument {
                path: &[#(#path),*],
                flag: #flag,
                place: #place,
                kind: Kind::#kind,
                list: #list,
                values: &[#(#values),*],
                required: #required,
                default: #default,
                secret: #secret,
                about: #about,
            }
        }
    }
}
