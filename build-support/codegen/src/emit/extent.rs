//! How much of a crate an emitter writes.
//!
//! The verdict on the Rust source compares two versions of each crate, and it has a fraction of the
//! time that writing them takes. It needs only the public signatures, and of these only the ones
//! that can differ. So a comparison chooses types and operations, and an emitter that is given
//! the choice does two things. It writes from a contract that has the chosen operations alone
//! ([`Extent::by_operation`], [`Extent::by_tag`]) and of its types the chosen ones
//! ([`Extent::has_type`]). And it leaves out what only bodies need, which is most of all the work
//! of progenitor. No other part of an emitter knows that there is a choice.
//!
//! The whole report has 60 ms. Measured as processor time of `xtask drift` (`cargo xtask bench drift`)
//! between two neighbouring publications of the OffBlocks contract, where comparing the wire takes
//! 20 ms: 57 ms with the choice, 122 ms with the signatures of everything, 162 ms with both sides
//! written whole.

use crate::model::{Api, Operation, TypeDef};
use std::borrow::Cow;
use std::collections::BTreeSet;

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

    /// The contract with the operations that are written one by one.
    pub fn by_operation(self, api: &Api) -> Cow<'_, Api> {
        self.narrowed(api, |chosen, it| chosen.operations.contains(&it.id))
    }

    /// The contract with the operations of the tags that are written, each tag whole.
    pub fn by_tag(self, api: &Api) -> Cow<'_, Api> {
        self.narrowed(api, |chosen, it| chosen.tags.contains(&it.tag))
    }

    fn narrowed(self, api: &Api, keep: fn(&Chosen, &Operation) -> bool) -> Cow<'_, Api> {
        let Self::Signatures(chosen) = self else {
            return Cow::Borrowed(api);
        };
        let operations = api.operations.iter().filter(|it| keep(chosen, it));
        let receivers = api.receivers.iter();
        let receivers = receivers.filter(|it| chosen.operations.contains(&it.id));
        Cow::Owned(Api {
            operations: operations.cloned().collect(),
            receivers: receivers.cloned().collect(),
            title: api.title.clone(),
            version: api.version.clone(),
            description: api.description.clone(),
            source: api.source.clone(),
            servers: api.servers.clone(),
            tags: api.tags.clone(),
            types: api.types.clone(),
            security_schemes: api.security_schemes.clone(),
            constraints: Vec::new(),
        })
    }
}
