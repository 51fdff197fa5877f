//! One delivery's turn: it is sent or held back, and the outcome.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use offblocks_types::WebhookId;

use super::backoff;
use super::request::{Prepared, Signers};
use super::sender::Sender;
use crate::clock::later;
use crate::deliveries::{Attempt, AttemptOutcome};
use crate::store::outbox::{Decision, Due};
use crate::world::World;

/// The outcome of one delivery's turn.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub(super) seq: i64,
    /// The generation of deliveries that it is one of.
    pub(super) generation: u64,
    pub(super) webhook_id: WebhookId,
    pub(super) attempts: Vec<Attempt>,
    pub(super) decision: Decision,
    pub(super) now: DateTime<Utc>,
    /// How long the receiver had to respond.
    pub(super) patience: Duration,
}

impl Turn {
    /// One delivery's turn: it is sent, or held back, as the modes say.
    pub(super) async fn take(
        world: World,
        sender: Arc<Sender>,
        signers: Arc<Signers>,
        patience: Duration,
        due: Due,
        generation: u64,
    ) -> Self {
        let (now, modes) = (world.now(), world.webhooks.modes(due.webhook_id));
        let turn = |attempts, decision, now| Self {
            seq: due.seq,
            generation,
            webhook_id: due.webhook_id,
            attempts,
            decision,
            now,
            patience,
        };
        let due_at = later(due.since, modes.hold(due.event_seq));
        if due.attempts == 0 && due_at > now {
            return turn(Vec::new(), Decision::Postponed { due_at }, now);
        }
        if modes.drop {
            world.metrics.disturbed("drop");
            let reason = "dropped, as the subscription's mode says".to_owned();
            return turn(Vec::new(), Decision::Discarded { reason }, now);
        }
        let signed_at = world.surroundings.signing_clock.now();
        let mut attempts = Vec::new();
        let attempt = match Prepared::new(&due, &modes, &signers, signed_at) {
            Ok(prepared) => {
                let changed = (prepared.body != due.body).then(|| prepared.body.clone());
                let sent = async |request| {
                    let mut sent = sender.send(request, patience, now).await;
                    sent.body.clone_from(&changed);
                    sent
                };
                if modes.duplicate {
                    attempts.push(sent(prepared.clone()).await.disturbed(&modes));
                }
                sent(prepared).await
            }
            // The subscription may be given another URL until the next attempt.
            Err(error) => Attempt::unsent(now, due.url.clone(), error.to_string()),
        };
        let attempt = attempt.disturbed(&modes);
        let now = world.now();
        let window = world.settings.webhook_retry_window;
        let decision = decision(&due, &attempt.outcome, window, now);
        attempts.push(attempt);
        turn(attempts, decision, now)
    }

    /// How long the last attempt took, where it had no response.
    pub(super) fn silence(&self) -> Option<Duration> {
        let last = self.attempts.last()?;
        matches!(last.outcome, AttemptOutcome::Failed { .. }).then_some(last.duration)
    }

    /// Tells of a subscription that begins or ceases to fail. The URL is not told: it may hold a
    /// secret.
    pub(super) fn report(&self, failed: bool) {
        let webhook = self.webhook_id;
        if !failed {
            tracing::info!(%webhook, "deliveries to a subscription are acknowledged again");
            return;
        }
        match self.attempts.last().map(|attempt| &attempt.outcome) {
            Some(AttemptOutcome::Response { status, .. }) => tracing::warn!(
                %webhook, status, "deliveries to a subscription are not acknowledged"
            ),
            Some(AttemptOutcome::Failed { reason }) => tracing::warn!(
                %webhook, reason, "deliveries to a subscription fail"
            ),
            None => {}
        }
    }
}

fn decision(due: &Due, outcome: &AttemptOutcome, window: Duration, now: DateTime<Utc>) -> Decision {
    if outcome.is_acknowledged() {
        return Decision::Delivered;
    }
    let attempts = due.attempts + 1;
    let jitter = backoff::jitter(due.seq, due.event_id, attempts);
    match backoff::next(attempts, due.since, window, now, jitter) {
        Some(due_at) => Decision::Retry { due_at },
        None => Decision::Discarded {
            reason: format!("not acknowledged within {window:?}, in {attempts} attempts"),
        },
    }
}
