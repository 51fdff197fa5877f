//! The files of this workspace.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders that hold crates.
const FOLDERS: [&str; 3] = ["build-support", "crates", "xtask"];

/// The workspace's root.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.canonicalize().unwrap()
}

/// A Rust file of the workspace.
pub struct Source {
    /// Relative to the workspace's root, with forward slashes.
    pub path: String,
    pub text: String,
}

impl Source {
    /// Whether `cargo xtask regenerate` writes it.
    pub fn is_generated(&self) -> bool {
        self.path.contains("/src/") && self.path.contains("/generated/")
    }

    /// Whether it is written by people, templates of generated code included: no golden file.
    pub fn is_hand_written(&self) -> bool {
        let others = ["/generated/", "/golden/"];
        !others.iter().any(|folder| self.path.contains(folder))
    }

    /// Whether it belongs to a crate's library or program, as opposed to its tests.
    pub fn is_program(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let in_tests = self.path.contains("/tests/") || name == "tests.rs";
        self.path.contains("/src/") && !in_tests
    }

    /// The text without its last module of unit tests.
    pub fn program_text(&self) -> &str {
        let end = self.text.rfind("\n#[cfg(test)]\nmod tests {");
        end.map_or(&self.text, |end| &self.text[..end])
    }
}

/// Every Rust file below the folders of crates.
pub fn all() -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    for folder in FOLDERS {
        collect(&root, &root.join(folder), &mut found);
    }
    assert!(found.len() > 100, "the workspace's files were not found");
    found
}

/// The folders of all crates, relative to the root: `crates/offblocks-cards`, ….
pub fn crate_folders() -> Vec<String> {
    let members = ["build-support", "crates"].into_iter().flat_map(|folder| {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        entries.map(move |entry| {
            let name = entry.unwrap().file_name();
            format!("{folder}/{}", name.to_string_lossy())
        })
    });
    let all = members.chain(["xtask".to_owned()]);
    let mut folders: Vec<String> = all
        .filter(|folder| root().join(folder).join("Cargo.toml").is_file())
        .collect();
    folders.sort();
    folders
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(root, &path, found);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let relative = path.strip_prefix(root).unwrap();
            found.push(Source {
                path: relative.to_string_lossy().replace('\\', "/"),
                text: fs::read_to_string(&path).unwrap(),
            });
        }
    }
}
