//! The arguments of `offblocks trigger` and `offblocks events`.

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{ApiOptions, help};
use crate::control::target::Target;
use crate::values;

pub(super) const TRIGGER_HELP: &str = help!(
    "Examples:
  offblocks trigger card.updated --base-url http://127.0.0.1:8080/v1 --profile local
  offblocks trigger card.suspended --profile local
  offblocks trigger transaction.refunded --profile local --json

Each event is a real one: a new customer is onboarded, and what the event is about is made by the API
and its simulator, as far as the event needs it. What the API cannot be asked for (card.suspended,
card.blocked, account.failed, transaction.reversed, transaction.refunded) is done by the control plane
of a sandbox of your own, which is at the same address. The events of the steps before are sent too.

--json prints one line (members may be added): {\"event\", \"webhookType\", \"id\", \"status\"}
"
);

pub(super) const EVENTS_HELP: &str = help!(
    "Examples:
  offblocks events list
  offblocks events resend 17f5ac83-4e60-42db-90b9-e6d1384f0c2a
  offblocks events resend --failed --url http://127.0.0.1:9000

A sandbox of your own keeps the deliveries that wait, and the last 1,000 others (`--delivery-log`).
`offblocks sandbox deliveries` shows the attempts.
"
);

/// What can be triggered: the types of events of the contract, and the statuses that one can show.
pub(crate) const EVENTS: [&str; 14] = [
    "customer.updated",
    "customer.rejected",
    "account.updated",
    "account.failed",
    "card.updated",
    "card.issue_failed",
    "card.suspended",
    "card.blocked",
    "authorisation.updated",
    "authorisation.captured",
    "authorisation.released",
    "transaction.updated",
    "transaction.reversed",
    "transaction.refunded",
];

/// The options of `offblocks trigger`.
#[derive(Debug, Args)]
pub(crate) struct Trigger {
    /// The event
    #[arg(value_name = "EVENT", value_parser = PossibleValuesParser::new(EVENTS))]
    pub(crate) event: String,

    #[command(flatten)]
    pub(crate) api: ApiOptions,
}

/// The options of `offblocks events`.
#[derive(Debug, Args)]
pub(crate) struct Events {
    #[command(flatten)]
    pub(crate) target: Target,

    #[command(subcommand)]
    pub(crate) command: EventsCommand,
}

/// What can be done with events of a sandbox.
#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// List the events that were delivered last, one line for each subscription
    List {
        /// How many at most
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i32).range(1..=1000))]
        limit: i32,
    },
    /// Deliver an event once more, to each of its subscriptions
    Resend {
        /// The id of the event
        #[arg(
            value_name = "EVENT_ID", value_parser = values::id::<Uuid>,
            required_unless_present = "failed"
        )]
        event: Option<Uuid>,

        /// Deliver every event once more whose delivery failed
        #[arg(long, conflicts_with = "event")]
        failed: bool,
    },
}
