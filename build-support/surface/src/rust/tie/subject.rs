//! What a change refers to, and how closely that names an item.

use super::kin::Kin;
use super::{Names, plain};
use contract::Node;
use contract::pointer::component_of;
use std::collections::BTreeSet;

/// What a pointer refers to.
pub(super) enum Subject {
    /// A schema, or the member of one.
    Schema {
        name: String,
        member: Option<Member>,
    },
    /// An operation, or a part of one.
    Operation {
        id: String,
        /// A parameter or a status.
        detail: Option<String>,
        /// What comes and goes with it, where it does so as a whole.
        whole: Option<Whole>,
    },
}

/// A part of a schema.
#[derive(Clone)]
pub(super) enum Member {
    /// A property, and whether constructors take it because it is required.
    Property { name: String, required: bool },
    /// The value of an enum.
    Value(String),
}

/// What an operation brings along.
pub(super) struct Whole {
    tags: BTreeSet<String>,
    /// The schemas it leads to.
    schemas: BTreeSet<String>,
}

impl Whole {
    pub(super) fn of(operation: &Node, root: &Node) -> Self {
        let tags = operation.items_of("tags");
        let mut targets = BTreeSet::new();
        reach(operation, root, &mut targets);
        let schemas = targets.into_iter();
        let schemas = schemas.filter_map(|it| component_of(it));
        Self {
            tags: tags.iter().filter_map(Node::as_str).map(plain).collect(),
            schemas: schemas.map(plain).collect(),
        }
    }

    fn closeness(&self, names: &Names) -> u8 {
        let outer = names.outer.as_str();
        let of_tag = |tag: &String| {
            let rest = outer.strip_prefix(tag.as_str());
            rest.is_some_and(|rest| matches!(rest, "api" | "router"))
                || outer == "notimplemented" && names.inner.as_ref() == Some(tag)
        };
        // What an open union holds of alternatives still to come comes with the union.
        let outer = outer.strip_prefix("unknown").unwrap_or(outer);
        match () {
            () if self.tags.iter().any(of_tag) => 3,
            () if self.schemas.contains(outer) => 2,
            () if self
                .schemas
                .iter()
                .any(|schema| outer.starts_with(schema.as_str())) =>
            {
                1
            }
            // The list of all operations, and the router of all tags.
            () if matches!(outer, "all" | "router") => 1,
            () => 0,
        }
    }
}

/// Every target of a `$ref` that a node leads to.
fn reach<'a>(node: &'a Node, root: &'a Node, targets: &mut BTreeSet<&'a str>) {
    if let Some(target) = node.get("$ref").and_then(Node::as_str)
        && targets.insert(target)
    {
        let leads = target.strip_prefix('#');
        let leads = leads.and_then(|pointer| root.pointer(pointer));
        leads
            .into_iter()
            .for_each(|next| reach(next, root, targets));
    }
    let members = node.members().iter().map(|member| &member.value);
    members
        .chain(node.items())
        .for_each(|inner| reach(inner, root, targets));
}

impl Subject {
    /// How closely it names an item; 0 where it does not.
    pub(super) fn closeness(&self, names: &Names, kin: &Kin) -> u8 {
        match self {
            Self::Schema { name, member } => of_schema(name, member.as_ref(), names, kin),
            Self::Operation { id, detail, whole } => {
                let inner = names.inner.as_deref();
                let inside = |word: &str| inner.is_some_and(|inner| inner == word);
                let own = names.outer == *id || names.outer.starts_with(id.as_str());
                match detail {
                    Some(detail) if own && inside(detail) => 10,
                    _ if inside(id) => 6,
                    _ if names.outer == *id => 6,
                    _ if own && is_part(&names.outer[id.len()..]) => 5,
                    _ => whole.as_ref().map_or(0, |whole| whole.closeness(names)),
                }
            }
        }
    }
}

/// A type's own members come before those of what it is made of, and a member before the whole.
fn of_schema(name: &str, member: Option<&Member>, names: &Names, kin: &Kin) -> u8 {
    let own = name == names.outer;
    if !own && !kin.has(&names.outer, name) {
        // A component that becomes another kind of type changes all signatures with it.
        return if member.is_none() && names.words.contains(name) {
            2
        } else {
            0
        };
    }
    let rank = |mine, inherited| if own { mine } else { inherited };
    match (member, names.inner.as_deref()) {
        (None, _) => rank(8, 4),
        (Some(member), Some(inner)) if member.name() == inner => rank(10, 7),
        (Some(Member::Property { required, .. }), Some("new")) => match required {
            true => rank(9, 6),
            // A part that was merged may require it all the same.
            false => 1,
        },
        // What a type can do depends on its members, whether it exists does not.
        (Some(_), None) => rank(3, u8::from(names.is_trait)),
        (Some(_), Some(_)) => 0,
    }
}

impl Member {
    fn name(&self) -> &str {
        match self {
            Self::Property { name, .. } | Self::Value(name) => name,
        }
    }
}

/// The ends by which generated names of an operation differ from its own.
fn is_part(end: &str) -> bool {
    matches!(end, "" | "error" | "request" | "response" | "success") || end.starts_with("response")
}
