//! The builder of one call, and the method of `Client` that makes it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Stmt};

use super::bodies;
use super::docs;
use super::parts;
use super::plan::{Call, Plan};
use super::responses::{Responses, responses};
use super::rewrite::statements;
use super::streamed::is_streamed;
use crate::emit::{EmitError, doc};
use crate::model::TypeRef;

/// One argument of a call: a parameter, the body or the idempotency key.
struct Argument<'a> {
    field: &'a Ident,
    ty: TokenStream,
    required: bool,
    /// The type a caller passes, and how it becomes the field's: `impl Into<String>`.
    converted: bool,
    docs: String,
}

/// The builder's type with its functions.
///
/// # Errors
/// Fails when a type has no path.
pub(super) fn builder(
    plan: &Plan<'_>,
    call: &Call<'_>,
    raw: Vec<Stmt>,
) -> Result<TokenStream, EmitError> {
    let (name, client) = (&call.builder, &call.client);
    let arguments = arguments(plan, call)?;
    let fields = arguments.iter().map(Argument::definition);
    let setters = arguments
        .iter()
        .filter(|one| !one.required)
        .map(Argument::setter);
    let responses = responses(plan, call)?;
    let send = send(plan, call, &responses, statements(plan, call, raw));
    let items = &responses.items;
    let (accept, accept_setter) = (accept_field(call), accept_setter(call));
    let (bodies, parts) = (bodies::emit(plan, call)?, parts::emit(plan, call)?);
    let about = doc(&format!(
        "A call of [`Client::{0}`](super::Client::{0}), ready to be sent.",
        call.method.to_string().trim_start_matches("r#")
    ));
    let owned = owned(plan, call, &responses);
    let cloned = (!is_streamed(plan, call)).then(|| quote!(, Clone));
    let (lifetime, elided, client) = match owned.is_some() {
        true => {
            let options = &call.options;
            (
                None,
                None,
                quote!(#client: Client, #options: crate::call::CallOptions),
            )
        }
        false => (
            Some(quote!(<'a>)),
            Some(quote!(<'_>)),
            quote!(#client: &'a Client),
        ),
    };
    Ok(quote! {
        #about
        #[derive(Debug #cloned)]
        #[must_use = "nothing happens until the call is sent"]
        pub struct #name #lifetime {
            #client,
            #(#fields)*
            #accept
        }

        impl #name #elided {
            #(#setters)*
            #accept_setter
            #send
        }

        #owned

        #bodies

        #parts

        #items
    })
}

fn accept_field(call: &Call<'_>) -> Option<TokenStream> {
    let field = call.accept.as_ref()?;
    Some(quote!(#field: Option<reqwest::header::HeaderValue>,))
}

/// Asks for one of several media types.
fn accept_setter(call: &Call<'_>) -> Option<TokenStream> {
    let field = call.accept.as_ref()?;
    Some(quote! {
        /// Asks for a media type (`Accept`). Without it, all that the contract documents are asked
        /// for, and the server chooses.
        pub fn #field(mut self, media_type: reqwest::header::HeaderValue) -> Self {
            self.#field = Some(media_type);
            self
        }
    })
}

/// Under a session a call owns its client. What every call can be given is written by hand, in the
/// crate's `call` module.
fn owned(plan: &Plan<'_>, call: &Call<'_>, responses: &Responses) -> Option<TokenStream> {
    plan.settings.error.as_ref()?;
    let (name, success) = (&call.builder, &responses.success);
    let (client, options) = (&call.client, &call.options);
    let keyed = call.keyed.then(|| quote!(keyed));
    Some(quote!(
        crate::call::options! { #keyed #name { #client, #options } => #success }
    ))
}

/// The method of `Client`.
///
/// # Errors
/// Fails when a type has no path.
pub(super) fn method(plan: &Plan<'_>, call: &Call<'_>) -> Result<TokenStream, EmitError> {
    let (name, method, client) = (&call.builder, &call.method, &call.client);
    let arguments = arguments(plan, call)?;
    let required: Vec<_> = arguments.iter().filter(|one| one.required).collect();
    let crowded = (required.len() > 6).then(
        || quote!(#[expect(clippy::too_many_arguments, reason = "the contract requires them all")]),
    );
    let signature = required.iter().map(|one| one.signature());
    let values = arguments.iter().map(Argument::initial);
    let example = example(plan, call, &required);
    let about = doc(&docs::method(call, example));
    if plan.settings.error.is_some() {
        let (options, constant) = (&call.options, &call.constant);
        return Ok(quote! {
            #about
            #crowded
            pub fn #method(&self, #(#signature),*) -> #name {
                #name {
                    #client: self.clone(),
                    #options: crate::call::CallOptions::new(self, &operations::#constant),
                    #(#values),*
                }
            }
        });
    }
    let accept = call.accept.as_ref().map(|field| quote!(#field: None));
    Ok(quote! {
        #about
        #crowded
        pub fn #method(&self, #(#signature),*) -> #name<'_> {
            #name { #client: self, #(#values,)* #accept }
        }
    })
}

fn arguments<'a>(plan: &Plan<'_>, call: &'a Call<'_>) -> Result<Vec<Argument<'a>>, EmitError> {
    let mut all = Vec::new();
    for (parameter, field) in call.arguments() {
        let text = matches!(plan.paths.resolve(&parameter.ty), Ok(TypeRef::String));
        all.push(Argument {
            field,
            ty: plan.ty(&parameter.ty)?,
            required: parameter.required,
            converted: text,
            docs: docs::parameter(parameter),
        });
    }
    all.extend(body(plan, call).transpose()?);
    all.extend(call.key.as_ref().map(|(field, _)| key(field)));
    Ok(all)
}

fn body<'a>(plan: &Plan<'_>, call: &'a Call<'_>) -> Option<Result<Argument<'a>, EmitError>> {
    let body = call.operation.body.as_ref()?;
    let (ty, converted) = bodies::ty(plan, call, body);
    let said = body.description.as_deref().map(crate::emit::prose);
    let docs = said.filter(|said| !said.is_empty());
    Some(ty.map(|ty| Argument {
        field: &call.body,
        ty,
        required: body.required,
        converted,
        docs: docs.unwrap_or_else(|| "The body of the request.".to_owned()),
    }))
}

fn key(field: &Ident) -> Argument<'_> {
    Argument {
        field,
        ty: quote!(uuid::Uuid),
        required: false,
        converted: false,
        docs: "The key under which the server recognises a repetition of this call. Without one,\n\
               a fresh key is made for the call and kept for all of its attempts."
            .to_owned(),
    }
}

impl Argument<'_> {
    fn definition(&self) -> TokenStream {
        let (field, ty) = (self.field, &self.ty);
        match self.required {
            true => quote!(#field: #ty,),
            false => quote!(#field: Option<#ty>,),
        }
    }

    fn signature(&self) -> TokenStream {
        let (field, ty) = (self.field, &self.ty);
        match self.converted {
            true => quote!(#field: impl Into<#ty>),
            false => quote!(#field: #ty),
        }
    }

    fn value(&self) -> TokenStream {
        let field = self.field;
        match self.converted {
            true => quote!(#field.into()),
            false => quote!(#field),
        }
    }

    fn initial(&self) -> TokenStream {
        let field = self.field;
        match (self.required, self.converted) {
            (true, true) => quote!(#field: #field.into()),
            (true, false) => quote!(#field),
            (false, _) => quote!(#field: None),
        }
    }

    fn setter(&self) -> TokenStream {
        let (field, signature, value) = (self.field, self.signature(), self.value());
        let about = doc(&self.docs);
        quote! {
            #about
            pub fn #field(mut self, #signature) -> Self {
                self.#field = Some(#value);
                self
            }
        }
    }
}

/// `send`: in one piece with progenitor's own error, or in two under a session, where progenitor
/// builds the request, and sending it until there is a response is written by hand.
fn send(
    plan: &Plan<'_>,
    call: &Call<'_>,
    responses: &Responses,
    statements: Vec<Stmt>,
) -> TokenStream {
    let (success, arms) = (&responses.success, &responses.arms);
    let about = doc(&docs::send(plan, call));
    let Some(error) = &plan.settings.error else {
        let failure = responses.failure.as_ref().map(|failure| quote!(<#failure>));
        return quote! {
            #about
            pub async fn send(self) -> Result<ResponseValue<#success>, Error #failure> {
                #(#statements)*
                match response.status().as_u16() { #arms }
            }
        };
    };
    let (client, options) = (&call.client, &call.options);
    let statements = building(statements);
    quote! {
        #about
        pub async fn send(self) -> Result<ResponseValue<#success>, #error> {
            let (client, options) = (self.#client.clone(), self.#options.clone());
            let response = send_call(&client, options, self.request()).await?;
            match response.status() { #arms }
        }

        #[expect(clippy::result_large_err, reason = "the error is progenitor's own")]
        fn request(self) -> Result<reqwest::Request, progenitor_client::Error> {
            #(#statements)*
            Ok(request)
        }
    }
}

/// The statements up to the one that binds `request`, which no other statement changes afterwards.
fn building(mut statements: Vec<Stmt>) -> Vec<Stmt> {
    let request = statements.iter_mut().position(|statement| match statement {
        Stmt::Local(local) => match &mut local.pat {
            syn::Pat::Ident(name) if name.ident == "request" => {
                name.mutability = None;
                true
            }
            _ => false,
        },
        _ => false,
    });
    statements.truncate(request.map_or(0, |place| place + 1));
    statements
}

/// An example that compiles, under a session.
fn example(plan: &Plan<'_>, call: &Call<'_>, required: &[&Argument<'_>]) -> Option<String> {
    let error = plan.settings.error.as_ref()?;
    let name = &plan.settings.crate_name;
    let error = quote!(#error)
        .to_string()
        .replace(' ', "")
        .replace("crate::", &format!("{name}::"));
    let passed: Vec<String> = required.iter().map(|one| one.field.to_string()).collect();
    let typed = required.iter().map(|one| {
        let ty = one.ty.to_string().replace(' ', "");
        format!("    {}: {ty},\n", one.field)
    });
    let typed: String = typed.map(|line| format!("# {line}")).collect();
    Some(format!(
        "# Example\n\n```no_run\n# async fn example(\n#     client: {name}::Client,\n{typed}# ) -> \
         Result<(), {error}> {{\nlet response = client.{}({}).send().await?;\nprintln!(\"{{}}\", \
         response.status());\n# Ok(())\n# }}\n```",
        call.method,
        passed.join(", "),
    ))
}
