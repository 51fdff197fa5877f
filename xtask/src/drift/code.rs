//! `cargo xtask drift --code`: freshness, inventory and derived schemas in one report.

use super::Run;
use crate::io::Io;
use crate::report::{Exit, Failure};
use crate::workspace::Workspace;
use codegen::generate::{GenerateError, OWNED, generate};
use codegen::vendor::{FetchError, VendorError};
use drift::DriftReport;
use files::{self, FileSet, Mode};
use std::path::Path;
use std::process::Command;
use surface::inventory::{self, CodeVerdict, DerivedSchemas};

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
/// for example when the types do not compile, the rest is still reported.
pub fn run(drift: &Run<'_>, io: &mut Io) -> Result<Exit, Failure> {
    let Beside { mut report, fresh } = beside(drift)?;
    let mut unknown = None;
    match derived_schemas(&drift.workspace.root) {
        DerivedSchemas::Agree => {}
        DerivedSchemas::Differ(said) => inventory::add_schema_differences(&mut report, &said),
        DerivedSchemas::Unknown(why) => {
            let why = without_verdict(why);
            if report.changes.is_empty() {
                return Err(why);
            }
            inventory::add_unknown_schemas(&mut report, &why.to_string());
            unknown = Some(why);
        }
    }
    drift.write(std::slice::from_mut(&mut report), io)?;
    if let Some(why) = &unknown {
        io.explain(why)?;
    }
    let verdict = CodeVerdict::of(&report, &fresh, drift.args.fail_on);
    Ok(match verdict {
        CodeVerdict::Agrees => unknown.map_or(Exit::Fine, |why| why.exit()),
        CodeVerdict::Stale => Exit::Stale,
        CodeVerdict::Differs => Exit::Drift,
    })
}

/// The code beside the contract, as it stands and as it would be generated.
struct Beside {
    report: DriftReport,
    fresh: DriftReport,
}

fn beside(drift: &Run<'_>) -> Result<Beside, Failure> {
    let (workspace, policy) = (drift.workspace, &drift.policy);
    let document = workspace.contract(None, policy)?;
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

/// Runs the test in a separate process, because only a compiler can derive.
fn derived_schemas(root: &Path) -> DerivedSchemas {
    let ended = Command::new("cargo")
        .args(DERIVED)
        .current_dir(root)
        .output();
    match ended {
        Ok(output) => DerivedSchemas::read(
            output.status.success(),
            &String::from_utf8_lossy(&output.stdout),
            &String::from_utf8_lossy(&output.stderr),
        ),
        Err(error) => DerivedSchemas::Unknown(error.to_string()),
    }
}

fn without_verdict(why: String) -> Failure {
    let fetch = VendorError::Fetch {
        name: format!("the verdict of `cargo {}`", DERIVED.join(" ")),
        reason: FetchError(why),
    };
    fetch.into()
}
