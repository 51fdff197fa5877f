//! HTTP message signatures and content digests as the OffBlocks API uses them.
