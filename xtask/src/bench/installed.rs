//! The `offblocks` command as it is installed, measured from outside by an example of its package.

use super::measure::cargo;
use super::report::{self, Figure, Meanings};
use super::target;
use crate::report::Failure;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The profile that the command's README installs it with.
const PROFILE: &str = "dist";

/// The command, and an example that measures it.
pub struct Installed {
    program: PathBuf,
    example: PathBuf,
}

impl Installed {
    /// Builds both, one after the other: an example may ask for features of dependencies that the
    /// installed command does without.
    pub fn build(root: &Path, example: &str) -> Result<Self, Failure> {
        let build = ["build", "--profile", PROFILE, "--package", "offblocks-cli"];
        cargo(root, &[&build[..], &["--bin", "offblocks"]].concat())?;
        cargo(root, &[&build[..], &["--example", example]].concat())?;
        let folder = target(root).join(PROFILE);
        Ok(Self {
            program: folder.join("offblocks"),
            example: folder.join("examples").join(example),
        })
    }

    /// The size of the command, without symbols.
    pub fn size(&self) -> Result<u64, Failure> {
        Ok(self.program.metadata()?.len())
    }

    /// Runs the example with these options, and reads the figures it prints.
    pub fn measure(
        &self,
        options: &[(&str, String)],
        meanings: Meanings,
    ) -> Result<Vec<Figure>, Failure> {
        let mut command = Command::new(&self.example);
        command.arg("--program").arg(&self.program);
        for (name, value) in options {
            command.arg(name).arg(value);
        }
        let done = command.stderr(Stdio::inherit()).output()?;
        if !done.status.success() {
            return Err(Failure::Usage(format!("this command failed: {command:?}")));
        }
        let printed = String::from_utf8_lossy(&done.stdout);
        Ok(report::printed(&printed, meanings))
    }
}
