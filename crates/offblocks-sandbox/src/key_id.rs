//! The identifiers of signing keys, as signatures carry them.

use offblocks_signature::KeyId;
use uuid::Uuid;

/// The identifier of a key in the parameter `keyid`.
pub(crate) fn key_id(id: Uuid) -> KeyId {
    KeyId::new(id.to_string()).expect("a UUID is printable ASCII")
}
