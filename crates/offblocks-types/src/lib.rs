//! The values of the OffBlocks API, shared by client and server.
