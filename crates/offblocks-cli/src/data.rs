//! `offblocks data`: all data of a sandbox at once.

use std::io::{self, Write as _};
use std::path::Path;

use offblocks_sandbox::{Database, Sandbox, Settings, Surroundings};
use serde_json::json;

use crate::OutputStyle;
use crate::arguments::{Data, DataCommand, Populated};
use crate::failure::Failure;
use crate::fixture_file::{self, FixtureFile};
use crate::logging::{self, Log};
use crate::paint::Paint;
use crate::print::counted;
use crate::{progress, snapshot_file};

/// Opens the database, carries out the command, and closes it.
pub(crate) async fn run(options: Data, style: &OutputStyle, log: Log) -> Result<(), Failure> {
    logging::start(log);
    if options.database == Database::Memory {
        return Err(Failure::because(
            "a database in memory ends with the command: name a file with --database sqlite:FILE; a \
             running sandbox is filled with `offblocks sandbox --fixtures FILE --cards NUMBER`",
        ));
    }
    let mut settings = Settings::default();
    settings.database = options.database.clone();
    let mut sandbox = Sandbox::builder(Surroundings::real()).settings(settings);
    if options.command.needs_data() {
        sandbox = sandbox.of_existing();
    }
    let opened = sandbox.build().await;
    let sandbox = opened.map_err(|error| Failure::new("the database cannot be opened", error))?;
    let done = perform(&sandbox, &options.command, style.paint).await;
    sandbox.close().await;
    let (text, value) = done?;
    let printed = match options.json {
        true => writeln!(io::stdout(), "{value}"),
        false => write!(io::stdout(), "{text}"),
    };
    printed.map_err(Failure::unprinted)
}

/// Fills a sandbox that has no customers yet, as the options say.
pub(crate) async fn begin(
    sandbox: &Sandbox,
    options: &Populated,
    paint: Paint,
) -> Result<(), Failure> {
    if options.fixtures.is_none() && options.cards.is_none() {
        return Ok(());
    }
    let failed = |error| Failure::new("the database cannot be read", error);
    if sandbox.has_customers().await.map_err(failed)? {
        return Ok(());
    }
    if let Some(file) = &options.fixtures {
        FixtureFile::read(file)?.apply(sandbox).await?;
    }
    match options.cards {
        Some(number) => cards(sandbox, number, paint).await,
        None => Ok(()),
    }
}

async fn perform(
    sandbox: &Sandbox,
    command: &DataCommand,
    paint: Paint,
) -> Result<(String, serde_json::Value), Failure> {
    Ok(match command {
        DataCommand::Seed { file } => {
            let made = FixtureFile::read(file)?.apply(sandbox).await?;
            let lines = fixture_file::listed(&made).into_iter();
            let text = lines.map(|line| line + "\n").collect();
            (text, json!({"made": made}))
        }
        DataCommand::Cards { number } => {
            cards(sandbox, *number, paint).await?;
            (
                format!("{} added\n", counted(*number, "card was", "cards were")),
                json!({"cards": number}),
            )
        }
        DataCommand::Snapshot { file, force } => {
            let rows = snapshot_file::write(sandbox, file, *force).await?;
            (said(rows, "written to", file), json!({"rows": rows}))
        }
        DataCommand::Restore { file } => {
            let rows = snapshot_file::restore(sandbox, file).await?;
            (said(rows, "restored from", file), json!({"rows": rows}))
        }
        DataCommand::Reset => {
            let reset = sandbox.reset().await;
            reset.map_err(|error| Failure::new("the database cannot be emptied", error))?;
            let text = "everything that callers made was removed\n".to_owned();
            (text, json!({"reset": true}))
        }
    })
}

async fn cards(sandbox: &Sandbox, number: u64, paint: Paint) -> Result<(), Failure> {
    let bar = progress::bar(number, "cards", paint);
    let added = sandbox
        .populate(number, |made| bar.set_position(made))
        .await;
    bar.finish_and_clear();
    added.map_err(|error| Failure::new("the cards cannot be added", error))
}

fn said(rows: u64, verb: &str, file: &Path) -> String {
    format!("{rows} rows were {verb} {}\n", file.display())
}
