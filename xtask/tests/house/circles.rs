//! No circle between the modules of a crate's root, and none between folders anywhere.
//!
//! Within one folder, files may need each other: a schema holds schemas. The folder's module
//! comment then says so.

use crate::modules::{ModulePath, Modules};
use crate::sources::crate_folders;
use std::collections::{BTreeMap, BTreeSet};

/// The modules just below `parent`, and which of them use which.
fn siblings(
    uses: &BTreeSet<(ModulePath, ModulePath)>,
    parent: &[String],
) -> BTreeMap<String, BTreeSet<String>> {
    let below = |path: &ModulePath| -> Option<String> {
        let rest = path.strip_prefix(parent)?;
        rest.first().cloned()
    };
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (user, used) in uses {
        if let (Some(user), Some(used)) = (below(user), below(used))
            && user != used
        {
            graph.entry(user).or_default().insert(used);
        }
    }
    graph
}

/// A way from `start` back to itself.
fn circle(graph: &BTreeMap<String, BTreeSet<String>>, start: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        let last = way.last()?;
        for next in graph.get(last).into_iter().flatten() {
            let mut longer = way.clone();
            longer.push(next.clone());
            if next == start {
                return Some(longer);
            }
            if seen.insert(next.clone()) {
                ways.push(longer);
            }
        }
    }
    None
}

/// The parents whose direct parts must not form circles: the root, and every module that holds
/// modules which are folders themselves.
fn parents(uses: &BTreeSet<(ModulePath, ModulePath)>) -> BTreeSet<ModulePath> {
    let modules = uses.iter().flat_map(|(user, used)| [user, used]);
    let above =
        modules.filter_map(|path| path.len().checked_sub(2).map(|end| path[..end].to_vec()));
    above.chain([Vec::new()]).collect()
}

/// Whether a module has modules of its own.
fn is_folder(uses: &BTreeSet<(ModulePath, ModulePath)>, path: &[String]) -> bool {
    let mut modules = uses.iter().flat_map(|(user, used)| [user, used]);
    modules.any(|it| it.len() > path.len() && it.starts_with(path))
}

#[test]
fn folders_form_no_circle() {
    let mut found = Vec::new();
    for folder in crate_folders() {
        let uses = Modules::of(&folder).uses();
        for parent in parents(&uses) {
            let mut graph = siblings(&uses, &parent);
            if !parent.is_empty() {
                let is_folder = |name: &String| {
                    is_folder(&uses, &[&parent[..], std::slice::from_ref(name)].concat())
                };
                graph.retain(|name, _| is_folder(name));
                for used in graph.values_mut() {
                    used.retain(is_folder);
                }
            }
            let names: Vec<&String> = graph.keys().collect();
            let place = [&[folder.clone()][..], &parent].concat().join("::");
            let circles = names.iter().filter_map(|name| circle(&graph, name));
            let shortest = circles.min_by_key(Vec::len);
            found.extend(shortest.map(|way| format!("{place}: {}", way.join(" -> "))));
        }
    }
    assert!(
        found.is_empty(),
        "these modules need each other; move what both need below both:\n{}",
        found.join("\n")
    );
}

#[test]
fn the_search_for_circles_finds_one() {
    let path = |text: &str| -> ModulePath { text.split("::").map(str::to_owned).collect() };
    let uses = BTreeSet::from([
        (path("a::x"), path("b")),
        (path("b"), path("c::y")),
        (path("c"), path("a::x")),
    ]);
    let graph = siblings(&uses, &[]);
    assert_eq!(circle(&graph, "a").unwrap().join(" "), "a b c a");
    let without: BTreeSet<_> = uses
        .into_iter()
        .filter(|(_, used)| used[0] != "a")
        .collect();
    assert_eq!(circle(&siblings(&without, &[]), "a"), None);
}
