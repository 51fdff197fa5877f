//! The offblocks command: quickstart and local sandbox.

fn main() {}
