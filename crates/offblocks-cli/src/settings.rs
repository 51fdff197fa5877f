//! Settings of the sandbox, from the command line and from a file. Both have the same names.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use offblocks_sandbox::{Database, HostName, Settings};
use offblocks_types::{CardNetwork, Secret, support};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de};

use crate::failure::Failure;
use crate::secret_file::secret_in_file;

/// What one unit of a currency is worth in the accounts' currency, written `USD=0.92`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rate(String, Decimal);

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let example =
            "write a currency (ISO 4217) and what one unit of it is worth, such as USD=0.92";
        let (currency, rate) = text.split_once('=').ok_or(example)?;
        let rate: Decimal = rate.parse().map_err(|_| example)?;
        if rate <= Decimal::ZERO {
            return Err(example.to_owned());
        }
        let given = Self(currency.to_owned(), rate);
        checked(given, |settings, Self(currency, rate)| {
            if settings.currency == *currency {
                // Which currency accounts have is not known yet.
                settings.currency = "XXX".to_owned();
            }
            settings.exchange_rates.insert(currency.clone(), *rate);
        })
    }
}

/// One struct for flags and file, so that both have the same settings.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[command(next_help_heading = "Settings, also in the --config file")]
pub(crate) struct SettingOptions {
    /// Where to listen. In the configuration file this is a setting. On the command line it is an option
    /// of its own, which also says where a sandbox is reached.
    #[arg(skip)]
    pub(crate) listen: Option<SocketAddr>,

    /// Where the data is stored, likewise.
    #[arg(skip)]
    #[serde(deserialize_with = "parsed_database")]
    database: Option<Database>,

    /// The delay of each automatic step: screening, deployment, issuing, capture [default: 50]
    #[arg(long, value_name = "MILLISECONDS", value_parser = follow_up_delay)]
    follow_up_delay: Option<u64>,

    /// How long a bearer token is valid [default: 3600]
    #[arg(long, value_name = "SECONDS")]
    token_lifetime: Option<u32>,

    /// How long an ownership challenge can be signed [default: 3600]
    #[arg(long, value_name = "SECONDS")]
    challenge_lifetime: Option<u32>,

    /// How long an idempotency key is kept [default: 3600]
    #[arg(long, value_name = "SECONDS")]
    idempotency_lifetime: Option<u32>,

    /// Check the signature under an account's challenge, which OffBlocks does not do today
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    check_account_signatures: Option<bool>,

    /// Show the signature base in the problem of a rejected signature, as on loopback
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    explain: Option<bool>,

    /// Check neither signatures nor digests: on this machine only, to measure or to try by hand
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    no_verify: Option<bool>,
    /// A file with the token that opens the control plane to other machines
    #[arg(
        long, env = "OFFBLOCKS_CONTROL_TOKEN_FILE", value_name = "FILE",
        value_parser = secret_in_file
    )]
    #[serde(deserialize_with = "parsed_secret_file")]
    control_token_file: Option<Secret>,

    /// A host that requests may name beside loopback and IP addresses; may be repeated
    #[arg(long, value_name = "HOST")]
    #[serde(deserialize_with = "parsed_list")]
    allow_host: Vec<HostName>,

    /// What one unit of another currency is worth, such as USD=0.92; may be repeated
    #[arg(long, value_name = "CURRENCY=RATE")]
    #[serde(deserialize_with = "parsed_list")]
    exchange_rate: Vec<Rate>,

    /// The currency of accounts [default: EUR]
    #[arg(long, value_name = "CURRENCY", value_parser = currency)]
    currency: Option<String>,

    /// Let physical cards be ordered, which OffBlocks does not support at the moment
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    physical_cards: Option<bool>,

    /// The name on cards [default: Test Cardholder]
    #[arg(long, value_name = "NAME")]
    cardholder: Option<String>,

    /// The network of cards: visa or mastercard [default: visa]
    #[arg(long, value_parser = network)]
    #[serde(deserialize_with = "parsed_network")]
    network: Option<CardNetwork>,

    /// The network fee of each transaction, in tokens [default: 0.01]
    #[arg(long, value_name = "AMOUNT", value_parser = fee)]
    #[serde(deserialize_with = "parsed_fee")]
    network_fee: Option<Decimal>,

    /// The service fee, as a part of the amount, such as 0.005 [default: 0]
    #[arg(long, value_name = "RATE", value_parser = fee)]
    #[serde(deserialize_with = "parsed_fee")]
    service_fee_rate: Option<Decimal>,

    /// The programme's own fee, as a part of the amount [default: 0]
    #[arg(long, value_name = "RATE", value_parser = fee)]
    #[serde(deserialize_with = "parsed_fee")]
    partner_fee_rate: Option<Decimal>,

    /// What each account holds when it is deployed, in tokens [default: 100000000000000000000]
    #[arg(long, value_name = "AMOUNT", value_parser = fee)]
    #[serde(deserialize_with = "parsed_fee")]
    initial_balance: Option<Decimal>,

    /// A host that webhooks may be delivered to besides this machine; may be repeated
    #[arg(long, value_name = "HOST")]
    allow_webhook_host: Vec<String>,

    /// How long a receiver of webhooks may take to respond [default: 10000]
    #[arg(long, value_name = "MILLISECONDS")]
    webhook_timeout: Option<u32>,

    /// How long a failed delivery of a webhook is tried again [default: 86400]
    #[arg(long, value_name = "SECONDS")]
    webhook_retry_window: Option<u32>,

    /// How many finished deliveries of webhooks are kept [default: 1000]
    #[arg(long, value_name = "NUMBER")]
    delivery_log: Option<u32>,

    /// How many requests the request log keeps, none with 0 [default: 1000]
    #[arg(long, value_name = "NUMBER")]
    request_log: Option<u32>,

    /// How many bytes of memory the request log takes at most [default: 8388608]
    #[arg(long, value_name = "BYTES")]
    request_log_bytes: Option<u32>,

    /// The authority that ownership challenges name [default: api.sandbox.offblocks.xyz]
    #[arg(long, value_name = "HOST")]
    challenge_domain: Option<HostText>,

    /// How long to wait at the end for requests in flight [default: 5000]
    #[arg(long, value_name = "MILLISECONDS")]
    patience: Option<u32>,

    /// How many connections are open at once [default: 512]
    #[arg(long, value_name = "NUMBER", value_parser = max_connections)]
    max_connections: Option<u32>,

    /// How long the head of a request may take [default: 10000]
    #[arg(long, value_name = "MILLISECONDS")]
    head_timeout: Option<u32>,

    /// How long a connection stays open without a request [default: 75000]
    #[arg(long, value_name = "MILLISECONDS")]
    idle_timeout: Option<u32>,

    /// How long a body may take [default: 60000]
    #[arg(long, value_name = "MILLISECONDS")]
    body_timeout: Option<u32>,

    /// How long a body may send no bytes [default: 10000]
    #[arg(long, value_name = "MILLISECONDS")]
    body_idle_timeout: Option<u32>,

    /// How many bytes of bodies are held at once, over all requests [default: 67108864]
    #[arg(long, value_name = "BYTES")]
    max_body_bytes: Option<u32>,

    /// How many bytes a body without a token may have [default: 16384]
    #[arg(long, value_name = "BYTES")]
    max_anonymous_body_bytes: Option<u32>,
}

/// The authority in a challenge: a host that is kept as it was written.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct HostText(String);

impl FromStr for HostText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let host: Result<HostName, _> = text.parse();
        host.map(|_| Self(text.to_owned()))
            .map_err(|error| error.to_string())
    }
}

impl TryFrom<String> for HostText {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Takes every setting that was given; the others stay as they are.
macro_rules! take {
    ($from:expr, $($field:ident => $place:expr, $convert:expr;)*) => {
        $(if let Some(value) = $from.$field { $place = $convert(value); })*
    };
}

impl SettingOptions {
    /// The settings of a file in TOML.
    pub(crate) fn read(file: &Path) -> Result<Self, Failure> {
        let cannot = format!("cannot use {}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| Failure::new(&cannot, error))?;
        toml::from_str(&text).map_err(|error: toml::de::Error| {
            // The error's own text quotes the line, which may hold the password of a database.
            let before = text.get(..error.span().map_or(0, |span| span.start));
            let line = before.unwrap_or_default().matches('\n').count() + 1;
            Failure::because(format!("{cannot}: line {line}: {}", error.message().trim()))
        })
    }

    /// Puts what was given into `settings`.
    pub(crate) fn apply(self, settings: &mut Settings) -> Result<(), Failure> {
        self.check_rates()?;
        let milliseconds = |number: u32| Duration::from_millis(number.into());
        let seconds = |number: u32| Duration::from_secs(number.into());
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        settings.allowed_hosts.extend(self.allow_host);
        settings.allow_webhook_hosts.extend(self.allow_webhook_host);
        let rates = self.exchange_rate.into_iter();
        settings
            .exchange_rates
            .extend(rates.map(|Rate(currency, rate)| (currency, rate)));
        take!(self,
            database => settings.database, |database| database;
            follow_up_delay => settings.follow_up_delay, Duration::from_millis;
            token_lifetime => settings.token_lifetime, seconds;
            challenge_lifetime => settings.challenge_lifetime, seconds;
            idempotency_lifetime => settings.idempotency_lifetime, seconds;
            check_account_signatures => settings.check_account_signatures, |on| on;
            explain => settings.explain, |on| on;
            no_verify => settings.verify_signatures, |off: bool| !off;
            control_token_file => settings.control_token, Some;
            currency => settings.currency, |text| text;
            physical_cards => settings.physical_cards, |on| on;
            cardholder => settings.cardholder, |text| text;
            network => settings.network, |network| network;
            network_fee => settings.network_fee, |fee| fee;
            service_fee_rate => settings.service_fee_rate, |rate| rate;
            partner_fee_rate => settings.partner_fee_rate, |rate| rate;
            initial_balance => settings.initial_balance, |balance| balance;
            webhook_timeout => settings.webhook_timeout, milliseconds;
            webhook_retry_window => settings.webhook_retry_window, seconds;
            delivery_log => settings.delivery_log, |number| number;
            request_log => settings.request_log, size;
            request_log_bytes => settings.request_log_bytes, size;
            challenge_domain => settings.challenge_domain, |HostText(text)| text;
            patience => settings.patience, milliseconds;
            max_connections => settings.limits.connections, size;
            head_timeout => settings.limits.head_timeout, milliseconds;
            idle_timeout => settings.limits.idle_timeout, milliseconds;
            body_timeout => settings.limits.body_timeout, milliseconds;
            body_idle_timeout => settings.limits.body_idle_timeout, milliseconds;
            max_body_bytes => settings.limits.body_bytes, size;
            max_anonymous_body_bytes => settings.limits.anonymous_body_bytes, size;
        );
        Ok(())
    }

    /// Of two rates of one currency, one would have no effect.
    fn check_rates(&self) -> Result<(), Failure> {
        let mut seen = BTreeSet::new();
        let twice = self.exchange_rate.iter().find(|rate| !seen.insert(&rate.0));
        match twice {
            None => Ok(()),
            Some(Rate(currency, _)) => Err(Failure::because(format!(
                "the exchange rate of {currency} is given twice: write one rate for each currency"
            ))),
        }
    }
}

/// A value that the sandbox can work with, by its own rule: options are checked before anything is
/// done, a file with everything else when the sandbox is built.
fn checked<T>(value: T, put: impl FnOnce(&mut Settings, &T)) -> Result<T, String> {
    let mut settings = Settings::default();
    put(&mut settings, &value);
    settings.check().map_err(|error| error.to_string())?;
    Ok(value)
}

fn currency(text: &str) -> Result<String, String> {
    checked(text.to_owned(), |settings, text| {
        settings.currency.clone_from(text);
    })
}

fn follow_up_delay(text: &str) -> Result<u64, String> {
    let delay: u64 = text.parse().map_err(|_| "write a number of milliseconds")?;
    checked(delay, |settings, delay| {
        settings.follow_up_delay = Duration::from_millis(*delay);
    })
}

fn max_connections(text: &str) -> Result<u32, String> {
    let number: u32 = text.parse().map_err(|_| "write a number")?;
    checked(number, |settings, number| {
        settings.limits.connections = usize::try_from(*number).unwrap_or(usize::MAX);
    })
}

fn network(text: &str) -> Result<CardNetwork, String> {
    let known = CardNetwork::ALL
        .iter()
        .find(|network| network.as_str() == text);
    known
        .cloned()
        .ok_or_else(|| "the networks are visa and mastercard".to_owned())
}

fn fee(text: &str) -> Result<Decimal, String> {
    // As the contract writes amounts: without an exponent.
    let written = text.parse::<support::Decimal>().ok();
    let fee = written
        .and_then(|written| written.value())
        .filter(|fee| *fee >= Decimal::ZERO);
    fee.ok_or_else(|| "write an amount such as 0.01".to_owned())
}

fn parsed_list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: std::fmt::Display>,
{
    let texts = Vec::<String>::deserialize(deserializer)?;
    let parsed = texts
        .iter()
        .map(|text| text.parse().map_err(de::Error::custom));
    parsed.collect()
}

fn parsed_network<'de, D: Deserializer<'de>>(from: D) -> Result<Option<CardNetwork>, D::Error> {
    network(&String::deserialize(from)?)
        .map(Some)
        .map_err(de::Error::custom)
}

fn parsed_secret_file<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
    secret_in_file(&String::deserialize(from)?)
        .map(Some)
        .map_err(de::Error::custom)
}

fn parsed_database<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Database>, D::Error> {
    let parsed = String::deserialize(from)?.parse();
    parsed.map(Some).map_err(de::Error::custom)
}

fn parsed_fee<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
    fee(&String::deserialize(from)?)
        .map(Some)
        .map_err(de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_given_once() {
        let text = "exchange-rate = [\"USD=0.92\", \"USD=2\"]";
        let read = toml::from_str::<SettingOptions>(text).unwrap();
        assert!(read.apply(&mut Settings::default()).is_err());
        // The accounts' own currency may be named after it.
        assert!("EUR=1.1".parse::<Rate>().is_ok());
    }

    #[test]
    fn a_file_has_the_names_of_the_flags_and_an_unknown_one_is_shown_with_its_line() {
        let text = "follow-up-delay = 0\nexchange-rate = [\"USD=0.92\"]\nnetwork = \"mastercard\"\n\
                    network-fee = \"0.5\"\nallow-host = [\"sandbox.test\"]\nexplain = true\nphysical-cards = true\n\
                    listen = \"127.0.0.1:9000\"\ndatabase = \"sqlite:cards.db\"\n";
        let mut settings = Settings::default();
        let read = toml::from_str::<SettingOptions>(text).unwrap();
        assert_eq!(read.listen.map(|it| it.port()), Some(9000));
        assert!(read.apply(&mut settings).is_ok());
        assert_eq!(settings.database, Database::File("cards.db".into()));
        assert_eq!(settings.follow_up_delay, Duration::ZERO);
        assert_eq!(settings.exchange_rates["USD"], Decimal::new(92, 2));
        assert_eq!(settings.network, CardNetwork::Mastercard);
        assert_eq!(settings.network_fee, Decimal::new(5, 1));
        assert_eq!(settings.allowed_hosts.len(), 1);
        assert!(settings.explain && settings.physical_cards);
        for (wrong, expected) in [
            ("patience = 1\nfolow-up-delay = 1\n", "line 2"),
            ("network = \"amex\"\n", "visa and mastercard"),
            ("exchange-rate = [\"USD\"]\n", "USD=0.92"),
            ("control-token-file = \"/nowhere/token\"\n", "No such file"),
        ] {
            let error = toml::from_str::<SettingOptions>(wrong)
                .unwrap_err()
                .to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
