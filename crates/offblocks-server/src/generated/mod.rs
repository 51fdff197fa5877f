//! What is made from the contract.

pub mod support;
