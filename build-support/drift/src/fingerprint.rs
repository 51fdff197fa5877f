//! The stable pointers that the fingerprint of a change is made from.

use contract::{Node, Places, Value};

/// A pointer in which positions in arrays are replaced by what stands there, so that it stays the
/// same when the order changes.
pub(super) fn stable(places: &Places<'_>, pointer: &str) -> String {
    let (begin, from) = places.begin(pointer);
    let mut node = Some(begin);
    let mut stable = String::with_capacity(pointer.len());
    stable.push_str(&pointer[..from]);
    for token in pointer[from..].split('/').skip(1) {
        let name = contract::pointer::unescape(token);
        stable.push('/');
        let in_list = node.is_some_and(|node| matches!(node.value, Value::Array(_)));
        let inner = node.and_then(|node| match &node.value {
            Value::Object(_) => node.get(&name),
            Value::Array(items) => items.get(name.parse::<usize>().ok()?),
            _ => None,
        });
        match inner.filter(|_| in_list).and_then(key) {
            Some(key) => stable.push_str(&key),
            None => stable.push_str(token),
        }
        node = inner;
    }
    stable
}

/// The names of a security requirement, which holds nothing but arrays of scopes.
fn requirement(item: &Node) -> Option<String> {
    let members = item.members();
    let all_lists = members
        .iter()
        .all(|member| member.value.as_array().is_some());
    let mut names: Vec<&str> = members.iter().map(|member| member.key.as_str()).collect();
    names.sort_unstable();
    all_lists.then(|| names.join("+"))
}

/// What identifies an item of an array.
fn key(item: &Node) -> Option<String> {
    let text = |key: &str| item.get(key).and_then(Node::as_str);
    match &item.value {
        Value::Object(_) => match (text("in"), text("name"), text("$ref"), text("url")) {
            (Some(place), Some(name), ..) => Some(format!("{place}:{name}")),
            (_, _, Some(reference), _) => Some(reference.to_owned()),
            (_, Some(name), ..) => Some(name.to_owned()),
            (_, _, _, Some(url)) => Some(url.to_owned()),
            _ => requirement(item),
        },
        Value::Array(_) => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null => Some("null".to_owned()),
    }
}
