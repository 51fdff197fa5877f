//! The passes, one a file; [`PASSES`](super::PASSES) lists them in order.

pub mod all_of;
pub mod bodiless;
pub mod body_required;
pub mod boolean_schemas;
pub mod component_names;
pub mod components;
pub mod constants;
pub mod content_encoding;
pub mod declared_properties;
pub mod definitions;
pub mod discriminators;
pub mod enum_values;
pub mod examples;
pub mod exclusive_bounds;
pub mod idle_members;
pub mod infer_type;
pub mod inherited;
pub mod inline_schemas;
pub mod inner_targets;
pub mod keywords;
pub mod media_types;
pub mod not_generated;
pub mod nullable;
pub mod operation_ids;
pub mod own_references;
pub mod parameter_content;
pub mod parameters;
pub mod path_names;
pub mod path_parameters;
pub mod pattern_properties;
pub mod patterns;
pub mod prefix_items;
pub mod receivers;
pub mod ref_siblings;
pub mod response_headers;
pub mod server_checks;
pub mod shared_schemas;
pub mod tags;
pub mod tolerated;
pub mod transport;
pub mod unions;
pub mod unlisted_null;
pub mod version;
pub mod weakened_choices;

use contract::pointer::to_component;
use contract::{Node, Span};

/// `{$ref}` to a component schema.
fn ref_to(name: &str, span: Span) -> Node {
    let mut node = Node::object(span);
    node.insert("$ref", Node::string(to_component(name), span));
    node
}

/// `components.schemas`, made where it is missing.
fn schemas_of(root: &mut Node) -> &mut Node {
    let span = root.span;
    for (holder, key) in [("", "components"), ("/components", "schemas")] {
        if let Some(holder) = root
            .pointer_mut(holder)
            .filter(|holder| !holder.contains_key(key))
        {
            holder.insert(key, Node::object(span));
        }
    }
    let found = root.pointer_mut("/components/schemas");
    found.expect("it was inserted if it was missing, and the root is an object")
}
