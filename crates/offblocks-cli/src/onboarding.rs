//! `offblocks customers onboard` and `offblocks accounts open`.

use std::process::ExitCode;

use offblocks_cards::{Entity, LocalWallet, OnboardingError, PollingPolicy, WaitError};
use serde::Serialize;

use crate::arguments::onboarding::{
    AccountsCommand, CustomersCommand, Onboard, OnboardingCommand, OpenAccount, WalletOptions,
};
use crate::cards::{cards, print};
use crate::failure::{Failure, chain};
use crate::secret_file::secret_in_file;

/// Runs a command on customers or accounts.
pub(crate) async fn run(command: OnboardingCommand) -> Result<ExitCode, Failure> {
    match command {
        OnboardingCommand::Customers(CustomersCommand::Onboard(options)) => onboard(&options).await,
        OnboardingCommand::Accounts(AccountsCommand::Open(options)) => open(&options).await,
    }
}

async fn onboard(options: &Onboard) -> Result<ExitCode, Failure> {
    let wallet = wallet(&options.wallet)?;
    let cards = cards(&options.wallet.api)?;
    let onboarding = match (&options.external_id, options.resume) {
        (_, Some(customer)) => cards.resume_onboarding(&wallet, customer),
        (Some(external_id), None) => cards.onboard(&wallet, external_id),
        // clap asks for one of the two.
        (None, None) => return Err(Failure::because("give --external-id, or --resume")),
    };
    let onboarding = onboarding.policy(policy(&options.wallet));
    let onboarded = match options.simulate {
        true => onboarding.simulate_verification().await,
        false => onboarding.await,
    };
    match onboarded {
        Ok(customer) => ended(&options.wallet, "customer", &customer),
        Err(error) => not_active(&error),
    }
}

async fn open(options: &OpenAccount) -> Result<ExitCode, Failure> {
    let wallet = wallet(&options.wallet)?;
    let cards = cards(&options.wallet.api)?;
    let opening = match (options.customer, options.resume) {
        (_, Some(account)) => cards.resume_opening(account, &wallet),
        (Some(customer), None) => cards.open_account(customer, &wallet, &options.currency),
        // clap asks for one of the two.
        (None, None) => return Err(Failure::because("give --customer, or --resume")),
    };
    match opening.policy(policy(&options.wallet)).await {
        Ok(account) => ended(&options.wallet, "account", &account),
        Err(error) => not_active(&error),
    }
}

fn policy(options: &WalletOptions) -> PollingPolicy {
    PollingPolicy::default().with_timeout(options.timeout)
}

fn wallet(options: &WalletOptions) -> Result<LocalWallet, Failure> {
    let what = format!("the wallet in {} cannot be used", options.file);
    let text = secret_in_file(&options.file);
    let text = text.map_err(|error| Failure::because(format!("{what}: {error}")))?;
    let secret = secret(text.expose()).ok_or_else(|| {
        Failure::because(format!(
            "{what}: write the private key as 64 hexadecimal digits"
        ))
    })?;
    LocalWallet::new(&secret, &options.chain).map_err(|error| Failure::new(&what, error))
}

/// A key of 64 hexadecimal digits, with or without `0x` before them.
fn secret(text: &str) -> Option<[u8; 32]> {
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut secret = [0; 32];
    for (byte, pair) in secret.iter_mut().zip(digits.chunks(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        // The parser of numbers would take a sign.
        if !pair.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(secret)
}

fn ended<E: Entity + Serialize>(
    options: &WalletOptions,
    name: &str,
    entity: &E,
) -> Result<ExitCode, Failure> {
    let text = match options.api.json {
        true => {
            let document = serde_json::to_string(entity);
            document.map_err(|error| Failure::new("the response cannot be shown", error))?
        }
        false => format!("the {name} {} is {}", entity.id(), entity.status()),
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// What was not reached: an exit code of its own where the entity says so, else a failure.
fn not_active(error: &OnboardingError) -> Result<ExitCode, Failure> {
    let inner = match error {
        OnboardingError::Customer { error, .. } | OnboardingError::Account { error, .. } => error,
        error => error,
    };
    let code = match inner {
        OnboardingError::CustomerState(error) => state_code(error),
        OnboardingError::AccountState(error) => state_code(error),
        _ => None,
    };
    let call = match inner {
        OnboardingError::Call(call)
        | OnboardingError::CustomerState(WaitError::Call(call))
        | OnboardingError::AccountState(WaitError::Call(call)) => Some(call),
        _ => None,
    };
    let text = chain(error);
    match (code, call) {
        (Some(code), _) => {
            crate::cards::say(&text);
            Ok(code)
        }
        (None, Some(call)) => Err(Failure::of_call(call).saying(text)),
        (None, None) => Err(Failure::because(text)),
    }
}

fn state_code<E: Entity>(error: &WaitError<E>) -> Option<ExitCode> {
    match error {
        WaitError::Unreachable { .. } => Some(ExitCode::from(100)),
        WaitError::Deadline { .. } => Some(ExitCode::from(3)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        let digits = "0f".repeat(32);
        assert_eq!(secret(&digits), Some([15; 32]));
        assert_eq!(secret(&format!("0x{digits}")), Some([15; 32]));
        let signed = format!("+f{}", "0f".repeat(31));
        for text in ["", "0x", &digits[1..], &signed, &"é".repeat(32)] {
            assert_eq!(secret(text), None, "{text}");
        }
    }
}
