//! Which modules of a crate use which others.

use crate::sources::{self, Source};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::Visit;
use syn::{Item, UseTree};

/// The path of a module within its crate; empty for the crate's root.
pub type ModulePath = Vec<String>;

/// The modules of one crate and which paths each of them names.
pub struct Modules {
    /// Every module that has a file of its own.
    files: BTreeSet<ModulePath>,
    /// For each module the paths it names, from the crate's root on.
    named: BTreeMap<ModulePath, BTreeSet<ModulePath>>,
    /// What the root re-exports, by the name it gives it.
    re_exports: BTreeMap<String, ModulePath>,
}

impl Modules {
    /// Reads the hand-written library or program of the crate in a folder.
    pub fn of(folder: &str) -> Self {
        let prefix = format!("{folder}/src/");
        let all = sources::all();
        let own = all
            .iter()
            .filter(|it| it.path.starts_with(&prefix) && it.is_program() && it.is_hand_written());
        let mut modules = Self {
            files: BTreeSet::new(),
            named: BTreeMap::new(),
            re_exports: BTreeMap::new(),
        };
        for source in own {
            modules.add(module_path(&source.path[prefix.len()..]), source);
        }
        modules
    }

    fn add(&mut self, module: ModulePath, source: &Source) {
        let file = syn::parse_file(source.program_text())
            .unwrap_or_else(|error| panic!("{}: {error}", source.path));
        let mut names = Names {
            module: &module,
            found: BTreeSet::new(),
        };
        for item in &file.items {
            if !is_test(item) {
                names.visit_item(item);
            }
        }
        if module.is_empty() {
            let re_exports = file.items.iter().filter_map(|item| match item {
                Item::Use(it) if matches!(it.vis, syn::Visibility::Public(_)) => Some(&it.tree),
                _ => None,
            });
            for tree in re_exports {
                re_export(tree, &mut Vec::new(), &mut self.re_exports);
            }
        }
        self.named.insert(module.clone(), names.found);
        self.files.insert(module);
    }

    /// Every use of one module's file by another, as pairs of user and used.
    pub fn uses(&self) -> BTreeSet<(ModulePath, ModulePath)> {
        let all = self.named.iter().flat_map(|(user, named)| {
            let used = named.iter().filter_map(|path| self.resolve(path));
            used.map(|used| (user.clone(), used))
        });
        all.filter(|(user, used)| user != used).collect()
    }

    /// The module that a path leads into: the longest one with a file, through what the root
    /// re-exports where that is how it is named. The root itself is no module to depend on.
    fn resolve(&self, path: &ModulePath) -> Option<ModulePath> {
        let through = path.first().and_then(|name| self.re_exports.get(name));
        let is_module = path
            .first()
            .is_some_and(|name| self.files.contains(&vec![name.clone()]));
        let path = match through {
            Some(through) if !is_module => through,
            _ => path,
        };
        let lengths = (1..=path.len()).rev();
        let mut prefixes = lengths.map(|length| path[..length].to_vec());
        prefixes.find(|prefix| self.files.contains(prefix))
    }
}

/// `render/text.rs` is the module `render::text`, `render/mod.rs` and `render.rs` are `render`.
fn module_path(file: &str) -> ModulePath {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let mut path: ModulePath = stem.split('/').map(str::to_owned).collect();
    let is_root = path.len() == 1 && ["lib", "main"].contains(&path[0].as_str());
    if is_root || path.last().is_some_and(|name| name == "mod") {
        path.pop();
    }
    path
}

fn is_test(item: &Item) -> bool {
    let attributes = match item {
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|condition| condition.is_ident("test"))
    })
}

/// Notes the paths that begin with `crate`, `self` or `super`.
struct Names<'a> {
    module: &'a [String],
    found: BTreeSet<ModulePath>,
}

impl Names<'_> {
    fn note(&mut self, segments: &[String]) {
        let mut base = match segments.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("self" | "super") => self.module.to_vec(),
            _ => return,
        };
        let mut rest = segments;
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "crate" | "self" => {}
                "super" => {
                    base.pop();
                }
                _ => break,
            }
            rest = others;
        }
        base.extend(rest.iter().cloned());
        self.found.insert(base);
    }

    fn note_tree(&mut self, tree: &UseTree, prefix: &mut Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.note_tree(&path.tree, prefix);
                prefix.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.note_tree(tree, prefix);
                }
            }
            UseTree::Name(name) => self.note_leaf(prefix, &name.ident.to_string()),
            UseTree::Rename(name) => self.note_leaf(prefix, &name.ident.to_string()),
            UseTree::Glob(_) => self.note(prefix),
        }
    }

    fn note_leaf(&mut self, prefix: &[String], name: &str) {
        let mut segments = prefix.to_vec();
        if name != "self" {
            segments.push(name.to_owned());
        }
        self.note(&segments);
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        // What a module makes visible of its own parts is not a use of them.
        if matches!(item.vis, syn::Visibility::Inherited) {
            self.note_tree(&item.tree, &mut Vec::new());
        }
    }

    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(item) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        self.note(&segments);
        syn::visit::visit_path(self, path);
    }
}

fn re_export(tree: &UseTree, prefix: &mut Vec<String>, found: &mut BTreeMap<String, ModulePath>) {
    match tree {
        UseTree::Path(path) => {
            if path.ident != "crate" && path.ident != "self" {
                prefix.push(path.ident.to_string());
            }
            re_export(&path.tree, prefix, found);
            prefix.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                re_export(tree, prefix, found);
            }
        }
        UseTree::Name(name) => {
            found.insert(name.ident.to_string(), prefix.clone());
        }
        UseTree::Rename(name) => {
            found.insert(name.rename.to_string(), prefix.clone());
        }
        UseTree::Glob(_) => {}
    }
}
