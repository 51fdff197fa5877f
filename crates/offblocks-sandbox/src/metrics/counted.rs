//! What is counted as it happens.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::deliveries::{Attempt, AttemptOutcome, DeliveryModes};

/// What every figure's name begins with.
pub(super) const PREFIX: &str = "offblocks_sandbox";

/// Upper bounds of durations, in seconds.
const BUCKETS: [f64; 12] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// The operation of requests that the contract does not know.
const NO_OPERATION: &str = "none";

/// What is counted as it happens.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<OperationLabels, Histogram, fn() -> Histogram>,
    deliveries: Family<DeliveryLabels, Counter>,
    modes: Family<ModeLabels, Counter>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    operation: &'static str,
    /// `none` where the client hung up before there was a response, or a fault kept it back.
    status: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OperationLabels {
    operation: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct DeliveryLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ModeLabels {
    mode: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let requests = Family::<RequestLabels, Counter>::default();
        let durations = Family::new_with_constructor(histogram as fn() -> Histogram);
        let deliveries = Family::<DeliveryLabels, Counter>::default();
        let help = "Requests to the API by operation and status of the response";
        registry.register("requests", help, requests.clone());
        let help = "From the head of a request to the last byte of its response";
        registry.register_with_unit("request_duration", help, Unit::Seconds, durations.clone());
        let help = "Attempts to deliver webhooks by outcome";
        registry.register("delivery_attempts", help, deliveries.clone());
        let modes = Family::<ModeLabels, Counter>::default();
        let help = "What modes did to deliveries on purpose, by mode";
        registry.register("delivery_modes", help, modes.clone());
        Self {
            registry,
            requests,
            durations,
            deliveries,
            modes,
        }
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    /// Counts a request.
    pub(crate) fn requested(
        &self,
        operation: Option<&'static str>,
        status: Option<u16>,
        duration: Duration,
    ) {
        let operation = operation.unwrap_or(NO_OPERATION);
        let status = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
        let labels = RequestLabels { operation, status };
        self.requests.get_or_create(&labels).inc();
        let durations = self.durations.get_or_create(&OperationLabels { operation });
        durations.observe(duration.as_secs_f64());
    }

    /// Counts an attempt to deliver a webhook, and what disturbed it.
    pub(crate) fn attempted(&self, attempt: &Attempt) {
        let outcome = match &attempt.outcome {
            outcome if outcome.is_acknowledged() => "acknowledged",
            AttemptOutcome::Response { .. } => "rejected",
            AttemptOutcome::Failed { .. } => "failed",
        };
        let labels = DeliveryLabels { outcome };
        self.deliveries.get_or_create(&labels).inc();
        let modes = attempt.modes.iter();
        for mode in modes.flat_map(DeliveryModes::labels) {
            self.disturbed(mode);
        }
    }

    /// Counts what a mode did to a delivery.
    pub(crate) fn disturbed(&self, mode: &'static str) {
        self.modes.get_or_create(&ModeLabels { mode }).inc();
    }

    /// The text that Prometheus reads (version 0.0.4 of its format).
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = prometheus_text::encode(&mut text, &self.registry);
        text
    }
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::deliveries::SignatureMode;

    #[test]
    fn requests_are_counted_by_operation_and_status() {
        let metrics = Metrics::default();
        let brief = Duration::from_micros(700);
        metrics.requested(Some("getCards"), Some(200), brief);
        metrics.requested(Some("getCards"), Some(200), brief);
        metrics.requested(None, None, brief);
        let url = "http://127.0.0.1:9000/hooks".parse().unwrap();
        let mut attempt = Attempt::unsent(DateTime::UNIX_EPOCH, url, String::new());
        attempt.outcome = AttemptOutcome::Response {
            status: 500,
            excerpt: String::new(),
        };
        let modes = DeliveryModes {
            duplicate: true,
            signature: SignatureMode::Stale,
            ..DeliveryModes::default()
        };
        metrics.attempted(&attempt.disturbed(&modes));
        let text = metrics.text();
        for line in [
            "offblocks_sandbox_requests_total{operation=\"getCards\",status=\"200\"} 2",
            "offblocks_sandbox_requests_total{operation=\"none\",status=\"none\"} 1",
            "offblocks_sandbox_request_duration_seconds_count{operation=\"getCards\"} 2",
            "offblocks_sandbox_delivery_attempts_total{outcome=\"rejected\"} 1",
            "offblocks_sandbox_delivery_modes_total{mode=\"duplicate\"} 1",
            "offblocks_sandbox_delivery_modes_total{mode=\"signature_stale\"} 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
    }
}
