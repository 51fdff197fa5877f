//! A program that puts values through the types of contracts.

use crate::workspace::{dependencies, manifest, write};
use files::FileSet;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The program and the types that it knows.
pub struct Driver {
    name: &'static str,
    contracts: Vec<String>,
    types: BTreeSet<String>,
    files: FileSet,
}

impl Driver {
    /// A program in a folder of this name.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            contracts: Vec::new(),
            types: BTreeSet::new(),
            files: FileSet::new(),
        }
    }

    /// Adds the types of a contract, of which all files are given.
    pub fn add_types(&mut self, contract: &str, all: &FileSet) {
        let folder = format!("{contract}-types/");
        for (path, text) in all.iter().filter(|(path, _)| path.starts_with(&folder)) {
            self.files.insert(path, text).unwrap();
        }
        self.contracts.push(contract.to_owned());
    }

    /// Adds a type by its path.
    pub fn add_arm(&mut self, ty: &str) {
        self.types.insert(ty.to_owned());
    }

    /// Compiles the program, gives it lines of `[type, whether it is valid, value]`, and says what does
    /// not survive.
    pub fn run(mut self, lines: &str) -> String {
        let types = self.contracts.iter();
        let types: String = types
            .map(|name| format!("{name}-types = {{ path = \"../{name}-types\" }}\n"))
            .collect();
        let package = format!("{}-driver", self.name);
        let text = format!(
            "[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n{types}serde = \"1\"\nserde_json = \"1\"\n"
        );
        self.files
            .insert(format!("{package}/Cargo.toml"), text)
            .unwrap();
        let arms = self.types.iter();
        let arms: String = arms
            .map(|ty| format!("        \"{ty}\" => through::<{ty}>(value),\n"))
            .collect();
        let driver = include_str!("driver.rs").replace("        // ARMS\n", &arms);
        self.files
            .insert(format!("{package}/src/main.rs"), driver)
            .unwrap();
        let members = self.contracts.iter().map(|name| format!("{name}-types"));
        let members: Vec<String> = members.chain([package.clone()]).collect();
        let text = manifest(&members, &dependencies(), &self.files);
        self.files.insert("Cargo.toml", text).unwrap();
        let owned = members.iter().map(String::as_str).chain(["Cargo.toml"]);
        let owned: Vec<_> = owned.collect();
        ran(&write(self.name, &owned, &self.files), &package, lines)
    }
}

/// What the program says of the lines.
fn ran(folder: &Path, package: &str, lines: &str) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut child = Command::new(env!("CARGO"))
        .args([
            "run",
            "--offline",
            "--quiet",
            "--package",
            package,
            "--target-dir",
        ])
        .arg(target)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let owned = lines.to_owned();
    let writer = std::thread::spawn(move || drop(input.write_all(owned.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(
        output.status.success(),
        "the code in {} does not compile",
        folder.display()
    );
    String::from_utf8(output.stdout).unwrap()
}
