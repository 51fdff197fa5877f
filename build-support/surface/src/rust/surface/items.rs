//! Items as entries of a surface.

use super::modules::is_public;
use super::signature::{function, generics, text};
use super::{Kind, Surface};
use std::collections::BTreeMap;
use syn::{
    Attribute, Fields, ImplItem, Item, ItemEnum, ItemImpl, ItemMacro, ItemStruct, ItemTrait, Meta,
    TraitItem,
};

/// The paths of the public types of a name.
pub(super) type Paths = BTreeMap<String, Vec<String>>;

/// The name by which `impl` blocks refer to an item.
pub(super) fn type_name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Struct(it) => &it.ident,
        Item::Enum(it) => &it.ident,
        Item::Union(it) => &it.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// Adds an item, with its parts, under a path.
pub(super) fn declare(surface: &mut Surface, path: &str, item: &Item) {
    let signature = match item {
        Item::Struct(it) => return structure(surface, path, it),
        Item::Enum(it) => return enumeration(surface, path, it),
        Item::Trait(it) => return interface(surface, path, it),
        Item::Fn(it) => function(&it.sig),
        Item::Const(it) => format!("const {}", text(&it.ty)),
        Item::Static(it) => format!("static {}", text(&it.ty)),
        Item::Type(it) => format!("type{} = {}", generics(&it.generics), text(&it.ty)),
        Item::Union(it) => format!("union{}", generics(&it.generics)),
        _ => return,
    };
    surface.add(path.to_owned(), Kind::Plain, signature, None);
}

fn structure(surface: &mut Surface, path: &str, item: &ItemStruct) {
    let all_public = item.fields.iter().all(|field| is_public(&field.vis));
    let exhaustive = all_public && !has(&item.attrs, "non_exhaustive");
    let kind = if exhaustive {
        Kind::Exhaustive
    } else {
        Kind::Plain
    };
    let shape = match (&item.fields, exhaustive) {
        (_, false) => "struct with private parts",
        (Fields::Named(_), _) => "struct",
        (Fields::Unnamed(_), _) => "tuple struct",
        (Fields::Unit, _) => "unit struct",
    };
    let signature = format!("{shape}{}", generics(&item.generics));
    surface.add(path.to_owned(), kind, signature, None);
    for (index, field) in item.fields.iter().enumerate() {
        if is_public(&field.vis) {
            let name = field
                .ident
                .as_ref()
                .map_or(index.to_string(), ToString::to_string);
            surface.add(
                format!("{path}::{name}"),
                Kind::Part,
                text(&field.ty),
                Some(path),
            );
        }
    }
    derives(surface, path, &item.attrs);
}

fn enumeration(surface: &mut Surface, path: &str, item: &ItemEnum) {
    let open = has(&item.attrs, "non_exhaustive");
    let kind = if open { Kind::Plain } else { Kind::Exhaustive };
    let shape = if open { "non-exhaustive enum" } else { "enum" };
    let signature = format!("{shape}{}", generics(&item.generics));
    surface.add(path.to_owned(), kind, signature, None);
    for variant in &item.variants {
        let signature = match &variant.fields {
            Fields::Unit => "variant".to_owned(),
            Fields::Unnamed(fields) => {
                let types = fields.unnamed.iter().map(|field| text(&field.ty));
                format!("variant({})", types.collect::<Vec<_>>().join(", "))
            }
            Fields::Named(fields) => {
                let fields = fields
                    .named
                    .iter()
                    .map(|field| format!("{}: {}", text(&field.ident), text(&field.ty)));
                format!("variant {{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
        };
        let name = format!("{path}::{}", variant.ident);
        surface.add(name, Kind::Part, signature, Some(path));
    }
    derives(surface, path, &item.attrs);
}

fn interface(surface: &mut Surface, path: &str, item: &ItemTrait) {
    let bounds = match item.supertraits.is_empty() {
        true => String::new(),
        false => format!(": {}", text(&item.supertraits)),
    };
    let signature = format!("trait{}{bounds}", generics(&item.generics));
    surface.add(path.to_owned(), Kind::Plain, signature, None);
    for part in &item.items {
        let (name, signature, default) = match part {
            TraitItem::Fn(it) => (&it.sig.ident, function(&it.sig), it.default.is_some()),
            TraitItem::Const(it) => (
                &it.ident,
                format!("const {}", text(&it.ty)),
                it.default.is_some(),
            ),
            TraitItem::Type(it) => (
                &it.ident,
                format!("type {}", text(&it.bounds)),
                it.default.is_some(),
            ),
            _ => continue,
        };
        let kind = if default {
            Kind::Member
        } else {
            Kind::Required
        };
        surface.add(format!("{path}::{name}"), kind, signature, Some(path));
    }
}

/// Adds what an `impl` block, or a macro that stands for some, gives to public types.
pub(super) fn implement(surface: &mut Surface, paths: &Paths, item: &Item) {
    match item {
        Item::Impl(block) => {
            let name = self_name(block);
            for path in name.and_then(|name| paths.get(&name)).into_iter().flatten() {
                implementation(surface, path, block);
            }
        }
        Item::Macro(call) => {
            let Some((name, signature)) = macro_call(call) else {
                return;
            };
            for path in paths.get(&name).into_iter().flatten() {
                let entry = format!("{path}: {}!", text(&call.mac.path));
                surface.add(entry, Kind::Member, signature.clone(), Some(path));
            }
        }
        _ => {}
    }
}

fn implementation(surface: &mut Surface, path: &str, block: &ItemImpl) {
    if let Some((implemented, _)) = &block.trait_ {
        let entry = format!("{path}: {}", text(implemented));
        let signature = format!("impl{}", generics(&block.generics));
        return surface.add(entry, Kind::Member, signature, Some(path));
    }
    for part in &block.items {
        let (name, signature) = match part {
            ImplItem::Fn(it) if is_public(&it.vis) && is_for_servers(&it.attrs) => {
                let name = format!("{path}::{}", it.sig.ident);
                surface.add_for_servers(name, function(&it.sig), path);
                continue;
            }
            ImplItem::Fn(it) if is_public(&it.vis) => (&it.sig.ident, function(&it.sig)),
            ImplItem::Const(it) if is_public(&it.vis) => {
                (&it.ident, format!("const {}", text(&it.ty)))
            }
            _ => continue,
        };
        surface.add(
            format!("{path}::{name}"),
            Kind::Member,
            signature,
            Some(path),
        );
    }
}

fn self_name(block: &ItemImpl) -> Option<String> {
    let syn::Type::Path(path) = &*block.self_ty else {
        return None;
    };
    path.path.segments.last().map(|last| last.ident.to_string())
}

/// The type that a macro of `support` is called for: the first name in capitals.
fn macro_call(call: &ItemMacro) -> Option<(String, String)> {
    let words = text(&call.mac.tokens);
    let name = words.split(|c: char| !c.is_alphanumeric() && c != '_');
    let name = name
        .into_iter()
        .find(|word| word.starts_with(char::is_uppercase))?;
    Some((
        name.to_owned(),
        format!("{}!({words})", text(&call.mac.path)),
    ))
}

fn derives(surface: &mut Surface, path: &str, attributes: &[Attribute]) {
    for attribute in attributes.iter().filter(|it| it.path().is_ident("derive")) {
        let Meta::List(list) = &attribute.meta else {
            continue;
        };
        for derived in list.tokens.to_string().split(',') {
            let derived = derived.split_whitespace().collect::<String>();
            if !derived.is_empty() {
                let entry = format!("{path}: {derived}");
                surface.add(entry, Kind::Member, "impl".to_owned(), Some(path));
            }
        }
    }
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident(name))
}

/// Whether an item is there only under a feature that versions do not cover, by its name.
fn is_for_servers(attributes: &[Attribute]) -> bool {
    let mut conditions = attributes.iter().filter(|it| it.path().is_ident("cfg"));
    conditions.any(|it| match &it.meta {
        Meta::List(list) => list.tokens.to_string().contains("\"unstable-"),
        _ => false,
    })
}
