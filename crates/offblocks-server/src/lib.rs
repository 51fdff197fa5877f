//! Server traits, router and verification layers of the OffBlocks API.
