//! Comparing contracts, put to the proof: equivalent documents are equal, every change is judged
//! as sampled values say, every field of the specifications counts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod entangled;
mod fields;
mod history;
mod metamorphic;
mod mutations;
mod oracle;
mod robust;
mod support;
