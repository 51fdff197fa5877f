//! One of the two documents, with its references.

use super::evaluate::Judged;
use super::lost::{self, AllLost};
use super::set::{Set, SetKey};
use super::view::View;
use crate::at::At;
use crate::compared::Contract;
use contract::{Node, SpecVersion};
use hashlink::LruCache;
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// How many views are kept. A view takes some kilobytes, and all views of a large document would take more
/// than the document itself. A view that is no longer kept is computed again.
const VIEWS: usize = 2048;

/// One of the two documents.
pub(crate) struct Side<'a> {
    pub root: At<'a>,
    pub version: SpecVersion,
    /// The members of `components`' sections, so that finding one is quick in a large document.
    components: HashMap<(&'a str, &'a str), &'a Node>,
    anchors: OnceCell<HashMap<&'a str, At<'a>>>,
    resolved: RefCell<HashMap<&'a str, Option<At<'a>>>>,
    /// Those that were asked for last.
    views: RefCell<LruCache<SetKey, Rc<View<'a>>>>,
    /// The sets whose views are being worked out.
    under_way: RefCell<HashSet<SetKey>>,
    /// The unions of which it is known that they have too many alternatives to look at, by identity.
    pub endless: RefCell<HashSet<usize>>,
    /// What the value that is looked at is to schemas.
    pub judged: RefCell<Judged>,
    lost: OnceCell<Rc<AllLost<'a>>>,
    children: OnceCell<HashMap<&'a str, Vec<Named<'a>>>>,
    references: OnceCell<HashSet<&'a str>>,
    operations: OnceCell<HashMap<&'a str, Rc<str>>>,
}

/// A component under its name.
type Named<'a> = (&'a str, At<'a>);

impl<'a> Side<'a> {
    pub fn new(contract: &'a Contract) -> Self {
        let root = contract.root();
        let sections = root.members_of("components");
        let components = sections.iter().flat_map(|section| {
            let members = section.value.members().iter();
            members.map(|member| ((section.key.as_str(), member.key.as_str()), &member.value))
        });
        Self {
            root: At::root(root),
            version: contract.version(),
            components: components.collect(),
            anchors: OnceCell::new(),
            resolved: RefCell::default(),
            views: RefCell::new(LruCache::new(VIEWS)),
            under_way: RefCell::default(),
            endless: RefCell::default(),
            judged: RefCell::default(),
            lost: OnceCell::new(),
            children: OnceCell::new(),
            references: OnceCell::new(),
            operations: OnceCell::new(),
        }
    }

    /// What a `$ref` leads to; `None` where that is nowhere, or outside the document.
    pub fn resolve(&self, text: &'a str) -> Option<At<'a>> {
        if let Some(known) = self.resolved.borrow().get(text) {
            return known.clone();
        }
        let found = self.lookup(text);
        self.resolved.borrow_mut().insert(text, found.clone());
        found
    }

    fn lookup(&self, text: &'a str) -> Option<At<'a>> {
        let text = self.without_own_address(text);
        let fragment = text.strip_prefix('#').unwrap_or(text);
        if !text.starts_with('#') || !(fragment.is_empty() || fragment.starts_with('/')) {
            return self.anchor(fragment);
        }
        self.inside(text)
    }

    /// A reference that begins with the address that the document gives itself leads into it.
    /// Source: OpenAPI 3.2, `$self`.
    pub fn without_own_address<'t>(&self, text: &'t str) -> &'t str {
        let own = self.root.text("$self").filter(|own| !own.is_empty());
        let rest = own.and_then(|own| text.strip_prefix(own));
        rest.filter(|rest| rest.starts_with('#')).unwrap_or(text)
    }

    /// What stands in the document where a reference points that is a pointer.
    pub fn inside(&self, text: &str) -> Option<At<'a>> {
        let text = self.without_own_address(text);
        let pointer = contract::pointer::of_reference(text)?;
        let node = self
            .component(&pointer)
            .or_else(|| self.root.node.pointer(&pointer))?;
        let pointer = Rc::from(pointer);
        Some(At { node, pointer })
    }

    /// The component at a pointer.
    pub fn component(&self, pointer: &str) -> Option<&'a Node> {
        let (section, name) = pointer.strip_prefix("/components/")?.split_once('/')?;
        if name.contains(['/', '~']) {
            return None;
        }
        self.components.get(&(section, name)).copied()
    }

    /// The component of this name in a section.
    pub fn named(&self, section: &str, name: &str) -> Option<At<'a>> {
        let node = self.components.get(&(section, name)).copied()?;
        let name = contract::pointer::escape(name);
        let pointer = Rc::from(format!("/components/{section}/{name}"));
        Some(At { node, pointer })
    }

    /// Whether something refers to a text.
    pub fn refers_to(&self, text: &str) -> bool {
        let references = self.references.get_or_init(|| {
            let mut found = HashSet::new();
            let mut open = vec![self.root.node];
            while let Some(node) = open.pop() {
                found.extend(node.get("$ref").and_then(|at| at.as_str()));
                open.extend(node.items());
                open.extend(node.members().iter().map(|member| &member.value));
            }
            found
        });
        references.contains(text)
    }

    /// Where the operation of an `operationId` stands.
    pub fn operation(&self, id: &str) -> Option<&Rc<str>> {
        let operations = self.operations.get_or_init(|| {
            let mut found = HashMap::new();
            let paths = self.root.get("paths");
            let items = paths.iter().flat_map(|at| at.members().collect::<Vec<_>>());
            for (_, at) in items.flat_map(|(_, item)| item.members().collect::<Vec<_>>()) {
                if let Some(id) = at.text("operationId") {
                    found.entry(id).or_insert(at.pointer);
                }
            }
            found
        });
        operations.get(id)
    }

    /// The component schemas whose `allOf` names the schema with this discriminator, or one that
    /// inherits from it.
    pub fn heirs(&self, discriminator: &str) -> Vec<(&'a str, At<'a>)> {
        let Some(parent) = discriminator.strip_suffix("/discriminator") else {
            return Vec::new();
        };
        let children = self.children.get_or_init(|| self.children());
        let mut open = vec![parent];
        let mut seen = BTreeSet::from([parent.to_owned()]);
        let mut heirs = Vec::new();
        while let Some(parent) = open.pop() {
            let found = children.get(parent).map(Vec::as_slice);
            for (name, at) in found.unwrap_or_default() {
                if seen.insert(at.pointer.to_string()) {
                    heirs.push((*name, at.clone()));
                    open.push(&at.pointer);
                }
            }
        }
        heirs.sort_by_key(|(name, _)| *name);
        heirs
    }

    /// The component schemas that inherit from each, by its pointer.
    fn children(&self) -> HashMap<&'a str, Vec<Named<'a>>> {
        let schemas = self.root.get("components").and_then(|at| at.get("schemas"));
        let mut children: HashMap<&str, Vec<Named<'a>>> = HashMap::new();
        for (name, at) in schemas
            .iter()
            .flat_map(|at| at.members().collect::<Vec<_>>())
        {
            let parts = at.node.items_of("allOf");
            let targets = parts.iter().filter_map(|item| item.get("$ref")?.as_str());
            for parent in targets.filter_map(|text| text.strip_prefix('#')) {
                let heirs = children.entry(parent).or_default();
                heirs.push((name, at.clone()));
            }
        }
        children
    }

    /// The schema with this `$anchor`, `$dynamicAnchor` or `$id`.
    pub fn anchor(&self, name: &str) -> Option<At<'a>> {
        let anchors = self.anchors.get_or_init(|| {
            let mut found = HashMap::new();
            anchors(&self.root, &mut found);
            found
        });
        anchors.get(name).cloned()
    }

    /// Follows `$ref`s of anything but a schema; `None` where they lead nowhere or in a circle.
    pub fn follow(&self, at: At<'a>) -> Option<At<'a>> {
        let mut at = at;
        for _ in 0..32 {
            match at.text("$ref") {
                None => return Some(at),
                Some(text) => at = self.resolve(text)?,
            }
        }
        None
    }

    /// The references that arrive at nothing, searched for once.
    pub fn lost(&self) -> &Rc<AllLost<'a>> {
        self.lost.get_or_init(|| Rc::new(lost::search(self)))
    }

    /// Follows a schema that is nothing but a reference.
    pub fn follow_plain(&self, at: &At<'a>) -> Option<At<'a>> {
        let mut at = at.clone();
        for _ in 0..32 {
            // What stands beside a reference counts too.
            let is_plain = at.node.members().len() == 1;
            match at.text("$ref").filter(|_| is_plain) {
                None => return Some(at),
                Some(text) => at = self.resolve(text)?,
            }
        }
        None
    }

    /// A set with the schema in place of what is nothing but a reference to it, so that what many
    /// places refer to is looked at once.
    pub fn followed<'s>(&self, set: &'s Set<'a>) -> Cow<'s, Set<'a>> {
        let [only] = set.roots.as_slice() else {
            return Cow::Borrowed(set);
        };
        match self.follow_plain(only) {
            Some(target) if target.id() != only.id() => Cow::Owned(Set {
                roots: vec![target],
                ..set.clone()
            }),
            _ => Cow::Borrowed(set),
        }
    }

    /// What a set of schemas says, computed once for several requests in a short time.
    pub fn view(&self, set: &Set<'a>) -> Rc<View<'a>> {
        let set = &*self.followed(set);
        let key = set.key();
        if let Some(known) = self.views.borrow_mut().get(&key) {
            return Rc::clone(known);
        }
        self.under_way.borrow_mut().insert(key.clone());
        let view = Rc::new(View::of(self, set));
        self.under_way.borrow_mut().remove(&key);
        self.views.borrow_mut().insert(key, Rc::clone(&view));
        view
    }

    /// What a set of schemas says; `None` while that is being computed, for a schema that needs itself.
    pub fn view_unless_under_way(&self, set: &Set<'a>) -> Option<Rc<View<'a>>> {
        let set = &*self.followed(set);
        let is_under_way = self.under_way.borrow().contains(&set.key());
        (!is_under_way).then(|| self.view(set))
    }
}

fn anchors<'a>(at: &At<'a>, found: &mut HashMap<&'a str, At<'a>>) {
    for key in ["$anchor", "$dynamicAnchor", "$id"] {
        if let Some(name) = at.text(key) {
            found.entry(name).or_insert_with(|| at.clone());
        }
    }
    at.members().for_each(|(_, member)| anchors(&member, found));
    at.items().for_each(|item| anchors(&item, found));
}
