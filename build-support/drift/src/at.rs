//! A node and its pointer.

use contract::{Node, Value, pointer};
use std::rc::Rc;

/// A node of a document and the JSON pointer that leads to it.
#[derive(Debug, Clone)]
pub(super) struct At<'a> {
    pub node: &'a Node,
    pub pointer: Rc<str>,
}

impl<'a> At<'a> {
    /// The document itself.
    pub fn root(node: &'a Node) -> Self {
        Self {
            node,
            pointer: Rc::from(""),
        }
    }

    /// The identity of a node: its address in memory.
    pub fn id(&self) -> usize {
        std::ptr::from_ref(self.node) as usize
    }

    /// A member.
    pub fn get(&self, key: &str) -> Option<Self> {
        let node = self.node.get(key)?;
        Some(self.child(key, node))
    }

    /// The pointer of a member, whether it exists or not.
    pub fn pointer_of(&self, key: &str) -> Rc<str> {
        Rc::from(pointer::join(&self.pointer, key))
    }

    /// Where a field stands, or else the object that lacks it.
    pub fn place_of(&self, field: &str) -> Rc<str> {
        match self.node.contains_key(field) {
            true => self.pointer_of(field),
            false => Rc::clone(&self.pointer),
        }
    }

    /// A known member's place.
    pub fn child(&self, key: &str, node: &'a Node) -> Self {
        Self {
            node,
            pointer: self.pointer_of(key),
        }
    }

    /// The members with their keys.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a, '_> {
        let members = self.node.members().iter();
        members.map(|member| (member.key.as_str(), self.child(&member.key, &member.value)))
    }

    /// The items of a list.
    pub fn items(&self) -> impl Iterator<Item = Self> + use<'a, '_> {
        let items = self.node.items().iter().enumerate();
        items.map(|(at, node)| self.child(&at.to_string(), node))
    }

    /// The text of a member.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key)?.as_str()
    }

    /// Whether a member is `true`.
    pub fn flag(&self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool) == Some(true)
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        matches!(self.node.value, Value::Object(_))
    }
}
