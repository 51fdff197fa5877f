//! Keys: P-384 signing keys, their public halves, and their names.

mod error;
mod id;
mod pem;
mod signing;
mod verifying;

pub use error::KeyError;
pub use id::{InvalidKeyId, KeyId};
pub use signing::SigningKey;
pub use verifying::VerifyingKey;
