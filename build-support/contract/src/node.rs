//! A document as a tree in which every value has the place where it was written.

use super::keyed::{HasKey, Keyed};
use super::pointer;
use super::span::Span;
use serde_json::Number;
use std::borrow::Cow;

/// A value and its place. Two nodes are equal when their values are, wherever they stand.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it was written.
    pub span: Span,
}

/// A JSON value whose parts have their places.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; its text as written is found under the node's span.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// Members in the order they were written, each key once.
    Object(Members),
}

/// The members of an object, found by their keys.
pub type Members = Keyed<Member>;

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Member {
    /// The key. A YAML key is the text as written: `200:` is "200".
    pub key: String,
    /// Where the key was written.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl HasKey for Member {
    fn key(&self) -> &str {
        &self.key
    }
}

impl PartialEq for Member {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.value == other.value
    }
}

impl Node {
    /// A node of any value.
    #[must_use]
    pub fn new(value: Value, span: Span) -> Self {
        Self { value, span }
    }

    /// `null`.
    #[must_use]
    pub fn null(span: Span) -> Self {
        Self::new(Value::Null, span)
    }

    /// A boolean.
    #[must_use]
    pub fn bool(value: bool, span: Span) -> Self {
        Self::new(Value::Bool(value), span)
    }

    /// A number.
    #[must_use]
    pub fn number(value: impl Into<Number>, span: Span) -> Self {
        Self::new(Value::Number(value.into()), span)
    }

    /// A string.
    #[must_use]
    pub fn string(value: impl Into<String>, span: Span) -> Self {
        Self::new(Value::String(value.into()), span)
    }

    /// An array.
    #[must_use]
    pub fn array(items: Vec<Self>, span: Span) -> Self {
        Self::new(Value::Array(items), span)
    }

    /// An object without members.
    #[must_use]
    pub fn object(span: Span) -> Self {
        Self::new(Value::Object(Members::default()), span)
    }

    /// A JSON value whose every part is given the same place.
    #[must_use]
    pub fn from_json(value: &serde_json::Value, span: Span) -> Self {
        let value = match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(value) => Value::Bool(*value),
            serde_json::Value::Number(value) => Value::Number(value.clone()),
            serde_json::Value::String(value) => Value::String(value.clone()),
            serde_json::Value::Array(items) => Value::Array(
                items
                    .iter()
                    .map(|item| Self::from_json(item, span))
                    .collect(),
            ),
            serde_json::Value::Object(members) => {
                let members = members.iter().map(|(key, value)| Member {
                    key: key.clone(),
                    key_span: span,
                    value: Self::from_json(value, span),
                });
                Value::Object(members.collect::<Vec<_>>().into())
            }
        };
        Self::new(value, span)
    }

    /// The same value without places. Members keep their order only where serde_json keeps it.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => serde_json::Value::Bool(*value),
            Value::Number(value) => serde_json::Value::Number(value.clone()),
            Value::String(value) => serde_json::Value::String(value.clone()),
            Value::Array(items) => items.iter().map(Self::to_json).collect(),
            Value::Object(members) => members
                .iter()
                .map(|member| (member.key.clone(), member.value.to_json()))
                .collect(),
        }
    }

    /// The value of a member; `None` also where the node is not an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.member(key).map(|member| &member.value)
    }

    /// [`Node::get`], to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let member = self.all_members_mut()?.find_mut(key)?;
        Some(&mut member.value)
    }

    /// A member with its key's place.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        match &self.value {
            Value::Object(members) => members.find(key),
            _ => None,
        }
    }

    /// Whether the node is an object with this key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.member(key).is_some()
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A number.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        match &self.value {
            Value::Number(value) => Some(value),
            _ => None,
        }
    }

    /// An array's items.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// [`Node::as_array`], to change it.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Self>> {
        match &mut self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// An object's members.
    #[must_use]
    pub fn as_object(&self) -> Option<&[Member]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// [`Node::as_object`], to change it.
    pub fn as_object_mut(&mut self) -> Option<&mut Vec<Member>> {
        match &mut self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// An object's members; none where the node is not an object.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        self.as_object().unwrap_or_default()
    }

    /// An array's items; none where the node is not an array.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        self.as_array().unwrap_or_default()
    }

    /// The members of the object under a key; none where there is no such object.
    #[must_use]
    pub fn members_of(&self, key: &str) -> &[Member] {
        self.get(key).map(Self::members).unwrap_or_default()
    }

    /// The items of the array under a key; none where there is no such array.
    #[must_use]
    pub fn items_of(&self, key: &str) -> &[Self] {
        self.get(key).map(Self::items).unwrap_or_default()
    }

    /// The components of one section of a document, `schemas` for instance; none where the
    /// document has no such section.
    #[must_use]
    pub fn components(&self, section: &str) -> &[Member] {
        let components = self.get("components");
        components.map_or(&[], |components| components.members_of(section))
    }

    /// One component of a section of a document.
    #[must_use]
    pub fn component(&self, section: &str, name: &str) -> Option<&Self> {
        self.get("components")?.get(section)?.get(name)
    }

    /// Whether the value is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// The node under a JSON pointer (RFC 6901, plain, not percent-encoded): `""` is the node
    /// itself, `/a/0` the first item of member `a`.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        tokens(pointer)?.try_fold(self, |node, token| match &node.value {
            Value::Object(_) => node.get(&token),
            Value::Array(items) => items.get(index(&token)?),
            _ => None,
        })
    }

    /// [`Node::pointer`], to change it.
    pub fn pointer_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        tokens(pointer)?.try_fold(self, |node, token| match node.value {
            Value::Object(_) => node.get_mut(&token),
            Value::Array(ref mut items) => items.get_mut(index(&token)?),
            _ => None,
        })
    }

    /// Sets a member: in its old place where the key exists (its old value is given back), else
    /// at the end with `value`'s place for its key. A node that is not an object stays as it is.
    pub fn insert(&mut self, key: impl Into<String>, value: Self) -> Option<Self> {
        let key = key.into();
        if let Some(old) = self.get_mut(&key) {
            return Some(std::mem::replace(old, value));
        }
        let key_span = value.span;
        self.all_members_mut()?.push_new(Member {
            key,
            key_span,
            value,
        });
        None
    }

    /// Takes a member out and gives back its value.
    pub fn remove(&mut self, key: &str) -> Option<Self> {
        let members = self.all_members_mut()?;
        let at = members.position(key)?;
        Some(members.remove(at).value)
    }

    /// An object's members with their index, to change them.
    fn all_members_mut(&mut self) -> Option<&mut Members> {
        match &mut self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// What kind of value it is, as a person would say it: "a string".
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

fn tokens(pointer: &str) -> Option<impl Iterator<Item = Cow<'_, str>>> {
    let whole = pointer.is_empty() || pointer.starts_with('/');
    whole.then(|| pointer::tokens(pointer))
}

fn index(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| canonical)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn node(value: serde_json::Value) -> Node {
        Node::from_json(&value, Span::default())
    }

    #[test]
    fn pointers_unescape_their_steps() {
        let tree = node(json!({"a/b": {"~": [10, 20]}, "": 1}));
        let number = |pointer| tree.pointer(pointer).map(Node::to_json);
        assert_eq!(number("/a~1b/~0/1"), Some(json!(20)));
        assert_eq!(number("/"), Some(json!(1)));
        assert_eq!(tree.pointer(""), Some(&tree));
        for nothing in ["a", "/a~1b/~0/01", "/a~1b/~0/-", "/a~1b/~0/1/2", "/x"] {
            assert_eq!(tree.pointer(nothing), None, "{nothing:?} leads nowhere");
        }
    }

    #[test]
    fn members_are_set_in_place_and_taken_out() {
        let mut tree = node(json!({"a": 1, "b": 2}));
        assert_eq!(tree.insert("a", node(json!(3))), Some(node(json!(1))));
        assert_eq!(tree.insert("c", node(json!(4))), None);
        assert_eq!(tree.remove("b"), Some(node(json!(2))));
        assert_eq!(tree, node(json!({"a": 3, "c": 4})));
        *tree.pointer_mut("/c").unwrap() = node(json!([]));
        assert_eq!(tree.to_json(), json!({"a": 3, "c": []}));
    }
}
