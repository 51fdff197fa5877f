//! The third-party crates that generated code may use.

use std::collections::{BTreeMap, HashSet};
use toml::{Table, Value};

/// Dependencies by name as a workspace declares them, and the features each kind of crate adds.
///
/// They come from manifests that the caller read, so that a version is written down once.
#[derive(Debug, Clone, PartialEq)]
pub struct Dependencies {
    workspace: BTreeMap<String, Value>,
    crates: Vec<Table>,
}

/// Why the dependencies of a manifest cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DependencyError {
    /// It is not valid TOML.
    #[error("a manifest is not valid TOML: {0}")]
    Syntax(#[from] toml::de::Error),
    /// It has no `[workspace.dependencies]`.
    #[error("the workspace's manifest has no `[workspace.dependencies]`")]
    NoDependencies,
}

/// What only some contracts need of a dependency: its name, a path in the code, and the feature.
const BY_USE: [(&str, &str, &str); 1] = [("reqwest", "reqwest::multipart", "multipart")];

impl Dependencies {
    /// Reads the workspace's manifest and those of crates whose features count (types, client,
    /// server). Dependencies that are paths are left out.
    ///
    /// # Errors
    ///
    /// [`DependencyError`] for a text that is not such a manifest.
    pub fn parse(workspace: &str, crates: &[&str]) -> Result<Self, DependencyError> {
        let manifest: Table = workspace.parse()?;
        let declared = manifest
            .get("workspace")
            .and_then(|table| table.get("dependencies"));
        let declared = declared
            .and_then(Value::as_table)
            .ok_or(DependencyError::NoDependencies)?;
        let foreign = declared
            .iter()
            .filter(|(_, value)| value.get("path").is_none());
        Ok(Self {
            workspace: foreign
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            crates: crates
                .iter()
                .map(|text| text.parse())
                .collect::<Result<_, _>>()?,
        })
    }

    /// The names that occur in some code as the beginning of a path (`uuid::Uuid`), in order.
    #[must_use]
    pub fn used_by(&self, code: &[&str]) -> Vec<&str> {
        let begun: HashSet<&str> = code.iter().flat_map(|text| beginnings(text)).collect();
        let names = self.workspace.keys().map(String::as_str);
        names
            .filter(|name| begun.contains(&*name.replace('-', "_")))
            .collect()
    }

    /// The line that declares a dependency for a whole workspace.
    #[must_use]
    pub fn declaration(&self, name: &str) -> String {
        match self.workspace.get(name) {
            Some(value) => format!("{name} = {}\n", inline(value)),
            None => String::new(),
        }
    }

    /// The line that a crate of the workspace inherits it by, with the features that the model
    /// crate of index `place` (in the order given to [`Dependencies::parse`]) adds, and those that
    /// some `code` needs. It is optional where it is in the model crate.
    #[must_use]
    pub fn inheritance(&self, name: &str, place: usize, code: &[&str]) -> String {
        let features = self
            .entry(name, place)
            .and_then(|entry| entry.get("features"));
        let mut features = features
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        for (of, path, feature) in BY_USE {
            let feature = Value::String(feature.to_owned());
            let used = of == name && code.iter().any(|text| begins_a_path(text, path));
            if used && !features.contains(&feature) {
                features.push(feature);
            }
        }
        let features = (!features.is_empty())
            .then(|| format!(", features = {}", inline(&Value::Array(features))));
        let optional = self.is_optional(name, place).then_some(", optional = true");
        match (features.as_deref(), optional) {
            (None, None) => format!("{name}.workspace = true\n"),
            (features, optional) => format!(
                "{name} = {{ workspace = true{}{} }}\n",
                features.unwrap_or_default(),
                optional.unwrap_or_default()
            ),
        }
    }

    /// Whether the model crate of index `place` has a dependency behind the feature of its name.
    #[must_use]
    pub fn is_optional(&self, name: &str, place: usize) -> bool {
        let entry = self.entry(name, place);
        entry.and_then(|entry| entry.get("optional")) == Some(&Value::Boolean(true))
    }

    fn entry(&self, name: &str, place: usize) -> Option<&Value> {
        self.crates.get(place)?.get("dependencies")?.get(name)
    }
}

/// The names that stand before a `::`.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    let separators = text.match_indices("::");
    separators.map(|(at, _)| {
        let before = &text[..at];
        let rest = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
        &before[rest.len()..]
    })
}

fn begins_a_path(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || before == '_')
    })
}

/// A value on one line.
fn inline(value: &Value) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match value {
        Value::String(text) => format!("\"{}\"", text.escape_default()),
        Value::Array(items) => format!("[{}]", list(items.iter().map(inline).collect())),
        Value::Table(table) => {
            let entry = |(key, value)| format!("{key} = {}", inline(value));
            format!("{{ {} }}", list(table.iter().map(entry).collect()))
        }
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Datetime(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str = r#"
[workspace.dependencies]
own = { path = "own" }
serde = { version = "1", features = ["derive"] }
http-body-util = "0.1"
url = "2"
"#;

    const MANIFEST: &str = "[dependencies]\nurl = { workspace = true, features = [\"serde\"] }\n\
        http-body-util = { workspace = true, optional = true }\n";

    #[test]
    fn what_code_names_is_used() {
        let dependencies = Dependencies::parse(WORKSPACE, &[]).unwrap();
        let code = [
            "use serde::Serialize;",
            "my_url::x(); ::http_body_util::Full",
        ];
        assert_eq!(dependencies.used_by(&code), ["http-body-util", "serde"]);
    }

    #[test]
    fn versions_are_the_workspaces_and_features_the_crates() {
        let dependencies = Dependencies::parse(WORKSPACE, &[MANIFEST]).unwrap();
        assert_eq!(
            dependencies.declaration("serde"),
            "serde = { features = [\"derive\"], version = \"1\" }\n"
        );
        assert_eq!(dependencies.declaration("url"), "url = \"2\"\n");
        assert_eq!(
            dependencies.inheritance("url", 0, &[]),
            "url = { workspace = true, features = [\"serde\"] }\n"
        );
        assert_eq!(
            dependencies.inheritance("serde", 0, &[]),
            "serde.workspace = true\n"
        );
        assert_eq!(
            dependencies.inheritance("http-body-util", 0, &["reqwest::x"]),
            "http-body-util = { workspace = true, optional = true }\n"
        );
        assert_eq!(dependencies.declaration("own"), "");
    }

    #[test]
    fn a_manifest_without_dependencies_is_rejected() {
        assert_eq!(
            Dependencies::parse("[package]\nname = \"x\"\n", &[]),
            Err(DependencyError::NoDependencies)
        );
    }
}
