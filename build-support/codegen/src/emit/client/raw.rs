//! Runs progenitor and takes its output apart.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::ToTokens;
use syn::{ImplItem, Item, Stmt};

use super::{Settings, view::View};
use crate::emit::EmitError;
use crate::emit::pieces::{after, split, starts, with_body};

/// What is kept of progenitor's output.
pub(super) struct Raw {
    /// `Client`, its constructors, `ClientInfo`, and the assertion or default of the hooks.
    pub client: Vec<Item>,
    /// The statements of `send`, by the builder's name in the view.
    pub send: BTreeMap<String, Vec<Stmt>>,
}

/// Generates the code of a view.
///
/// # Errors
/// Fails when progenitor rejects the view or writes code in a shape this module does not know.
pub(super) fn generate(view: &View, settings: &Settings) -> Result<Raw, EmitError> {
    let tokens = Generator::new(&generation(view, settings))
        .generate_tokens(&view.document)
        .map_err(rejected)?;
    let file: syn::File = syn::parse2(lean(tokens)).map_err(rejected)?;
    let mut raw = Raw {
        client: Vec::new(),
        send: BTreeMap::new(),
    };
    for item in file.items {
        sort(item, &mut raw);
    }
    Ok(raw)
}

fn rejected(error: impl std::fmt::Display) -> EmitError {
    EmitError::Tool {
        tool: "progenitor",
        reason: error.to_string(),
    }
}

fn generation(view: &View, settings: &Settings) -> GenerationSettings {
    let mut generation = GenerationSettings::new();
    generation.with_interface(InterfaceStyle::Builder);
    if settings.expected {
        generation.with_hooks(HooksMode::Expected);
    }
    if let Some(session) = &settings.session {
        generation.with_inner_type(session.to_token_stream());
    }
    let shown = [TypeImpl::Display, TypeImpl::FromStr].into_iter();
    for (name, path) in &view.replacements {
        generation.with_replacement(name, path, shown.clone());
    }
    generation
}

/// The output without what [`sort`] would throw away in any case, since parsing is what takes
/// time: modules other than `builder`, and of that module all functions but `send`.
fn lean(tokens: TokenStream) -> TokenStream {
    let items = split(tokens).into_iter().filter_map(|item| {
        let name = after(&item, "mod");
        match name.as_deref() {
            None => Some(item),
            Some("builder") => Some(with_body(item, |body| {
                let items = split(body).into_iter();
                let blocks = items.filter(|item| starts(item, "impl"));
                blocks
                    .flat_map(|block| with_body(block, only_send))
                    .collect()
            })),
            Some(_) => None,
        }
    });
    items.flatten().collect()
}

fn only_send(body: TokenStream) -> TokenStream {
    let functions = split(body).into_iter();
    let send = functions.filter(|function| after(function, "fn").as_deref() == Some("send"));
    send.flatten().collect()
}

/// Puts an item where it belongs; what is not needed (types, prelude, re-exports) goes nowhere.
fn sort(item: Item, raw: &mut Raw) {
    match item {
        Item::Mod(module) if module.ident == "builder" => {
            for item in module.content.into_iter().flat_map(|(_, items)| items) {
                if let Item::Impl(builder) = item {
                    raw.send.extend(send(builder));
                }
            }
        }
        Item::Impl(item) if item.trait_.is_none() && !is_constructors(&item) => {}
        Item::Struct(_) | Item::Impl(_) | Item::Const(_) => raw.client.push(item),
        _ => {}
    }
}

fn is_constructors(item: &syn::ItemImpl) -> bool {
    functions(item).any(|function| function.sig.ident == "new_with_client")
}

fn send(builder: syn::ItemImpl) -> Option<(String, Vec<Stmt>)> {
    let name = match &*builder.self_ty {
        syn::Type::Path(path) => path.path.segments.last()?.ident.to_string(),
        _ => return None,
    };
    let send = functions(&builder).find(|function| function.sig.ident == "send")?;
    Some((name, send.block.stmts.clone()))
}

fn functions(item: &syn::ItemImpl) -> impl Iterator<Item = &syn::ImplItemFn> {
    item.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    })
}
