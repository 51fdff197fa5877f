//! `cargo xtask drift --code`: freshness, inventory and derived schemas in one report.

use super::Judge;
use crate::io::Io;
use crate::report::{Exit, Failure};
use crate::workspace::Workspace;
use codegen::generate::{GenerateError, OWNED, generate};
use codegen::vendor::{FetchError, VendorError};
use drift::Report;
use files::{self, FileSet, Mode};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use surface::inventory;

/// The test of the types crate that holds derived schemas against the contract's.
const DERIVED: [&str; 7] = [
    "test",
    "--quiet",
    "--locked",
    "--package",
    "offblocks-types",
    "--lib",
    "schema_agreement",
];

/// Compares the generated code with the vendored contract. Without a verdict on derived schemas,
/// as where the types do not compile, the rest is told all the same.
pub fn run(judge: &Judge<'_>, io: &mut Io) -> Result<Exit, Failure> {
    let Beside { mut report, fresh } = beside(judge)?;
    let unknown = match derived_schemas(&judge.workspace.root) {
        Ok(Some(said)) => {
            inventory::add_schema_differences(&mut report, &said);
            None
        }
        Ok(None) => None,
        Err(why) if report.changes.is_empty() => return Err(why),
        Err(why) => Some(why),
    };
    if let Some(why) = &unknown {
        inventory::add_unknown_schemas(&mut report, &why.to_string());
    }
    judge.write(std::slice::from_mut(&mut report), io)?;
    if let Some(why) = &unknown {
        write!(io.err, "{}", why.render(io.colour_err))?;
    }
    let fail_on = judge.args.fail_on.into();
    let failing = report.changes.iter().filter(|change| change.fails(fail_on));
    let failing: Vec<_> = failing.collect();
    let stale = failing.iter().all(|it| inventory::is_stale(it, &fresh));
    Ok(match (failing.is_empty(), stale) {
        (true, _) => unknown.map_or(Exit::Fine, |why| why.exit()),
        (false, true) => Exit::Stale,
        (false, false) => Exit::Drift,
    })
}

/// The code beside the contract, as it stands and as it would be generated.
struct Beside {
    report: Report,
    fresh: Report,
}

fn beside(judge: &Judge<'_>) -> Result<Beside, Failure> {
    let (workspace, policy) = (judge.workspace, &judge.policy);
    let document = workspace.contract(None)?;
    let expected = generate(&document, policy)?.in_workspace();
    let expected = expected.map_err(GenerateError::from)?;
    let files = committed(workspace)?;
    let mut report = inventory::inventory(&document, policy, &files, &expected);
    let fresh = inventory::inventory(&document, policy, &expected, &expected);
    let outcome = files::apply(&workspace.root, &OWNED, &expected, Mode::Check)?;
    inventory::add_stale(&mut report, &outcome);
    Ok(Beside { report, fresh })
}

/// The generated files as they stand.
fn committed(workspace: &Workspace) -> Result<FileSet, Failure> {
    let mut found = FileSet::new();
    for folder in OWNED {
        collect(&workspace.root, folder, &mut found)?;
    }
    Ok(found)
}

fn collect(root: &Path, folder: &str, found: &mut FileSet) -> Result<(), Failure> {
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(root, &path, found)?;
        } else {
            let bytes = std::fs::read(entry.path())?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let inserted = found.insert(path, text);
            inserted.map_err(GenerateError::from)?;
        }
    }
    Ok(())
}

/// Runs the test in a process of its own, since only a compiler can derive; gives what it says
/// when it fails.
fn derived_schemas(root: &Path) -> Result<Option<String>, Failure> {
    let inconclusive = |reason: String| VendorError::Fetch {
        name: format!("the verdict of `cargo {}`", DERIVED.join(" ")),
        reason: FetchError(reason),
    };
    let output = Command::new("cargo")
        .args(DERIVED)
        .current_dir(root)
        .output();
    let output = output.map_err(|error| inconclusive(error.to_string()))?;
    if output.status.success() {
        return Ok(None);
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    match said.contains("test result: FAILED") {
        true => Ok(Some(panics(&said))),
        false => {
            let why = String::from_utf8_lossy(&output.stderr);
            let why = why.lines().find(|line| line.starts_with("error"));
            let why = why.unwrap_or("it ended without a result").to_owned();
            Err(inconclusive(why).into())
        }
    }
}

/// What the failed tests say, without the frame around it.
fn panics(said: &str) -> String {
    let lines = said
        .lines()
        .skip_while(|line| !line.contains("panicked at"));
    let lines = lines.take_while(|line| !line.starts_with("failures:"));
    let lines = lines.filter(|line| !line.starts_with("note:") && !line.contains("panicked at"));
    lines.collect::<Vec<_>>().join("\n")
}
