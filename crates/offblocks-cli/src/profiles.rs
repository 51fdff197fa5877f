//! The file of profiles, as it is changed: its comments stay, and only its owner can read it.

use std::path::{Path, PathBuf};

use offblocks_client::Profile;
use toml_edit::{DocumentMut, Item, Table, value};

use crate::failure::Failure;
use crate::private_file;

/// The settings that hold a secret. They are never shown.
const SECRETS: [&str; 2] = ["api_secret", "signing_key"];

/// The file of profiles.
pub(crate) struct Profiles {
    path: PathBuf,
    document: DocumentMut,
}

impl Profiles {
    /// Reads the file; one that does not exist has no profile.
    pub(crate) fn read() -> Result<Self, Failure> {
        let path = Profile::file().ok_or_else(|| {
            Failure::because(
                "the place of the file of profiles is not known: set OFFBLOCKS_PROFILE_FILE",
            )
        })?;
        let shown = path.display();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Failure::new(&format!("cannot read {shown}"), error)),
        };
        // The error's own text quotes the line, which may hold a secret.
        let document = text.parse::<DocumentMut>().map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            Failure::because(format!("line {line} of {shown} is not valid TOML"))
        })?;
        Ok(Self { path, document })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Changes settings of a profile, which is made where it does not exist. A secret itself, the file
    /// that holds it and its entry of the keyring replace each other.
    pub(crate) fn set(
        &mut self,
        profile: &str,
        settings: &[(&str, String)],
    ) -> Result<(), Failure> {
        let table = self.document.entry(profile);
        let table = table.or_insert_with(|| Item::Table(Table::new()));
        let table = table
            .as_table_mut()
            .ok_or_else(|| Failure::because(format!("`{profile}` is not a table of settings")))?;
        for (name, text) in settings {
            for secret in SECRETS {
                let forms = ["", "_file", "_keyring"].map(|form| format!("{secret}{form}"));
                if forms.iter().any(|form| form == name) {
                    for form in forms.iter().filter(|form| form != name) {
                        table.remove(form);
                    }
                }
            }
            table[*name] = value(text.as_str());
        }
        Ok(())
    }

    /// A setting of a profile.
    pub(crate) fn get(&self, profile: &str, setting: &str) -> Option<&str> {
        self.document.get(profile)?.get(setting)?.as_str()
    }

    /// The entries of the keyring that a profile names.
    pub(crate) fn keyring_entries(&self, profile: &str) -> Vec<String> {
        let entries = SECRETS.iter().filter_map(|secret| {
            let entry = self.get(profile, &format!("{secret}_keyring"))?;
            Some(entry.to_owned())
        });
        entries.collect()
    }

    /// Removes a profile, where there is one.
    pub(crate) fn remove(&mut self, profile: &str) -> bool {
        self.document.remove(profile).is_some()
    }

    /// The profiles with their settings, in the order of the file; secrets are not shown.
    pub(crate) fn shown(&self) -> Vec<(String, Vec<(String, String)>)> {
        let tables = self.document.iter();
        let tables = tables.filter_map(|(name, item)| Some((name, item.as_table_like()?)));
        let shown = tables.map(|(name, table)| {
            let settings = table.iter().map(|(name, item)| {
                let text = match SECRETS.contains(&name) {
                    true => "[hidden]".to_owned(),
                    false => item.as_str().unwrap_or_default().to_owned(),
                };
                (name.to_owned(), text)
            });
            (name.to_owned(), settings.collect())
        });
        shown.collect()
    }

    /// Writes the file whole, so that only its owner can read it.
    pub(crate) fn write(&self) -> Result<(), Failure> {
        let written = private_file::replace(&self.path, self.document.to_string().as_bytes());
        let shown = self.path.display();
        written.map_err(|error| Failure::new(&format!("cannot write {shown}"), error))
    }
}
