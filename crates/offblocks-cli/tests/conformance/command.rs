//! Running the command.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The vendored contract.
pub const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/offblocks.yaml");

/// The variables that the command reads. They may be set where the tests run.
const VARIABLES: [&str; 11] = [
    "OFFBLOCKS_BASE_URL",
    "OFFBLOCKS_API_KEY",
    "OFFBLOCKS_API_SECRET",
    "OFFBLOCKS_SIGNING_KEY",
    "OFFBLOCKS_SIGNING_KEY_FILE",
    "OFFBLOCKS_SIGNING_KEY_ID",
    "OFFBLOCKS_ENVIRONMENT",
    "OFFBLOCKS_PROFILE",
    "OFFBLOCKS_PROFILE_FILE",
    "OFFBLOCKS_API_SECRET_FILE",
    "NO_COLOR",
];

/// What a finished run said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    /// The report of a run with `--format json`.
    #[track_caller]
    pub fn report(&self) -> Value {
        let report = serde_json::from_str(&self.out);
        report.unwrap_or_else(|error| panic!("{error} in {}{}", self.out, self.err))
    }

    /// The rules of its findings that are more than notes.
    #[track_caller]
    pub fn rules(&self) -> BTreeSet<String> {
        let report = self.report();
        let findings = report["findings"].as_array().unwrap().iter();
        let findings = findings.filter(|it| it["severity"] != "note" && it["accepted"] == false);
        findings
            .map(|it| it["rule"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Said {
    /// What it found, without notes, as text.
    pub fn findings_text(&self) -> String {
        let report = self.report();
        let findings = report["findings"].as_array().unwrap().iter();
        let findings = findings.filter(|it| it["severity"] != "note");
        let words = findings.map(|it| {
            let (rule, message) = (&it["rule"], &it["message"]);
            let example = &it["example"];
            format!("  {rule} {message} at {}: {example}\n", it["operations"])
        });
        words.collect()
    }
}

/// Runs `offblocks conformance` on the vendored contract.
pub fn conformance(arguments: &[&str]) -> Said {
    with_spec(SPEC, arguments)
}

/// Runs `offblocks conformance` on any contract.
pub fn with_spec(spec: &str, arguments: &[&str]) -> Said {
    let mut command = offblocks();
    command
        .args(["conformance", "--spec", spec])
        .args(arguments);
    finish(command)
}

/// The command in an environment without variables of its own.
pub fn offblocks() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_offblocks"));
    command.stdin(Stdio::null());
    for variable in VARIABLES {
        command.env_remove(variable);
    }
    command
}

pub fn finish(mut command: Command) -> Said {
    let output = command.output().unwrap();
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
