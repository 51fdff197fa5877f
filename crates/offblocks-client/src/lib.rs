//! A typed client of the OffBlocks API that signs every request.
