//! Two surfaces become the items that differ.

use super::surface::{Item, Kind, Surface};
use drift::report::{RustChange, Semver};

/// Signatures that are longer together are shortened.
const LONG: usize = 160;

/// What differs between two surfaces.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes {
    /// Of what versions cover.
    pub(super) covered: Vec<RustChange>,
    /// Of what is for servers alone: the constructors of what only a server makes.
    pub(super) for_servers: Vec<RustChange>,
}

/// Every item that appears, vanishes or changes, by path. What belongs to a type or trait that
/// appears, vanishes or becomes another kind of thing is not listed separately.
pub(super) fn compare(old: &Surface, new: &Surface) -> Changes {
    let gone = old
        .items
        .iter()
        .filter_map(|(path, item)| match new.items.get(path) {
            None => with_holder(item, old, new).then(|| change(path, "removed", Semver::Major)),
            Some(now) => changed(path, item, now),
        });
    let come = new
        .items
        .iter()
        .filter(|(path, _)| !old.items.contains_key(*path));
    let come = come.filter(|(_, item)| with_holder(item, new, old));
    let come = come.map(|(path, item)| change(path, "added", step(item, old)));
    let mut changes: Vec<RustChange> = gone.chain(come).collect();
    changes.sort();
    let of = |surface: &Surface, path: &str| surface.items.get(path).map(|item| item.for_servers);
    let for_servers = |change: &RustChange| {
        let sides = [of(old, &change.item), of(new, &change.item)];
        // What all had, or are given, is a change for all.
        !sides.contains(&Some(false))
    };
    let (for_servers, covered) = changes.into_iter().partition(for_servers);
    Changes {
        covered,
        for_servers,
    }
}

/// Whether what holds an item is there on the other side too, and is still the same kind of thing.
fn with_holder(item: &Item, own: &Surface, other: &Surface) -> bool {
    let signature = |surface: &Surface, holder| {
        let holder = surface.items.get(holder);
        holder.map(|holder: &Item| holder.signature.clone())
    };
    let holder = item.holder.as_ref();
    holder.is_none_or(|holder| signature(own, holder) == signature(other, holder))
}

/// What adding an item asks for.
fn step(item: &Item, old: &Surface) -> Semver {
    let holder = item
        .holder
        .as_ref()
        .and_then(|holder| old.items.get(holder));
    match (item.kind, holder.map(|holder| holder.kind)) {
        (Kind::Required, _) | (Kind::Part, Some(Kind::Exhaustive)) => Semver::Major,
        _ => Semver::Minor,
    }
}

fn changed(path: &str, old: &Item, new: &Item) -> Option<RustChange> {
    let changed = |step| {
        let (old, new) = shortened(&old.signature, &new.signature);
        let words = format!("changed: {old} → {new}");
        Some(change(path, &words, step))
    };
    match (old.kind, new.kind) {
        _ if old.signature != new.signature => changed(Semver::Major),
        // A method that gained a default body.
        (Kind::Required, Kind::Member) => {
            Some(change(path, "changed: it has a default", Semver::Minor))
        }
        (Kind::Member, Kind::Required) => Some(change(
            path,
            "changed: it has no default any more",
            Semver::Major,
        )),
        _ => None,
    }
}

/// Two signatures without the arguments that long ones share in their middle.
fn shortened(old: &str, new: &str) -> (String, String) {
    if old.len() + new.len() <= LONG {
        return (old.to_owned(), new.to_owned());
    }
    let parts = |text: &str| text.split(", ").map(str::to_owned).collect::<Vec<_>>();
    let (mut old, mut new) = (parts(old), parts(new));
    let alike = |(one, other): &(&String, &String)| one == other;
    let head = old.iter().zip(&new).take_while(alike).count();
    let tail = old.iter().rev().zip(new.iter().rev());
    let tail = tail.take_while(alike).count();
    let tail = tail.min(old.len().min(new.len()) - head);
    for parts in [&mut old, &mut new] {
        let end = parts.len();
        cut(parts, end - tail, end);
        cut(parts, 0, head);
    }
    (old.join(", "), new.join(", "))
}

/// Leaves the first and the last of some parts, and a sign for the others.
fn cut(parts: &mut Vec<String>, from: usize, to: usize) {
    if to - from > 3 {
        parts.splice(from + 1..to - 1, ["…".to_owned()]);
    }
}

fn change(item: &str, change: &str, semver: Semver) -> RustChange {
    RustChange {
        item: item.to_owned(),
        change: change.to_owned(),
        semver,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_signatures_lose_what_they_share() {
        let types = "chrono::DateTime<chrono::Utc>, ".repeat(4);
        let (old, new) = (
            format!("fn(A, {types}B) -> C"),
            format!("fn(X, A, {types}B) -> C"),
        );
        let shown = shortened(&old, &new);
        assert_eq!(shown.0, "fn(A, chrono::DateTime<chrono::Utc>, …, B) -> C");
        assert_eq!(
            shown.1,
            "fn(X, A, chrono::DateTime<chrono::Utc>, …, B) -> C"
        );
        assert_eq!(
            shortened("fn(A)", "fn(B)"),
            ("fn(A)".to_owned(), "fn(B)".to_owned())
        );
    }
}
