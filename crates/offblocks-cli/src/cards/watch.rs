//! `offblocks cards watch`: the states of a card as they come.

use std::process::ExitCode;
use std::time::Duration;

use offblocks_cards::rules::{CardState, Lifecycle as _};
use offblocks_cards::{CardTrack, Gap, Observation, Timer as _, TokioTimer};
use offblocks_types::Card;
use serde_json::json;

use super::check::print;
use crate::arguments::Watch;
use crate::failure::Failure;

/// What a look at the card means for the watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// There may be more to see.
    GoOn,
    /// The card is in the state that was asked for, or no state follows.
    Reached,
    /// The state that was asked for cannot be reached any more.
    Missed,
}

/// Polls the card until nothing more is to be seen, and prints each change.
pub(super) async fn run(options: &Watch) -> Result<ExitCode, Failure> {
    let cards = super::cards(&options.api)?;
    let timer = TokioTimer::new();
    let mut track = CardTrack::new(options.card);
    loop {
        match cards.get(options.card).await {
            Ok(seen) => {
                let card = seen.card();
                if let Observation::Changed(change) = track.observe(card) {
                    let missed = match change.gap {
                        Gap::Missed(states) => states,
                        _ => Vec::new(),
                    };
                    show(options, card, &missed)?;
                }
                match verdict(seen.state(), options.until) {
                    Verdict::GoOn => {}
                    Verdict::Reached => return Ok(ExitCode::SUCCESS),
                    Verdict::Missed => return Ok(ExitCode::from(100)),
                }
            }
            Err(error) if error.is_retryable() => {}
            Err(error) => return Err(Failure::of_call(&error).after("the card cannot be read")),
        }
        let left = options.timeout;
        let left = left.map(|timeout| timeout.saturating_sub(timer.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            return Ok(ExitCode::from(3));
        }
        let pause = options.interval.min(left.unwrap_or(Duration::MAX));
        tokio::select! {
            () = timer.sleep(pause) => {}
            _ = tokio::signal::ctrl_c() => return Ok(ExitCode::from(3)),
        }
    }
}

/// What a state means. A state that this version does not know may become any other.
fn verdict(state: Option<CardState>, until: Option<CardState>) -> Verdict {
    match (state, until) {
        (None, _) => Verdict::GoOn,
        (Some(state), Some(until)) if state == until => Verdict::Reached,
        (Some(state), Some(until)) if !state.can_become(until) => Verdict::Missed,
        (Some(state), None) if state.is_final() => Verdict::Reached,
        _ => Verdict::GoOn,
    }
}

fn show(options: &Watch, card: &Card, missed: &[CardState]) -> Result<(), Failure> {
    let missed: Vec<&str> = missed.iter().map(|state| state.as_str()).collect();
    if options.api.json {
        let line = json!({
            "card": card.id,
            "status": card.status,
            "updatedAt": card.updated_at,
            "missed": missed,
        });
        return print(&line.to_string());
    }
    let at = card.updated_at.format("%Y-%m-%d %H:%M:%S");
    let between = match missed.is_empty() {
        true => String::new(),
        false => format!(" (not seen in between: {})", missed.join(", ")),
    };
    print(&format!("{at}  {}{between}", line(card)))
}

/// A card in one line. Its number is masked, as the API sends it.
pub(super) fn line(card: &Card) -> String {
    let mut more = Vec::new();
    more.extend(card.network.as_ref().map(ToString::to_string));
    more.extend(card.masked_pan.clone());
    more.extend(card.expiration_date.clone());
    let more = match more.is_empty() {
        true => String::new(),
        false => format!(" ({})", more.join(", ")),
    };
    format!("the card {} is {}{more}", card.id, card.status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_ends_where_nothing_more_can_come() {
        use CardState::{Active, Inactive, IssueFailed, Issuing, Terminated};
        for (state, until, expected) in [
            (Some(Issuing), None, Verdict::GoOn),
            (Some(Active), None, Verdict::GoOn),
            (Some(Terminated), None, Verdict::Reached),
            (Some(Issuing), Some(Active), Verdict::GoOn),
            (Some(Active), Some(Active), Verdict::Reached),
            (Some(Inactive), Some(Active), Verdict::GoOn),
            (Some(IssueFailed), Some(Active), Verdict::Missed),
            (None, Some(Active), Verdict::GoOn),
        ] {
            assert_eq!(verdict(state, until), expected, "{state:?} until {until:?}");
        }
    }
}
