//! The rejections of an operation as an enum.

use heck::ToSnakeCase as _;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;

use super::responses::{
    Payload, Responses, are_headers_optional, arms, headers_type, sending, size_allowance, variants,
};
use super::{Scope, names};
use crate::emit::{EmitError, code_span, doc};
use crate::model::{Content, Operation, Response, Status};

/// The enum and what it can do.
pub(super) fn emit(scope: &Scope<'_>, operation: &Operation) -> Result<TokenStream, EmitError> {
    let responses = &Responses::of(operation).errors[..];
    let name = names::error(operation)?;
    let docs = doc(&format!(
        "What {} may be rejected with, and nothing else.",
        code_span(&operation.id)
    ));
    let allowance = size_allowance(scope, responses)?;
    let variants = variants(scope, responses)?;
    let mut contents = operation.contents();
    let reads = contents.any(|one| matches!(one, Content::Multipart(_) | Content::Records(..)));
    let (rejected, from_rejection) = reads.then(|| rejection(&name)).unzip();
    let sending = match (reads, responses.is_empty()) {
        (true, true) => quote!(let Self::Rejected(rejection) = self; rejection.into_response()),
        (true, false) => {
            let arms = arms(scope, responses)?;
            quote!(match self { #arms Self::Rejected(rejection) => rejection.into_response(), })
        }
        (false, _) => sending(scope, responses)?,
    };
    let statuses = statuses(responses);
    let from_problem = from_problem(scope, responses)?;
    let constructors = constructors(scope, responses)?;
    let conversion = conversion(scope, &name, responses)?;
    Ok(quote! {
        #docs
        #[derive(Debug)]
        #allowance
        pub enum #name { #variants #rejected }

        impl #name {
            #[doc = " The exact statuses the contract documents."]
            pub const STATUSES: &[u16] = &[#(#statuses),*];

            #[doc = " The documented rejection of a problem's status."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = " The problem itself, when the contract documents no such status here, or"]
            #[doc = " another body for it."]
            pub fn from_problem(problem: Problem) -> Result<Self, Problem> { #from_problem }

            #constructors
        }

        #conversion

        #from_rejection

        impl IntoResponse for #name {
            fn into_response(self) -> Response { #sending }
        }
    })
}

/// The variant for what a handler finds wrong with a body that it reads as it comes, and what makes it.
fn rejection(name: &Ident) -> (TokenStream, TokenStream) {
    let variant = quote! {
        #[doc = " What was found wrong with the body while it was read."]
        Rejected(Rejection),
    };
    let conversion = quote! {
        impl From<Rejection> for #name {
            fn from(rejection: Rejection) -> Self {
                Self::Rejected(rejection)
            }
        }
    };
    (variant, conversion)
}

/// The exact statuses, ranges and the default left out.
fn statuses(responses: &[&Response]) -> impl Iterator<Item = Literal> {
    let own = responses
        .iter()
        .filter(|response| response.alternative.is_none());
    own.filter_map(|response| match response.status {
        Status::Code(code) => Some(Literal::u16_unsuffixed(code)),
        _ => None,
    })
}

/// `not_found(detail)` and the like, for the statuses that send a problem.
fn constructors(scope: &Scope<'_>, responses: &[&Response]) -> Result<TokenStream, EmitError> {
    let mut all = TokenStream::new();
    for response in responses {
        let Status::Code(code) = response.status else {
            continue;
        };
        if !matches!(Payload::of(scope, response)?, Payload::Problem) {
            continue;
        }
        let variant = names::variant(response.status);
        let name = format_ident!("{}", variant.to_string().to_snake_case());
        let docs = doc(&format!("{code} with what happened, and what to do now."));
        let code = Literal::u16_unsuffixed(code);
        let headers = headers_type(scope, response)?;
        let argument = headers.as_ref().map(|ty| quote!(headers: #ty,));
        let held = headers.map(|_| quote!(headers,));
        all.extend(quote! {
            #docs
            pub fn #name(#argument detail: impl Into<String>) -> Self {
                Self::#variant(#held Problem::of_status(#code).with_detail(detail))
            }
        });
    }
    Ok(all)
}

/// `?` turns a problem into a rejection, where there is one for every problem.
fn conversion(
    scope: &Scope<'_>,
    name: &Ident,
    responses: &[&Response],
) -> Result<Option<TokenStream>, EmitError> {
    let mut otherwise = None;
    for response in responses {
        if response.status == Status::Code(500)
            && matches!(Payload::of(scope, response)?, Payload::Problem)
            && are_headers_optional(scope, response)?
        {
            let variant = names::variant(response.status);
            let headers = no_headers(scope, response)?;
            otherwise = Some(quote!(Self::#variant(#headers problem)));
        }
    }
    Ok(otherwise.map(|otherwise| {
        quote! {
            #[doc = " A problem of a status that the contract does not document here is sent as 500."]
            impl From<Problem> for #name {
                fn from(problem: Problem) -> Self {
                    match Self::from_problem(problem) {
                        Ok(rejection) => rejection,
                        Err(problem) => #otherwise,
                    }
                }
            }
        }
    }))
}

/// A rejection with a body or required headers of its own cannot be made of a problem, and one
/// whose status is not documented is none.
fn from_problem(scope: &Scope<'_>, responses: &[&Response]) -> Result<TokenStream, EmitError> {
    let mut arms = TokenStream::new();
    let mut rest = quote!(Err(problem));
    let mut made_any = false;
    let preferred = responses.iter().filter(|one| one.alternative.is_none());
    for response in preferred {
        let fits = matches!(Payload::of(scope, response)?, Payload::Problem)
            && are_headers_optional(scope, response)?;
        made_any |= fits;
        let headers = no_headers(scope, response)?;
        match response.status {
            Status::Default if fits => {
                rest = quote!(Ok(Self::Other(problem.status(), #headers problem)));
            }
            Status::Default => {}
            status => arms.extend(made(status, fits, headers.as_ref())),
        }
    }
    if arms.is_empty() || !made_any {
        return Ok(rest);
    }
    Ok(quote!(match problem.status().as_u16() { #arms _ => #rest, }))
}

/// Headers where none is sent.
fn no_headers(scope: &Scope<'_>, response: &Response) -> Result<Option<TokenStream>, EmitError> {
    let ty = headers_type(scope, response)?;
    Ok(ty.map(|ty| quote!(#ty::new(),)))
}

/// The arm of one status or range.
fn made(status: Status, fits: bool, headers: Option<&TokenStream>) -> TokenStream {
    let name = names::variant(status);
    let (from, to) = match status {
        Status::Code(code) => (code, code),
        Status::Range(class) => (u16::from(class) * 100, u16::from(class) * 100 + 99),
        Status::Default => (0, u16::MAX),
    };
    let (from, to) = (Literal::u16_unsuffixed(from), Literal::u16_unsuffixed(to));
    match (status, fits) {
        (Status::Code(_), true) => quote!(#from => Ok(Self::#name(#headers problem)),),
        (Status::Code(_), false) => quote!(#from => Err(problem),),
        (_, true) => quote! {
            #from..=#to => match StatusIn::try_from(problem.status()) {
                Ok(status) => Ok(Self::#name(status, #headers problem)),
                Err(_) => Err(problem),
            },
        },
        (_, false) => quote!(#from..=#to => Err(problem),),
    }
}
