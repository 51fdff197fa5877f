//! Whether generated code says a name twice where Rust allows it once. Cheaper than compiling it,
//! and it finds what strange names break most.

use std::collections::BTreeSet;
use syn::visit::{self, Visit};

/// The names that stand twice, each with the place.
pub fn repeated(path: &str, text: &str) -> Vec<String> {
    let file = match syn::parse_file(text) {
        Ok(file) => file,
        Err(error) => return vec![format!("{path}: {error}")],
    };
    let mut finder = Finder {
        path,
        found: Vec::new(),
    };
    finder.items(&file.items);
    finder.visit_file(&file);
    finder.found
}

struct Finder<'a> {
    path: &'a str,
    found: Vec<String>,
}

impl Finder<'_> {
    fn unique(&mut self, place: &str, names: impl Iterator<Item = String>) {
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(name.clone()) {
                self.found
                    .push(format!("{}: `{name}` twice in {place}", self.path));
            }
        }
    }

    fn items(&mut self, items: &[syn::Item]) {
        let types = items.iter().filter_map(|item| match item {
            syn::Item::Struct(item) => Some(item.ident.to_string()),
            syn::Item::Enum(item) => Some(item.ident.to_string()),
            syn::Item::Type(item) => Some(item.ident.to_string()),
            syn::Item::Trait(item) => Some(item.ident.to_string()),
            syn::Item::Mod(item) => Some(item.ident.to_string()),
            _ => None,
        });
        self.unique("the types of a module", types);
        let values = items.iter().filter_map(|item| match item {
            syn::Item::Fn(item) => Some(item.sig.ident.to_string()),
            syn::Item::Const(item) if item.ident != "_" => Some(item.ident.to_string()),
            syn::Item::Static(item) => Some(item.ident.to_string()),
            _ => None,
        });
        self.unique("the values of a module", values);
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, node: &'ast syn::ItemMod) {
        if let Some((_, items)) = &node.content {
            self.items(items);
        }
        visit::visit_item_mod(self, node);
    }

    fn visit_item_struct(&mut self, node: &'ast syn::ItemStruct) {
        let fields = node.fields.iter().filter_map(|field| field.ident.as_ref());
        self.unique(
            &format!("struct {}", node.ident),
            fields.map(ToString::to_string),
        );
    }

    fn visit_item_enum(&mut self, node: &'ast syn::ItemEnum) {
        let variants = node
            .variants
            .iter()
            .map(|variant| variant.ident.to_string());
        self.unique(&format!("enum {}", node.ident), variants);
    }

    fn visit_item_trait(&mut self, node: &'ast syn::ItemTrait) {
        let methods = node.items.iter().filter_map(|item| match item {
            syn::TraitItem::Fn(method) => Some(method.sig.ident.to_string()),
            _ => None,
        });
        self.unique(&format!("trait {}", node.ident), methods);
        visit::visit_item_trait(self, node);
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        let items = node.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
            syn::ImplItem::Const(constant) => Some(constant.ident.to_string()),
            _ => None,
        });
        self.unique("an impl", items);
        visit::visit_item_impl(self, node);
    }

    fn visit_signature(&mut self, node: &'ast syn::Signature) {
        let arguments = node.inputs.iter().filter_map(|argument| match argument {
            syn::FnArg::Typed(typed) => match typed.pat.as_ref() {
                syn::Pat::Ident(name) => Some(name.ident.to_string()),
                _ => None,
            },
            syn::FnArg::Receiver(_) => Some("self".to_owned()),
        });
        self.unique(&format!("fn {}", node.ident), arguments);
    }
}
