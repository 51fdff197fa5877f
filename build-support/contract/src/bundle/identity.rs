//! What other files call themselves: the `$id` at their root, and the anchors inside of them.

use crate::node::{Node, Value};
use crate::pointer;

/// The address a file gives itself, where it has one with a host.
pub(super) fn address(root: &Node) -> Option<&str> {
    let id = root.get("$id")?.as_str()?.trim_end_matches('#');
    id.contains("://").then_some(id)
}

/// The path that leads from one address to another one on the same host, as it does between the files
/// that have these addresses: `https://a.example/s/pet.json` and `https://a.example/t/toy.json` are
/// apart by `../t/toy.json`.
pub(super) fn relative(from: &str, to: &str) -> Option<String> {
    let host = |address: &str| {
        let (scheme, rest) = address.split_once("://")?;
        let (host, path) = rest.split_once('/')?;
        Some((format!("{scheme}://{host}"), path.to_owned()))
    };
    let ((one, from), (other, to)) = (host(from)?, host(to)?);
    (one == other).then(|| between(&from, &to))
}

/// The path of a file as seen from the folder of another one, both seen from the same folder.
pub(super) fn between(from: &str, to: &str) -> String {
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    let steps: Vec<&str> = to.split('/').collect();
    let pairs = folders.iter().zip(&steps[..steps.len() - 1]);
    let shared = pairs.take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", folders.len() - shared);
    let path: Vec<&str> = up.chain(steps[shared..].iter().copied()).collect();
    path.join("/")
}

/// The pointer of the schema with an anchor.
pub(super) fn anchored(node: &Node, name: &str) -> Option<String> {
    find(node, name, "")
}

fn find(node: &Node, name: &str, at: &str) -> Option<String> {
    let is_it = |key| node.get(key).and_then(Node::as_str) == Some(name);
    if is_it("$anchor") || is_it("$dynamicAnchor") {
        return Some(at.to_owned());
    }
    match &node.value {
        Value::Object(members) => members
            .iter()
            .find_map(|member| find(&member.value, name, &pointer::join(at, &member.key))),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(place, item)| find(item, name, &format!("{at}/{place}")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn addresses_are_apart_as_files_are() {
        let from = "https://a.example/s/pet.json";
        for (to, expected) in [
            ("https://a.example/s/toy.json", Some("toy.json")),
            ("https://a.example/s/pet.json", Some("pet.json")),
            ("https://a.example/s/more/toy.json", Some("more/toy.json")),
            ("https://a.example/t/toy.json", Some("../t/toy.json")),
            ("https://a.example/toy.json", Some("../toy.json")),
            ("https://b.example/s/toy.json", None),
            ("http://a.example/s/toy.json", None),
            ("urn:a:toy", None),
        ] {
            assert_eq!(relative(from, to).as_deref(), expected, "{to}");
        }
    }
}
