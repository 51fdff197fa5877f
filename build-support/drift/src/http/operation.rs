//! One operation that both documents have.

use super::listed::Listed;
use super::paths::{self, Flavour, Pair};
use super::place::{Item, Place, sunset};
use super::{Scope, Walk, body, notes, parameters, responses, security, servers};
use crate::at::At;
use crate::finding::Finding;
use crate::guards;
use crate::kind::Kind;
use crate::report::Severity;
use crate::schema::side::Side;
use std::collections::BTreeSet;
use std::rc::Rc;

/// What the address of an operation depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calls {
    /// On the servers.
    Servers,
    /// On the servers too, but server and path together are known to be the same in both
    /// documents, though each of them differs.
    Elsewhere,
    /// On what the client said: the server calls.
    Back,
}

const ELSEWHERE: &[&str] = &[
    "operationId",
    "tags",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
    "x-sunset",
];

/// Compares an operation in all its parts.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    base: Place<'a>,
    revision: Place<'a>,
    calls: Calls,
) {
    let (old, new) = (&base.operation, &revision.operation);
    notes::compare(walk, old, new, ELSEWHERE, Some(&scope.used_by()));
    identity(walk, scope, old, new);
    tags(walk, scope, old, new);
    deprecation(walk, scope, old, new);
    ends(walk, scope, old, new);
    parameters::compare(walk, scope, &base, &revision);
    body::compare(walk, scope, old, new);
    responses::compare(walk, scope, old, new);
    let key = (old.id(), new.id(), scope.flipped);
    let is_first = walk.with_callbacks.is_empty();
    if walk.with_callbacks.insert(key) {
        callbacks(walk, scope, old, new);
    }
    if is_first {
        walk.with_callbacks.clear();
    }
    security::compare(walk, scope, old, new);
    let used_by = scope.used_by();
    match calls {
        Calls::Elsewhere => {
            walk.servers_differ = true;
            servers::moved(walk, &used_by, &base, &revision);
        }
        Calls::Back => servers::called(walk, &used_by, &base, &revision),
        Calls::Servers => match servers::own(walk, &used_by, &base, &revision) {
            true => walk.servers_shared = true,
            false => walk.servers_differ = true,
        },
    }
}

fn identity<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let (from, to) = (old.text("operationId"), new.text("operationId"));
    if from == to {
        return;
    }
    let (severity, message) = match (from, to) {
        (None, Some(to)) => (
            Severity::Compatible,
            format!("the operation is now called `{to}`"),
        ),
        (Some(from), None) => (
            Severity::Warning,
            format!("the operation is no longer called `{from}`"),
        ),
        _ => (
            Severity::Warning,
            format!(
                "the operation is called `{}` instead of `{}`",
                to.unwrap_or_default(),
                from.unwrap_or_default()
            ),
        ),
    };
    let finding = Finding::fixed(Kind::OperationIdChanged, severity, message);
    walk.remark(
        scope,
        finding.at(&old.place_of("operationId"), &new.place_of("operationId")),
    );
}

fn tags<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let names = |at: &At<'a>| -> BTreeSet<&'a str> {
        let tags = at.node.items_of("tags");
        tags.iter().filter_map(contract::Node::as_str).collect()
    };
    let (from, to) = (names(old), names(new));
    if from == to {
        return;
    }
    let shown = |names: &BTreeSet<&str>| match names.is_empty() {
        true => "none".to_owned(),
        false => crate::text::quoted(names),
    };
    let message = format!("the tags changed from {} to {}", shown(&from), shown(&to));
    let finding = Finding::fixed(Kind::TagsChanged, Severity::Compatible, message);
    walk.remark(
        scope,
        finding.at(&old.place_of("tags"), &new.place_of("tags")),
    );
}

fn deprecation<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let (kind, message) = match (old.flag("deprecated"), new.flag("deprecated")) {
        (false, true) => (Kind::OperationDeprecated, "the operation was deprecated"),
        (true, false) => (
            Kind::OperationUndeprecated,
            "the operation is no longer deprecated",
        ),
        _ => return,
    };
    let finding = Finding::fixed(kind, Severity::Compatible, message);
    walk.remark(
        scope,
        finding.at(&old.place_of("deprecated"), &new.place_of("deprecated")),
    );
}

/// A promised end may move away, but not come nearer, and has to be a day.
fn ends<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let (from, to) = (sunset(old), sunset(new));
    if from == to {
        return;
    }
    let day = |text: Option<&str>| text.and_then(guards::day);
    let severity = match (day(from), day(to)) {
        (Some(from), Some(to)) if to < from => Severity::Warning,
        (_, None) if to.is_some() => Severity::Warning,
        _ => Severity::Compatible,
    };
    let message = format!(
        "the end of the operation moved from {} to {}",
        from.unwrap_or("no day"),
        to.unwrap_or("no day")
    );
    let finding = Finding::fixed(Kind::SunsetChanged, severity, message);
    walk.remark(
        scope,
        finding.at(&old.place_of("x-sunset"), &new.place_of("x-sunset")),
    );
}

/// The calls that the server makes in return: what is a request there is consumed by the client.
fn callbacks<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let (base, revision) = (old.get("callbacks"), new.get("callbacks"));
    let names = |at: &Option<At<'a>>| -> BTreeSet<&'a str> {
        let members = at.iter().flat_map(|at| at.node.members());
        members.map(|member| member.key.as_str()).collect()
    };
    for name in names(&base).union(&names(&revision)) {
        let of = |side, at: &Option<At<'a>>| Listed::member(side, at.as_ref()?, name);
        let old_one = of(&walk.engine.base, &base);
        let new_one = of(&walk.engine.revision, &revision);
        let is_open = |of: &Option<Listed<'a>>| of.as_ref().is_some_and(Listed::is_open);
        if !is_open(&old_one) && !is_open(&new_one) {
            let (old_one, new_one) = (old_one.map(|one| one.at), new_one.map(|one| one.at));
            callback(walk, scope, name, (old, old_one), new_one);
        }
    }
}

type Of<'s, 'a> = (&'s At<'a>, Option<At<'a>>);

fn callback<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    name: &str,
    (old, base): Of<'_, 'a>,
    revision: Option<At<'a>>,
) {
    let items = |side: &Side<'a>, at: &Option<At<'a>>| -> Vec<Item<'a>> {
        let members = at.iter().flat_map(|at| at.members().collect::<Vec<_>>());
        let members = members.filter(|(name, _)| !name.starts_with("x-"));
        let item = |(name, at): (&'a str, At<'a>)| Item {
            name,
            at: side.follow(at.clone()).unwrap_or(at),
        };
        members.map(item).collect()
    };
    let base = items(&walk.engine.base, &base);
    let mut revision = items(&walk.engine.revision, &revision);
    if let ([one], [other]) = (base.as_slice(), revision.as_mut_slice())
        && one.name != other.name
    {
        let message = format!(
            "the callback `{name}` calls {} instead of {}",
            other.name, one.name
        );
        let finding = Finding::fixed(Kind::CallbackUrlChanged, Severity::Breaking, message);
        walk.remark(scope, finding.at(&one.at.pointer, &other.at.pointer));
        other.name = one.name;
    }
    let names: BTreeSet<&str> = base.iter().chain(&revision).map(|item| item.name).collect();
    for url in names {
        let pair = Pair {
            base: base.iter().find(|item| item.name == url),
            revision: revision.iter().find(|item| item.name == url),
            base_home: Rc::clone(&old.pointer),
            flavour: Flavour::Callback(scope.clone(), name.to_owned()),
            moved: false,
        };
        paths::item(walk, &pair);
    }
}
