//! Servers, their base paths and variables.

use super::operation::{Place, place};
use super::{Scope, Walk, notes};
use crate::drift::at::At;
use crate::drift::finding::Finding;
use crate::drift::kind::Kind;
use crate::drift::report::{Severity, Use};
use std::collections::BTreeSet;

/// A server: where it is and under which path it begins.
struct Server<'a> {
    at: At<'a>,
    host: &'a str,
    path: &'a str,
}

/// Compares the servers of the whole contract.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, base: &At<'a>, revision: &At<'a>) {
    lists(walk, base, revision, None);
}

/// Compares the servers that an operation or its path item has of its own.
pub(super) fn own<'a>(walk: &mut Walk<'a>, scope: &Scope, base: &Place<'a>, revision: &Place<'a>) {
    let used_by = scope.used_by();
    lists(walk, &base.operation, &revision.operation, Some(&used_by));
    lists(walk, &base.item.at, &revision.item.at, Some(&used_by));
}

fn servers<'a>(of: &At<'a>) -> Vec<Server<'a>> {
    let list = of.get("servers");
    let items = list
        .iter()
        .flat_map(|list| list.items().collect::<Vec<_>>());
    let servers = items.filter_map(|at| {
        let (host, path) = split(at.text("url")?);
        Some(Server { at, host, path })
    });
    servers.collect()
}

/// The host and the path of an address.
fn split(url: &str) -> (&str, &str) {
    let after = url.find("://").map_or(0, |at| at + 3);
    let rest = &url[after..];
    let cut = match after {
        0 => 0,
        _ => rest.find('/').unwrap_or(rest.len()),
    };
    (&rest[..cut], rest[cut..].trim_end_matches('/'))
}

fn lists<'a>(walk: &mut Walk<'a>, base: &At<'a>, revision: &At<'a>, used_by: Option<&Use>) {
    let (old, new) = (servers(base), servers(revision));
    let equal =
        |one: &Server<'a>, other: &Server<'a>| (one.host, one.path) == (other.host, other.path);
    let fresh = |server: &&Server<'a>| !old.iter().any(|known| equal(known, server));
    for server in &old {
        if let Some(same) = new.iter().find(|other| equal(server, other)) {
            notes::compare(walk, &server.at, &same.at, &["variables"], used_by);
            variables(walk, &server.at, &same.at, used_by);
            continue;
        }
        let moved = new
            .iter()
            .filter(fresh)
            .find(|other| other.host == server.host);
        let kept = new
            .iter()
            .any(|other| other.host == server.host && !fresh(&other));
        let (kind, severity, message, to) = match moved {
            Some(other) if !kept => (
                Kind::BasePathChanged,
                Severity::Breaking,
                format!(
                    "addresses begin with `{}/` instead of `{}/`",
                    other.path, server.path
                ),
                other.at.pointer.clone(),
            ),
            _ => (
                Kind::ServerRemoved,
                Severity::Warning,
                format!("the server `{}{}` was removed", server.host, server.path),
                place(revision, "servers"),
            ),
        };
        let finding = Finding::fixed(kind, severity, message);
        hit(walk, finding.at(&server.at.pointer, &to), used_by);
    }
    let moved = |server: &&Server<'a>| {
        let from = old.iter().find(|known| known.host == server.host);
        from.is_some_and(|from| !new.iter().any(|other| equal(from, other)))
    };
    for server in new.iter().filter(fresh).filter(|server| !moved(server)) {
        let message = format!("the server `{}{}` was added", server.host, server.path);
        let finding = Finding::fixed(Kind::ServerAdded, Severity::Compatible, message);
        hit(
            walk,
            finding.at(&place(base, "servers"), &server.at.pointer),
            used_by,
        );
    }
}

fn hit(walk: &mut Walk<'_>, finding: Finding, used_by: Option<&Use>) {
    walk.hits.push(super::Hit {
        finding,
        polarity: None,
        soft: false,
        used_by: used_by.cloned(),
    });
}

fn variables<'a>(walk: &mut Walk<'a>, old: &At<'a>, new: &At<'a>, used_by: Option<&Use>) {
    let (base, revision) = (old.get("variables"), new.get("variables"));
    let names = |at: &Option<At<'a>>| -> BTreeSet<&'a str> {
        let members = at.iter().flat_map(|at| at.node.members());
        members.map(|member| member.key.as_str()).collect()
    };
    for name in names(&base).union(&names(&revision)) {
        let of = |at: &Option<At<'a>>| at.as_ref().and_then(|at| at.get(name));
        let (one, other) = (of(&base), of(&revision));
        let values = |at: &Option<At<'a>>| -> BTreeSet<&'a str> {
            let list = at.as_ref().and_then(|at| at.node.get("enum"));
            let items = list.map(crate::read::Node::items).unwrap_or_default();
            items.iter().filter_map(crate::read::Node::as_str).collect()
        };
        let default = |at: &Option<At<'a>>| at.as_ref().and_then(|at| at.text("default"));
        let lost = !values(&one).is_subset(&values(&other)) && !values(&other).is_empty();
        let limited = values(&one).is_empty() && !values(&other).is_empty();
        let severity = match (lost || limited, default(&one) != default(&other)) {
            (false, false) if values(&one) == values(&other) => {
                if let (Some(one), Some(other)) = (&one, &other) {
                    notes::compare(walk, one, other, &["enum", "default"], used_by);
                }
                continue;
            }
            (false, false) => Severity::Compatible,
            _ => Severity::Warning,
        };
        let message = format!("the server variable `{name}` changed");
        let finding = Finding::fixed(Kind::ServerVariableChanged, severity, message);
        let at = |at: Option<At<'a>>, of: &At<'a>| {
            at.map_or_else(|| of.pointer.clone(), |at| at.pointer)
        };
        hit(walk, finding.at(&at(one, old), &at(other, new)), used_by);
    }
}
