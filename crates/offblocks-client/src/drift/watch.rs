//! Reports the drift that one client finds, and remembers what it has logged.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use http::StatusCode;
use serde_json::Value;
use tracing::Level;

use super::event::{Drift, DriftKind, TARGET};
use super::inspect::{DriftFinding, inspect, inspect_slice};
use super::locate::locate;
use super::shape::{Documented, Shape};
use crate::generated::operations::Operation;
use crate::generated::shapes::{CONTRACT, RESPONSES};

/// How many different drifts a watch remembers. A newer contract causes a few of them. More of them mean
/// that the names are data.
const REMEMBERED: usize = 256;

/// What [`ClientBuilder::on_drift`](crate::ClientBuilder::on_drift) was given.
pub(crate) type Callback = Arc<dyn Fn(&Drift) + Send + Sync>;

/// Looks at what comes from the server, logs each drift once and calls a callback for every one.
///
/// A client has one ([`Client::drift_watch`](crate::Client::drift_watch)), which its clones share and which
/// looks at every response. Give it also what the program receives in another way, above all webhook
/// events. All of it is reported and counted together.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// use http::StatusCode;
/// use offblocks_client::drift::{DriftWatch, shapes};
/// use offblocks_client::operations::GET_CARDS;
///
/// static SEEN: AtomicUsize = AtomicUsize::new(0);
///
/// // A client has one already; this one stands alone.
/// let watch = DriftWatch::new(|drift| {
///     println!("{} at {}", drift.kind, drift.pointer);
///     SEEN.fetch_add(1, Ordering::Relaxed);
/// });
/// assert!(watch.is_on(), "it has a callback");
/// watch.response(&GET_CARDS, StatusCode::OK, br#"[{"status": "resting"}]"#);
/// watch.value("card of a file", &shapes::CARD, &serde_json::json!({"status": "resting"}));
/// assert_eq!(SEEN.load(Ordering::Relaxed), 2);
/// ```
#[derive(Clone, Default)]
pub struct DriftWatch {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    callback: Option<Callback>,
    logged: Mutex<Logged>,
}

/// What was logged so far.
#[derive(Default)]
struct Logged {
    drifts: HashSet<(DriftKind, &'static str, Option<u16>, String)>,
    full: bool,
}

/// Whether a drift is new.
#[derive(PartialEq)]
enum Novelty {
    First,
    Known,
    /// The memory has just become full.
    Full,
}

impl DriftWatch {
    /// A watch without a client, which logs and calls this callback.
    pub fn new(callback: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        Self::with(Some(Arc::new(callback)))
    }

    pub(crate) fn with(callback: Option<Callback>) -> Self {
        let shared = Shared {
            callback,
            logged: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Whether there is a callback, or a subscriber of `tracing` that takes warnings of the target
    /// [`TARGET`]. Otherwise nothing is looked at.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.shared.callback.is_some() || tracing::event_enabled!(target: TARGET, Level::WARN)
    }

    /// Looks at the response to an operation: its status, and the fields and values of its body.
    pub fn response(&self, operation: &'static Operation, status: StatusCode, body: &[u8]) {
        self.judge(operation, status, body, None);
    }

    /// Looks at a value that is not a response, such as a webhook event
    /// ([`shapes::WEBHOOK_EVENT`](super::shapes::WEBHOOK_EVENT)). `name` takes the operation's
    /// place in the report.
    pub fn value(&self, name: &'static str, shape: &Shape, value: &Value) {
        if self.is_on() {
            self.report_all(name, None, inspect(shape, value));
        }
    }

    /// Checks a response, and reports where it could not be decoded.
    pub(crate) fn judge(
        &self,
        operation: &'static Operation,
        status: StatusCode,
        body: &[u8],
        failure: Option<&serde_json::Error>,
    ) {
        if !self.is_on() {
            return;
        }
        let status = status.as_u16();
        let shape = match documented(operation.id, status) {
            Some((_, shape)) => shape,
            None => {
                if !is_transport(status) {
                    let finding = finding(DriftKind::UndocumentedStatus, String::new());
                    self.report(operation.id, Some(status), finding);
                }
                success(operation.id, status).unwrap_or(&Shape::Any)
            }
        };
        if let Some(failure) = failure {
            let finding = finding(DriftKind::Undecodable, locate(shape, body, failure));
            self.report(operation.id, Some(status), finding);
        }
        if !matches!(shape, Shape::Any) {
            self.report_all(operation.id, Some(status), inspect_slice(shape, body));
        }
    }

    /// The response to an operation should be text and is not UTF-8.
    pub(crate) fn not_text(&self, operation: &'static Operation, status: StatusCode) {
        if self.is_on() {
            let finding = finding(DriftKind::Undecodable, String::new());
            self.report(operation.id, Some(status.as_u16()), finding);
        }
    }

    fn report_all(&self, operation: &'static str, status: Option<u16>, found: Vec<DriftFinding>) {
        for finding in found {
            self.report(operation, status, finding);
        }
    }

    /// Logs the finding, if it is the first of its kind, and then calls the callback.
    fn report(&self, operation: &'static str, status: Option<u16>, finding: DriftFinding) {
        let novelty = self.remember(operation, status, &finding);
        let drift = Drift {
            kind: finding.kind,
            operation,
            status,
            pointer: finding.pointer,
            contract: CONTRACT,
            count: finding.count,
            first: novelty == Novelty::First,
        };
        match novelty {
            Novelty::First => log(&drift),
            Novelty::Full => log_full(),
            Novelty::Known => {}
        }
        if let Some(callback) = &self.shared.callback {
            callback(&drift);
        }
    }

    fn remember(
        &self,
        operation: &'static str,
        status: Option<u16>,
        finding: &DriftFinding,
    ) -> Novelty {
        let key = (finding.kind, operation, status, finding.pointer.clone());
        // A panic while the lock was held leaves the set whole: it is changed by single insertions.
        let mut logged = self
            .shared
            .logged
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if logged.drifts.contains(&key) {
            return Novelty::Known;
        }
        if logged.drifts.len() < REMEMBERED {
            logged.drifts.insert(key);
            return Novelty::First;
        }
        match std::mem::replace(&mut logged.full, true) {
            true => Novelty::Known,
            false => Novelty::Full,
        }
    }
}

/// Statuses that gateways and rate limiters in front of an API send. Contracts do not list them, so they
/// are not drift.
fn is_transport(status: u16) -> bool {
    matches!(status, 408 | 429 | 502..=504)
}

/// The shape of the documented success, also for a success of another status, which is read in the same way.
fn success(operation: &str, status: u16) -> Option<&'static Shape> {
    let (_, responses) = RESPONSES.iter().find(|(id, _)| *id == operation)?;
    let successes = responses
        .iter()
        .filter(|(statuses, _)| *statuses.start() < 300);
    successes
        .map(|(_, shape)| *shape)
        .next()
        .filter(|_| (200..300).contains(&status))
}

/// Where in a success the decoder stopped.
pub(crate) fn place(
    operation: &Operation,
    status: StatusCode,
    body: &[u8],
    failure: &serde_json::Error,
) -> String {
    let status = status.as_u16();
    let documented = documented(operation.id, status).map(|(_, shape)| *shape);
    let shape = documented.or_else(|| success(operation.id, status));
    locate(shape.unwrap_or(&Shape::Any), body, failure)
}

/// What the contract says of a status.
fn documented(operation: &str, status: u16) -> Option<&'static Documented> {
    let (_, responses) = RESPONSES.iter().find(|(id, _)| *id == operation)?;
    responses
        .iter()
        .find(|(statuses, _)| statuses.contains(&status))
}

fn finding(kind: DriftKind, pointer: String) -> DriftFinding {
    DriftFinding {
        kind,
        pointer,
        count: 1,
    }
}

fn log(drift: &Drift) {
    tracing::warn!(
        target: TARGET,
        kind = drift.kind.as_str(),
        operation = drift.operation,
        status = drift.status,
        pointer = drift.pointer,
        contract = drift.contract,
        count = drift.count,
        "the server is not what the contract says"
    );
}

fn log_full() {
    tracing::warn!(
        target: TARGET,
        contract = CONTRACT,
        remembered = REMEMBERED,
        "there are too many different drifts; further new ones are not logged"
    );
}

impl fmt::Debug for DriftWatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DriftWatch")
            .field("calls", &self.shared.callback.is_some())
            .finish_non_exhaustive()
    }
}
