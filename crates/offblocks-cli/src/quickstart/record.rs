//! The calls that the client really made, from its `tracing` spans: one for each attempt.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// The span that `offblocks-client` opens around every attempt of a call.
const SPAN: &str = "offblocks.attempt";

/// A call that was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) method: String,
    /// The path, with the values known for its parameters.
    pub(super) path: String,
    /// The status, where a response came.
    pub(super) status: Option<u64>,
    /// How often the same call was made in a row, because something was waited for.
    pub(super) times: u32,
}

/// Records the client's spans.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Recorded>>);

#[derive(Debug, Default)]
struct Recorded {
    calls: Vec<Call>,
    /// The prefix of every path of the contract.
    base_path: String,
    /// Values of path parameters.
    known: BTreeMap<&'static str, String>,
}

impl Recorder {
    /// Every path begins with this.
    pub(super) fn base_path(&self, path: &str) {
        self.with(|recorded| {
            path.trim_end_matches('/')
                .clone_into(&mut recorded.base_path)
        });
    }

    /// From now on `{parameter}` in paths is this value.
    pub(super) fn learn(&self, parameter: &'static str, value: impl fmt::Display) {
        self.with(|recorded| drop(recorded.known.insert(parameter, value.to_string())));
    }

    /// The calls made since the last call of this function. Equal calls in a row become one.
    pub(super) fn take(&self) -> Vec<Call> {
        self.with(|recorded| {
            let mut merged: Vec<Call> = Vec::new();
            for mut call in std::mem::take(&mut recorded.calls) {
                call.path = recorded.fill(&call.path);
                match merged.last_mut() {
                    Some(last) if last.is_repeated_by(&call) => last.times += 1,
                    _ => merged.push(call),
                }
            }
            merged
        })
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Recorded) -> T) -> T {
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Recorded {
    fn fill(&self, template: &str) -> String {
        let filled = self
            .known
            .iter()
            .fold(template.to_owned(), |path, (parameter, value)| {
                path.replace(&format!("{{{parameter}}}"), value)
            });
        format!("{}{filled}", self.base_path)
    }
}

impl Call {
    fn is_repeated_by(&self, other: &Self) -> bool {
        (&self.method, &self.path, self.status) == (&other.method, &other.path, other.status)
    }
}

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().name() != SPAN {
            return;
        }
        let mut call = Call {
            times: 1,
            ..Call::default()
        };
        attributes.record(&mut Reader(&mut call));
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(call);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(call) = span.extensions_mut().get_mut::<Call>()
        {
            values.record(&mut Reader(call));
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        let Some(call) = span.extensions_mut().remove::<Call>() else {
            return;
        };
        self.with(|recorded| recorded.calls.push(call));
    }
}

/// Reads a span's fields into a call.
struct Reader<'a>(&'a mut Call);

impl Visit for Reader<'_> {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "http.response.status_code" {
            self.0.status = Some(value);
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "http.request.method" => value.clone_into(&mut self.0.method),
            "url.template" => value.clone_into(&mut self.0.path),
            _ => (),
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::layer::SubscriberExt as _;

    #[test]
    fn spans_of_the_client_become_calls() {
        let recorder = Recorder::default();
        recorder.base_path("/v1/");
        let subscriber = tracing_subscriber::registry().with(recorder.clone());
        tracing::subscriber::with_default(subscriber, || {
            for _ in 0..3 {
                let empty = tracing::field::Empty;
                let (method, path) = ("GET", "/cards/{cardId}");
                let span = tracing::info_span!(
                    "offblocks.attempt",
                    http.request.method = method,
                    url.template = path,
                    http.response.status_code = empty
                );
                span.record("http.response.status_code", 200_u16);
            }
            let _other = tracing::info_span!(
                "another",
                http.request.method = "PUT",
                url.template = "/nothing"
            );
        });
        recorder.learn("cardId", 7);
        let expected = Call {
            method: "GET".to_owned(),
            path: "/v1/cards/7".to_owned(),
            status: Some(200),
            times: 3,
        };
        assert_eq!(recorder.take(), [expected]);
        assert_eq!(recorder.take(), []);
    }

    #[test]
    fn a_call_that_got_no_token_was_not_made() {
        let recorder = Recorder::default();
        let subscriber = tracing_subscriber::registry().with(recorder.clone());
        tracing::subscriber::with_default(subscriber, || {
            let put = tracing::info_span!("offblocks", offblocks.operation = "put");
            let _entered = put.enter();
            let token = tracing::info_span!("offblocks", offblocks.operation = "getToken");
            let _entered = token.enter();
            drop(tracing::info_span!(
                "offblocks.attempt",
                http.request.method = "POST",
                url.template = "/b",
                http.response.status_code = 401_u16
            ));
        });
        let calls = recorder.take();
        let paths: Vec<_> = calls.iter().map(|call| call.path.as_str()).collect();
        assert_eq!(paths, ["/b"]);
    }
}
