//! `offblocks sign` and `offblocks verify`: show what is signed, and why a signature is not accepted.

mod captured;
mod compare;
mod sign;
mod variants;
mod verify;

pub(crate) use sign::run as sign;
pub(crate) use verify::run as verify;
