//! The request log for callers of the control plane: as JSON, as server-sent events, and as an
//! archive.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Query, State as Of};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use offblocks_server::Problem;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use crate::request_log::wire::Wire;
use crate::request_log::{Journal, Last, LoggedRequest, har};
use crate::world::World;

/// How many entries a follower is given at a time.
const CHUNK: usize = 100;

/// Which entries are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The latest so many.
    limit: Option<usize>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let asked = Query::<Self>::try_from_uri(&parts.uri);
        asked.map(|Query(asked)| asked).map_err(|_| {
            let detail = "query parameter limit: is not a number of requests such as 20";
            Problem::new(StatusCode::BAD_REQUEST).with_detail(detail)
        })
    }
}

/// The latest entries, the oldest first.
pub(super) async fn list(Of(world): Of<Arc<World>>, asked: Asked) -> impl IntoResponse {
    let journal = &world.journal;
    let entries = latest(journal, &asked);
    let entries = entries.iter().map(|entry| Wire::of(journal.run(), entry));
    Json(json!({"requests": entries.collect::<Vec<_>>()}))
}

/// Forgets all entries.
pub(super) async fn clear(Of(world): Of<Arc<World>>) -> StatusCode {
    world.journal.clear();
    StatusCode::NO_CONTENT
}

/// The kept entries as a HAR file.
pub(super) async fn archive(Of(world): Of<Arc<World>>, asked: Asked) -> impl IntoResponse {
    let entries = latest(&world.journal, &asked);
    let archive = har::archive(entries.iter().map(|entry| &**entry));
    let name = HeaderValue::from_static("attachment; filename=\"sandbox.har\"");
    ([(header::CONTENT_DISPOSITION, name)], Json(archive))
}

fn latest(journal: &Journal, asked: &Asked) -> Vec<Arc<LoggedRequest>> {
    let mut entries = journal.before(u64::MAX, asked.limit.unwrap_or(usize::MAX));
    entries.reverse();
    entries
}

/// Each entry as an event `request`, from the one after `Last-Event-ID` on, or after those that
/// there were. An id names the start of the sandbox too: after a restart everything is sent that
/// the new one has.
pub(super) async fn events(
    Of(world): Of<Arc<World>>,
    asked: Asked,
    headers: HeaderMap,
) -> Response {
    let after = after(&world.journal, &headers, asked.limit);
    let events = follow(Arc::clone(&world.journal), after, |journal, followed| {
        match followed {
            Followed::Entry(entry) => {
                let id = format!("{}.{}", journal.run(), entry.number);
                let event = Event::default().event("request").id(id);
                // The wire form has string keys only, so it can be written.
                event
                    .json_data(Wire::of(journal.run(), &entry))
                    .unwrap_or_default()
            }
            Followed::Missed(missed) => {
                let data = format!("{{\"missed\":{missed}}}");
                Event::default().event("missed").data(data)
            }
        }
    });
    events.into_response()
}

/// The number of the entry that a follower has seen last.
fn after(journal: &Journal, headers: &HeaderMap, latest: Option<usize>) -> u64 {
    last_seen(journal, headers).unwrap_or_else(|| {
        let end = journal.follow().borrow().number;
        end.saturating_sub(latest.unwrap_or(0) as u64)
    })
}

/// The number in `Last-Event-ID`; zero where that is of another start of the sandbox.
pub(crate) fn last_seen(journal: &Journal, headers: &HeaderMap) -> Option<u64> {
    let last = headers.get("last-event-id")?.to_str().ok()?;
    let (run, number) = last.rsplit_once('.')?;
    let of_this_run = (run == journal.run()).then(|| number.parse().ok());
    Some(of_this_run.flatten().unwrap_or_default())
}

/// What a follower receives.
pub(crate) enum Followed {
    /// A request was logged.
    Entry(Arc<LoggedRequest>),
    /// So many were logged and forgotten before the follower read them.
    Missed(u64),
}

/// What following holds: the journal, how it tells of entries, the number of the last one that was
/// read, what was read and not sent, and how to send it.
type State<E> = (
    Arc<Journal>,
    watch::Receiver<Last>,
    u64,
    VecDeque<Followed>,
    E,
);

/// Server-sent events, one for each entry after a number, until the sandbox stops. The followers
/// read from the journal at their own pace, so nothing is held for a slow one.
pub(crate) fn follow(
    journal: Arc<Journal>,
    after: u64,
    event: impl Fn(&Journal, Followed) -> Event + Send + 'static,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + Send> {
    let told = journal.follow();
    let state = (journal, told, after, VecDeque::new(), event);
    let events = futures_util::stream::unfold(state, async |state| {
        let (journal, mut told, mut seen, mut ready, event): State<_> = state;
        while ready.is_empty() {
            // Read first: whatever has a number up to this one is in the journal, or forgotten.
            let end = *told.borrow_and_update();
            let entries = journal.after(seen, CHUNK);
            let first = entries.first().map_or(end.number + 1, |first| first.number);
            if first > seen + 1 {
                ready.push_back(Followed::Missed(first - seen - 1));
            }
            seen = entries
                .last()
                .map_or(seen.max(end.number), |last| last.number);
            ready.extend(entries.into_iter().map(Followed::Entry));
            if ready.is_empty() && (end.closed || told.changed().await.is_err()) {
                return None;
            }
        }
        let followed = ready.pop_front()?;
        let told_event = event(&journal, followed);
        Some((Ok(told_event), (journal, told, seen, ready, event)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
