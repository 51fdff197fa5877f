//! Functions of the client that give it credentials, one for each security scheme of the contract.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{Ident, Item, parse_quote};

use super::plan::Plan;
use crate::emit::{code_span, doc, setter_name};
use crate::model::SecurityScheme;

/// Whether the client carries credentials itself: with a session or hooks of the crate's own, these
/// are what adds them.
pub(super) fn are_carried(plan: &Plan<'_>) -> bool {
    let settings = plan.settings;
    let own = settings.expected || settings.session.is_some() || settings.error.is_some();
    !own && plan
        .api
        .security_schemes
        .iter()
        .any(|one| sent(one).is_some())
}

/// Whether credentials stand where reqwest leaves them when it follows a redirection to another
/// host: in a header of the contract's own, or in the address.
pub(super) fn leave_with_redirections(plan: &Plan<'_>) -> bool {
    let places = plan
        .api
        .security_schemes
        .iter()
        .filter(|scheme| scheme.kind == "apiKey");
    let mut places = places.filter_map(|scheme| scheme.location.as_deref());
    are_carried(plan) && places.any(|place| matches!(place, "header" | "query"))
}

/// The field of the client, in its definition and in its constructors.
pub(super) fn carry(item: &mut Item) {
    match item {
        Item::Struct(client) => {
            if let syn::Fields::Named(fields) = &mut client.fields {
                fields
                    .named
                    .push(parse_quote!(credentials: credentials::Credentials));
            }
        }
        Item::Impl(constructors) if constructors.trait_.is_none() => {
            Constructed.visit_item_impl_mut(constructors);
        }
        _ => {}
    }
}

/// Adds the field where the client is made.
struct Constructed;

impl VisitMut for Constructed {
    fn visit_expr_struct_mut(&mut self, made: &mut syn::ExprStruct) {
        if made.path.is_ident("Self") {
            made.fields
                .push(parse_quote!(credentials: credentials::Credentials::default()));
        }
    }
}

/// The functions, and the hook that adds credentials to each request.
pub(super) fn functions(plan: &Plan<'_>) -> TokenStream {
    let mut taken: Vec<String> = plan
        .calls
        .iter()
        .map(|call| call.method.to_string())
        .collect();
    let schemes = plan.api.security_schemes.iter();
    let functions = schemes.filter_map(|scheme| {
        let sent = sent(scheme)?;
        Some(function(scheme, &sent, free(scheme, &mut taken)))
    });
    quote! {
        impl Client { #(#functions)* }

        impl ClientHooks<()> for &Client {
            async fn pre<E>(
                &self,
                request: &mut reqwest::Request,
                info: &OperationInfo,
            ) -> Result<(), Error<E>> {
                let operation = operations::Operation::find(info.operation_id);
                let security = operation.map_or(&[][..], |operation| operation.security);
                let added = self.credentials.add(&self.client, request, security);
                added.map_err(Error::InvalidRequest)
            }
        }
    }
}

/// How a scheme is sent, and where, in words.
struct Sent {
    scheme: TokenStream,
    place: String,
    basic: bool,
}

/// `None` for what is not sent in a request, such as certificates.
fn sent(scheme: &SecurityScheme) -> Option<Sent> {
    let authorization = |kind: &str| {
        let place = format!("in the header `Authorization`, behind `{kind}`");
        (quote!(credentials::Scheme::Authorization(#kind)), place)
    };
    let basic = |kind: &str| kind.eq_ignore_ascii_case("basic");
    let mut is_basic = false;
    let (written, place) = match (scheme.kind.as_str(), scheme.scheme.as_deref()) {
        ("apiKey", _) => key(scheme)?,
        ("http", Some(kind)) if basic(kind) => {
            is_basic = true;
            (
                quote!(credentials::Scheme::Basic),
                "in the header `Authorization`".to_owned(),
            )
        }
        ("http", Some(kind)) if kind.eq_ignore_ascii_case("bearer") => authorization("Bearer"),
        ("http", Some(kind)) => authorization(kind),
        ("oauth2" | "openIdConnect", _) => authorization("Bearer"),
        _ => return None,
    };
    Some(Sent {
        scheme: written,
        place,
        basic: is_basic,
    })
}

fn key(scheme: &SecurityScheme) -> Option<(TokenStream, String)> {
    let name = scheme.parameter.as_deref()?;
    let shown = code_span(name);
    Some(match scheme.location.as_deref()? {
        "header" => (
            quote!(credentials::Scheme::Header(#name)),
            format!("in the header {shown}"),
        ),
        "query" => (
            quote!(credentials::Scheme::Query(#name)),
            format!("in the query, as {shown}"),
        ),
        "cookie" => (
            quote!(credentials::Scheme::Cookie(#name)),
            format!("in the cookie {shown}"),
        ),
        _ => return None,
    })
}

/// `with_api_key`, apart from the operations and the other schemes.
fn free(scheme: &SecurityScheme, taken: &mut Vec<String>) -> Ident {
    let mut name = setter_name(&scheme.rust_name).to_string();
    while taken.contains(&name) {
        name.push('_');
    }
    let ident = quote::format_ident!("{name}");
    taken.push(name);
    ident
}

fn function(scheme: &SecurityScheme, sent: &Sent, function: Ident) -> TokenStream {
    let Sent {
        scheme: written,
        place,
        basic,
    } = sent;
    let name = &scheme.name;
    let about = doc(&format!(
        "Carries the credential for the security scheme {}, {place}, in calls that ask for it.",
        code_span(name)
    ));
    if *basic {
        return quote! {
            #about
            #[must_use]
            pub fn #function(
                mut self,
                user: impl Into<String>,
                password: impl Into<String>,
            ) -> Self {
                self.credentials.set(#name, #written, user.into(), password.into());
                self
            }
        };
    }
    quote! {
        #about
        #[must_use]
        pub fn #function(mut self, value: impl Into<String>) -> Self {
            self.credentials.set(#name, #written, value.into(), String::new());
            self
        }
    }
}
