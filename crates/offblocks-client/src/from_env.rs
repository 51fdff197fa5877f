//! What environment variables say of the API to call. No other module of this crate reads them.

use std::env::VarError;

#[cfg(feature = "profiles")]
use offblocks_types::Secret;

use crate::build_error::BuildError;
use crate::client::ClientBuilder;
use crate::generated::Client;
#[cfg(feature = "profiles")]
use crate::profile::Keyring;
use crate::profile::{Profile, Setting, Settings, Source, Text, no_keyring};

const ENVIRONMENT: &str = "OFFBLOCKS_ENVIRONMENT";
const BASE_URL: &str = "OFFBLOCKS_BASE_URL";
const API_KEY: &str = "OFFBLOCKS_API_KEY";
const API_SECRET: &str = "OFFBLOCKS_API_SECRET";
const API_SECRET_FILE: &str = "OFFBLOCKS_API_SECRET_FILE";
const SIGNING_KEY_ID: &str = "OFFBLOCKS_SIGNING_KEY_ID";
const SIGNING_KEY: &str = "OFFBLOCKS_SIGNING_KEY";
const SIGNING_KEY_FILE: &str = "OFFBLOCKS_SIGNING_KEY_FILE";
const PROFILE: &str = "OFFBLOCKS_PROFILE";
#[cfg(feature = "profiles")]
const PROFILE_FILE: &str = "OFFBLOCKS_PROFILE_FILE";

impl Client {
    /// A client made of environment variables; see [`Profile::from_env`].
    ///
    /// ```no_run
    /// let client = offblocks_client::Client::from_env()?;
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    ///
    /// # Errors
    /// When a variable is missing or cannot be used, or no client can be built.
    pub fn from_env() -> Result<Self, BuildError> {
        ClientBuilder::from_env()?.build()
    }
}

impl ClientBuilder {
    /// A builder with what environment variables say; see [`Profile::from_env`].
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use offblocks_client::ClientBuilder;
    ///
    /// let client = ClientBuilder::from_env()?.timeout(Duration::from_secs(5)).build()?;
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Profile::from_env`].
    pub fn from_env() -> Result<Self, BuildError> {
        Ok(Client::builder().profile(Profile::from_env()?))
    }

    /// Calls the API of a profile, with its credentials and its signing key where it has them.
    ///
    /// ```no_run
    /// use offblocks_client::{Client, Profile};
    ///
    /// let client = Client::builder().profile(Profile::load("staging")?).build()?;
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    pub fn profile(self, profile: Profile) -> Self {
        let mut builder = self.environment(profile.environment);
        if let Some(credentials) = profile.credentials {
            builder = builder.credentials_provider(credentials);
        }
        match profile.signing_key {
            Some((key, id)) => builder.signing_key(key, id),
            None => builder,
        }
    }
}

impl Profile {
    /// What these environment variables say. The `offblocks` command reads the same ones.
    ///
    /// | variable | holds |
    /// |---|---|
    /// | `OFFBLOCKS_ENVIRONMENT` | `sandbox`, `live` or a URL with its base path |
    /// | `OFFBLOCKS_BASE_URL` | a URL with its base path, which counts before the environment |
    /// | `OFFBLOCKS_API_KEY` | the API key (UUID) |
    /// | `OFFBLOCKS_API_SECRET` | its secret |
    /// | `OFFBLOCKS_API_SECRET_FILE` | or a file that holds the secret |
    /// | `OFFBLOCKS_SIGNING_KEY_ID` | the `signingKeyId` |
    /// | `OFFBLOCKS_SIGNING_KEY` | the private key, as PEM text |
    /// | `OFFBLOCKS_SIGNING_KEY_FILE` | or a file that holds it |
    /// | `OFFBLOCKS_PROFILE` | the name of a profile (feature `profiles`), for what is not set above |
    /// | `OFFBLOCKS_PROFILE_FILE` | another file of profiles |
    ///
    /// ```no_run
    /// use offblocks_client::{Client, Profile};
    ///
    /// let profile = Profile::from_env()?;
    /// println!("calling {}", profile.environment.base_url());
    /// let client = Client::builder().profile(profile).build()?;
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    ///
    /// An empty variable counts as not set. The address is required. Key and secret go together, and
    /// so do the signing key and its id. Each pair can be left out, and be given to the builder.
    ///
    /// # Errors
    /// When the address or half of a pair is missing, a file cannot be read, or a value cannot be
    /// used. No error shows a value.
    pub fn from_env() -> Result<Self, BuildError> {
        from_variables(system)
    }

    /// A profile of the file of profiles, which the client and the `offblocks` command share.
    ///
    /// The file is `$XDG_CONFIG_HOME/offblocks/profiles.toml` (`~/.config/offblocks/profiles.toml`
    /// without that variable, `%APPDATA%\offblocks\profiles.toml` on Windows), or the one that
    /// `OFFBLOCKS_PROFILE_FILE` names. It has one table for each profile:
    ///
    /// ```toml
    /// [staging]
    /// environment = "sandbox"            # `sandbox`, `live` or a URL
    /// api_key = "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15"
    /// api_secret_file = "staging.secret" # or `api_secret`, with the secret itself
    /// signing_key_id = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c"
    /// signing_key_file = "staging.pem"   # or `signing_key`, with the PEM text itself
    /// ```
    ///
    /// Paths are relative to the folder of the file. On Unix, neither this file nor one that it names
    /// may be readable by other users. `api_secret_keyring` and `signing_key_keyring` name an entry of
    /// the operating system's keyring instead, which [`Profile::load_with`] reads.
    ///
    /// ```no_run
    /// let profile = offblocks_client::Profile::load("staging")?;
    /// println!("calling {}", profile.environment.base_url());
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    ///
    /// # Errors
    /// When there is no such file or profile, others can read a file, or a setting is missing or
    /// cannot be used. No error shows a value.
    #[cfg(feature = "profiles")]
    pub fn load(name: &str) -> Result<Self, BuildError> {
        Self::loaded(name, &no_keyring)
    }

    /// As [`Profile::load`], for profiles whose secrets are in the operating system's keyring: `keyring`
    /// is given the name of an entry, and finds its secret. The `offblocks` command has its entries under
    /// the service `offblocks`, and their names are those of the users.
    ///
    /// ```no_run
    /// use offblocks_client::Profile;
    /// use offblocks_types::Secret;
    ///
    /// fn find(entry: &str) -> Result<Secret, std::io::Error> {
    ///     // For example with the crate `keyring`: Entry::new("offblocks", entry)?.get_password()
    /// #   Err(std::io::Error::other(entry.to_owned()))
    /// }
    /// let profile = Profile::load_with("staging", find)?;
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Profile::load`], and when `keyring` fails.
    #[cfg(feature = "profiles")]
    pub fn load_with<E: std::fmt::Display>(
        name: &str,
        keyring: impl Fn(&str) -> Result<Secret, E>,
    ) -> Result<Self, BuildError> {
        Self::loaded(name, &|entry| {
            keyring(entry).map_err(|error| error.to_string())
        })
    }

    #[cfg(feature = "profiles")]
    fn loaded(name: &str, keyring: &Keyring<'_>) -> Result<Self, BuildError> {
        let settings = settings_of(name, &system)?;
        settings.check(keyring, |setting| BuildError::Profile {
            profile: name.to_owned(),
            path: profile_file(&system).unwrap_or_default(),
            reason: format!("`{setting}` is missing"),
        })
    }
}

impl Profile {
    /// Where the file of profiles is, whether it exists or not; see [`Profile::load`].
    ///
    /// ```
    /// match offblocks_client::Profile::file() {
    ///     Some(file) => println!("profiles are read from {}", file.display()),
    ///     None => println!("set OFFBLOCKS_PROFILE_FILE: there is no home folder"),
    /// }
    /// ```
    #[cfg(feature = "profiles")]
    #[must_use]
    pub fn file() -> Option<std::path::PathBuf> {
        profile_file(&system)
    }
}

fn system(name: &str) -> Result<String, VarError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place where the client reads the environment, when asked to"
    )]
    std::env::var(name)
}

/// The profile that these variables describe.
fn from_variables(
    variable: impl Fn(&str) -> Result<String, VarError>,
) -> Result<Profile, BuildError> {
    let read = |name: &'static str| read(&variable, name);
    let settings = Settings {
        environment: read(BASE_URL)?.or(read(ENVIRONMENT)?),
        api_key: read(API_KEY)?,
        api_secret: Text {
            text: read(API_SECRET)?,
            file: read(API_SECRET_FILE)?,
            keyring: None,
        },
        signing_key_id: read(SIGNING_KEY_ID)?,
        signing_key: Text {
            text: read(SIGNING_KEY)?,
            file: read(SIGNING_KEY_FILE)?,
            keyring: None,
        },
    };
    let settings = match read(PROFILE)? {
        Some(profile) => settings.or(named_profile(&profile, &variable)?),
        None => settings,
    };
    settings.check(&no_keyring, |setting| {
        let name = match setting {
            "environment" => ENVIRONMENT,
            "api_key" => API_KEY,
            "api_secret" => API_SECRET,
            "signing_key_id" => SIGNING_KEY_ID,
            _ => SIGNING_KEY,
        };
        BuildError::Variable {
            name,
            reason: "it is not set".to_owned(),
        }
    })
}

fn read(
    variable: &impl Fn(&str) -> Result<String, VarError>,
    name: &'static str,
) -> Result<Option<Setting>, BuildError> {
    let source = Source::Variable(name);
    match variable(name) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(Setting { text, source })),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(BuildError::Variable {
            name,
            reason: "it is not UTF-8".to_owned(),
        }),
    }
}

/// The settings of the profile that a variable names.
#[cfg(feature = "profiles")]
fn named_profile(
    profile: &Setting,
    variable: &impl Fn(&str) -> Result<String, VarError>,
) -> Result<Settings, BuildError> {
    settings_of(&profile.text, variable)
}

#[cfg(not(feature = "profiles"))]
fn named_profile(
    profile: &Setting,
    _: &impl Fn(&str) -> Result<String, VarError>,
) -> Result<Settings, BuildError> {
    Err(profile.rejected("this program is built without the feature `profiles`"))
}

#[cfg(feature = "profiles")]
fn settings_of(
    profile: &str,
    variable: &impl Fn(&str) -> Result<String, VarError>,
) -> Result<Settings, BuildError> {
    let file = profile_file(variable).ok_or(BuildError::Variable {
        name: PROFILE_FILE,
        reason: "it is not set, and neither is the home folder".to_owned(),
    })?;
    crate::profile::read_profile(&file, profile)
}

/// Where the profiles are.
//
// Crates such as `directories` read the environment themselves, and this crate reads it in one
// function only, so that tests can give other variables.
#[cfg(feature = "profiles")]
fn profile_file(
    variable: &impl Fn(&str) -> Result<String, VarError>,
) -> Option<std::path::PathBuf> {
    use std::path::PathBuf;
    let path = |name: &str| {
        let value = variable(name).ok().filter(|value| !value.is_empty());
        value.map(PathBuf::from)
    };
    if let Some(file) = path(PROFILE_FILE) {
        return Some(file);
    }
    let folder = match cfg!(windows) {
        true => path("APPDATA"),
        false => {
            let home = || path("HOME").map(|home| home.join(".config"));
            path("XDG_CONFIG_HOME").or_else(home)
        }
    };
    Some(folder?.join("offblocks").join("profiles.toml"))
}

#[cfg(test)]
mod tests;
