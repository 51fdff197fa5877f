//! The workspace's own tasks: regenerate, vendor, bench, ci.

fn main() {}
