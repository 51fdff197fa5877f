//! Which items the root of a crate re-exports, and under which paths.

use std::collections::{BTreeMap, BTreeSet};
use syn::{Attribute, Ident, Item, Meta, UseTree, Visibility};

/// A module's path from the root.
type Path = Vec<String>;

/// The modules of a crate.
#[derive(Default)]
pub(in crate::rust) struct Modules {
    modules: BTreeMap<Path, Vec<Item>>,
}

impl Modules {
    /// Adds a file; `mod.rs` is the root.
    pub(in crate::rust) fn add(&mut self, path: &str, file: syn::File) {
        let steps = path.trim_end_matches(".rs").split('/');
        let mut steps: Path = steps.map(str::to_owned).collect();
        if steps.last().is_some_and(|last| last == "mod") {
            steps.pop();
        }
        self.insert(steps, file.items);
    }

    fn insert(&mut self, path: Path, items: Vec<Item>) {
        for item in &items {
            if let Item::Mod(module) = item
                && let Some((_, inner)) = &module.content
            {
                let mut path = path.clone();
                path.push(name(&module.ident));
                self.insert(path, inner.clone());
            }
        }
        self.modules.insert(path, items);
    }

    /// Every item of every module, public or not.
    pub(super) fn all_items(&self) -> impl Iterator<Item = &Item> {
        self.modules.values().flatten()
    }

    /// The public items by path, each under every path it has.
    pub(super) fn exports(&self) -> BTreeMap<String, &Item> {
        let mut found = BTreeMap::new();
        self.export(&Vec::new(), "", &mut BTreeSet::new(), &mut found);
        found
    }

    /// Adds what `module` makes public, below `prefix`.
    fn export<'a>(
        &'a self,
        module: &Path,
        prefix: &str,
        busy: &mut BTreeSet<(Path, String)>,
        found: &mut BTreeMap<String, &'a Item>,
    ) {
        if !busy.insert((module.clone(), prefix.to_owned())) {
            return;
        }
        for item in self.modules.get(module).into_iter().flatten() {
            match item {
                Item::Use(import) if is_public(&import.vis) => {
                    self.import(module, &import.tree, &mut Vec::new(), prefix, busy, found);
                }
                Item::Mod(inner) if is_public(&inner.vis) && !is_hidden(&inner.attrs) => {
                    let mut path = module.clone();
                    path.push(name(&inner.ident));
                    let prefix = format!("{prefix}{}::", inner.ident);
                    self.export(&path, &prefix, busy, found);
                }
                _ => {
                    if let Some(ident) = public_name(item) {
                        found.entry(format!("{prefix}{ident}")).or_insert(item);
                    }
                }
            }
        }
    }

    fn import<'a>(
        &'a self,
        module: &Path,
        tree: &UseTree,
        steps: &mut Vec<String>,
        prefix: &str,
        busy: &mut BTreeSet<(Path, String)>,
        found: &mut BTreeMap<String, &'a Item>,
    ) {
        match tree {
            UseTree::Path(path) => {
                steps.push(name(&path.ident));
                self.import(module, &path.tree, steps, prefix, busy, found);
                steps.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(module, tree, steps, prefix, busy, found);
                }
            }
            UseTree::Glob(_) => {
                if let Some(target) = self.resolve(module, steps) {
                    self.export(&target, prefix, busy, found);
                }
            }
            UseTree::Name(one) => self.named(module, steps, &one.ident, &one.ident, prefix, found),
            UseTree::Rename(one) => {
                self.named(module, steps, &one.ident, &one.rename, prefix, found);
            }
        }
    }

    fn named<'a>(
        &'a self,
        module: &Path,
        steps: &[String],
        original: &Ident,
        shown: &Ident,
        prefix: &str,
        found: &mut BTreeMap<String, &'a Item>,
    ) {
        let Some(target) = self.resolve(module, steps) else {
            return;
        };
        let mut inner = BTreeMap::new();
        self.export(&target, "", &mut BTreeSet::new(), &mut inner);
        if let Some(item) = inner.get(&original.to_string()) {
            found.entry(format!("{prefix}{shown}")).or_insert(item);
        }
    }

    /// The module that a path of a `use` leads to, if it is one of this crate's.
    fn resolve(&self, module: &Path, steps: &[String]) -> Option<Path> {
        let mut path = module.clone();
        for step in steps {
            match step.as_str() {
                "self" => {}
                "super" => {
                    path.pop()?;
                }
                step => path.push(step.to_owned()),
            }
        }
        self.modules.contains_key(&path).then_some(path)
    }
}

fn name(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map_or(name.clone(), str::to_owned)
}

pub(super) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Whether the documentation does not show an item, which nobody may rely on then.
pub(super) fn is_hidden(attributes: &[Attribute]) -> bool {
    let mut docs = attributes.iter().filter(|it| it.path().is_ident("doc"));
    docs.any(|it| matches!(&it.meta, Meta::List(list) if list.tokens.to_string() == "hidden"))
}

/// The name of an item that is public where it stands.
fn public_name(item: &Item) -> Option<&Ident> {
    let (visibility, ident) = match item {
        Item::Struct(it) => (&it.vis, &it.ident),
        Item::Enum(it) => (&it.vis, &it.ident),
        Item::Union(it) => (&it.vis, &it.ident),
        Item::Trait(it) => (&it.vis, &it.ident),
        Item::Type(it) => (&it.vis, &it.ident),
        Item::Fn(it) => (&it.vis, &it.sig.ident),
        Item::Const(it) => (&it.vis, &it.ident),
        Item::Static(it) => (&it.vis, &it.ident),
        _ => return None,
    };
    is_public(visibility).then_some(ident)
}
