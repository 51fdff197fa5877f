//! `offblocks cards`: one card, a card for each row of a file, and what becomes of them.
//!
//! A job's journal is a file (`in_file`) or in PostgreSQL (`shared`, `job`); both need what `issue`
//! prints.

mod check;
mod in_file;
mod issue;
mod job;
pub(crate) mod journal;
mod progress;
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
pub(crate) use self::issue::say;
use crate::arguments::{CardsCommand, ConnectionOptions};
use crate::failure::Failure;
use crate::quickstart::target::{Server, client};

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
pub(crate) async fn cards(
    connection: &ConnectionOptions,
    allow_plain_http: bool,
) -> Result<Cards, Failure> {
    let connection = connection.resolve()?;
    let missing = |what: &str| Failure::because(format!("{what}: give it, or name a --profile"));
    if connection.base_url.is_none() {
        return Err(missing(
            "the address of the API is missing (--base-url or --environment)",
        ));
    }
    let key = connection.signing_key;
    let key = key.ok_or_else(|| missing("the signing key is missing (--signing-key)"))?;
    let key_id = connection.key_id;
    let key_id =
        key_id.ok_or_else(|| missing("the id of the signing key is missing (--key-id)"))?;
    let server = Server::reach(connection.base_url, connection.credentials).await?;
    let client = client(&server, allow_plain_http, key, key_id)?;
    let timer = std::sync::Arc::new(TokioTimer::new());
    Ok(Cards::with_timer(client, timer, PollingPolicy::default()))
}
