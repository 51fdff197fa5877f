//! How much of a crate an emitter writes, and who takes its files.

use super::EmitError;
use crate::model::{Operation, Tag, TypeDef};
use proc_macro2::TokenStream;
use std::collections::BTreeSet;

/// Takes one file after another: its path, and its items before they are printed.
pub type Sink<'a> = dyn FnMut(String, TokenStream) -> Result<(), EmitError> + 'a;

/// How much of a crate is written.
#[derive(Debug, Clone, Copy)]
pub enum Extent<'a> {
    /// All that its files hold.
    Whole,
    /// The public signatures of some types and operations: no bodies that others write, and
    /// nothing that only such bodies need.
    Signatures(&'a Chosen),
}

/// Some of a contract's types and operations.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Rust names of types.
    pub types: BTreeSet<String>,
    /// Ids of operations and receivers.
    pub operations: BTreeSet<String>,
    /// The contract's names of their tags. A trait is written whole, or its methods would seem to
    /// come and go with it.
    pub tags: BTreeSet<String>,
}

impl Extent<'_> {
    /// Whether everything is written.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Whole)
    }

    /// Whether a type is written.
    pub fn has_type(self, def: &TypeDef) -> bool {
        match self {
            Self::Whole => true,
            Self::Signatures(chosen) => chosen.types.contains(&def.rust_name),
        }
    }

    /// Whether the trait of a tag is written.
    pub fn has_tag(self, tag: &Tag) -> bool {
        match self {
            Self::Whole => true,
            Self::Signatures(chosen) => chosen.tags.contains(&tag.name),
        }
    }

    /// Whether an operation is written.
    pub fn has_operation(self, operation: &Operation) -> bool {
        match self {
            Self::Whole => true,
            Self::Signatures(chosen) => chosen.operations.contains(&operation.id),
        }
    }
}
