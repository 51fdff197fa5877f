//! Each operation of the contract as `offblocks NOUN VERB`, from the tables of `generated`.
//!
//! The noun is the first segment of the operation's path. The verb is its `operationId` without the words
//! of the noun. `get` becomes `list` where the response is an array. The call goes through the client's own
//! loop, so that tokens, signatures, keys, retries and errors are those of the client.

mod body;
mod csv;
mod examples;
mod flat;
mod grammar;
mod human;
mod query;
mod render;
mod request;
mod secrets;
mod send;

use clap::{ArgMatches, Command};

use crate::OutputStyle;
use crate::failure::Failure;
use crate::generated::{CALLS, Call};
use crate::logging::{self, Log};

pub(crate) use grammar::with_operations;

/// An operation that the command line names, with its arguments.
pub(crate) struct Chosen<'m> {
    call: &'static Call,
    matches: &'m ArgMatches,
}

/// The operation that the command line names, where it names one. A hand-written command of the same noun
/// and verb comes first.
///
/// `by_hand` are those commands.
pub(crate) fn chosen<'m>(by_hand: &Command, matches: &'m ArgMatches) -> Option<Chosen<'m>> {
    let (noun, verbs) = matches.subcommand()?;
    let (verb, matches) = verbs.subcommand()?;
    let own = by_hand.find_subcommand(noun);
    if own.is_some_and(|own| own.find_subcommand(verb).is_some()) {
        return None;
    }
    let call = all().find(|call| (call.noun, call.verb) == (noun, verb))?;
    Some(Chosen { call, matches })
}

/// Makes the call, and prints what comes back.
pub(crate) async fn run(chosen: Chosen<'_>, style: &OutputStyle, log: Log) -> Result<(), Failure> {
    logging::start(log);
    let options = grammar::options(chosen.matches)?;
    let json = options.is_json();
    let run = send::run(chosen.call, chosen.matches, &options, style.paint);
    run.await.map_err(|failure| failure.in_json(json))
}

/// All operations, in the order of the contract's tags.
fn all() -> impl Iterator<Item = &'static Call> {
    CALLS.iter().copied().flatten()
}
