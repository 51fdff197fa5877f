//! The arguments of `offblocks listen`.

use std::net::SocketAddr;

use clap::Args;
use clap::builder::PossibleValuesParser;
use offblocks_types::WebhookType;
use url::Url;

use super::{ApiOptions, address};
use crate::values;

pub(super) const HELP: &str = "Examples:
  offblocks listen --profile local
  offblocks listen --forward-to http://127.0.0.1:3000/hooks --types card.updated
  offblocks listen --callback-url https://tunnel.example/hooks --listen 127.0.0.1:9000
  offblocks listen --count 1 --json | jq .body

It subscribes to webhooks, verifies each delivery, prints it, and removes its subscription when it
ends, also at Ctrl-C and SIGTERM. With --forward-to each verified delivery is passed on as it came:
method, headers and body. The response of the receiver is shown and goes back to OffBlocks, so what is
not a 2xx is delivered again. The signature covers the address that was subscribed, so a receiver that
verifies has to be given that one (the line `callback`).

An API on another machine cannot reach this one: name the address under which it can with
--callback-url, such as that of a tunnel to --listen.

--json prints one line for each thing that happens (members may be added):
  {\"event\": \"listening\", \"callbackUrl\", \"webhookId\", \"forwardTo\"}
  {\"event\": \"delivery\", \"webhookType\", \"eventId\", \"keyId\", \"body\", \"forwarded\"}
  {\"event\": \"rejected\", \"reason\", \"status\"}
  \"forwarded\" is null, or {\"status\", \"body\", \"milliseconds\"} or {\"error\"}.

Exit codes:
    0  it was stopped, or --count deliveries have come
    1  it failed; the reason is on the error stream
    2  the command line is wrong
  10-19  a call of the API failed: see `offblocks webhooks save --help`";

/// The options of `offblocks listen`.
#[derive(Debug, Args)]
pub(crate) struct Listen {
    /// Where each verified delivery is passed on to
    #[arg(long, value_name = "URL")]
    pub(crate) forward_to: Option<Url>,

    /// Which events to subscribe to; all of them without it
    #[arg(
        long = "types", value_name = "TYPES", value_delimiter = ',',
        value_parser = types()
    )]
    pub(crate) types: Vec<String>,

    /// Where to listen; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", value_parser = address)]
    pub(crate) listen: SocketAddr,

    /// The address to subscribe, where it is not that of --listen
    #[arg(long, value_name = "URL")]
    pub(crate) callback_url: Option<Url>,

    /// End after so many verified deliveries
    #[arg(long, value_name = "NUMBER", value_parser = values::number::<usize>)]
    pub(crate) count: Option<usize>,

    #[command(flatten)]
    pub(crate) api: ApiOptions,
}

/// The types of events of the contract.
fn types() -> PossibleValuesParser {
    PossibleValuesParser::new(WebhookType::ALL.iter().map(WebhookType::as_str))
}
