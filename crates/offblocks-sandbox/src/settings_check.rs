//! Which settings a sandbox can work with: one rule for options, files and programs.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use rust_decimal::Decimal;

use crate::domain::ledger;
use crate::secrets::LEAST_ANONYMOUS_BODY;
use crate::settings::{HostName, Settings};

/// A setting that is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

impl SettingsError {
    /// What is wrong with a setting, by the name that options and files have for it.
    fn of(name: &str, value: impl fmt::Debug, rule: &str) -> Self {
        Self(format!("the setting `{name}` is {value:?}: {rule}"))
    }
}

/// A duration as it is given: in milliseconds, or in seconds.
struct Shown(Duration);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.subsec_nanos() {
            0 if !self.0.is_zero() => write!(f, "{} s", self.0.as_secs()),
            _ => write!(f, "{} ms", self.0.as_millis()),
        }
    }
}

/// The longest delay of automatic steps.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest lifetime: what the last clock makes expires within the calendar of RFC 3339.
const LONGEST_LIFETIME: Duration = Duration::from_secs(u32::MAX as u64);

/// The longest that clients and receivers are waited for.
const LONGEST_WAIT: Duration = Duration::from_millis(u32::MAX as u64);

impl Settings {
    /// Checks these settings. Building a sandbox checks them too.
    ///
    /// # Errors
    /// The first setting that is not valid, and what to write instead.
    pub fn check(&self) -> Result<(), SettingsError> {
        self.check_times()?;
        self.check_currencies()?;
        self.check_limits()?;
        self.check_webhook_hosts()?;
        if self.cardholder.trim().is_empty() {
            let rule = "write the name on cards, such as Test Cardholder";
            return Err(SettingsError::of("cardholder", &self.cardholder, rule));
        }
        let domain: Result<HostName, _> = self.challenge_domain.parse();
        domain.map_err(|error| {
            let rule = error.to_string();
            SettingsError::of("challenge-domain", &self.challenge_domain, &rule)
        })?;
        ledger::check_settings(self).map_err(SettingsError)
    }

    fn check_times(&self) -> Result<(), SettingsError> {
        if self.follow_up_delay > DAY {
            let (name, delay) = ("follow-up-delay", self.follow_up_delay);
            return Err(SettingsError::of(name, Shown(delay), "write a day at most"));
        }
        for (name, lifetime) in [
            ("token-lifetime", self.token_lifetime),
            ("challenge-lifetime", self.challenge_lifetime),
        ] {
            if lifetime < SECOND {
                let rule = "write 1 second at least: what is issued would be expired at once";
                return Err(SettingsError::of(name, Shown(lifetime), rule));
            }
        }
        for (name, lifetime) in [
            ("token-lifetime", self.token_lifetime),
            ("challenge-lifetime", self.challenge_lifetime),
            ("idempotency-lifetime", self.idempotency_lifetime),
            ("webhook-retry-window", self.webhook_retry_window),
        ] {
            if lifetime > LONGEST_LIFETIME {
                let rule = "write 4294967295 seconds at most";
                return Err(SettingsError::of(name, Shown(lifetime), rule));
            }
        }
        let limits = &self.limits;
        for (name, wait, shortest) in [
            ("patience", self.patience, Duration::ZERO),
            ("webhook-timeout", self.webhook_timeout, MILLISECOND),
            ("head-timeout", limits.head_timeout, MILLISECOND),
            ("idle-timeout", limits.idle_timeout, MILLISECOND),
            ("body-timeout", limits.body_timeout, MILLISECOND),
            ("body-idle-timeout", limits.body_idle_timeout, MILLISECOND),
        ] {
            if wait < shortest || wait > LONGEST_WAIT {
                let shortest = Shown(shortest);
                let rule = format!("write {shortest:?} at least and 4294967295 ms at most");
                return Err(SettingsError::of(name, Shown(wait), &rule));
            }
        }
        Ok(())
    }

    fn check_currencies(&self) -> Result<(), SettingsError> {
        const RULE: &str = "a currency is three capital letters (ISO 4217), such as USD";
        if !is_currency(&self.currency) {
            return Err(SettingsError::of("currency", &self.currency, RULE));
        }
        for (currency, rate) in &self.exchange_rates {
            if !is_currency(currency) {
                return Err(SettingsError::of("exchange-rate", currency, RULE));
            }
            if *currency == self.currency {
                let rule =
                    "it is the currency of accounts, a unit of which is worth one: leave it out";
                return Err(SettingsError::of("exchange-rate", currency, rule));
            }
            if *rate <= Decimal::ZERO {
                let rule = "a unit is worth more than zero";
                let rate = format!("{currency}={rate}");
                return Err(SettingsError::of("exchange-rate", rate, rule));
            }
        }
        Ok(())
    }

    /// A host of another form equals the host of no URL.
    fn check_webhook_hosts(&self) -> Result<(), SettingsError> {
        for host in &self.allow_webhook_hosts {
            if host.parse::<HostName>().is_err() && host.parse::<IpAddr>().is_err() {
                let rule = "write a name or an IP address without scheme and port, such as \
                            hooks.test or 192.0.2.7";
                return Err(SettingsError::of("allow-webhook-host", host, rule));
            }
        }
        Ok(())
    }

    fn check_limits(&self) -> Result<(), SettingsError> {
        let limits = &self.limits;
        if limits.connections == 0 {
            let rule = "write one at least: without connections no call arrives";
            return Err(SettingsError::of("max-connections", 0, rule));
        }
        if limits.anonymous_body_bytes < LEAST_ANONYMOUS_BODY {
            let rule = format!(
                "write {LEAST_ANONYMOUS_BODY} at least: a call for a token has a secret in its body"
            );
            return Err(SettingsError::of(
                "max-anonymous-body-bytes",
                limits.anonymous_body_bytes,
                &rule,
            ));
        }
        if limits.body_bytes < limits.anonymous_body_bytes {
            let rule = format!(
                "write as much as `max-anonymous-body-bytes` at least, which is {}",
                limits.anonymous_body_bytes
            );
            return Err(SettingsError::of(
                "max-body-bytes",
                limits.body_bytes,
                &rule,
            ));
        }
        Ok(())
    }
}

const SECOND: Duration = Duration::from_secs(1);

const MILLISECOND: Duration = Duration::from_millis(1);

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_sandbox_can_work_with_is_named() {
        type Change = fn(&mut Settings);
        let wrong: [(&str, Change); 18] = [
            ("token-lifetime", |it| it.token_lifetime = Duration::ZERO),
            ("challenge-lifetime", |it| {
                it.challenge_lifetime = Duration::ZERO;
            }),
            ("exchange-rate", |it| {
                it.exchange_rates.insert("EUR".to_owned(), Decimal::TWO);
            }),
            ("allow-webhook-host", |it| {
                it.allow_webhook_hosts.insert("http://x".to_owned());
            }),
            ("follow-up-delay", |it| it.follow_up_delay = Duration::MAX),
            ("token-lifetime", |it| it.token_lifetime = Duration::MAX),
            ("webhook-retry-window", |it| {
                it.webhook_retry_window = Duration::MAX;
            }),
            ("patience", |it| it.patience = Duration::MAX),
            ("head-timeout", |it| it.limits.head_timeout = Duration::ZERO),
            ("currency", |it| it.currency = "eur".to_owned()),
            ("currency", |it| it.currency = "XXXX".to_owned()),
            ("currency", |it| it.currency = String::new()),
            ("cardholder", |it| it.cardholder = " ".to_owned()),
            ("exchange-rate", |it| {
                it.exchange_rates.insert("USD".to_owned(), Decimal::ZERO);
            }),
            ("max-connections", |it| it.limits.connections = 0),
            ("max-anonymous-body-bytes", |it| {
                it.limits.anonymous_body_bytes = 100;
            }),
            ("max-body-bytes", |it| it.limits.body_bytes = 1),
            ("challenge-domain", |it| {
                it.challenge_domain = "a b".to_owned();
            }),
        ];
        Settings::default().check().unwrap();
        for (name, change) in wrong {
            let mut settings = Settings::default();
            change(&mut settings);
            let said = settings.check().unwrap_err().to_string();
            assert!(said.contains(&format!("`{name}`")), "{name}: {said}");
        }
    }
}
