//! A workspace to try things in.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A contract that fits on a page.
pub const SMALL: &str = "\
openapi: 3.1.0
info:
  title: Small
  version: '1'
tags:
  - name: Pings
paths:
  /pings/{id}:
    get:
      tags: [Pings]
      operationId: ping
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: string
      responses:
        '200':
          description: The ping.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Ping'
components:
  schemas:
    Ping:
      type: object
      required: [id]
      properties:
        id:
          type: string
";

const RECORD: &str = "\
repository = \"https://git.example/api\"
commit = \"1234567\"
date = 2024-02-02
file = \"api.yaml\"
sha256 = \"00\"
licence = \"Apache-2.0\"
";

/// A folder with a small contract, no policy, and the manifests that a standalone workspace takes
/// its versions from.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.put("openapi/offblocks.yaml", SMALL);
        place.put("openapi/upstream.toml", RECORD);
        place.put("openapi/codegen.toml", "");
        place.put("openapi/sandbox.yaml", SMALL);
        place.put("openapi/sandbox.toml", "");
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for folder in [
            "",
            "crates/offblocks-types",
            "crates/offblocks-client",
            "crates/offblocks-server",
        ] {
            let manifest = Path::new(folder).join("Cargo.toml");
            let text = fs::read_to_string(workspace.join(&manifest)).unwrap();
            place.put(manifest.to_str().unwrap(), &text);
        }
        place
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    #[expect(clippy::disallowed_methods, reason = "plays a person with an editor")]
    pub fn put(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A command that the tool finds before all others of its name.
    pub fn command(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = format!("bin/{name}");
        self.put(&path, &format!("#!/bin/sh\n{script}\n"));
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.root().join(path), mode).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// Every file with its text, to see that nothing changed.
    pub fn everything(&self) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        collect(self.root(), &mut found);
        found.sort();
        found
    }

    /// The place's own commands, then those of the machine.
    fn path(&self) -> OsString {
        let mut folders = vec![self.root().join("bin")];
        let machine = std::env::var_os("PATH").unwrap_or_default();
        folders.extend(std::env::split_paths(&machine));
        std::env::join_paths(folders).unwrap()
    }

    /// Runs the tool here, without a terminal.
    pub fn xtask(&self, args: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["--root", "."])
            .args(args)
            .env_remove("NO_COLOR")
            .env("PATH", self.path())
            .current_dir(self.root())
            .stdin(Stdio::null())
            .output();
        Said::new(&output.unwrap())
    }
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            found.push((path, text));
        }
    }
}

/// What a run said, and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).unwrap();
        Self {
            code: output.status.code().unwrap(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// All of it, for a snapshot.
    pub fn transcript(&self) -> String {
        format!(
            "exit {}\n--- out\n{}--- err\n{}",
            self.code, self.out, self.err
        )
    }

    /// Fails with everything that was said unless the exit code is this one.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.transcript());
        self
    }
}
