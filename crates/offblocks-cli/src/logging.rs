//! Where `tracing` goes: to the error stream when asked, and to whoever records calls.

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, Registry};

/// Sends events to the error stream, as many as `verbosity` says.
pub(crate) fn start(verbosity: u8) {
    Registry::default().with(stderr(verbosity)).init();
}

/// The same, and lets `recorder` listen too.
pub(crate) fn start_with(recorder: impl Layer<Registry> + Send + Sync, verbosity: u8) {
    Registry::default()
        .with(recorder)
        .with(stderr(verbosity))
        .init();
}

fn stderr<S>(verbosity: u8) -> impl Layer<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let all = Targets::new().with_default(LevelFilter::WARN);
    let filter = match verbosity {
        0 => all,
        1 => all
            .with_target("offblocks_client", LevelFilter::DEBUG)
            .with_target("offblocks_sandbox", LevelFilter::DEBUG)
            .with_target("offblocks_server", LevelFilter::DEBUG),
        _ => Targets::new().with_default(LevelFilter::TRACE),
    };
    let spans = if verbosity == 0 {
        FmtSpan::NONE
    } else {
        FmtSpan::CLOSE
    };
    tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_span_events(spans)
        .with_filter(filter)
}
