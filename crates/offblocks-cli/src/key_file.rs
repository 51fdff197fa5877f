//! Signing keys, new or from a file, and their identifiers.

use std::path::Path;

use offblocks_signature::{KeyId, SigningKey};
use uuid::Uuid;

use crate::failure::Failure;
use crate::private_file;

/// A new key.
pub(crate) fn create() -> Result<SigningKey, Failure> {
    SigningKey::generate().map_err(|error| Failure::new("a key could not be created", error))
}

/// The identifier of a key in the parameter `keyid` of signatures.
pub(crate) fn key_id(id: Uuid) -> KeyId {
    KeyId::new(id.to_string()).expect("a UUID is printable ASCII")
}

/// Writes a key to a new file that only its owner can read.
pub(crate) fn write(key: &SigningKey, file: &Path) -> Result<(), Failure> {
    let pem = key.to_pkcs8_pem();
    let pem = pem.map_err(|error| Failure::new("the key cannot be written as PEM", error))?;
    let written = private_file::create(file, pem.as_bytes());
    written.map_err(|error| private_file::unwritten(file, error))
}

/// The private key in a PEM file.
pub(crate) fn read(file: &Path) -> Result<SigningKey, Failure> {
    let pem = std::fs::read_to_string(file)
        .map_err(|error| Failure::new(&format!("cannot read {}", file.display()), error))?;
    SigningKey::from_pem(&pem).map_err(|error| {
        Failure::new(
            &format!("{} is not a key that can be used", file.display()),
            error,
        )
    })
}
