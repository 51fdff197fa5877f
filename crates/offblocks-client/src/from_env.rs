//! A client made of environment variables.

use std::env::VarError;

use offblocks_signature::{KeyId, SigningKey};

use crate::build_error::BuildError;
use crate::client::ClientBuilder;
use crate::environment::ENVIRONMENT;
use crate::generated::Client;

const API_KEY: &str = "OFFBLOCKS_API_KEY";
const API_SECRET: &str = "OFFBLOCKS_API_SECRET";
const KEY_ID: &str = "OFFBLOCKS_SIGNING_KEY_ID";
const KEY_PEM: &str = "OFFBLOCKS_SIGNING_KEY";

impl Client {
    /// A client made of environment variables; see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    /// When a variable is missing or cannot be used, or no client can be built.
    pub fn from_env() -> Result<Self, BuildError> {
        ClientBuilder::from_env()?.build()
    }
}

impl ClientBuilder {
    /// A builder with what these environment variables say:
    ///
    /// | variable | holds |
    /// |---|---|
    /// | `OFFBLOCKS_ENVIRONMENT` | `sandbox`, `live` or a URL with its base path; required |
    /// | `OFFBLOCKS_API_KEY` | the API key (UUID) |
    /// | `OFFBLOCKS_API_SECRET` | its secret |
    /// | `OFFBLOCKS_SIGNING_KEY_ID` | the `signingKeyId` |
    /// | `OFFBLOCKS_SIGNING_KEY` | the private key, as PEM text |
    ///
    /// Key and secret go together, and so do the two of the signing key. A pair can be left out, and
    /// be given to the builder.
    ///
    /// # Errors
    /// When the environment is missing, half of a pair is, or a value cannot be used. No error shows a
    /// value.
    pub fn from_env() -> Result<Self, BuildError> {
        from_variables(|name| {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one place where the client reads the environment, when asked to"
            )]
            std::env::var(name)
        })
    }
}

/// The builder of these variables.
pub(crate) fn from_variables(
    variable: impl Fn(&str) -> Result<String, VarError>,
) -> Result<ClientBuilder, BuildError> {
    let read = |name: &'static str| match variable(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(unusable(name, "it is not UTF-8")),
    };
    let environment = read(ENVIRONMENT)?.ok_or_else(|| missing(ENVIRONMENT))?;
    let mut builder = Client::builder().environment(environment.parse()?);
    if let Some((key, secret)) = pair(API_KEY, read(API_KEY)?, API_SECRET, read(API_SECRET)?)? {
        let key = key
            .parse()
            .map_err(|_| unusable(API_KEY, "it is not a UUID"))?;
        builder = builder.credentials(key, secret);
    }
    if let Some((id, pem)) = pair(KEY_ID, read(KEY_ID)?, KEY_PEM, read(KEY_PEM)?)? {
        let id = KeyId::new(&id).map_err(|error| unusable(KEY_ID, error))?;
        let key = SigningKey::from_pem(&pem).map_err(|error| unusable(KEY_PEM, error))?;
        builder = builder.signing_key(key, id);
    }
    Ok(builder)
}

/// Both values, or none of them.
fn pair(
    first: &'static str,
    one: Option<String>,
    second: &'static str,
    other: Option<String>,
) -> Result<Option<(String, String)>, BuildError> {
    match (one, other) {
        (Some(one), Some(other)) => Ok(Some((one, other))),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(missing(first)),
        (Some(_), None) => Err(missing(second)),
    }
}

fn missing(name: &'static str) -> BuildError {
    unusable(name, "it is not set")
}

fn unusable(name: &'static str, reason: impl ToString) -> BuildError {
    BuildError::Variable {
        name,
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(variables: &[(&str, &str)]) -> Result<Client, BuildError> {
        let find = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found
                .map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        };
        from_variables(find)?.build()
    }

    #[test]
    fn environments_have_their_addresses() {
        for (text, expected) in [
            ("sandbox", "https://api.sandbox.offblocks.xyz/v1"),
            ("live", "https://api.offblocks.xyz/v1"),
            ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
        ] {
            let client = build(&[(ENVIRONMENT, text)]).unwrap();
            assert_eq!(client.base_url(), expected);
        }
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_and_no_value_shown() {
        let id = "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15";
        let cases: [(&[(&str, &str)], &str); 5] = [
            (&[], ENVIRONMENT),
            (&[(ENVIRONMENT, "hunter2")], ENVIRONMENT),
            (&[(ENVIRONMENT, "live"), (API_KEY, id)], API_SECRET),
            (
                &[
                    (ENVIRONMENT, "live"),
                    (API_KEY, "hunter2"),
                    (API_SECRET, "hunter2"),
                ],
                API_KEY,
            ),
            (
                &[(ENVIRONMENT, "live"), (KEY_ID, id), (KEY_PEM, "hunter2")],
                KEY_PEM,
            ),
        ];
        for (variables, expected) in cases {
            let error = build(variables).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
