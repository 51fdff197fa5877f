//! The keyring of this system.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error};
use offblocks_types::Secret;

use super::error::KeyringError;

/// The service of all entries of this command.
const SERVICE: &str = "offblocks";

/// A keyring with entries of this command.
pub(super) struct Keyring(Arc<CredentialStore>);

impl Keyring {
    /// The one of the operating system.
    pub(super) fn of_system() -> Result<Self, KeyringError> {
        #[cfg(target_os = "macos")]
        let store = apple_native_keyring_store::keychain::Store::new();
        #[cfg(all(unix, not(target_os = "macos")))]
        let store = dbus_secret_service_keyring_store::Store::new();
        #[cfg(windows)]
        let store = windows_native_keyring_store::Store::new();
        let store = store.map_err(|error| KeyringError::Unavailable(reason(&error)))?;
        Ok(Self(store))
    }

    pub(super) fn find(&self, entry: &str) -> Result<Secret, KeyringError> {
        let found = self.entry(entry)?.get_password();
        found
            .map(Secret::from)
            .map_err(|error| failed(entry, error))
    }

    pub(super) fn store(&self, entry: &str, secret: &Secret) -> Result<(), KeyringError> {
        let stored = self.entry(entry)?.set_password(secret.expose());
        stored.map_err(|error| failed(entry, error))
    }

    pub(super) fn remove(&self, entry: &str) -> Result<(), KeyringError> {
        match self.entry(entry)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(failed(entry, error)),
        }
    }

    fn entry(&self, entry: &str) -> Result<Entry, KeyringError> {
        let made = self.0.build(SERVICE, entry, None);
        made.map_err(|error| failed(entry, error))
    }
}

fn failed(entry: &str, error: Error) -> KeyringError {
    let entry = entry.to_owned();
    match error {
        Error::NoEntry => KeyringError::Missing(entry),
        Error::Ambiguous(_) => KeyringError::Ambiguous(entry),
        // The bytes in these may be the secret.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => KeyringError::NotText(entry),
        Error::NoStorageAccess(error) => KeyringError::Locked(error.to_string()),
        Error::TooLong(..) | Error::Invalid(..) | Error::NotSupportedByStore(_) => {
            let reason = error.to_string();
            KeyringError::Rejected { entry, reason }
        }
        other => KeyringError::Unavailable(reason(&other)),
    }
}

/// Why the system fails, in its own words.
fn reason(error: &Error) -> String {
    match error {
        Error::PlatformFailure(error) | Error::NoStorageAccess(error) => error.to_string(),
        Error::BadDataFormat(..) => "it holds data of another form".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use keyring_core::mock;

    use super::*;

    const ENTRY: &str = "staging/api_secret";

    /// A keyring in memory, which the crate has for tests.
    fn keyring() -> Keyring {
        Keyring(mock::Store::new().unwrap())
    }

    #[test]
    fn a_secret_is_stored_replaced_found_and_removed() {
        let keyring = keyring();
        for text in ["hunter1", "-----BEGIN\nhunter2\n", "hunter2 é"] {
            keyring.store(ENTRY, &Secret::from(text)).unwrap();
            assert_eq!(keyring.find(ENTRY).unwrap().expose(), text);
        }
        let other = keyring.find("staging/signing_key").unwrap_err();
        assert!(matches!(other, KeyringError::Missing(entry) if entry == "staging/signing_key"));
        keyring.remove(ENTRY).unwrap();
        keyring.remove(ENTRY).unwrap();
        assert!(matches!(keyring.find(ENTRY), Err(KeyringError::Missing(_))));
    }

    #[test]
    fn each_failure_says_what_to_do_and_shows_no_secret() {
        let hidden = || b"hunter2".to_vec();
        let cases = [
            (Error::NoStorageAccess("it is locked".into()), "unlock it"),
            (
                Error::PlatformFailure("no bus".into()),
                "no bus; where there is none, name a file",
            ),
            (Error::NoEntry, "store it again"),
            (Error::BadEncoding(hidden()), "is not a text"),
            (
                Error::BadDataFormat(hidden(), "hunter2".into()),
                "is not a text",
            ),
            (
                Error::TooLong("password".to_owned(), 2560),
                "rejects the entry",
            ),
            (Error::Ambiguous(Vec::new()), "several entries"),
            (
                Error::NotSupportedByStore("nothing".to_owned()),
                "rejects the entry",
            ),
        ];
        for (error, expected) in cases {
            let keyring = keyring();
            let entry = keyring.entry(ENTRY).unwrap();
            let mock: &mock::Cred = entry.as_any().downcast_ref().unwrap();
            mock.set_error(error);
            let failed = keyring.find(ENTRY).unwrap_err().to_string();
            assert!(failed.contains(expected), "{failed}");
            assert!(!failed.contains("hunter2"), "{failed}");
        }
    }
}
