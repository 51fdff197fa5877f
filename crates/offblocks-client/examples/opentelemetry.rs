//! Measures attempts with OpenTelemetry, under its semantic names for HTTP clients.
//!
//! A program gives its provider an exporter (OTLP and others). The one of this example keeps what it
//! is given in memory.
//!
//! `cargo run -p offblocks-client --example opentelemetry`

#![expect(clippy::print_stdout, reason = "an example may print")]

mod sandbox;

use std::error::Error;

use offblocks_client::AfterResponse;
use opentelemetry::metrics::{Histogram, MeterProvider as _};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, SdkMeterProvider};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let exporter = InMemoryMetricExporter::default();
    let provider = SdkMeterProvider::builder()
        .with_periodic_exporter(exporter.clone())
        .build();
    let durations = provider
        .meter("offblocks-client")
        .f64_histogram("http.client.request.duration")
        .with_unit("s")
        .build();

    let handle = sandbox::start().await?;
    let builder = sandbox::builder(&handle).after_response(move |ended| record(&durations, ended));
    let client = sandbox::client(builder).await?;
    client.get_chains().await?;

    provider.force_flush()?;
    let count = attempts(&exporter, "/chains")?;
    println!("{count} attempt of getChains");
    match count {
        1 => Ok(()),
        other => Err(format!("one attempt of getChains is expected, not {other}").into()),
    }
}

/// One attempt, with the attributes that the conventions ask for. No identifier is in them.
fn record(durations: &Histogram<f64>, ended: &AfterResponse<'_>) {
    let mut attributes = vec![
        KeyValue::new("http.request.method", ended.operation.method),
        KeyValue::new("url.template", ended.operation.path),
        KeyValue::new("offblocks.operation", ended.operation.id),
    ];
    match (ended.status, ended.error) {
        (Some(status), _) => attributes.push(KeyValue::new(
            "http.response.status_code",
            i64::from(status.as_u16()),
        )),
        (None, Some(error)) => {
            attributes.push(KeyValue::new("error.type", error.kind().as_str()));
        }
        (None, None) => {}
    }
    durations.record(ended.took.as_secs_f64(), &attributes);
}

/// How many attempts of a path were exported.
fn attempts(exporter: &InMemoryMetricExporter, path: &str) -> Result<u64, Box<dyn Error>> {
    let mut count = 0;
    for resource in exporter.get_finished_metrics()? {
        for metric in resource.scope_metrics().flat_map(|scope| scope.metrics()) {
            if let AggregatedMetrics::F64(MetricData::Histogram(histogram)) = metric.data() {
                let template = |attribute: &KeyValue| {
                    attribute.key.as_str() == "url.template"
                        && attribute.value == Value::from(path.to_owned())
                };
                let points = histogram.data_points();
                let own = points.filter(|point| point.attributes().any(template));
                count += own.map(|point| point.count()).sum::<u64>();
            }
        }
    }
    Ok(count)
}
