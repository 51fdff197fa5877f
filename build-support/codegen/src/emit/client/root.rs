//! `mod.rs`: the client itself, from progenitor's output.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Fields, ImplItem, Item, parse_quote};

use super::credentials;
use super::plan::Plan;
use crate::emit::{EmitError, doc, ident, prose};

/// The file's items: modules, re-exports and the client.
///
/// # Errors
/// Fails when a tag's module is not an identifier.
pub(super) fn root(
    plan: &Plan<'_>,
    client: Vec<Item>,
    wire: bool,
    copied: &[&str],
) -> Result<TokenStream, EmitError> {
    let mut modules = Vec::new();
    let mut builders = Vec::new();
    for tag in &plan.api.tags {
        let module = ident(&super::module(tag), &format!("tag `{}`", tag.name))?;
        if !plan.calls_of(tag).is_empty() {
            builders.push(quote!(pub use super::#module::*;));
            modules.push(quote!(mod #module;));
        }
    }
    let wire = wire.then(|| {
        quote!(
            mod wire;
        )
    });
    let copied = copied.iter().map(|name| quote::format_ident!("{name}"));
    let shapes = plan.settings.drift.as_ref().map(|_| {
        quote!(
            pub mod shapes;
        )
    });
    // Under a session no hook is called: the crate's own loop sends every request.
    let session = plan.settings.error.is_some();
    let carried = credentials::are_carried(plan);
    let functions = carried.then(|| credentials::functions(plan));
    let hooked = carried.then(|| quote!(, OperationInfo));
    let client = client
        .into_iter()
        .filter(|item| !session || !is_hook(item))
        .filter(|item| !carried || !is_hooks(item))
        .map(|item| self::item(plan, item));
    let shared = match session {
        true => TokenStream::new(),
        false => quote!(
            pub use progenitor_client::{ByteStream, Error, ResponseValue};
            use progenitor_client::{ClientHooks, ClientInfo #hooked};
        ),
    };
    let about = format!(" {}", headline(plan));
    Ok(quote! {
        #![doc = #about]

        #(#modules)*
        pub mod not_enforced;
        pub mod operations;
        #(pub mod #copied;)*
        #shapes
        #wire

        #shared

        /// The builders of all calls.
        pub mod builder {
            #(#builders)*
        }

        #(#client)*

        #functions
    })
}

/// What progenitor writes for its hooks: the trait that shows the client's parts, and the assertion
/// that hooks exist.
fn is_hook(item: &Item) -> bool {
    match item {
        Item::Const(_) => true,
        Item::Impl(item) => item.trait_.is_some(),
        _ => false,
    }
}

/// The hooks themselves, which do nothing.
fn is_hooks(item: &Item) -> bool {
    let Item::Impl(item) = item else { return false };
    let path = item.trait_.as_ref().map(|(path, _)| path);
    path.and_then(|path| path.segments.last())
        .is_some_and(|last| last.ident == "ClientHooks")
}

fn headline(plan: &Plan<'_>) -> String {
    let title = prose(&plan.api.title).replace('\n', " ");
    format!("The operations of {title}.")
}

fn item(plan: &Plan<'_>, mut item: Item) -> Item {
    let operations = plan.api.operations.iter();
    let mut responses = operations.flat_map(|operation| &operation.responses);
    let documented = responses.any(|response| response.status.is_redirection());
    let redirect: Option<syn::Expr> = match credentials::leave_with_redirections(plan) {
        _ if documented => Some(parse_quote!(reqwest::redirect::Policy::none())),
        true => Some(parse_quote!(credentials::within_host())),
        false => None,
    };
    Plainer { redirect }.visit_item_mut(&mut item);
    if credentials::are_carried(plan) {
        credentials::carry(&mut item);
    }
    match &mut item {
        Item::Struct(client) => describe(plan, client),
        Item::Impl(constructors) if constructors.trait_.is_none() => narrow(plan, constructors),
        Item::Const(assertion) => expect_dead_code(assertion),
        _ => {}
    }
    item
}

/// The assertion that hooks exist is never called; it says so without a blanket allow.
fn expect_dead_code(assertion: &mut syn::ItemConst) {
    let mut function: syn::ItemFn = match function_in(assertion) {
        Some(function) => function,
        None => return,
    };
    function.attrs = vec![parse_quote!(#[expect(dead_code, reason = "it only has to compile")])];
    *assertion = parse_quote! { const _: () = { #function }; };
}

fn function_in(assertion: &syn::ItemConst) -> Option<syn::ItemFn> {
    let syn::Expr::Block(block) = &*assertion.expr else {
        return None;
    };
    block
        .block
        .stmts
        .iter()
        .find_map(|statement| match statement {
            syn::Stmt::Item(Item::Fn(function)) => Some(function.clone()),
            _ => None,
        })
}

fn describe(plan: &Plan<'_>, client: &mut syn::ItemStruct) {
    let mut text = format!("A client of {}.", prose(&plan.api.title).replace('\n', " "));
    if let Some(description) = &plan.api.description {
        text = format!("{text}\n\n{}", prose(description));
    }
    let text = doc(&format!(
        "{text}\n\nVersion {} of the contract.",
        plan.api.version
    ));
    let (name, fields) = (&client.ident, &client.fields);
    let Fields::Named(fields) = fields else {
        return;
    };
    *client = parse_quote! {
        #text
        #[derive(Debug, Clone)]
        pub struct #name #fields
    };
}

/// Under a session the crate offers a builder of its own, and these stay inside.
fn narrow(plan: &Plan<'_>, constructors: &mut syn::ItemImpl) {
    if plan.settings.session.is_none() {
        return;
    }
    constructors.items.retain(
        |item| matches!(item, ImplItem::Fn(function) if function.sig.ident == "new_with_client"),
    );
    for item in &mut constructors.items {
        if let ImplItem::Fn(function) = item {
            function.vis = parse_quote!(pub(crate));
            function.attrs = vec![parse_quote!(#[doc = " A client of these parts."])];
        }
    }
}

/// `::std` and `::reqwest` lose their colons, `unwrap` says why it cannot fail, and blanket allows
/// go. A client of a contract that documents redirections does not follow any: the caller sees
/// what the contract documents. One whose credentials reqwest would send along does not follow
/// those that lead to another host.
struct Plainer {
    redirect: Option<syn::Expr>,
}

impl VisitMut for Plainer {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        path.leading_colon = None;
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Some(policy) = &self.redirect
            && let syn::Expr::MethodCall(call) = expression
            && call.method == "connect_timeout"
        {
            let receiver = &call.receiver;
            call.receiver = parse_quote!(#receiver.redirect(#policy));
        }
        if let syn::Expr::MethodCall(call) = expression
            && call.method == "unwrap"
        {
            call.method = syn::Ident::new("expect", call.method.span());
            call.args
                .push(parse_quote!("the TLS backend of this build starts"));
        }
    }
}
