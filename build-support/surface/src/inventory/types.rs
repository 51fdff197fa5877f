//! What the types crate has: types, fields, enum values, alternatives of unions.

use super::fact::{Aspect, Facts, plain};
use super::source::{Code, File};
use super::syntax::{list, text};
use crate::generated_crate::GeneratedCrate;
use quote::ToTokens as _;
use std::collections::BTreeSet;
use syn::{
    Arm, Attribute, Expr, Fields, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct, Pat, Type,
    Variant,
};

/// Adds the facts of the types crate.
pub(super) fn facts(code: &Code, facts: &mut Facts) {
    let declared: BTreeSet<String> = code.of(GeneratedCrate::Types).flat_map(declared).collect();
    for file in code.of(GeneratedCrate::Types) {
        for item in &file.items {
            let found = Scan {
                code,
                file,
                declared: &declared,
            };
            match item {
                Item::Struct(item) => found.structure(item, facts),
                Item::Enum(item) => found.enumeration(item, facts),
                Item::Type(item) => {
                    let name = item.ident.to_string();
                    found.note(
                        facts,
                        (Aspect::Type, &name, ""),
                        &name,
                        &[&format!("type {name} ")],
                    );
                }
                Item::Impl(block) if block.trait_.is_none() => found.implementation(block, facts),
                _ => {}
            }
        }
    }
}

fn declared(file: &File) -> Vec<String> {
    let names = file.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    });
    names.collect()
}

struct Scan<'a> {
    code: &'a Code,
    file: &'a File,
    declared: &'a BTreeSet<String>,
}

impl Scan<'_> {
    fn note(&self, facts: &mut Facts, fact: (Aspect, &str, &str), shown: &str, words: &[&str]) {
        self.code
            .note(facts, self.file, fact, shown.to_owned(), words);
    }

    fn structure(&self, item: &ItemStruct, facts: &mut Facts) {
        let name = item.ident.to_string();
        // What an open union holds of alternatives still to come.
        let union = name.strip_prefix("Unknown");
        if union.is_some_and(|union| self.declared.contains(union)) {
            return;
        }
        let words = format!("struct {name}");
        self.note(facts, (Aspect::Type, &name, ""), &name, &[&words]);
        let style = serde(&item.attrs, "rename_all");
        for field in &item.fields {
            let Some(ident) = &field.ident else { continue };
            if is_flat(&field.attrs) {
                continue;
            }
            let renamed = serde(&field.attrs, "rename");
            let wire = renamed.unwrap_or_else(|| cased(&ident.to_string(), style.as_deref()));
            let shown = format!("{name}.{wire}");
            let own = format!("pub {ident}:");
            self.note(
                facts,
                (Aspect::Field, &name, &wire),
                &shown,
                &[&words, &own],
            );
        }
    }

    fn enumeration(&self, item: &ItemEnum, facts: &mut Facts) {
        let name = item.ident.to_string();
        let words = format!("enum {name}");
        self.note(facts, (Aspect::Type, &name, ""), &name, &[&words]);
        for variant in &item.variants {
            if let Some(member) = self.member(variant) {
                let shown = format!("{name}: {member}");
                let own = format!("{}(", variant.ident);
                let fact = (Aspect::Member, name.as_str(), plain(&member));
                self.note(facts, (fact.0, fact.1, &fact.2), &shown, &[&words, &own]);
            }
            if matches!(variant.fields, Fields::Unit) {
                let value = plain(&variant.ident);
                let shown = format!("{name}::{}", variant.ident);
                let own = format!("{},", variant.ident);
                self.note(
                    facts,
                    (Aspect::Value, &name, &value),
                    &shown,
                    &[&words, &own],
                );
            }
        }
    }

    /// The type of this crate that a variant holds.
    fn member(&self, variant: &Variant) -> Option<String> {
        let Fields::Unnamed(fields) = &variant.fields else {
            return None;
        };
        let mut held = &fields.unnamed.first()?.ty;
        while let Some(inner) = boxed(held) {
            held = inner;
        }
        let Type::Path(path) = held else { return None };
        let name = path.path.segments.last()?.ident.to_string();
        let known = self.declared.contains(&name) && !name.starts_with("Unknown");
        known.then_some(name)
    }

    /// `as_str` and `ALL` of an enum.
    fn implementation(&self, block: &ItemImpl, facts: &mut Facts) {
        let Type::Path(path) = &*block.self_ty else {
            return;
        };
        let Some(name) = path.path.segments.last().map(|last| last.ident.to_string()) else {
            return;
        };
        let head = format!("impl {name}");
        for item in &block.items {
            match item {
                ImplItem::Const(item) if item.ident == "ALL" => {
                    for value in list(&item.expr) {
                        let value = last_ident(value);
                        let own = format!("Self::{value}");
                        let shown = format!("{name}::{value}");
                        let fact = (Aspect::ValueRead, name.as_str(), plain(&value));
                        self.note(facts, (fact.0, fact.1, &fact.2), &shown, &[&head, &own]);
                    }
                }
                ImplItem::Fn(item) if item.sig.ident == "as_str" => {
                    for arm in arms(item.block.stmts.last()) {
                        let Some(value) = text(&arm.body) else {
                            continue;
                        };
                        let shown = format!("{name}: {value}");
                        let own = format!("\"{value}\"");
                        // The variant and the text belong together.
                        let detail = format!("{} {value}", pattern(&arm.pat));
                        let fact = (Aspect::ValueWritten, name.as_str(), detail.as_str());
                        self.note(facts, fact, &shown, &[&head, "fn as_str", &own]);
                    }
                }
                _ => {}
            }
        }
    }
}

fn boxed(held: &Type) -> Option<&Type> {
    let Type::Path(path) = held else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == "Box")?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

fn arms(statement: Option<&syn::Stmt>) -> &[Arm] {
    match statement {
        Some(syn::Stmt::Expr(Expr::Match(matched), _)) => &matched.arms,
        _ => &[],
    }
}

fn last_ident(expression: &Expr) -> String {
    super::syntax::last(expression).unwrap_or_default()
}

/// The variant of `Self::Variant`, without case and signs.
fn pattern(pattern: &Pat) -> String {
    let words = pattern.to_token_stream().to_string();
    plain(words.rsplit("::").next().unwrap_or_default().trim())
}

/// A text of `#[serde(key = "…")]`.
fn serde(attributes: &[Attribute], key: &str) -> Option<String> {
    let mut found = None;
    for attribute in attributes.iter().filter(|it| it.path().is_ident("serde")) {
        // An attribute of another shape says nothing of this key.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value().and_then(|value| value.parse::<syn::LitStr>());
            if let (true, Ok(value)) = (meta.path.is_ident(key), value) {
                found = Some(value.value());
            }
            Ok(())
        });
    }
    found
}

/// Whether a field stands for members that are not listed, or for none.
fn is_flat(attributes: &[Attribute]) -> bool {
    let serde = attributes.iter().filter(|it| it.path().is_ident("serde"));
    let mut words = serde.map(|it| it.meta.to_token_stream().to_string());
    words.any(|words| {
        words.contains("flatten") || words.contains("skip)") || words.contains("skip ,")
    })
}

/// A field's name as serde writes it.
fn cased(field: &str, style: Option<&str>) -> String {
    let field = field.strip_prefix("r#").unwrap_or(field);
    if style != Some("camelCase") {
        return field.to_owned();
    }
    let mut words = field.split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(letters.as_str());
    }
    name
}
