//! Calls that take long: their progress is read from the sandbox, and shown on a terminal.

use std::future::Future;
use std::io::{self, IsTerminal as _};
use std::pin::pin;
use std::time::Duration;

use indicatif::ProgressBar;
use offblocks_sandbox_api::client::Client;
use offblocks_sandbox_api::{Work, WorkKind};

use crate::paint::Paint;
use crate::progress;

/// How long a call has to take before anything is shown, and between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// Waits for a call of a kind of work. Where the error stream is a terminal, it shows meanwhile how
/// far the call is.
pub(super) async fn watched<T>(
    client: &Client,
    kind: WorkKind,
    paint: Paint,
    call: impl Future<Output = T>,
) -> T {
    if !io::stderr().is_terminal() {
        return call.await;
    }
    let mut call = pin!(call);
    let mut bar: Option<ProgressBar> = None;
    let done = loop {
        let look = async {
            tokio::time::sleep(PAUSE).await;
            client.get_work().send().await
        };
        let seen = tokio::select! {
            done = &mut call => break done,
            seen = look => seen,
        };
        // What cannot be shown does not stop the call.
        let Ok(seen) = seen else { continue };
        if let Some(work) = latest(&seen, &kind) {
            let bar = bar.get_or_insert_with(|| begun(&kind, paint));
            show(bar, work);
        }
    };
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    done
}

/// The call of this kind that began last, which is most likely this one.
fn latest<'a>(seen: &'a [Work], kind: &WorkKind) -> Option<&'a Work> {
    seen.iter().rfind(|work| work.kind == *kind)
}

fn begun(kind: &WorkKind, paint: Paint) -> ProgressBar {
    match kind {
        WorkKind::Clock => progress::time(paint),
        WorkKind::Cards => progress::bar(0, "cards", paint),
        _ => progress::counter("rows"),
    }
}

fn show(bar: &ProgressBar, work: &Work) {
    if let Some(total) = work.total {
        bar.set_length(total.unsigned_abs());
    }
    bar.set_position(work.done.unsigned_abs());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_call_of_a_kind_is_shown() {
        let work = |id, kind| Work::new(id, kind, 0);
        let seen = [
            work(1, WorkKind::Cards),
            work(2, WorkKind::Cards),
            work(3, WorkKind::Clock),
        ];
        assert_eq!(latest(&seen, &WorkKind::Cards).map(|work| work.id), Some(2));
        assert!(latest(&seen, &WorkKind::Restore).is_none());
    }
}
