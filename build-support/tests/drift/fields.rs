//! Every field counts.
