//! `cargo xtask regenerate`.

use crate::cli::Regenerate;
use crate::io::Io;
use crate::report::{Exit, Failure, outcome_json};
use crate::workspace::Workspace;
use codegen::generate::{
    self, GenerateError, OFFBLOCKS, PLACEMENTS, Placement, generate, standalone,
};
use codegen::policy::Policy;
use contract::diagnostics::Diagnostics;
use files::{self, FileSet, Mode, Outcome, Verdict};
use std::io::Write as _;
use std::path::PathBuf;

/// The files to write or check, and where.
struct Target {
    root: PathBuf,
    owned: Vec<String>,
    files: FileSet,
    /// What each contract's reading and lowering had to say.
    warnings: Vec<Diagnostics>,
}

pub fn run(args: &Regenerate, workspace: &Workspace, io: &mut Io) -> Result<Exit, Failure> {
    io.json = args.json;
    let target = match &args.standalone {
        Some(folder) => apart(args, folder.clone(), workspace)?,
        None => in_place(args, workspace)?,
    };
    let outcome = apply(args, &target)?;
    let exit = match args.check && !outcome.is_clean() {
        true => Exit::Stale,
        false => Exit::Fine,
    };
    if args.json {
        let status = if exit == Exit::Stale { "stale" } else { "fine" };
        writeln!(
            io.out,
            "{:#}",
            outcome_json(&outcome, status, &target.warnings)
        )?;
    } else {
        for warnings in &target.warnings {
            io.findings(warnings)?;
        }
        print(args, &outcome, io)?;
    }
    Ok(exit)
}

/// The code of every contract of the workspace. Another contract or policy that is given stands for
/// those of OffBlocks, and then the others are left alone.
fn in_place(args: &Regenerate, workspace: &Workspace) -> Result<Target, Failure> {
    let given = args.spec.is_some() || args.policy.is_some();
    let placements = if given { &[OFFBLOCKS][..] } else { &PLACEMENTS };
    let mut target = Target {
        root: workspace.root.clone(),
        owned: Vec::new(),
        files: FileSet::new(),
        warnings: Vec::new(),
    };
    for placement in placements {
        add(args, workspace, placement, &mut target)?;
    }
    Ok(target)
}

fn add(
    args: &Regenerate,
    workspace: &Workspace,
    placement: &Placement,
    target: &mut Target,
) -> Result<(), Failure> {
    let policy = match &args.policy {
        Some(file) => workspace.policy(Some(file))?,
        None => workspace.policy(Some(&workspace.shown(placement.policy)))?,
    };
    let document = match &args.spec {
        Some(spec) => workspace.contract(Some(spec), &policy)?,
        None => workspace.own_contract(placement.contract, &policy)?,
    };
    let generated = generate(&document, &policy)?;
    let folders = placement.owned.iter().map(|&folder| folder.to_owned());
    target.owned.extend(folders);
    target.warnings.push(generated.warnings.clone());
    let files = placement.files(generated).map_err(GenerateError::from)?;
    target.files.merge(files).map_err(GenerateError::from)?;
    Ok(())
}

fn apart(args: &Regenerate, root: PathBuf, workspace: &Workspace) -> Result<Target, Failure> {
    let policy = match &args.policy {
        Some(file) => workspace.policy(Some(file))?,
        None => Policy::default(),
    };
    let document = workspace.foreign(args.spec.as_deref(), &policy)?;
    let dependencies = workspace.dependencies()?;
    let made = standalone(&document, &policy, args.name.as_deref(), &dependencies)?;
    Ok(Target {
        root,
        owned: made.owned,
        files: made.files,
        warnings: vec![made.warnings],
    })
}

fn apply(args: &Regenerate, target: &Target) -> Result<Outcome, Failure> {
    let owned: Vec<_> = target.owned.iter().map(String::as_str).collect();
    if args.ignore_docs {
        let view = generate::without_docs;
        return Ok(files::check_by(&target.root, &owned, &target.files, view)?);
    }
    let mode = match (args.check, args.dry_run) {
        (true, _) => Mode::Check,
        (_, true) => Mode::DryRun,
        _ => Mode::Write,
    };
    Ok(files::apply(&target.root, &owned, &target.files, mode)?)
}

fn print(args: &Regenerate, outcome: &Outcome, io: &mut Io) -> Result<(), Failure> {
    if outcome.is_clean() {
        writeln!(
            io.out,
            "{} generated files are up to date",
            outcome.unchanged
        )?;
        return Ok(());
    }
    if args.check {
        io.print_diff(&outcome.diff())?;
    }
    for change in &outcome.changes {
        let conflict = if change.conflicted {
            ", with conflict markers"
        } else {
            ""
        };
        let word = word(args, change.verdict);
        let (path, added, removed) = (&change.path, change.added, change.removed);
        writeln!(io.out, "{word:<9} {path} (+{added} -{removed}{conflict})")?;
    }
    let (changed, total) = (
        outcome.changes.len(),
        outcome.changes.len() + outcome.unchanged,
    );
    writeln!(
        io.out,
        "{}",
        match (args.check, args.dry_run) {
            (true, _) => format!(
                "{changed} of {total} generated files are not up to date; to update them run\n  {}",
                update_command(args)
            ),
            (_, true) =>
                format!("{changed} of {total} generated files would change; nothing was written"),
            _ => format!("{changed} of {total} generated files changed"),
        }
    )?;
    Ok(())
}

fn word(args: &Regenerate, verdict: Verdict) -> &'static str {
    match verdict {
        _ if args.check => verdict.as_str(),
        Verdict::Missing if args.dry_run => "create",
        Verdict::Stale if args.dry_run => "rewrite",
        Verdict::Extra if args.dry_run => "remove",
        Verdict::Missing => "created",
        Verdict::Stale => "rewritten",
        Verdict::Extra => "removed",
    }
}

/// The command that was given, without what keeps it from writing.
fn update_command(args: &Regenerate) -> String {
    let mut command = "cargo xtask regenerate".to_owned();
    let paths = [
        ("spec", &args.spec),
        ("standalone", &args.standalone),
        ("policy", &args.policy),
    ];
    for (option, path) in paths {
        if let Some(path) = path {
            command.push_str(&format!(" --{option} {}", quoted(&path.to_string_lossy())));
        }
    }
    if let Some(name) = &args.name {
        command.push_str(&format!(" --name {}", quoted(name)));
    }
    command
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@=,".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_that_fixes_works_as_typed() {
        for (word, expected) in [
            ("specs/api.yaml", "specs/api.yaml"),
            ("my specs/api.yaml", "'my specs/api.yaml'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
