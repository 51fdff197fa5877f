//! Moves `webhooks` and `callbacks`, which OpenAPI 3.0 does not have or the model reads elsewhere, to
//! where the model finds what a receiver is sent.

use crate::lower::context::Context;
use crate::lower::extensions::{RECEIVER_PATH, RECEIVER_POINTER, RECEIVERS};
use crate::lower::walk::METHODS;
use contract::{Member, Node, pointer};

/// Runs the pass. Webhooks come before callbacks.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let mut found = Vec::new();
    if let Some(webhooks) = root.remove("webhooks") {
        let named = webhooks.members().iter();
        found.extend(named.map(|member| receiver(member, "/webhooks", None)));
    }
    let paths = root.get_mut("paths").and_then(Node::as_object_mut);
    for item in paths.into_iter().flatten() {
        for method in METHODS {
            if let Some(operation) = item.value.get_mut(method) {
                let pointer = format!("/paths/{}/{method}", pointer::escape(&item.key));
                found.extend(callbacks(operation, &pointer));
            }
        }
    }
    let old = root.remove(RECEIVERS);
    let mut all = old.as_ref().map(Node::members).unwrap_or_default().to_vec();
    all.extend(distinct(found));
    if !all.is_empty() {
        let mut holder = Node::object(root.span);
        all.into_iter()
            .for_each(|member| drop(holder.insert(member.key, member.value)));
        root.insert(RECEIVERS, holder);
    }
}

/// Takes an operation's callbacks out of it.
fn callbacks(operation: &mut Node, pointer: &str) -> Vec<Member> {
    let all = operation.remove("callbacks");
    let owner = operation.get("tags");
    let named = all.as_ref().map(Node::members).unwrap_or_default().iter();
    let described = named.flat_map(|callback| {
        let pointer = format!("{pointer}/callbacks/{}", pointer::escape(&callback.key));
        let expressions = callback.value.members().iter();
        let expressions = expressions.filter(|member| !member.key.starts_with("x-"));
        expressions.map(move |expression| {
            let mut found = receiver(expression, &pointer, owner);
            found.key.clone_from(&callback.key);
            found
        })
    });
    described.collect()
}

/// A path item whose operations know where they were described and, for a callback, the tags of
/// the operation that asks for it.
fn receiver(member: &Member, holder: &str, owner: Option<&Node>) -> Member {
    let mut member = member.clone();
    for method in METHODS {
        let Some(operation) = member.value.get_mut(method) else {
            continue;
        };
        let pointer = format!("{holder}/{}/{method}", pointer::escape(&member.key));
        operation.insert(
            RECEIVER_PATH,
            Node::string(member.key.as_str(), member.key_span),
        );
        operation.insert(RECEIVER_POINTER, Node::string(pointer, member.key_span));
        if let Some(tags) = owner.filter(|_| !operation.contains_key("tags")) {
            operation.insert("tags", tags.clone());
        }
    }
    member
}

/// Keys of one object must differ: the second `webhook` becomes `webhook2`.
fn distinct(members: Vec<Member>) -> Vec<Member> {
    let mut taken = std::collections::BTreeSet::new();
    let rename = |mut member: Member| {
        let base = member.key.clone();
        let mut number = 2;
        while !taken.insert(member.key.clone()) {
            member.key = format!("{base}{number}");
            number += 1;
        }
        member
    };
    members.into_iter().map(rename).collect()
}
