//! The refusals of an operation as an enum.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::answers::{Answers, Payload, sending, size_allowance, variants};
use super::{Scope, names};
use crate::emit::{EmitError, code_span, doc};
use crate::model::{Operation, Response, Status};

/// The enum and what it can do.
pub(super) fn emit(scope: &Scope<'_>, operation: &Operation) -> Result<TokenStream, EmitError> {
    let responses = &Answers::of(operation).errors[..];
    let name = names::error(operation)?;
    let docs = doc(&format!(
        "What {} may be refused with, and nothing else.",
        code_span(&operation.id)
    ));
    let allowance = size_allowance(scope, responses)?;
    let variants = variants(scope, responses)?;
    let sending = sending(scope, responses)?;
    let statuses = responses
        .iter()
        .filter_map(|response| match response.status {
            Status::Code(code) => Some(Literal::u16_unsuffixed(code)),
            _ => None,
        });
    let from_problem = from_problem(scope, responses)?;
    Ok(quote! {
        #docs
        #[derive(Debug)]
        #allowance
        pub enum #name { #variants }

        impl #name {
            #[doc = " The exact statuses the contract documents."]
            pub const STATUSES: &[u16] = &[#(#statuses),*];

            #[doc = " The documented refusal of a problem's status."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = " The problem itself, when the contract documents no such status here, or"]
            #[doc = " another body for it."]
            pub fn from_problem(problem: Problem) -> Result<Self, Problem> { #from_problem }
        }

        impl IntoResponse for #name {
            fn into_response(self) -> Response { #sending }
        }
    })
}

fn from_problem(scope: &Scope<'_>, responses: &[&Response]) -> Result<TokenStream, EmitError> {
    let mut arms = TokenStream::new();
    let mut rest = quote!(_ => Err(problem),);
    for response in responses {
        let name = names::variant(response.status);
        let fits = matches!(Payload::of(scope, response)?, Payload::Problem);
        match response.status {
            Status::Code(code) => {
                let code = Literal::u16_unsuffixed(code);
                arms.extend(match fits {
                    true => quote!(#code => Ok(Self::#name(problem)),),
                    false => quote!(#code => Err(problem),),
                });
            }
            Status::Range(class) => {
                let from = Literal::u16_unsuffixed(u16::from(class) * 100);
                let to = Literal::u16_unsuffixed(u16::from(class) * 100 + 99);
                arms.extend(match fits {
                    true => quote! {
                        #from..=#to => match StatusIn::try_from(problem.status()) {
                            Ok(status) => Ok(Self::#name(status, problem)),
                            Err(_) => Err(problem),
                        },
                    },
                    false => quote!(#from..=#to => Err(problem),),
                });
            }
            Status::Default if fits => {
                rest = quote!(_ => Ok(Self::#name(problem.status(), problem)),);
            }
            Status::Default => {}
        }
    }
    if arms.is_empty() && rest.to_string().contains("Err") {
        return Ok(quote!(Err(problem)));
    }
    Ok(quote!(match problem.status().as_u16() { #arms #rest }))
}
