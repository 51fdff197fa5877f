//! `offblocks cards`: a card for each row of a file, each exactly once.

mod check;
mod issue;
mod progress;
mod results;
mod rows;

use std::process::ExitCode;

use offblocks_cards::Cards;
use offblocks_cards::PollingPolicy;
use offblocks_client::TokioTimer;

use crate::arguments::{CardsCommand, Issue};
use crate::failure::Failure;
use crate::quickstart::target::{Server, client};

/// Runs a command on cards.
pub(crate) async fn run(command: CardsCommand) -> Result<ExitCode, Failure> {
    match command {
        CardsCommand::Issue(options) if options.dry_run => check::run(&options).await,
        CardsCommand::Issue(options) => issue::run(&options).await,
    }
}

/// The cards of the programme that the options name.
async fn cards(options: &Issue) -> Result<Cards, Failure> {
    let connection = options.connection.resolve()?;
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
    let client = client(&server, options.allow_plain_http, key, key_id)?;
    let timer = std::sync::Arc::new(TokioTimer::new());
    Ok(Cards::with_timer(client, timer, PollingPolicy::default()))
}
