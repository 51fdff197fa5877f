//! Emits the client: progenitor writes the requests, this module what surrounds them.
//!
//! progenitor reads a `view` of the contract that it cannot reject; its output is taken
//! apart (`raw`), and its requests are rewritten (`rewrite`) into builders with typed fields, one
//! file for each tag. No type of the contract is written twice: all of them are those of the types
//! crate.

mod apart;
mod bodies;
mod builder;
mod credentials;
mod docs;
mod headers;
mod kinds;
mod operations;
mod parts;
mod plan;
mod raw;
mod responses;
mod rewrite;
mod root;
mod shapes;
mod streamed;
mod support;
mod value;
mod view;
mod wire;

use std::collections::{BTreeMap, HashSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::Stmt;

pub(super) use self::plan::constant;
use self::plan::{Call, Plan};
use crate::emit::page::{self, Reader};
use crate::emit::{EmitError, Extent, FileContent, Sink, header, mentioned, prose};
use crate::model::{Api, Tag};
use crate::policy::{Hooks, Policy};

/// How a contract's client is put together.
struct Settings {
    /// The path of the types crate.
    types: String,
    /// The name of the client's own crate, for examples.
    crate_name: String,
    /// Whether the crate must implement the hooks itself.
    expected: bool,
    /// What the client carries for its hooks.
    session: Option<syn::Path>,
    /// The error of the calls. With one, the crate's own modules send the requests and read the
    /// responses: `send::send_call`, which is given the client, the call's options and the request,
    /// and `response::ResponseValue`.
    error: Option<syn::Path>,
    /// The module of `Shape`, where the client looks for drift.
    drift: Option<syn::Path>,
}

/// Passes on every file of the client's generated folder. progenitor writes bodies alone, so for
/// signatures it is not asked.
///
/// # Errors
///
/// [`EmitError`] when a name or path of the policy is not valid Rust, or progenitor rejects the
/// view, and what the sink fails with.
pub fn emit(
    api: &Api,
    policy: &Policy,
    extent: Extent<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), EmitError> {
    let settings = Settings::new(policy)?;
    let api = &*extent.by_operation(api);
    let plan = Plan::new(api, &settings)?;
    let view = match extent {
        Extent::Whole => view::view(&plan)?,
        Extent::Signatures(_) => view::without_calls(&plan)?,
    };
    let mut raw = raw::generate(&view, &settings)?;
    if extent.is_whole() {
        page::emit(api, Reader::Client, sink)?;
    }
    let mut items = |name: &str, items| {
        let name = name.trim_start_matches("r#");
        sink(format!("{name}.rs"), FileContent::Items(items))
    };
    // Every token so far, to see what is used.
    let mut code = String::new();
    for tag in &api.tags {
        let calls = plan.calls_of(tag);
        if !calls.is_empty() {
            let all = tag_items(&plan, &calls, extent, &mut raw.send)?;
            items(&module(tag), tag_file(&plan, tag, all, extent, &mut code))?;
        }
    }
    let wire = wire::wire(&code);
    if credentials::are_carried(&plan) {
        code.push_str("credentials :: Credentials");
    }
    let copied = support::used_by(&code);
    let names: Vec<&str> = copied.iter().map(|(name, _)| *name).collect();
    items(
        "mod",
        root::root(&plan, raw.client, wire.is_some(), &names)?,
    )?;
    items("operations", operations::operations(&plan))?;
    if let Some(drift) = settings.drift.as_ref().filter(|_| extent.is_whole()) {
        items("shapes", shapes::shapes(&plan, drift)?)?;
    }
    wire.map_or(Ok(()), |wire| items("wire", wire))?;
    let header = header(&api.source);
    for (name, text) in copied {
        sink(
            format!("{name}.rs"),
            FileContent::Text(format!("{header}{text}")),
        )?;
    }
    Ok(())
}

/// The module of a tag, out of the way of the files every client has.
fn module(tag: &Tag) -> String {
    match tag.module.as_str() {
        "operations" | "shapes" | "wire" | "credentials" | "builder" | "mod" | "multipart"
        | "integers" | "records" | "streams" | "typed" => {
            format!("{}_calls", tag.module)
        }
        other => other.to_owned(),
    }
}

impl Settings {
    fn new(policy: &Policy) -> Result<Self, EmitError> {
        let client = &policy.client;
        let path = |path: &Option<String>, place: &str| {
            let parsed = path.as_ref().map(|path| syn::parse_str(path));
            parsed.transpose().map_err(|_| EmitError::Path {
                path: path.clone().unwrap_or_default(),
                schema: place.to_owned(),
            })
        };
        Ok(Self {
            types: policy.emit.types.clone(),
            crate_name: policy.emit.types.replace("_types", "_client"),
            expected: client.hooks == Hooks::Expected,
            session: path(&client.session, "client.session")?,
            error: path(&client.error, "client.error")?,
            drift: path(&client.drift, "client.drift")?,
        })
    }
}

/// A tag's builders, then the methods that make them.
fn tag_items(
    plan: &Plan<'_>,
    calls: &[&Call<'_>],
    extent: Extent<'_>,
    send: &mut BTreeMap<String, Vec<Stmt>>,
) -> Result<TokenStream, EmitError> {
    let mut methods = Vec::new();
    let mut builders = Vec::new();
    for call in calls {
        let raw = match send.remove(&view::builder_name(call.index)) {
            Some(raw) => raw,
            None if extent.is_whole() => return Err(no_builder(call)),
            None => Vec::new(),
        };
        methods.push(builder::method(plan, call)?);
        builders.push(builder::builder(plan, call, raw)?);
    }
    Ok(quote! {
        impl Client { #(#methods)* }
        #(#builders)*
    })
}

fn no_builder(call: &Call<'_>) -> EmitError {
    EmitError::Tool {
        tool: "progenitor",
        reason: format!("it wrote no builder for `{}`", call.operation.id),
    }
}

/// The file of a tag around its items.
fn tag_file(
    plan: &Plan<'_>,
    tag: &Tag,
    items: TokenStream,
    extent: Extent<'_>,
    code: &mut String,
) -> TokenStream {
    let about = tag_docs(tag);
    if !extent.is_whole() {
        return quote!(#about #items);
    }
    let text = items.to_string();
    let imports = imports(plan, &mentioned(&items), &text);
    code.push_str(&text);
    quote!(#about #imports #items)
}

fn tag_docs(tag: &Tag) -> TokenStream {
    let said = tag.description.as_deref().map(prose);
    let said = said.filter(|said| !said.is_empty());
    let text = said.unwrap_or_else(|| format!("Calls under the tag `{}`.", tag.name));
    crate::emit::inner_doc(&text)
}

/// What a tag's file takes from elsewhere.
fn imports(plan: &Plan<'_>, words: &HashSet<String>, code: &str) -> TokenStream {
    let session = plan.settings.error.is_some();
    let used = |name: &&str| words.contains(*name);
    let mut names: Vec<&str> = match session {
        true => Vec::new(),
        false => vec!["ClientHooks", "OperationInfo"],
    };
    if !session {
        let others = ["ByteStream", "Error", "ResponseValue"];
        names.extend(others.iter().filter(|name| used(name)));
    }
    if code.contains(". form_urlencoded (") {
        names.push("RequestBuilderExt");
    }
    names.sort_unstable();
    let some = !names.is_empty();
    let names = names.into_iter().map(|name| quote::format_ident!("{name}"));
    let names = some.then(|| quote!(use progenitor_client::{#(#names),*};));
    let own = ["multipart", "records", "streams", "typed", "wire"].into_iter();
    let own = own.filter(|name| support::mentions(code, name));
    let own: Vec<_> = own.map(|name| quote::format_ident!("{name}")).collect();
    let response = session.then(|| {
        quote!(
            use crate::response::ResponseValue;
            use crate::send::send_call;
        )
    });
    quote! {
        use super::{Client, operations #(, #own)*};
        #response
        #names
    }
}

#[cfg(test)]
mod tests;
