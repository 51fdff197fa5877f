//! The public items of a crate, read from its files alone.

mod items;
mod modules;
mod signature;

use std::collections::BTreeMap;

pub(super) use modules::Modules;

/// Every public item by its path.
#[derive(Debug, Default)]
pub(super) struct Surface {
    pub(super) items: BTreeMap<String, Item>,
}

/// A public item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// What others may rely on, without names of arguments, bodies and values.
    pub(super) signature: String,
    /// The path of the item that holds it, for parts of types and traits.
    pub(super) holder: Option<String>,
    /// Whether it is there under a feature that versions do not cover: it is for servers alone, and
    /// part of their interface.
    pub(super) for_servers: bool,
}

/// What an item is, as far as it decides what adding a part to it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A type that others can write out (a struct of public fields) or match in full (an enum).
    Exhaustive,
    /// Any other type, a trait, a function, a constant.
    Plain,
    /// A field or variant.
    Part,
    /// What an implementer of a trait must give.
    Required,
    /// A method, an associated constant, an implemented trait.
    Member,
}

impl Surface {
    /// The items of a crate whose root re-exports those of `modules` that are below one of the paths
    /// in `facade`; all of them, where that is empty.
    pub(super) fn of(name: &str, modules: &Modules, facade: &[&str]) -> Self {
        let mut surface = Self::default();
        let mut paths = BTreeMap::new();
        let shown = |path: &str| {
            let first = path.split("::").next().unwrap_or(path);
            facade.is_empty() || facade.contains(&first)
        };
        for (path, item) in modules
            .exports()
            .into_iter()
            .filter(|(path, _)| shown(path))
        {
            let path = format!("{name}::{path}");
            if let Some(ident) = items::type_name(item) {
                paths
                    .entry(ident)
                    .or_insert_with(Vec::new)
                    .push(path.clone());
            }
            items::declare(&mut surface, &path, item);
        }
        for item in modules.all_items() {
            items::implement(&mut surface, &paths, item);
        }
        surface
    }

    pub(super) fn add(
        &mut self,
        path: String,
        kind: Kind,
        signature: String,
        holder: Option<&str>,
    ) {
        let holder = holder.map(str::to_owned);
        let item = Item {
            kind,
            signature,
            holder,
            for_servers: false,
        };
        self.items.insert(path, item);
    }

    /// Adds a function that is for servers alone.
    pub(super) fn add_for_servers(&mut self, path: String, signature: String, holder: &str) {
        let item = Item {
            kind: Kind::Member,
            signature,
            holder: Some(holder.to_owned()),
            for_servers: true,
        };
        self.items.insert(path, item);
    }
}
