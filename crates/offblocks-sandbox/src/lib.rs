//! A local OffBlocks on a real database.
