//! Where an operation stands: the items of paths, and the operation in one of them.

use crate::at::At;
use contract::vocabulary::METHODS;

/// A path item under its name.
#[derive(Debug, Clone)]
pub(super) struct Item<'a> {
    pub name: &'a str,
    pub at: At<'a>,
}

impl<'a> Item<'a> {
    /// Whether it has an operation of a method.
    pub fn has(&self, method: &str) -> bool {
        self.written(method).is_some_and(|at| at.is_object())
    }

    /// The operation of a method as it is written, which may be a reference.
    pub fn written(&self, method: &str) -> Option<At<'a>> {
        let further = || self.at.get(FURTHER)?.get(method);
        self.at.get(method).or_else(further)
    }

    /// The methods that it names beside those of every version.
    fn further(&self) -> impl Iterator<Item = &'a str> {
        let further = self.at.node.members_of(FURTHER).iter();
        let query = self.at.node.member("query").into_iter();
        query.chain(further).map(|member| member.key.as_str())
    }
}

/// Where OpenAPI 3.2 has operations of methods that have no field of their own. It also gives
/// `query` a field.
const FURTHER: &str = "additionalOperations";

/// The methods that may have an operation in one of these items.
pub(super) fn methods<'a>(items: impl IntoIterator<Item = &'a Item<'a>>) -> Vec<&'a str> {
    let mut methods = METHODS.to_vec();
    for item in items {
        for method in item.further() {
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
    }
    methods
}

/// An operation and the path item it stands in.
pub(super) struct Place<'a> {
    pub item: Item<'a>,
    pub operation: At<'a>,
}

/// When an operation is to end.
pub(super) fn sunset<'a>(at: &At<'a>) -> Option<&'a str> {
    at.text("x-sunset")
}
