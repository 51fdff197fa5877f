//! Handlers: what stands between a request and a method of a trait.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote};
use syn::Ident;

use super::{Scope, bodies, names, parts, shapes, success};
use crate::emit::{EmitError, ident};
use crate::model::{Body, Content, Framing, Location, Operation, TypeRef};

/// The function that decodes a request, calls the method, and sends its response.
pub(super) fn emit(
    scope: &Scope<'_>,
    operation: &Operation,
    api: &Ident,
) -> Result<TokenStream, EmitError> {
    let name = names::method(operation)?;
    let mut lines = TokenStream::new();
    let mut arguments = Vec::new();
    for parameter in &operation.parameters {
        let argument = names::argument(operation, parameter)?;
        let location = location(parameter.location);
        let wire = &parameter.wire_name;
        let take = names::own(if parameter.required {
            "required"
        } else {
            "optional"
        });
        lines.extend(quote!(let #argument = incoming.#take(#location, #wire)?;));
        arguments.push(argument);
    }
    if let Some(body) = &operation.body {
        let taken = body_expression(scope, operation, body)?;
        lines.extend(quote!(let body = #taken?;));
        arguments.push(names::own("body"));
    }
    let success = success::arm(scope, operation)?;
    let streamed = operation.contents().any(Content::is_streamed);
    let mutable = streamed.then(|| quote!(mut));
    Ok(quote! {
        async fn #name<A: #api>(api: Arc<A>, #mutable incoming: Incoming) -> Result<Response, Rejection> {
            #lines
            let response = api.#name(incoming.into_context(), #(#arguments),*).await;
            Ok(match response {
                #success
                Err(error) => error.into_response(),
            })
        }
    })
}

/// Of several bodies, the declared type chooses one.
fn body_expression(
    scope: &Scope<'_>,
    operation: &Operation,
    body: &Body,
) -> Result<TokenStream, EmitError> {
    if !body.has_others() {
        return one_body(scope, operation, body);
    }
    let arm = |(place, one): (usize, &Body)| {
        let (taken, variant) = (
            one_body(scope, operation, one)?,
            bodies::variant(operation, one)?,
        );
        let made = match body.required {
            true => quote!(#taken.map(#variant)),
            false => quote!(#taken.map(|body| body.map(#variant))),
        };
        // What is of none of the types is rejected where the preferred one is read.
        let pattern = match place {
            0 => quote!(_),
            _ => Literal::usize_unsuffixed(place).into_token_stream(),
        };
        Ok(quote!(#pattern => #made,))
    };
    let arms = body.all().enumerate().map(arm);
    let mut arms = arms.collect::<Result<Vec<_>, EmitError>>()?;
    arms.rotate_left(1);
    Ok(quote!(match incoming.chosen_body() { #(#arms)* }))
}

fn one_body(
    scope: &Scope<'_>,
    operation: &Operation,
    body: &Body,
) -> Result<TokenStream, EmitError> {
    let (kind, shape) = match &body.content {
        Content::Multipart(_) => {
            let reader = parts::reader(operation);
            let made = quote!(|stream| #reader::new(&incoming, stream));
            return Ok(match body.required {
                true => quote!(incoming.stream().and_then(#made)),
                false => quote!(incoming.optional_stream()?.map(#made).transpose()),
            });
        }
        Content::Records(framing, ty) => {
            let read = match (framing, ty) {
                (Framing::Events, TypeRef::String) => quote!(text_events),
                (Framing::Events, _) => quote!(events),
                (Framing::Lines, _) => quote!(lines),
                (Framing::Sequence, _) => quote!(sequence),
            };
            let made = quote!(|stream| RecordReader::#read(&incoming, stream));
            return Ok(match body.required {
                true => quote!(incoming.stream().map(#made)),
                false => quote!(incoming.optional_stream().map(|found| found.map(#made))),
            });
        }
        Content::Json(ty)
            if body
                .also
                .iter()
                .any(|(_, it)| matches!(it, Content::Form(_))) =>
        {
            (
                "json_or_form",
                Some(shapes::form(scope, ty, &body.encodings)?),
            )
        }
        Content::Json(_) => ("json", None),
        Content::Form(ty) => ("form", Some(shapes::form(scope, ty, &body.encodings)?)),
        Content::Text => ("text", None),
        Content::Binary => ("bytes", None),
        Content::Stream => ("stream", None),
    };
    let kind = if body.required {
        kind.to_owned()
    } else {
        format!("optional_{kind}")
    };
    let kind = ident(&kind, "a body")?;
    Ok(quote!(incoming.#kind(#shape)))
}

/// The runtime's word for a location.
pub(super) fn location(location: Location) -> TokenStream {
    match location {
        Location::Path => quote!(Location::Path),
        Location::Query => quote!(Location::Query),
        Location::Header => quote!(Location::Header),
        Location::Cookie => quote!(Location::Cookie),
    }
}
