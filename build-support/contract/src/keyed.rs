//! Parts in order, each with its own key. In a long list a part is found without a walk through all of them:
//! a contract has thousands of schemas, and refers to each of them many times.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

/// Up to this many parts, a search through all of them is faster than an index.
const FEW: usize = 16;

/// What has a key.
pub trait HasKey {
    /// The key.
    fn key(&self) -> &str;
}

/// Parts in the order they were written, each key once.
pub struct Keyed<T> {
    list: Vec<T>,
    /// The places of the parts, ordered by their keys. It is made when a large list is asked for a
    /// key, and forgotten when something changes that may be a key. Behind a pointer, because most
    /// lists are short and never have it.
    by_key: OnceLock<Box<Order>>,
}

/// The places of parts, ordered by their keys.
struct Order(Vec<usize>);

impl<T: HasKey> Keyed<T> {
    /// The place of a key.
    pub(super) fn position(&self, key: &str) -> Option<usize> {
        if self.list.len() <= FEW {
            return self.list.iter().position(|part| part.key() == key);
        }
        let Order(by_key) = &**self.by_key.get_or_init(|| Box::new(self.ordered()));
        let key_at = |at: usize| self.list[at].key();
        let first = by_key.partition_point(|at| key_at(*at) < key);
        by_key.get(first).copied().filter(|at| key_at(*at) == key)
    }

    /// The part with this key.
    pub(super) fn find(&self, key: &str) -> Option<&T> {
        self.position(key).map(|at| &self.list[at])
    }

    /// The part with this key, which may be changed, but for its key.
    pub(super) fn find_mut(&mut self, key: &str) -> Option<&mut T> {
        let at = self.position(key)?;
        self.list.get_mut(at)
    }

    /// Adds a part whose key is not there yet.
    pub(super) fn push_new(&mut self, part: T) {
        let (list, at) = (&self.list, self.list.len());
        if let Some(order) = self.by_key.get_mut() {
            let Order(by_key) = &mut **order;
            let place = by_key.partition_point(|at| list[*at].key() < part.key());
            by_key.insert(place, at);
        }
        self.list.push(part);
    }

    fn ordered(&self) -> Order {
        let mut by_key: Vec<usize> = (0..self.list.len()).collect();
        by_key.sort_by(|one, other| self.list[*one].key().cmp(self.list[*other].key()));
        Order(by_key)
    }
}

impl<T> From<Vec<T>> for Keyed<T> {
    fn from(list: Vec<T>) -> Self {
        let by_key = OnceLock::new();
        Self { list, by_key }
    }
}

impl<T> Deref for Keyed<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Self::Target {
        &self.list
    }
}

impl<T> DerefMut for Keyed<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.by_key.take();
        &mut self.list
    }
}

impl<T: Clone> Clone for Keyed<T> {
    fn clone(&self) -> Self {
        Self::from(self.list.clone())
    }
}

impl<T: PartialEq> PartialEq for Keyed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl<T: fmt::Debug> fmt::Debug for Keyed<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list.fmt(formatter)
    }
}

impl<T> IntoIterator for Keyed<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Keyed<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Member, Members, Node, Span};
    use proptest::prelude::*;

    fn member(key: &str) -> Member {
        Member {
            key: key.to_owned(),
            key_span: Span::default(),
            value: Node::null(Span::default()),
        }
    }

    /// A change of the members, and a question.
    #[derive(Debug, Clone)]
    enum Step {
        Insert(String),
        Remove(String),
        Rename(usize, String),
        Ask(String),
    }

    fn step() -> impl Strategy<Value = Step> {
        let key = || "[a-e]{1,2}";
        prop_oneof![
            key().prop_map(Step::Insert),
            key().prop_map(Step::Remove),
            (any::<usize>(), key()).prop_map(|(at, key)| Step::Rename(at, key)),
            key().prop_map(Step::Ask),
        ]
    }

    proptest! {
        #[test]
        fn a_key_is_found_where_a_walk_finds_it(steps in prop::collection::vec(step(), 0..120)) {
            let mut node = Node::object(Span::default());
            for step in steps {
                match step {
                    Step::Insert(key) => drop(node.insert(key, Node::null(Span::default()))),
                    Step::Remove(key) => drop(node.remove(&key)),
                    Step::Rename(at, key) => {
                        let members = node.as_object_mut().unwrap();
                        let taken = members.iter().any(|member| member.key == key);
                        let at = at.checked_rem(members.len()).filter(|_| !taken);
                        if let Some(at) = at {
                            members[at].key = key;
                        }
                    }
                    Step::Ask(key) => {
                        let walked = node.members().iter().find(|member| member.key == key);
                        prop_assert_eq!(node.member(&key).map(std::ptr::from_ref), walked.map(std::ptr::from_ref));
                    }
                }
            }
        }
    }

    #[test]
    fn a_copy_answers_for_itself() {
        let keys: Vec<String> = (0..40).map(|number| format!("k{number}")).collect();
        let mut members = Members::from(keys.iter().map(|key| member(key)).collect::<Vec<_>>());
        assert_eq!(members.position("k7"), Some(7));
        let copy = members.clone();
        members.push_new(member("more"));
        assert_eq!(members.position("more"), Some(40));
        assert_eq!(copy.position("more"), None);
        members.reverse();
        assert_eq!(members.position("k7"), Some(33));
        assert_eq!(format!("{copy:?}").matches("key: ").count(), 40);
    }
}
