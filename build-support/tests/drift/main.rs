//! Comparing contracts, put to the proof: equivalent documents are equal, every change is judged
//! as sampled values say, every field of the specifications counts.

mod fields;
mod history;
mod metamorphic;
mod mutations;
mod robust;
mod support;
