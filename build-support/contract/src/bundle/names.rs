//! Which component name a piece of another file is given.

use crate::grammar::Kind;
use crate::node::{Member, Node};
use crate::span::Span;
use std::collections::{HashMap, HashSet};

/// The kinds that `components` keeps, path items aside: those are never components here.
const KEPT: [Kind; 9] = [
    Kind::Schema,
    Kind::Response,
    Kind::Parameter,
    Kind::Example,
    Kind::RequestBody,
    Kind::Header,
    Kind::SecurityScheme,
    Kind::Link,
    Kind::Callback,
];

/// The names given so far.
pub(super) struct Names {
    used: HashSet<(Kind, String)>,
    given: HashMap<(Kind, usize, String), String>,
}

impl Names {
    /// The names the document itself has.
    pub(super) fn new(root: &Node) -> Self {
        let own = KEPT.iter().flat_map(|kind| {
            section(root, *kind)
                .iter()
                .map(|member| (*kind, member.key.clone()))
        });
        Self {
            used: own.collect(),
            given: HashMap::new(),
        }
    }

    /// Gives a piece a name the document already has; `false` where the piece has one.
    pub(super) fn claim(&mut self, kind: Kind, file: usize, pointer: &str, name: &str) -> bool {
        let key = (kind, file, pointer.to_owned());
        let free = !self.given.contains_key(&key);
        if free {
            self.given.insert(key, name.to_owned());
        }
        free
    }

    /// The name of a piece, and whether it was given just now.
    pub(super) fn of(
        &mut self,
        kind: Kind,
        file: usize,
        path: &str,
        pointer: &str,
    ) -> (String, bool) {
        let key = (kind, file, pointer.to_owned());
        if let Some(name) = self.given.get(&key) {
            return (name.clone(), false);
        }
        let name = self.free(kind, &wish(path, pointer));
        self.used.insert((kind, name.clone()));
        self.given.insert(key, name.clone());
        (name, true)
    }

    fn free(&self, kind: Kind, wish: &str) -> String {
        let is_free = |name: &String| !self.used.contains(&(kind, name.clone()));
        let numbered = (2..).map(|number: usize| format!("{wish}{number}"));
        let mut names = std::iter::once(wish.to_owned()).chain(numbered);
        names.find(is_free).expect("there are enough numbers")
    }
}

/// The last step of the pointer, else the file's name without extension, in the letters a
/// component name may have.
fn wish(path: &str, pointer: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let step = pointer.rsplit('/').next().filter(|step| !step.is_empty());
    let name = crate::pointer::unescape(step.unwrap_or(stem));
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = name
        .chars()
        .map(|c| if letter(c) { c } else { '_' })
        .collect();
    if name.is_empty() {
        "Part".to_owned()
    } else {
        name
    }
}

/// The components that are a `$ref` and nothing else: kind, name, text and place.
pub(super) fn aliases(root: &Node) -> impl Iterator<Item = (Kind, &str, &str, Span)> {
    KEPT.into_iter().flat_map(move |kind| {
        section(root, kind).iter().filter_map(move |member| {
            let target = member.value.get("$ref")?;
            let text = target.as_str()?;
            (member.value.members().len() == 1).then_some((
                kind,
                member.key.as_str(),
                text,
                target.span,
            ))
        })
    })
}

/// Puts a component in, in the place of its alias where there is one.
pub(super) fn insert(root: &mut Node, kind: Kind, name: &str, node: Node) {
    let Some(section) = kind.section() else {
        return;
    };
    let span = node.span.at_start();
    for (parent, key) in [("", "components"), ("/components", section)] {
        if let Some(parent) = root.pointer_mut(parent)
            && !parent.contains_key(key)
        {
            parent.insert(key, Node::object(span));
        }
    }
    if let Some(section) = root.pointer_mut(&format!("/components/{section}")) {
        section.insert(name, node);
    }
}

fn section(root: &Node, kind: Kind) -> &[Member] {
    let name = kind.section();
    name.map_or(&[], |name| root.components(name))
}
