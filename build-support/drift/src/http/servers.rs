//! Servers: at which addresses an operation is called.
//!
//! The list of an operation replaces the list of its path item, which replaces the list of the document.
//! Without any list, the server is `/`. So the comparison uses the list in force.

mod address;

use super::place::Place;
use super::{Walk, notes};
use crate::at::At;
use crate::finding::{Finding, Spot};
use crate::kind::Kind;
use crate::report::{Severity, Use};
use address::{Address, Server};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Where the list in force stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Document,
    PathItem,
    Operation,
}

/// The servers in force.
struct List<'a> {
    level: Level,
    servers: Vec<Server<'a>>,
    /// Where they are listed, or would be.
    home: Spot,
}

/// Compares the servers of the whole document.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, base: &At<'a>, revision: &At<'a>) {
    lists(walk, &of_document(base), &of_document(revision), None);
}

/// Compares the servers of an operation, unless both documents leave them to the document. Returns
/// whether they do.
pub(super) fn own<'a>(
    walk: &mut Walk<'a>,
    used_by: &Use,
    base: &Place<'a>,
    revision: &Place<'a>,
) -> bool {
    let roots = (
        walk.engine.base.root.clone(),
        walk.engine.revision.root.clone(),
    );
    let old = in_force(&roots.0, base);
    let new = in_force(&roots.1, revision);
    if old.level == Level::Document && new.level == Level::Document {
        return true;
    }
    lists(walk, &old, &new, Some(used_by));
    false
}

/// Compares the servers that an operation which the server calls has of its own.
pub(super) fn called<'a>(
    walk: &mut Walk<'a>,
    used_by: &Use,
    base: &Place<'a>,
    revision: &Place<'a>,
) {
    let own = |place: &Place<'a>| {
        let mut holders = [&place.operation, &place.item.at].into_iter();
        holders.any(|at| at.node.contains_key("servers"))
    };
    if own(base) && own(revision) {
        self::own(walk, used_by, base, revision);
    }
}

/// Compares where an operation is called whose path moved into its servers, or out of them. The
/// paths are known to come to the same, so only the hosts are left.
pub(super) fn moved<'a>(
    walk: &mut Walk<'a>,
    used_by: &Use,
    base: &Place<'a>,
    revision: &Place<'a>,
) {
    let roots = (
        walk.engine.base.root.clone(),
        walk.engine.revision.root.clone(),
    );
    let old = in_force(&roots.0, base);
    let new = in_force(&roots.1, revision);
    let hosts = |of: &List<'a>| -> BTreeSet<String> {
        of.servers.iter().map(|one| one.host().to_owned()).collect()
    };
    let (ours, theirs) = (hosts(&old), hosts(&new));
    for server in old
        .servers
        .iter()
        .filter(|one| !theirs.contains(one.host()))
    {
        hit(walk, removed(server, &old, &new), Some(used_by));
    }
    for server in new.servers.iter().filter(|one| !ours.contains(one.host())) {
        hit(walk, added(server, &old, &new), Some(used_by));
    }
}

/// The path under which all servers of a path item begin, where it is one and the same.
pub(super) fn prefix(root: &At<'_>, item: &At<'_>) -> Option<String> {
    let own = item
        .get("servers")
        .filter(|list| !list.node.items().is_empty());
    let servers = match own {
        Some(list) => address::servers(&list),
        None => of_document(root).servers,
    };
    let paths: BTreeSet<&str> = servers
        .iter()
        .flat_map(|server| &server.addresses)
        .map(|address| address.path.as_str())
        .collect();
    let mut paths = paths.into_iter();
    let only = paths.next().filter(|path| !path.contains('{'))?;
    paths.next().is_none().then(|| only.to_owned())
}

fn of_document<'a>(root: &At<'a>) -> List<'a> {
    let list = root.get("servers");
    let servers = list.as_ref().map(address::servers).unwrap_or_default();
    let home = match &list {
        Some(list) => Spot::from(&list.pointer),
        None => Spot {
            pointer: Rc::clone(&root.pointer),
            exact: false,
        },
    };
    List {
        level: Level::Document,
        servers: match servers.is_empty() {
            true => vec![Server::default()],
            false => servers,
        },
        home,
    }
}

fn in_force<'a>(root: &At<'a>, place: &Place<'a>) -> List<'a> {
    let levels = [
        (Level::Operation, &place.operation),
        (Level::PathItem, &place.item.at),
    ];
    for (level, holder) in levels {
        let list = holder.get("servers");
        if let Some(list) = list.filter(|list| !list.node.items().is_empty()) {
            return List {
                level,
                servers: address::servers(&list),
                home: Spot::from(&list.pointer),
            };
        }
    }
    of_document(root)
}

fn lists<'a>(walk: &mut Walk<'a>, base: &List<'a>, revision: &List<'a>, used_by: Option<&Use>) {
    let (old, new) = (&base.servers, &revision.servers);
    let [known, known_new] =
        [old, new].map(|of| of.iter().flat_map(|one| &one.addresses).collect());
    let patterns: BTreeSet<&Address> = old.iter().map(|one| &one.pattern).collect();
    let is_fresh =
        |server: &&Server<'a>| !patterns.contains(&server.pattern) && !server.is_in(&known);
    let (fresh, staying): (Vec<&Server<'a>>, Vec<&Server<'a>>) = new.iter().partition(is_fresh);
    // Of several the first one counts.
    let hosts = fresh.iter().rev().map(|one| (one.host(), *one));
    let hosts: BTreeMap<&str, &Server<'a>> = hosts.collect();
    let staying: BTreeSet<&str> = staying.iter().map(|one| one.host()).collect();
    let by_pattern = new.iter().rev().map(|one| (&one.pattern, one));
    let by_pattern: BTreeMap<&Address, &Server<'a>> = by_pattern.collect();
    let mut followed = BTreeSet::new();
    for server in old {
        if let Some(same) = by_pattern.get(&server.pattern) {
            kept(walk, server, same, used_by);
            continue;
        }
        if server.is_in(&known_new) {
            continue;
        }
        let moved = hosts.get(server.host()).copied();
        let stays = staying.contains(server.host());
        // Without a list, callers took the address from elsewhere, and go on doing so.
        if server.at.is_none() && (moved.is_none() || stays) {
            continue;
        }
        let finding = match moved {
            Some(other) if !stays => {
                followed.insert(&other.pattern);
                let message = format!(
                    "addresses begin with `{}/` instead of `{}/`",
                    other.path(),
                    server.path()
                );
                Finding::fixed(Kind::BasePathChanged, Severity::Breaking, message)
                    .at(server.spot(base), other.spot(revision))
            }
            _ => removed(server, base, revision),
        };
        hit(walk, finding, used_by);
    }
    let news = fresh.iter().filter(|server| server.at.is_some());
    for server in news.filter(|server| !followed.contains(&server.pattern)) {
        hit(walk, added(server, base, revision), used_by);
    }
}

fn removed(server: &Server<'_>, base: &List<'_>, revision: &List<'_>) -> Finding {
    let message = format!("the server `{}` was removed", server.shown());
    let finding = Finding::fixed(Kind::ServerRemoved, Severity::Warning, message);
    finding.at(server.spot(base), revision.home.clone())
}

fn added(server: &Server<'_>, base: &List<'_>, revision: &List<'_>) -> Finding {
    let message = format!("the server `{}` was added", server.shown());
    let finding = Finding::fixed(Kind::ServerAdded, Severity::Compatible, message);
    finding.at(base.home.clone(), server.spot(revision))
}

impl Server<'_> {
    fn spot(&self, of: &List<'_>) -> Spot {
        let own = self.at.as_ref();
        own.map_or_else(|| of.home.clone(), |at| Spot::from(&at.pointer))
    }
}

fn hit(walk: &mut Walk<'_>, finding: Finding, used_by: Option<&Use>) {
    walk.hits.push(super::Hit {
        finding,
        directions: None,
        soft: false,
        used_by: used_by.cloned(),
    });
}

/// The same address in both: what is said of it, and its variables in the order of the address.
fn kept<'a>(walk: &mut Walk<'a>, old: &Server<'a>, new: &Server<'a>, used_by: Option<&Use>) {
    let (Some(one), Some(other)) = (&old.at, &new.at) else {
        return;
    };
    notes::compare(walk, one, other, &["variables", "url"], used_by);
    for (name, now) in old.variables.iter().zip(&new.variables) {
        let of = |at: &At<'a>, name: &str| at.get("variables").and_then(|all| all.get(name));
        let (base, revision) = (of(one, name), of(other, now));
        variable(walk, name, (one, base), (other, revision), used_by);
    }
}

type Of<'s, 'a> = (&'s At<'a>, Option<At<'a>>);

fn variable<'a>(
    walk: &mut Walk<'a>,
    name: &str,
    (old, base): Of<'_, 'a>,
    (new, revision): Of<'_, 'a>,
    used_by: Option<&Use>,
) {
    let values = |at: &Option<At<'a>>| address::values(at.as_ref());
    let default = |at: &Option<At<'a>>| at.as_ref().and_then(|at| at.text("default"));
    let (from, to) = (values(&base), values(&revision));
    let lost = !from.is_subset(&to) && !to.is_empty();
    let limited = from.is_empty() && !to.is_empty();
    let severity = match (lost || limited, default(&base) != default(&revision)) {
        (false, false) if from == to => {
            if let (Some(one), Some(other)) = (&base, &revision) {
                notes::compare(walk, one, other, &["enum", "default"], used_by);
            }
            return;
        }
        (false, false) => Severity::Compatible,
        _ => Severity::Warning,
    };
    let message = format!("the server variable `{name}` changed");
    let finding = Finding::fixed(Kind::ServerVariableChanged, severity, message);
    let at =
        |at: Option<At<'a>>, of: &At<'a>| at.map_or_else(|| of.pointer.clone(), |at| at.pointer);
    hit(
        walk,
        finding.at(&at(base, old), &at(revision, new)),
        used_by,
    );
}
