#![doc = include_str!("../README.md")]
//!
//! # The modules
//! A module uses only modules above it in this list.
//! - `span`: files, stretches of text, lines and columns; [`mod@pointer`]: JSON pointers.
//! - `keyed`, `node`: the tree; `place`: where a pointer leads, as people name it.
//! - `groups`: nodes that lead to one another; `template`: the names in a path; `status`: keys of
//!   responses.
//! - [`diagnostics`]: what is wrong, where, and how to fix it.
//! - `scalar`, `text`, `tree`, `json`, `yaml`, `parse`: text becomes a tree.
//! - `grammar`, [`vocabulary`]: which fields objects have, what keywords hold and do.
//! - `walk`: which object of the specification stands where.
//! - [`schema`]: schemas as JSON Schema 2020-12, and validators made from them.
//! - `bundle`, `meant`, `check`: files become one document; mistakes whose intention is certain are
//!   corrected; the document is checked.
//! - `read`, `tolerant`, `other`: all of these in order.

mod bundle;
mod check;
mod dangling;
pub mod diagnostics;
mod digest;
mod folder;
mod grammar;
mod groups;
mod json;
mod keyed;
mod meant;
pub mod media_type;
mod nearest;
mod node;
mod other;
mod parse;
mod percent;
mod place;
pub mod pointer;
mod read;
mod scalar;
pub mod schema;
mod serial;
mod span;
mod status;
mod target;
mod template;
mod text;
mod tolerant;
mod tree;
mod version;
pub mod vocabulary;
mod walk;
mod yaml;

pub use digest::sha256_hex;
pub use groups::groups;
pub use keyed::Keyed;
pub use nearest::{did_you_mean, nearest, suggestion};
pub use node::{Member, Members, Node, Value};
pub use other::{Tree, read_tree, read_tree_str};
pub use place::{Place, Places};
pub use read::{Document, read_file, read_str};
pub use span::{FileId, Sources, Span};
pub use status::is_status;
pub use template::{PathTemplate, path_names};
pub use tolerant::faults;
pub use tolerant::{
    DANGLING, NOT_FOLLOWED, complete, read_beside_tolerant, read_file_tolerant, read_str_tolerant,
};
pub use version::SpecVersion;
