//! Counts attempts and measures their time with the `metrics` crate.
//!
//! A program installs the recorder of its exporter (`metrics-exporter-prometheus` and others). The
//! recorder of this example counts in memory.
//!
//! `cargo run -p offblocks-client --example metrics`

#![expect(clippy::print_stdout, reason = "an example may print")]

mod sandbox;

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit, counter,
    histogram, with_local_recorder,
};
use offblocks_client::AfterResponse;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let recorder = InMemory::default();
    let kept = recorder.clone();
    let handle = sandbox::start().await?;
    // A program that has installed a global recorder gives `record` itself.
    let builder = sandbox::builder(&handle)
        .after_response(move |ended| with_local_recorder(&kept, || record(ended)));
    let client = sandbox::client(builder).await?;
    client.get_chains().await?;
    client.get_assets().await?;

    let counters = recorder.counters();
    for (name, count) in &counters {
        println!("{name} {count}");
    }
    let expected = "offblocks_attempts_total{operation=getChains, outcome=200}";
    match counters.get(expected) {
        Some(1) => Ok(()),
        other => Err(format!("one attempt of getChains is expected, not {other:?}").into()),
    }
}

/// One attempt. The labels are few and known beforehand: no identifier is in them.
fn record(ended: &AfterResponse<'_>) {
    let outcome = match (ended.status, ended.error) {
        (Some(status), _) => status.as_str().to_owned(),
        (None, Some(error)) => error.kind().as_str().to_owned(),
        (None, None) => "none".to_owned(),
    };
    let operation = ended.operation.id;
    counter!("offblocks_attempts_total", "operation" => operation, "outcome" => outcome)
        .increment(1);
    histogram!("offblocks_attempt_seconds", "operation" => operation).record(ended.took);
}

/// A recorder that keeps counters in memory.
#[derive(Clone, Default)]
struct InMemory(Arc<Mutex<BTreeMap<String, Arc<AtomicU64>>>>);

impl InMemory {
    fn counters(&self) -> BTreeMap<String, u64> {
        let counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = |(name, count): (&String, &Arc<AtomicU64>)| {
            (name.clone(), count.load(Ordering::Relaxed))
        };
        counters.iter().map(read).collect()
    }
}

impl Recorder for InMemory {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let labels: Vec<String> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        let name = format!("{}{{{}}}", key.name(), labels.join(", "));
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Counter::from_arc(counters.entry(name).or_default().clone())
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
