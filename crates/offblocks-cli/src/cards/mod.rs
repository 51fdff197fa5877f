//! `offblocks cards`: orders one card or a card for each row of a file, and follows them.
//!
//! A job's journal is a file (`in_file`) or in PostgreSQL (`shared`, `job`); both need what `issue`
//! prints.

mod check;
mod in_file;
mod issue;
mod job;
mod journal;
mod progress;
mod ran;
mod results;
mod rows;
mod shared;
mod single;
mod watch;

use std::process::ExitCode;

use offblocks_cards::Cards;
use offblocks_cards::PollingPolicy;
use offblocks_client::TokioTimer;

pub(crate) use self::check::print;
pub(crate) use self::ran::say;
use crate::arguments::{ApiOptions, CardsCommand};
use crate::failure::Failure;

/// Runs a command on cards.
pub(crate) async fn run(command: CardsCommand) -> Result<ExitCode, Failure> {
    match command {
        CardsCommand::Issue(options) => match (&options.from, options.account) {
            (Some(from), _) if options.dry_run => check::run(&options, from).await,
            (Some(from), _) => issue::run(&options, from).await,
            (None, Some(account)) => single::run(&options, account).await,
            // clap asks for one of the two.
            (None, None) => Err(Failure::because("give --account, or --from")),
        },
        CardsCommand::Watch(options) => watch::run(&options).await,
        CardsCommand::Job(action) => job::run(&action).await,
    }
}

/// The cards of the programme that the options name.
pub(crate) fn cards(api: &ApiOptions) -> Result<Cards, Failure> {
    let timer = std::sync::Arc::new(TokioTimer::new());
    Ok(Cards::with_timer(
        api.client(true)?,
        timer,
        PollingPolicy::default(),
    ))
}
