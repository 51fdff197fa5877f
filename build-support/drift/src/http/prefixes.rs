//! Paths to which the same beginning was added, or from which it was removed.

use std::collections::{BTreeMap, BTreeSet};

/// How many paths must have moved in the same way until one cause is assumed.
const FEWEST: usize = 3;

/// A beginning that was put before paths or taken from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prefix {
    pub text: String,
    pub was_added: bool,
    /// The paths in the base and in the revision.
    pub paths: Vec<(String, String)>,
}

/// Finds what the paths that only the revision has differ by from those that only the base has.
pub(super) fn find(gone: &[&str], come: &[&str]) -> Vec<Prefix> {
    let mut groups: BTreeMap<(bool, &str), Vec<(&str, &str)>> = BTreeMap::new();
    let (known, new_ones) = (
        gone.iter().copied().collect::<BTreeSet<&str>>(),
        come.iter().copied().collect::<BTreeSet<&str>>(),
    );
    let added = come.iter().flat_map(|new| {
        let met = ends(new).filter(|(_, end)| known.contains(end));
        met.map(|(text, old)| ((true, text), (old, *new)))
    });
    let removed = gone.iter().flat_map(|old| {
        let met = ends(old).filter(|(_, end)| new_ones.contains(end));
        met.map(|(text, new)| ((false, text), (*old, new)))
    });
    for (key, pair) in added.chain(removed) {
        groups.entry(key).or_default().push(pair);
    }
    groups.values_mut().for_each(|pairs| pairs.sort_unstable());
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, pairs)| std::cmp::Reverse(pairs.len()));
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for ((was_added, text), mut pairs) in groups {
        pairs.retain(|(old, new)| !taken.contains(old) && !taken.contains(new));
        if pairs.len() < FEWEST {
            continue;
        }
        taken.extend(pairs.iter().flat_map(|(old, new)| [*old, *new]));
        let owned = |(old, new): (&str, &str)| (old.to_owned(), new.to_owned());
        found.push(Prefix {
            text: text.to_owned(),
            was_added,
            paths: pairs.into_iter().map(owned).collect(),
        });
    }
    found
}

/// The beginnings that a path may have been given, each with what was there before. A parameter in the
/// beginning is a change of its own.
fn ends(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let slashes = path.match_indices('/').skip(1);
    let parts = slashes.map(|(at, _)| path.split_at(at));
    parts.filter(|(text, _)| text.starts_with('/') && !text.contains('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_paths_begin_with() {
        let found = find(
            &["/a", "/b", "/c/{}"],
            &["/v1/a", "/v1/b", "/v1/c/{}", "/v1/d"],
        );
        let [prefix] = found.as_slice() else {
            panic!("one prefix was added: {found:?}");
        };
        assert_eq!((prefix.text.as_str(), prefix.was_added), ("/v1", true));
        assert_eq!(prefix.paths.len(), 3);
        let back = find(&["/v1/a", "/v1/b", "/v1/c"], &["/a", "/b", "/c"]);
        assert!(matches!(back.as_slice(), [prefix] if !prefix.was_added));
    }

    #[test]
    fn a_few_paths_are_no_rule() {
        assert_eq!(find(&["/a", "/b"], &["/v1/a", "/v1/b"]), []);
        assert_eq!(find(&["/a", "/b", "/c"], &["/{}/a", "/{}/b", "/{}/c"]), []);
        assert_eq!(find(&["/a", "/b", "/c"], &["/v1/a", "/v2/b", "/v3/c"]), []);
    }
}
