//! `cargo xtask drift`.

mod code;
mod explain;
mod history;
mod sources;

use crate::cli::drift::{Drift, DriftCommand};
use crate::io::Io;
use crate::report::{Exit, Failure};
use crate::workspace::Workspace;
use codegen::policy::Policy;
use codegen::vendor::CONTRACT;
use drift::accepted::{ACCEPTED, ComparedBase};
use drift::render::{render, render_history, summary};
use drift::{Contract, DriftReport, Options};
use report::{Accepted, Format, RenderStyle, Unmatched, is_standard_output};
use sources::Sources;
use std::io::Write as _;
use std::path::Path;

pub fn run(args: &Drift, workspace: &Workspace, io: &mut Io) -> Result<Exit, Failure> {
    if let Some(DriftCommand::Explain { rule }) = &args.command {
        return explain::run(rule.as_deref(), io);
    }
    io.json = args.format == Format::Json;
    let mut run = Run::new(args, workspace)?;
    if args.code {
        return code::run(&run, io);
    }
    let sources = Sources::new(args, workspace);
    let Some(history) = &args.history else {
        let base = sources.read(args.base.as_ref())?;
        let revision = sources.read(args.against.as_ref())?;
        run.read_accepted(&base)?;
        return run.finish(vec![run.compare(&base, &revision)], io);
    };
    let history = history::read(history, &sources)?;
    for unreadable in &history.unreadable {
        io.explain(unreadable)?;
    }
    let reports = history
        .pairs()
        .map(|(base, revision)| run.compare(base, revision));
    let exit = run.finish(reports.collect(), io)?;
    Ok(match history.unreadable.is_empty() {
        true => exit,
        false => Exit::Wrong,
    })
}

/// Everything except the documents that a result depends on.
struct Run<'a> {
    args: &'a Drift,
    workspace: &'a Workspace,
    policy: Policy,
    /// The vendored contract, where the policy holds for its versions alone.
    own: Option<Contract>,
    accepted: Accepted,
    unmatched: Unmatched,
}

impl<'a> Run<'a> {
    fn new(args: &'a Drift, workspace: &'a Workspace) -> Result<Self, Failure> {
        let policy = workspace.policy(args.policy.as_deref())?;
        let accepted = match &args.accepted {
            Some(file) => accepted(workspace, file)?,
            None => Accepted::default(),
        };
        let own = match args.policy {
            Some(_) => None,
            None => Some(Contract::read_file(&workspace.shown(CONTRACT))?),
        };
        Ok(Self {
            args,
            workspace,
            policy,
            own,
            accepted,
            unmatched: Unmatched::Error,
        })
    }

    /// Reads what the workspace accepts, where that applies to the base and no other file was named.
    fn read_accepted(&mut self, base: &Contract) -> Result<(), Failure> {
        let file = self.workspace.shown(ACCEPTED);
        if self.args.accepted.is_some() || !file.exists() {
            return Ok(());
        }
        if let Some(unmatched) = self.compared_base(base)?.unmatched() {
            self.unmatched = unmatched;
            self.accepted = accepted(self.workspace, &file)?;
        }
        Ok(())
    }

    fn compared_base(&self, base: &Contract) -> Result<ComparedBase, Failure> {
        if self.args.base.is_none() {
            return Ok(ComparedBase::Vendored);
        }
        let own = match &self.own {
            Some(own) => own,
            None => &Contract::read_file(&self.workspace.shown(CONTRACT))?,
        };
        Ok(match base.is_version_of(own) {
            true => ComparedBase::VersionOfVendored,
            false => ComparedBase::Other,
        })
    }

    fn compare(&self, base: &Contract, revision: &Contract) -> DriftReport {
        let ours = self.own.as_ref().is_none_or(|own| base.is_version_of(own));
        let options = match ours {
            true => surface::options(&self.policy),
            false => Options::default(),
        };
        let mut options = options.on(self.args.day(crate::io::today()));
        options.reweighed.clone_from(&self.args.severity);
        let mut report = drift::compare(base, revision, &options);
        report.compared = Some(self.compared(base, revision, ours));
        drift::witness::attach(&mut report, base, revision);
        // The names of the crates mean nothing beside another contract.
        if !self.args.wire_only && (ours || self.args.rust) {
            let foreign = Policy::default();
            let policy = if ours { &self.policy } else { &foreign };
            surface::rust::judge(&mut report, base, revision, policy);
        }
        report
    }

    /// The contract, its versions and the policy in one line.
    fn compared(&self, base: &Contract, revision: &Contract, ours: bool) -> String {
        let info = |contract: &Contract, field: &str| {
            let found = contract.root().pointer(&format!("/info/{field}"));
            let text = found.and_then(|node| node.as_str().map(str::to_owned));
            text.unwrap_or_else(|| format!("without {field}"))
        };
        let title = info(revision, "title");
        let (old, new) = (info(base, "version"), info(revision, "version"));
        let (from, to) = (&base.document().path, &revision.document().path);
        let policy = match (&self.args.policy, ours) {
            (Some(file), _) => format!("the policy {}", file.display()),
            (None, true) => format!("the policy {}", codegen::vendor::POLICY),
            (None, false) => {
                "no policy, as it is not a version of the vendored contract".to_owned()
            }
        };
        let severities = match self.args.severity.len() {
            0 => String::new(),
            1 => " and 1 --severity".to_owned(),
            more => format!(" and {more} --severity"),
        };
        format!("{title}: {old} ({from}) → {new} ({to}), with {policy}{severities}")
    }

    /// Marks what is accepted, writes the reports and returns the exit code.
    fn finish(&self, mut reports: Vec<DriftReport>, io: &mut Io) -> Result<Exit, Failure> {
        self.write(&mut reports, io)?;
        let fail_on = self.args.fail_on;
        Ok(match reports.iter().any(|it| it.fails(fail_on)) {
            true => Exit::Drift,
            false => Exit::Fine,
        })
    }

    /// Marks what is accepted and writes the reports.
    fn write(&self, reports: &mut [DriftReport], io: &mut Io) -> Result<(), Failure> {
        let today = self.args.day(crate::io::today());
        let warnings = drift::accepted::accept(reports, &self.accepted, today, self.unmatched)?;
        if !warnings.items.is_empty() {
            io.findings(&warnings)?;
        }
        let style = RenderStyle {
            colour: io.colour_out && self.args.output.as_deref().is_none_or(is_standard_output),
            fail_on: self.args.fail_on,
        };
        let format = self.args.format;
        let text = match &*reports {
            reports if self.args.summary => summaries(reports),
            [report] if self.args.history.is_none() => render(report, format, style),
            reports => render_history(reports, format, style),
        };
        match &self.args.output {
            Some(file) if !is_standard_output(file) => report::write(file, &text)?,
            _ => io.out.write_all(text.as_bytes())?,
        }
        Ok(())
    }
}

/// A paragraph for each comparison.
fn summaries(reports: &[DriftReport]) -> String {
    let paragraphs = reports
        .iter()
        .map(|report| format!("{}\n", summary(report)));
    paragraphs.collect::<Vec<_>>().join("\n")
}

fn accepted(workspace: &Workspace, file: &Path) -> Result<Accepted, Failure> {
    let text = workspace.read(file)?;
    Ok(Accepted::parse(&file.to_string_lossy(), &text)?)
}
