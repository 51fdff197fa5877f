//! The card lifecycle on top of the OffBlocks API.
//!
//! [`rules`] holds the lifecycle itself as data, for whoever needs it: it is all that remains
//! when the default feature `client` is switched off.

pub mod rules;
