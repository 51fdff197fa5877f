//! The file of profiles: one table of texts for each profile.

use std::path::Path;

use toml::{Table, Value};

use super::{Setting, Settings, Source, Text, open_to_others};
use crate::build_error::BuildError;

/// Every setting that a profile can have.
const SETTINGS: [&str; 9] = [
    "environment",
    "api_key",
    "api_secret",
    "api_secret_file",
    "api_secret_keyring",
    "signing_key",
    "signing_key_file",
    "signing_key_id",
    "signing_key_keyring",
];

/// The settings of one profile of a file.
///
/// # Errors
/// When the file cannot be read, other users can read it, it is not valid TOML, or it has no such
/// profile. No error shows a value.
pub(crate) fn read_profile(path: &Path, profile: &str) -> Result<Settings, BuildError> {
    let rejected = |reason: String| BuildError::ProfileFile {
        path: path.to_owned(),
        reason,
    };
    let unreadable = |error: std::io::Error| {
        rejected(match error.kind() {
            std::io::ErrorKind::NotFound => {
                "it does not exist; `offblocks configure` writes it, and \
                 OFFBLOCKS_PROFILE_FILE names another"
                    .to_owned()
            }
            _ => format!("it cannot be read: {error}"),
        })
    };
    if let Some(reason) = open_to_others(path).map_err(unreadable)? {
        return Err(rejected(reason));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let profiles: Table = text.parse().map_err(|error: toml::de::Error| {
        // The error's own text quotes the line, which may hold a secret.
        let start = error.span().map_or(0, |span| span.start);
        let line = text
            .get(..start)
            .map_or(1, |text| text.matches('\n').count() + 1);
        rejected(format!("line {line} is not valid TOML"))
    })?;
    let found = profiles.get(profile).ok_or_else(|| {
        let names: Vec<&str> = profiles.keys().map(String::as_str).collect();
        rejected(format!(
            "it has no profile `{profile}`; it has: {}",
            names.join(", ")
        ))
    })?;
    settings(found, |setting| Source::File {
        setting,
        profile: profile.to_owned(),
        path: path.to_owned(),
    })
    .map_err(|reason| BuildError::Profile {
        profile: profile.to_owned(),
        path: path.to_owned(),
        reason,
    })
}

fn settings(profile: &Value, source: impl Fn(&'static str) -> Source) -> Result<Settings, String> {
    let table = profile
        .as_table()
        .ok_or("it is not a table of settings, which begins with its name in brackets")?;
    if let Some(unknown) = table.keys().find(|key| !SETTINGS.contains(&key.as_str())) {
        return Err(format!(
            "`{unknown}` is not a setting; there are: {}",
            SETTINGS.join(", ")
        ));
    }
    let read = |setting: &'static str| match table.get(setting) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(Setting {
            text: text.clone(),
            source: source(setting),
        })),
        Some(_) => Err(format!("`{setting}` is not a string")),
    };
    Ok(Settings {
        environment: read("environment")?,
        api_key: read("api_key")?,
        api_secret: Text {
            text: read("api_secret")?,
            file: read("api_secret_file")?,
            keyring: read("api_secret_keyring")?,
        },
        signing_key_id: read("signing_key_id")?,
        signing_key: Text {
            text: read("signing_key")?,
            file: read("signing_key_file")?,
            keyring: read("signing_key_keyring")?,
        },
    })
}
