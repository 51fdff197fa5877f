//! Why a programme cannot be made, found or dropped.

use super::name::ProgrammeName;
use crate::store::StoreError;

/// A programme cannot be made or dropped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProgrammeError {
    /// A programme of this name exists already.
    #[error("the programme {0} exists already: drop it first, or choose another name")]
    Exists(ProgrammeName),
    /// No programme has this name.
    #[error("there is no programme {0}: list them to see which there are")]
    Unknown(ProgrammeName),
    /// The maximum number of programmes is reached.
    #[error(
        "there are {0} programmes, which is as many as may be: drop one that is not needed any more"
    )]
    Full(usize),
    /// A programme has no programmes of its own.
    #[error("a programme has no programmes of its own: make it beside this one")]
    Nested,
    /// Its schema exists already, and is not its own.
    #[error(
        "the schema {0} exists already and is not this programme's: drop or rename it, or choose \
         another name"
    )]
    Taken(String),
    /// Its database cannot be made, opened or deleted.
    #[error("the database of a programme cannot be made, opened or deleted")]
    Store(#[from] StoreError),
    /// It cannot be put together.
    #[error("the programme cannot be built: {0}")]
    Build(String),
    /// Another process is making or dropping it, and takes too long.
    #[error("another sandbox is busy with the programme {0}: repeat the call")]
    Busy(ProgrammeName),
}
