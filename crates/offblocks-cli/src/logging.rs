//! Where `tracing` events go: to the error stream, and to a recorder of calls where there is one.

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, Registry};

use crate::paint::Paint;

/// How much is logged, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Log {
    /// How often `--verbose` was given.
    pub(crate) verbosity: u8,
    /// Colours for the error stream.
    pub(crate) paint: Paint,
}

/// Sends events to the error stream.
pub(crate) fn start(log: Log) {
    Registry::default().with(stderr(log)).init();
}

/// The same, and sends them to `recorder` too.
pub(crate) fn start_with(recorder: impl Layer<Registry> + Send + Sync, log: Log) {
    Registry::default().with(recorder).with(stderr(log)).init();
}

fn stderr<S>(log: Log) -> impl Layer<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let all = Targets::new().with_default(LevelFilter::WARN);
    let filter = match log.verbosity {
        0 => all,
        1 => all
            .with_target("offblocks_client", LevelFilter::DEBUG)
            .with_target("offblocks_sandbox", LevelFilter::DEBUG)
            .with_target("offblocks_server", LevelFilter::DEBUG),
        _ => Targets::new().with_default(LevelFilter::TRACE),
    };
    let spans = if log.verbosity == 0 {
        FmtSpan::NONE
    } else {
        FmtSpan::CLOSE
    };
    tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(log.paint.is_coloured())
        .with_span_events(spans)
        .with_filter(filter)
}
