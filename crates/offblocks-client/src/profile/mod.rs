//! What connects a client to an API: its address, the credentials and a signing key.
//!
//! They come from environment variables, from a profile in a file, or from both: a variable counts
//! before the same setting of the profile.

#[cfg(feature = "profiles")]
mod file;
mod setting;

use std::path::Path;

use offblocks_signature::{KeyId, SigningKey};
use offblocks_types::Secret;

use crate::build_error::BuildError;
use crate::environment::Environment;
use crate::session::Credentials;

#[cfg(feature = "profiles")]
pub(crate) use file::read_profile;
pub(crate) use setting::{Setting, Source};

/// What connects a client to an API: its address, the credentials and a signing key.
///
/// `Profile::from_env` reads it from environment variables, and `Profile::load` from the file of
/// profiles. [`ClientBuilder::profile`](crate::ClientBuilder::profile) makes a client of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Profile {
    /// Which API is called.
    pub environment: Environment,
    /// What tokens are fetched with.
    pub credentials: Option<Credentials>,
    /// The signing key, and the id under which it is registered.
    pub signing_key: Option<(SigningKey, KeyId)>,
}

/// The settings of a profile as texts, each with where it comes from.
#[derive(Default)]
pub(crate) struct Settings {
    pub environment: Option<Setting>,
    pub api_key: Option<Setting>,
    pub api_secret: Text,
    pub signing_key_id: Option<Setting>,
    pub signing_key: Text,
}

/// A text that can also be in a file, or in a keyring.
#[derive(Default)]
pub(crate) struct Text {
    pub text: Option<Setting>,
    pub file: Option<Setting>,
    pub keyring: Option<Setting>,
}

/// Finds the secret of an entry of the operating system's keyring, or says why it cannot.
pub(crate) type Keyring<'a> = dyn Fn(&str) -> Result<Secret, String> + 'a;

impl Text {
    fn is_given(&self) -> bool {
        self.text.is_some() || self.file.is_some() || self.keyring.is_some()
    }

    fn or(self, other: Self) -> Self {
        match self.is_given() {
            true => self,
            false => other,
        }
    }

    /// The text, with the setting that it comes from.
    fn read(self, keyring: &Keyring<'_>) -> Result<Option<Setting>, BuildError> {
        let both = |one: &Setting, other: &Setting| {
            let reason = format!("{} is set too; set one of them", one.source);
            Err(other.rejected(reason))
        };
        match (self.text, self.file, self.keyring) {
            (Some(one), Some(other), _) | (Some(one), None, Some(other)) => both(&one, &other),
            (None, Some(one), Some(other)) => both(&one, &other),
            (text, None, None) => Ok(text),
            (None, Some(file), None) => file.read_file().map(Some),
            (None, None, Some(entry)) => {
                let found = keyring(&entry.text).map_err(|reason| entry.rejected(reason))?;
                Ok(Some(Setting {
                    text: found.expose().to_owned(),
                    source: entry.source,
                }))
            }
        }
    }
}

impl Settings {
    /// These settings, and those of `others` where there are none here.
    pub(crate) fn or(self, others: Self) -> Self {
        Self {
            environment: self.environment.or(others.environment),
            api_key: self.api_key.or(others.api_key),
            api_secret: self.api_secret.or(others.api_secret),
            signing_key_id: self.signing_key_id.or(others.signing_key_id),
            signing_key: self.signing_key.or(others.signing_key),
        }
    }

    /// Checks every setting. Key and secret go together, and so do the signing key and its id.
    /// `missing` says what is missing where a setting is not given.
    pub(crate) fn check(
        self,
        keyring: &Keyring<'_>,
        missing: impl Fn(&'static str) -> BuildError,
    ) -> Result<Profile, BuildError> {
        let environment = self.environment.ok_or_else(|| missing("environment"))?;
        let credentials = match (self.api_key, self.api_secret.read(keyring)?) {
            (Some(key), Some(secret)) => Some(credentials(&key, secret)?),
            (None, None) => None,
            (None, Some(_)) => return Err(missing("api_key")),
            (Some(_), None) => return Err(missing("api_secret")),
        };
        let signing_key = match (self.signing_key_id, self.signing_key.read(keyring)?) {
            (Some(id), Some(key)) => Some((signing_key(&key)?, key_id(&id)?)),
            (None, None) => None,
            (None, Some(_)) => return Err(missing("signing_key_id")),
            (Some(_), None) => return Err(missing("signing_key")),
        };
        Ok(Profile {
            environment: environment
                .text
                .parse()
                .map_err(|error| environment.rejected(error))?,
            credentials,
            signing_key,
        })
    }
}

fn credentials(key: &Setting, secret: Setting) -> Result<Credentials, BuildError> {
    let key = key
        .text
        .parse()
        .map_err(|_| key.rejected("it is not a UUID"))?;
    Ok(Credentials::new(key, secret.text))
}

fn key_id(id: &Setting) -> Result<KeyId, BuildError> {
    KeyId::new(&id.text).map_err(|error| id.rejected(error))
}

fn signing_key(key: &Setting) -> Result<SigningKey, BuildError> {
    let is_path = !key.text.contains("-----BEGIN");
    SigningKey::from_pem(&key.text).map_err(|error| match (&key.source, is_path) {
        (Source::Variable(name), true) => key.rejected(format!(
            "it is the PEM text of a private key; give the name of its file in {name}_FILE"
        )),
        _ => key.rejected(error),
    })
}

/// For programs that do not read a keyring.
pub(crate) fn no_keyring(_: &str) -> Result<Secret, String> {
    Err(
        "this program does not read the operating system's keyring; name a file instead, or load \
         the profile with `Profile::load_with`"
            .to_owned(),
    )
}

/// Why another user of this machine can read a file, if one can.
pub(crate) fn open_to_others(path: &Path) -> Result<Option<String>, std::io::Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Ok(Some(format!(
                "other users of this machine can read it (its mode is {mode:o}); run `chmod 600 {}`",
                path.display()
            )));
        }
    }
    #[cfg(not(unix))]
    std::fs::metadata(path)?;
    Ok(None)
}
