//! The arguments of the subcommands.

mod data;

use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use offblocks_sandbox::MOST_CARDS;
use offblocks_sandbox_api::{FaultKind, SignatureMode, StepKind};
use offblocks_types::support::Decimal;
use offblocks_types::{AccountId, CardId, CustomerId, TransactionId, WebhookId};

use super::target::Target;
use crate::help::help;
use crate::values::{duration, id, instant};

pub(super) use data::{OfFile, OfSandbox, ProgrammesCommand};

/// What is asked of a sandbox that runs.
#[derive(Debug, Subcommand)]
pub(crate) enum ControlCommand {
    /// Show, set, freeze or advance the clock of a sandbox that runs
    #[command(after_help = CLOCK_HELP)]
    Clock(Group<ClockCommand>),
    /// Set when automatic steps happen
    #[command(after_help = PROGRESSION_HELP)]
    Progression(Group<ProgressionCommand>),
    /// List the steps that wait, and run them
    #[command(after_help = STEPS_HELP)]
    Steps(Group<StepsCommand>),
    /// Make responses fail on purpose
    #[command(after_help = FAULTS_HELP)]
    Faults(Group<FaultsCommand>),
    /// Reject customers
    #[command(after_help = CUSTOMERS_HELP)]
    Customers(Group<CustomersCommand>),
    /// Fail accounts, show what they hold, pay in and take out
    #[command(after_help = ACCOUNTS_HELP)]
    Accounts(Group<AccountsCommand>),
    /// Add cards of a typical programme; suspend, reinstate and block cards
    #[command(after_help = CARDS_HELP)]
    Cards(Group<CardsCommand>),
    /// Reverse and refund transactions
    #[command(after_help = TRANSACTIONS_HELP)]
    Transactions(Group<TransactionsCommand>),
    /// List and resend the deliveries of webhooks, or disturb them for tests
    #[command(after_help = DELIVERIES_HELP)]
    Deliveries(Group<DeliveriesCommand>),
    /// Create, list and drop programmes: sandboxes within the sandbox
    #[command(after_help = data::PROGRAMMES_HELP)]
    Programmes(Group<ProgrammesCommand>),
    /// Apply the steps of a fixtures file, all of them or none
    #[command(after_help = data::FIXTURES_HELP)]
    Fixtures(OfFile),
    /// Write all data to a file
    #[command(after_help = data::SNAPSHOT_HELP)]
    Snapshot(data::ToFile),
    /// Replace all data by a snapshot, including credentials
    #[command(after_help = data::RESTORE_HELP)]
    Restore(OfFile),
    /// Remove everything that callers made; credentials, keys and tokens stay
    #[command(after_help = data::RESET_HELP)]
    Reset(OfSandbox),
    /// Show the progress of long calls
    #[command(after_help = data::WORK_HELP)]
    Work(OfSandbox),
    /// Show the requests that came last, with what each check made of them
    #[command(after_help = LOGS_HELP)]
    Logs(Logs),
}

/// The options of `offblocks sandbox logs`.
#[derive(Debug, Args)]
pub(crate) struct Logs {
    #[command(flatten)]
    pub(super) target: Target,
    /// Keep printing new requests, also after a restart of the sandbox
    #[arg(long, short, conflicts_with = "har")]
    pub(super) follow: bool,
    /// How many of the requests that came last
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 20,
        conflicts_with = "har"
    )]
    pub(super) limit: u32,
    /// Print all of them as an HTTP archive, which `offblocks conformance --har` reads
    #[arg(long)]
    pub(super) har: bool,
}

const LOGS_HELP: &str = help!(
    "Examples:
  offblocks sandbox logs
  offblocks sandbox logs --follow
  offblocks sandbox logs --follow --json | jq 'select(.status >= 400) | .checks'
  offblocks sandbox logs --har > traffic.har

--json prints a line for each request. No secret is in the log.
",
);

/// Subcommands about one thing, and the sandbox they call.
#[derive(Debug, Args)]
pub(crate) struct Group<C: Subcommand> {
    #[command(flatten)]
    pub(super) target: Target,
    #[command(subcommand)]
    pub(super) command: C,
}

const CLOCK_HELP: &str = help!(
    "Examples:
  offblocks sandbox clock show
  offblocks sandbox clock freeze
  offblocks sandbox clock run
  offblocks sandbox clock advance 1h30m
  offblocks sandbox clock set 2026-03-01T00:00:00Z --frozen
  offblocks sandbox clock system --url http://127.0.0.1:9000 --json
",
);

const PROGRESSION_HELP: &str = help!(
    "Examples:
  offblocks sandbox progression show
  offblocks sandbox progression set manual --kind capture --kind finish_capture
  offblocks sandbox progression set delayed --after 2s
  offblocks sandbox progression set immediate
",
);

const STEPS_HELP: &str = help!(
    "Examples:
  offblocks sandbox steps list
  offblocks sandbox steps run 7
  offblocks sandbox steps run --kind capture
",
);

const FAULTS_HELP: &str = help!(
    "Examples:
  offblocks sandbox faults add status --status 503 --operation createAccountCard --times 1
  offblocks sandbox faults add timeout --after 30s --nth 3
  offblocks sandbox faults add latency --after 1500ms --percentage 10 --seed 42
  offblocks sandbox faults list
  offblocks sandbox faults remove 1
  offblocks sandbox faults clear
",
);

const CUSTOMERS_HELP: &str = help!(
    "Examples:
  offblocks sandbox customers reject 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3
",
);

const ACCOUNTS_HELP: &str = help!(
    "Examples:
  offblocks sandbox accounts fail 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3
  offblocks sandbox accounts balance 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3
  offblocks sandbox accounts pay-in 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3 250.5
  offblocks sandbox accounts take-out 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3 100
",
);

const CARDS_HELP: &str = help!(
    "Examples:
  offblocks sandbox cards add 1000
  offblocks sandbox cards suspend 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3
  offblocks sandbox cards reinstate 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3
  offblocks sandbox cards block 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3
",
);

const TRANSACTIONS_HELP: &str = help!(
    "Examples:
  offblocks sandbox transactions reverse 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3
  offblocks sandbox transactions refund 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3 5.25
",
);

const DELIVERIES_HELP: &str = help!(
    "Examples:
  offblocks sandbox deliveries list --limit 20
  offblocks sandbox deliveries resend 12
  offblocks sandbox deliveries resend-failed
  offblocks sandbox deliveries set-modes --duplicate --delay 5s
  offblocks sandbox deliveries set-modes --drop --webhook 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3
  offblocks sandbox deliveries set-modes
  offblocks sandbox deliveries clear-modes 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3
  offblocks sandbox deliveries modes
",
);

#[derive(Debug, Subcommand)]
pub(crate) enum ClockCommand {
    /// Show the time, and whether the clock runs
    Show,
    /// Set the time, which never goes back; the clock runs from there
    Set {
        /// The time, as RFC 3339 writes it
        #[arg(value_name = "TIME", value_parser = instant)]
        now: DateTime<Utc>,
        /// Let it stand still there
        #[arg(long)]
        frozen: bool,
    },
    /// Let the clock stand still
    Freeze,
    /// Let the clock run on from where it is
    Run,
    /// Let the clock show the machine's time again
    System,
    /// Move the time forward; all that becomes due happens before this ends
    Advance {
        /// By how much, such as 1h30m, 2days or 250ms
        #[arg(value_name = "DURATION", value_parser = duration, allow_hyphen_values = true)]
        by: Duration,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProgressionCommand {
    /// Show when each kind of step happens
    Show,
    /// Set when steps happen that begin to wait from now on
    Set {
        /// immediate, delayed or manual
        #[arg(value_parser = ["immediate", "delayed", "manual"])]
        mode: String,
        /// After how long a delayed step happens, such as 2s
        #[arg(
            long, value_name = "DURATION", value_parser = duration,
            required_if_eq("mode", "delayed")
        )]
        after: Option<Duration>,
        /// Only steps of this kind; may be repeated
        #[arg(long = "kind", value_name = "KIND", value_parser = step_kind())]
        kinds: Vec<StepKind>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum StepsCommand {
    /// List the steps that wait
    List {
        /// How many at most
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i32).range(1..=1000))]
        limit: i32,
    },
    /// Run a step now; without a number, all that wait to be run
    Run {
        /// The number of the step
        #[arg(value_name = "STEP", conflicts_with = "kind")]
        step: Option<i64>,
        /// Only steps of this kind
        #[arg(long, value_parser = step_kind())]
        kind: Option<StepKind>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum FaultsCommand {
    /// Let calls of the API fail
    Add(Box<AddFault>),
    /// List the faults in force, with how often they were met
    List,
    /// Remove a fault
    Remove {
        /// The number of the fault
        #[arg(value_name = "FAULT")]
        fault: i64,
    },
    /// Remove all faults
    Clear,
}

/// A fault.
#[derive(Debug, Args)]
pub(crate) struct AddFault {
    /// What happens to the calls
    #[arg(value_parser = fault_kind())]
    pub(super) kind: FaultKind,
    /// The operationId of the calls that fail; every operation without it
    #[arg(long, value_name = "ID")]
    pub(super) operation: Option<String>,
    /// The status of the kind status [default: 500]
    #[arg(long)]
    pub(super) status: Option<i32>,
    /// Carry the call out before it fails with the status
    #[arg(long)]
    pub(super) after_commit: bool,
    /// How long the kinds latency and timeout take, such as 30s
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(super) after: Option<Duration>,
    /// The Retry-After of the kind too_many_requests [default: 1]
    #[arg(long, value_name = "SECONDS")]
    pub(super) retry_after: Option<i32>,
    /// Which share of the calls fails, in per cent
    #[arg(long)]
    pub(super) percentage: Option<f64>,
    /// Where the draw for --percentage starts, so that runs repeat
    #[arg(long, requires = "percentage")]
    pub(super) seed: Option<i64>,
    /// Only the call of this number fails
    #[arg(long, value_name = "NUMBER")]
    pub(super) nth: Option<i64>,
    /// How many calls fail at most
    #[arg(long, value_name = "NUMBER")]
    pub(super) times: Option<i64>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CustomersCommand {
    /// Reject a customer, as when screening or a later check fails
    Reject {
        /// The customer's id
        #[arg(value_parser = id::<CustomerId>)]
        customer: CustomerId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountsCommand {
    /// Fail the validation of an account that is initiating
    Fail {
        /// The account's id
        #[arg(value_parser = id::<AccountId>)]
        account: AccountId,
    },
    /// Show what an account holds
    Balance {
        /// The account's id
        #[arg(value_parser = id::<AccountId>)]
        account: AccountId,
    },
    /// Pay tokens into an account
    PayIn {
        /// The account's id
        #[arg(value_parser = id::<AccountId>)]
        account: AccountId,
        /// The amount, such as 250.5
        amount: Decimal,
    },
    /// Take tokens out of an account
    TakeOut {
        /// The account's id
        #[arg(value_parser = id::<AccountId>)]
        account: AccountId,
        /// The amount, such as 250.5
        amount: Decimal,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CardsCommand {
    /// Add cards of a typical programme, each with a customer and an account of its own
    Add {
        /// How many
        #[arg(value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(1..=MOST_CARDS.cast_signed()))]
        number: i64,
    },
    /// Suspend an active card, as when misuse is suspected
    Suspend {
        /// The card's id
        #[arg(value_parser = id::<CardId>)]
        card: CardId,
    },
    /// Make a suspended card active again
    Reinstate {
        /// The card's id
        #[arg(value_parser = id::<CardId>)]
        card: CardId,
    },
    /// Block an active or suspended card permanently
    Block {
        /// The card's id
        #[arg(value_parser = id::<CardId>)]
        card: CardId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TransactionsCommand {
    /// Take a processed debit back, fees included
    Reverse {
        /// The transaction's id
        #[arg(value_parser = id::<TransactionId>)]
        transaction: TransactionId,
    },
    /// Refund a processed debit, or a part of it
    Refund {
        /// The transaction's id
        #[arg(value_parser = id::<TransactionId>)]
        transaction: TransactionId,
        /// The amount in the merchant's currency, such as 5.25
        amount: Decimal,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeliveriesCommand {
    /// List the latest deliveries with their attempts
    List {
        /// How many at most
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i32).range(1..=1000))]
        limit: i32,
    },
    /// Send a delivery once more
    Resend {
        /// The number of the delivery
        #[arg(value_name = "DELIVERY")]
        delivery: i64,
    },
    /// Send every delivery once more that failed
    ResendFailed,
    /// Show how deliveries are disturbed
    Modes,
    /// Set how deliveries are disturbed; options that are not given are switched off
    SetModes(Modes),
    /// Remove the modes of one subscription; the modes for all subscriptions then apply to it
    ClearModes {
        /// The subscription's id
        #[arg(value_parser = id::<WebhookId>)]
        webhook: WebhookId,
    },
}

/// How deliveries are disturbed.
#[derive(Debug, Args)]
pub(crate) struct Modes {
    /// Only those of this subscription
    #[arg(long, value_name = "ID", value_parser = id::<WebhookId>)]
    pub(super) webhook: Option<WebhookId>,
    /// Send each delivery twice
    #[arg(long)]
    pub(super) duplicate: bool,
    /// Hold every second event back, so that later ones overtake it
    #[arg(long)]
    pub(super) reorder: bool,
    /// Wait for so long before each delivery, such as 5s
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(super) delay: Option<Duration>,
    /// Send nothing
    #[arg(long)]
    pub(super) drop: bool,
    /// What is wrong with the signature
    #[arg(long, value_parser = signature_mode())]
    pub(super) signature: Option<SignatureMode>,
    /// Send a type of event that the contract does not know
    #[arg(long)]
    pub(super) unknown_type: bool,
}

/// Reads one of the values that the contract lists, which completions and errors name.
macro_rules! listed {
    ($($name:ident -> $kind:ident;)+) => {$(
        fn $name() -> impl TypedValueParser<Value = $kind> {
            let names = $kind::ALL.iter().map($kind::as_str);
            PossibleValuesParser::new(names).try_map(|text| {
                let known = $kind::ALL.iter().find(|value| value.as_str() == text);
                known.cloned().ok_or("it is not one of them")
            })
        }
    )+};
}

listed! {
    step_kind -> StepKind;
    fault_kind -> FaultKind;
    signature_mode -> SignatureMode;
}
