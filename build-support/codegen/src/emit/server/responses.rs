//! Documented responses as variants: what they hold and how they are sent.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::records::record;
use super::{Scope, names};
use crate::emit::{EmitError, doc, prose};
use crate::lower::is_multipart;
use crate::model::{
    Additional, Content, Field, Framing, Headers, Operation, Response, Status, TypeKind, TypeRef,
};

/// The responses of an operation, by kind.
pub(super) struct Responses<'a> {
    /// What a call may be made for: success, and documented redirections.
    pub(super) success: Vec<&'a Response>,
    /// Everything else.
    pub(super) errors: Vec<&'a Response>,
}

impl<'a> Responses<'a> {
    /// Where the contract documents no outcome, `default` stands for it.
    pub(super) fn of(operation: &'a Operation) -> Self {
        let documented = || operation.responses.iter();
        let succeeds = documented().any(|response| response.status.is_outcome());
        let (success, errors) = documented().partition(|response| match response.status {
            Status::Default => !succeeds,
            status => status.is_outcome(),
        });
        Self { success, errors }
    }

    /// The only success, when it has one exact status: then no enum is needed.
    pub(super) fn only_success(&self) -> Option<(&'a Response, u16)> {
        match self.success[..] {
            [
                response @ Response {
                    status: Status::Code(code),
                    ..
                },
            ] => Some((response, *code)),
            _ => None,
        }
    }
}

/// What a documented response is sent with.
pub(super) enum Payload {
    /// Nothing.
    Nothing,
    /// A problem (RFC 9457), where the contract says so or leaves the body of a rejection open.
    Problem,
    /// JSON of a type.
    Json(String, TokenStream),
    /// Text or bytes of a type.
    Plain(String, TokenStream),
    /// Bytes of a type that the server says: in a range, or with the boundary of its parts.
    Typed(String),
    /// Records of a type, and the function that writes them.
    Records(String, TokenStream, TokenStream),
}

impl Payload {
    pub(super) fn of(scope: &Scope<'_>, response: &Response) -> Result<Self, EmitError> {
        Ok(match &response.content {
            Some((media, Content::Json(ty)))
                if is_problem(media)
                    && rejects(response.status)
                    && response.alternative.is_none()
                    && takes_problems(scope, ty)? =>
            {
                Self::Problem
            }
            Some((media, content @ Content::Json(ty))) => {
                Self::Json(sent_as(media, content), scope.paths.ty(ty)?)
            }
            Some((media, Content::Stream)) => Self::Plain(media.clone(), quote!(axum::body::Body)),
            Some((media, Content::Records(framing, ty))) => {
                let write = match (framing, ty) {
                    (Framing::Events, TypeRef::String) => quote!(into_text_events),
                    (Framing::Events, _) => quote!(into_events),
                    (Framing::Lines, _) => quote!(into_lines),
                    (Framing::Sequence, _) => quote!(into_sequence),
                };
                let record = record(scope, *framing, ty)?;
                Self::Records(media.clone(), quote!(Records<#record>), write)
            }
            // Only who makes the parts knows what stands between them.
            Some((media, Content::Binary | Content::Multipart(_))) if is_multipart(media) => {
                Self::Typed(media.clone())
            }
            Some((media, content @ (Content::Binary | Content::Multipart(_)))) => {
                match content.sent_as(media) {
                    Some(media) => Self::Plain(media.to_owned(), quote!(bytes::Bytes)),
                    None => Self::Typed(media.clone()),
                }
            }
            Some((media, content @ (Content::Text | Content::Form(_)))) => {
                Self::Plain(sent_as(media, content), quote!(String))
            }
            None if rejects(response.status) => Self::Problem,
            None => Self::Nothing,
        })
    }

    /// The type it is held as.
    pub(super) fn ty(&self) -> Option<TokenStream> {
        match self {
            Self::Nothing => None,
            Self::Problem => Some(quote!(Problem)),
            Self::Typed(_) => Some(quote!(TypedBody<bytes::Bytes>)),
            Self::Json(_, ty) | Self::Plain(_, ty) | Self::Records(_, ty, _) => Some(ty.clone()),
        }
    }

    /// The name it is bound to, and the expression that sends it with a status.
    pub(super) fn send(&self, status: &TokenStream) -> (Option<Ident>, TokenStream) {
        let body = names::own("body");
        match self {
            Self::Nothing => (None, quote!(respond::empty(#status))),
            Self::Problem => {
                let problem = names::own("problem");
                (
                    Some(problem.clone()),
                    quote!(#problem.into_response_with_status(#status)),
                )
            }
            Self::Json(media, _) => {
                let send = quote!(respond::json(#status, #media, &#body));
                (Some(body), send)
            }
            Self::Records(media, _, write) => {
                let texts = quote!(axum::body::Body::from_stream(#body.#write()));
                let send = quote!(respond::bytes(#status, #media, #texts));
                (Some(body), send)
            }
            Self::Typed(range) => {
                let send = quote! {
                    match #body.within(#range) {
                        Ok((media_type, body)) => respond::bytes(#status, &media_type, body),
                        Err(_) => respond::internal(),
                    }
                };
                (Some(body), send)
            }
            Self::Plain(media, _) => {
                let send = quote!(respond::bytes(#status, #media, #body));
                (Some(body), send)
            }
        }
    }
}

/// The names that headers and body are bound to, and the expression that sends them with a status.
pub(super) fn held(
    scope: &Scope<'_>,
    response: &Response,
    status: &TokenStream,
) -> Result<(Vec<Ident>, TokenStream), EmitError> {
    let (body, send) = Payload::of(scope, response)?.send(status);
    let Some(headers) = &response.headers else {
        return Ok((body.into_iter().collect(), send));
    };
    let (name, rules) = (names::own("headers"), rules(headers));
    let send = quote!(support::with_headers(#send, &#name, &[#(#rules),*]));
    Ok(([name].into_iter().chain(body).collect(), send))
}

/// The type of the headers that the contract describes.
pub(super) fn headers_type(
    scope: &Scope<'_>,
    response: &Response,
) -> Result<Option<TokenStream>, EmitError> {
    let headers = response.headers.as_ref();
    headers.map(|all| scope.paths.ty(&all.ty)).transpose()
}

/// Whether a response can be made without its headers.
pub(super) fn are_headers_optional(
    scope: &Scope<'_>,
    response: &Response,
) -> Result<bool, EmitError> {
    let Some(headers) = &response.headers else {
        return Ok(true);
    };
    let TypeRef::Named(name) = &headers.ty else {
        return Ok(false);
    };
    Ok(match &scope.paths.definition(name)?.kind {
        TypeKind::Struct(object) => object.fields.iter().all(|field| !field.required),
        _ => false,
    })
}

fn rules(headers: &Headers) -> impl Iterator<Item = TokenStream> {
    headers.rules.iter().map(|rule| {
        let (name, explode, json) = (&rule.wire_name, rule.explode, rule.json);
        quote!(HeaderRule { name: #name, explode: #explode, json: #json })
    })
}

/// A variant for each response.
pub(super) fn variants(
    scope: &Scope<'_>,
    responses: &[&Response],
) -> Result<TokenStream, EmitError> {
    let variants = responses.iter().map(|response| {
        let name = names::variant_of(response);
        let key = names::status_key(response.status);
        let docs = doc(&format!("{key}: {}", prose(&response.description)));
        let fields = [
            status_type(response.status),
            headers_type(scope, response)?,
            Payload::of(scope, response)?.ty(),
        ];
        let fields = fields.into_iter().flatten();
        let mut fields = fields.peekable();
        Ok(match fields.peek() {
            Some(_) => quote!(#docs #name(#(#fields),*),),
            None => quote!(#docs #name,),
        })
    });
    variants.collect()
}

/// The body of `into_response`.
pub(super) fn sending(
    scope: &Scope<'_>,
    responses: &[&Response],
) -> Result<TokenStream, EmitError> {
    if responses.is_empty() {
        return Ok(quote!(match self {}));
    }
    let arms = arms(scope, responses)?;
    Ok(quote!(match self { #arms }))
}

/// The arms of `into_response`.
pub(super) fn arms(scope: &Scope<'_>, responses: &[&Response]) -> Result<TokenStream, EmitError> {
    let arms = responses.iter().map(|response| {
        let name = names::variant_of(response);
        let (bound, status) = match response.status {
            Status::Code(code) => {
                let code = proc_macro2::Literal::u16_unsuffixed(code);
                (None, quote!(#code))
            }
            Status::Range(_) => (Some(names::own("status")), quote!(status.get().as_u16())),
            Status::Default => (Some(names::own("status")), quote!(status.as_u16())),
        };
        let (held, send) = held(scope, response, &status)?;
        let mut fields = bound.into_iter().chain(held).peekable();
        Ok(match fields.peek() {
            Some(_) => quote!(Self::#name(#(#fields),*) => #send,),
            None => quote!(Self::#name => #send,),
        })
    });
    arms.collect()
}

/// An allowance for variants that hold whole bodies: they are moved once, and boxing them would
/// only burden those who make them.
pub(super) fn size_allowance(
    scope: &Scope<'_>,
    responses: &[&Response],
) -> Result<TokenStream, EmitError> {
    for response in responses {
        if responses.len() > 1 && matches!(Payload::of(scope, response)?, Payload::Json(..)) {
            let reason = "a response is moved once";
            return Ok(quote!(#[allow(clippy::large_enum_variant, reason = #reason)]));
        }
    }
    Ok(TokenStream::new())
}

fn is_problem(media: &str) -> bool {
    media.eq_ignore_ascii_case("application/problem+json")
}

/// Whether every problem that this server writes is a value of the contract's own type. One that asks
/// for members beyond the title and the status is written by the handler.
fn takes_problems(scope: &Scope<'_>, ty: &TypeRef) -> Result<bool, EmitError> {
    let TypeRef::Named(name) = scope.paths.resolve(ty)? else {
        return Ok(matches!(ty, TypeRef::Any));
    };
    let TypeKind::Struct(object) = &scope.paths.definition(name)?.kind else {
        return Ok(false);
    };
    let fits = |field: &Field| match field.wire_name.as_str() {
        "status" => field.ty.is_integer(),
        "title" => field.ty == TypeRef::String,
        "detail" => field.ty == TypeRef::String && !field.required,
        _ => !field.required,
    };
    Ok(object.additional != Additional::Denied && object.fields.iter().all(fits))
}

fn sent_as(media: &str, content: &Content) -> String {
    content.sent_as(media).unwrap_or(media).to_owned()
}

fn status_type(status: Status) -> Option<TokenStream> {
    match status {
        Status::Code(_) => None,
        Status::Range(class) => {
            let class = proc_macro2::Literal::u8_unsuffixed(class);
            Some(quote!(StatusIn<#class>))
        }
        Status::Default => Some(quote!(StatusCode)),
    }
}

/// Whether the status means a rejection, which has a body even where the contract gives none.
fn rejects(status: Status) -> bool {
    match status {
        Status::Code(code) => code >= 400,
        Status::Range(class) => class >= 4,
        Status::Default => true,
    }
}
