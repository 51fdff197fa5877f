//! Secrets in the keyring of the operating system, where the feature `keyring` is on: the Secret Service
//! (GNOME Keyring, KWallet, KeePassXC), the keychain of macOS, the credentials of Windows.

mod error;
#[cfg(feature = "keyring")]
mod native;

use offblocks_types::Secret;

pub(crate) use self::error::KeyringError;

/// The name of the entry that holds a setting of a profile.
pub(crate) fn entry_of(profile: &str, setting: &str) -> String {
    format!("{profile}/{setting}")
}

/// The secret of an entry.
#[cfg(feature = "keyring")]
pub(crate) fn find(entry: &str) -> Result<Secret, KeyringError> {
    native::Keyring::of_system()?.find(entry)
}

/// Stores the secret of an entry, in place of one that may be there.
#[cfg(feature = "keyring")]
pub(crate) fn store(entry: &str, secret: &Secret) -> Result<(), KeyringError> {
    native::Keyring::of_system()?.store(entry, secret)
}

/// Removes an entry; one that does not exist is removed already.
#[cfg(feature = "keyring")]
pub(crate) fn remove(entry: &str) -> Result<(), KeyringError> {
    native::Keyring::of_system()?.remove(entry)
}

#[cfg(not(feature = "keyring"))]
pub(crate) fn find(_: &str) -> Result<Secret, KeyringError> {
    Err(KeyringError::NotBuilt)
}

#[cfg(not(feature = "keyring"))]
pub(crate) fn store(_: &str, _: &Secret) -> Result<(), KeyringError> {
    Err(KeyringError::NotBuilt)
}

#[cfg(not(feature = "keyring"))]
pub(crate) fn remove(_: &str) -> Result<(), KeyringError> {
    Err(KeyringError::NotBuilt)
}
