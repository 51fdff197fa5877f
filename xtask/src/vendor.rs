//! `cargo xtask vendor`.

use crate::cli::Vendor;
use crate::fetch::Remote;
use crate::io::Io;
use crate::report::{Exit, Failure};
use crate::workspace::Workspace;
use codegen::vendor::{CONTRACT, RECORD, Record, VendorError, obtain, plan};
use std::io::Write as _;

pub fn run(args: &Vendor, workspace: &Workspace, io: &mut Io) -> Result<Exit, Failure> {
    let record = workspace.read(&workspace.shown(RECORD))?;
    let record = Record::parse(&record).map_err(VendorError::from)?;
    let remote = Remote {
        clone: args.clone.clone().unwrap_or_else(|| workspace.root.clone()),
    };
    let mut candidate = obtain(&args.source, &record, &remote)?;
    candidate.record_commit(args.commit.clone(), args.date.clone());
    let plan = plan(&workspace.root, candidate, &workspace.policy(None)?)?;
    io.findings(&plan.warnings)?;
    if plan.is_nothing() {
        writeln!(io.out, "{CONTRACT} is already this document")?;
        return Ok(Exit::Fine);
    }
    write!(io.out, "{}", plan.summary())?;
    io.out.flush()?;
    if !args.yes && !io.interactive {
        let message = "there is no terminal on which to ask for confirmation; add --yes to confirm";
        return Err(Failure::Usage(message.to_owned()));
    }
    if !args.yes && !io.confirm(&format!("replace {CONTRACT}?"))? {
        writeln!(io.out, "nothing was changed")?;
        return Ok(Exit::Fine);
    }
    plan.carry_out()?;
    writeln!(
        io.out,
        "{CONTRACT} and {RECORD} are replaced; now run\n  cargo xtask regenerate"
    )?;
    Ok(Exit::Fine)
}
