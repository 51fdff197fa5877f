//! What is read from the database when the figures are asked for.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::{EncodeLabelSet, prometheus_text};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use super::counted::PREFIX;

/// What the database holds at the moment.
#[derive(Debug, Default)]
pub(crate) struct Gauges {
    /// Entities by kind and state.
    pub(crate) entities: Vec<(&'static str, String, u64)>,
    /// Deliveries of webhooks that wait.
    pub(crate) deliveries_waiting: u64,
    /// Steps that happen by themselves and wait for their time.
    pub(crate) steps_waiting: u64,
    /// Commits since the start.
    pub(crate) commits: u64,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct EntityLabels {
    kind: &'static str,
    state: String,
}

impl Gauges {
    /// The text that Prometheus reads (version 0.0.4 of its format).
    pub(crate) fn text(&self) -> String {
        let mut registry = Registry::with_prefix(PREFIX);
        let entities = Family::<EntityLabels, Gauge<u64, AtomicU64>>::default();
        for (kind, state, count) in &self.entities {
            let labels = EntityLabels {
                kind,
                state: state.clone(),
            };
            entities.get_or_create(&labels).set(*count);
        }
        registry.register("entities", "Entities by kind and state", entities);
        let waiting = ConstGauge::new(self.deliveries_waiting);
        let help = "Deliveries of webhooks that wait to be sent";
        registry.register("deliveries_waiting", help, waiting);
        let waiting = ConstGauge::new(self.steps_waiting);
        let help = "Steps that happen by themselves and wait for their time";
        registry.register("steps_waiting", help, waiting);
        let commits = ConstCounter::new(self.commits);
        registry.register("store_commits", "Commits of the database", commits);
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = prometheus_text::encode(&mut text, &registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_shown_by_state() {
        let gauges = Gauges {
            entities: vec![("card", "active".to_owned(), 3)],
            deliveries_waiting: 2,
            steps_waiting: 1,
            commits: 9,
        };
        let text = gauges.text();
        for line in [
            "offblocks_sandbox_entities{kind=\"card\",state=\"active\"} 3",
            "offblocks_sandbox_deliveries_waiting 2",
            "offblocks_sandbox_steps_waiting 1",
            "offblocks_sandbox_store_commits_total 9",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
    }
}
