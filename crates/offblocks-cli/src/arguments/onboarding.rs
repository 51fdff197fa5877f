//! The arguments of `offblocks customers onboard` and `offblocks accounts open`.

use std::time::Duration;

use clap::{Args, Subcommand};
use offblocks_types::{AccountId, CustomerId};

use super::ApiOptions;
use crate::values;

const ONBOARD_HELP: &str = "Examples:
  (umask 077 && openssl rand -hex 32 > wallet.hex)
  offblocks customers onboard --external-id customer-1 --wallet wallet.hex --simulate
  offblocks customers onboard --resume 5f0d5c1e-5b0c-4a53-9c39-1f5b2f7f9a10 --wallet wallet.hex --json

It creates the customer, signs its challenge with the wallet, and waits until OffBlocks has screened and
verified it. --simulate has the simulator of a sandbox verify it. After an interruption or a failure, go
on with --resume.

The file of --wallet holds the private key of an Ethereum wallet: 64 hexadecimal digits. It signs
messages to sign in with (EIP-4361) for its own address, and nothing else.

--json prints the customer.

Exit codes:
    0  the customer is active
    1  it failed; the reason is on the error stream
    2  the command line is wrong
    3  the customer was not active at the end of --timeout; go on with --resume
10-19  a call failed, by its kind, as of each operation (offblocks customers get --help)
  100  the customer was rejected";

const OPEN_HELP: &str = "Examples:
  offblocks accounts open --customer 5f0d5c1e-5b0c-4a53-9c39-1f5b2f7f9a10 --wallet wallet.hex
  offblocks accounts open --resume e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461 --wallet wallet.hex --json

It creates the account, signs its challenge with the customer's wallet, and waits until it is deployed on
chain. After an interruption or a failure, go on with --resume.

--json prints the account.

Exit codes:
    0  the account is active
    1  it failed; the reason is on the error stream
    2  the command line is wrong
    3  the account was not active at the end of --timeout; go on with --resume
10-19  a call failed, by its kind, as of each operation (offblocks accounts get --help)
  100  the account failed, or is closed";

/// What comes before the first card.
#[derive(Debug, Subcommand)]
pub(crate) enum OnboardingCommand {
    /// Onboard customers
    #[command(subcommand)]
    Customers(CustomersCommand),
    /// Open accounts
    #[command(subcommand)]
    Accounts(AccountsCommand),
}

impl OnboardingCommand {
    /// Whether a program reads what is printed.
    pub(crate) const fn json(&self) -> bool {
        let wallet = match self {
            Self::Customers(CustomersCommand::Onboard(options)) => &options.wallet,
            Self::Accounts(AccountsCommand::Open(options)) => &options.wallet,
        };
        wallet.api.json
    }
}

/// What can be done with customers beside the operations of the contract.
#[derive(Debug, Subcommand)]
pub(crate) enum CustomersCommand {
    /// Create a customer, sign its challenge, and wait until it is active
    #[command(after_help = ONBOARD_HELP)]
    Onboard(Box<Onboard>),
}

/// What can be done with accounts beside the operations of the contract.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountsCommand {
    /// Create an account, sign its challenge, and wait until it is active
    #[command(after_help = OPEN_HELP)]
    Open(Box<OpenAccount>),
}

/// The options of `offblocks customers onboard`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("who").required(true).args(["external_id", "resume"]))]
pub(crate) struct Onboard {
    /// Your own name for the new customer
    #[arg(long, value_name = "TEXT")]
    pub(crate) external_id: Option<String>,

    /// Go on with this customer instead of creating one
    #[arg(long, value_name = "CUSTOMER", value_parser = values::id::<CustomerId>)]
    pub(crate) resume: Option<CustomerId>,

    /// Have the simulator of a sandbox verify the customer
    #[arg(long)]
    pub(crate) simulate: bool,

    #[command(flatten)]
    pub(crate) wallet: WalletOptions,
}

/// The options of `offblocks accounts open`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("whose").required(true).args(["customer", "resume"]))]
pub(crate) struct OpenAccount {
    /// The active customer that the new account is for
    #[arg(long, value_name = "CUSTOMER", value_parser = values::id::<CustomerId>)]
    pub(crate) customer: Option<CustomerId>,

    /// Go on with this account instead of creating one
    #[arg(long, value_name = "ACCOUNT", value_parser = values::id::<AccountId>)]
    pub(crate) resume: Option<AccountId>,

    /// The account's currency (ISO 4217)
    #[arg(long, value_name = "CODE", default_value = "EUR")]
    pub(crate) currency: String,

    #[command(flatten)]
    pub(crate) wallet: WalletOptions,
}

/// Who signs, how long to wait, and which API is called.
#[derive(Debug, Args)]
pub(crate) struct WalletOptions {
    /// A file with the private key of the customer's wallet
    #[arg(long = "wallet", value_name = "FILE", env = "OFFBLOCKS_WALLET_FILE")]
    pub(crate) file: String,

    /// The chain of the wallet's address
    #[arg(long, value_name = "CHAIN", default_value = "eip155:300")]
    pub(crate) chain: String,

    /// How long to wait for each step
    #[arg(
        long, value_name = "DURATION", default_value = "2min",
        value_parser = values::duration
    )]
    pub(crate) timeout: Duration,

    #[command(flatten)]
    pub(crate) api: ApiOptions,
}
