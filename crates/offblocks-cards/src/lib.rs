//! The card lifecycle on top of the OffBlocks API.
