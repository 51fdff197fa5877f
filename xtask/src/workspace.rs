//! The workspace that tasks are done in.

use crate::report::Failure;
use codegen::generate::Dependencies;
use codegen::policy::Policy;
use codegen::vendor::{CONTRACT, POLICY};
use contract::Document;
use std::path::{Path, PathBuf};

/// Where the workspace is, and where the caller stands.
#[derive(Debug)]
pub struct Workspace {
    pub root: PathBuf,
    here: PathBuf,
}

impl Workspace {
    /// The given folder, else the workspace that this program was built in.
    pub fn find(root: Option<&Path>) -> Result<Self, Failure> {
        let built = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap_or(Path::new("."));
        Ok(Self {
            root: std::path::absolute(root.unwrap_or(built))?,
            here: std::env::current_dir()?,
        })
    }

    /// The vendored contract, or another.
    pub fn contract(&self, spec: Option<&Path>, policy: &Policy) -> Result<Document, Failure> {
        let Some(spec) = spec else {
            return self.own_contract(CONTRACT, policy);
        };
        let mut document = codegen::generate::read(spec, policy)?;
        document.path = codegen::generate::header_path(&self.root, &self.here.join(spec));
        Ok(document)
    }

    /// A contract of somebody else, or the vendored one where none is given.
    pub fn foreign(&self, spec: Option<&Path>, policy: &Policy) -> Result<Document, Failure> {
        let Some(spec) = spec else {
            return self.own_contract(CONTRACT, policy);
        };
        let mut document = codegen::generate::read_foreign(spec, policy)?;
        document.path = codegen::generate::header_path(&self.root, &self.here.join(spec));
        Ok(document)
    }

    /// A contract of the workspace, by its path from the root.
    pub fn own_contract(&self, path: &str, policy: &Policy) -> Result<Document, Failure> {
        let mut document = codegen::generate::read(&self.shown(path), policy)?;
        path.clone_into(&mut document.path);
        Ok(document)
    }

    /// A policy from a file.
    pub fn policy(&self, file: Option<&Path>) -> Result<Policy, Failure> {
        let path = file.map_or_else(|| self.shown(POLICY), Path::to_owned);
        let text = self.read(&path)?;
        Ok(Policy::parse(&path.to_string_lossy(), &text)?)
    }

    /// The crates that generated code may use, as the workspace's own manifests declare them.
    pub fn dependencies(&self) -> Result<Dependencies, Failure> {
        let manifest = |folder: &str| self.read(&self.root.join(folder).join("Cargo.toml"));
        let rooms = ["types", "client", "server"];
        let rooms = rooms.map(|room| manifest(&format!("crates/offblocks-{room}")));
        let rooms = rooms.into_iter().collect::<Result<Vec<_>, _>>()?;
        let rooms: Vec<_> = rooms.iter().map(String::as_str).collect();
        Ok(Dependencies::parse(&manifest("")?, &rooms)?)
    }

    /// A text of the workspace.
    pub fn read(&self, path: &Path) -> Result<String, Failure> {
        std::fs::read_to_string(path).map_err(|source| Failure::Read {
            path: path.to_string_lossy().into_owned(),
            source,
        })
    }

    /// A path of the workspace as the caller would write it.
    pub fn shown(&self, path: &str) -> PathBuf {
        let path = self.root.join(path);
        path.strip_prefix(&self.here)
            .map(Path::to_owned)
            .unwrap_or(path)
    }
}
