//! Pausing, resuming and cancelling a job.

use tokio::sync::watch;

/// Pauses, resumes and cancels a running job. Clones control the same job.
///
/// Rows that are being worked on are finished first.
#[derive(Clone, Debug)]
pub struct BulkControl {
    state: watch::Sender<State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    Paused,
    Cancelled,
}

impl Default for BulkControl {
    fn default() -> Self {
        Self {
            state: watch::Sender::new(State::Running),
        }
    }
}

impl BulkControl {
    /// Begins no further row until [`resume`](Self::resume).
    pub fn pause(&self) {
        self.change(State::Running, State::Paused);
    }

    /// Continues after a pause.
    pub fn resume(&self) {
        self.change(State::Paused, State::Running);
    }

    /// Begins no further row. The run ends when the rows in flight have ended. To continue, run the job
    /// again.
    pub fn cancel(&self) {
        self.state.send_replace(State::Cancelled);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.state.borrow() == State::Cancelled
    }

    /// Waits while the job is paused. Returns whether a further row may begin.
    pub(crate) async fn proceeds(&self) -> bool {
        let mut state = self.state.subscribe();
        match state.wait_for(|state| *state != State::Paused).await {
            Ok(state) => *state == State::Running,
            // The sender is `self`, so it has not gone away.
            Err(_) => false,
        }
    }

    /// Waits until the job is cancelled.
    pub(crate) async fn cancelled(&self) {
        let mut state = self.state.subscribe();
        // The sender is `self`, so it has not gone away.
        let _ = state.wait_for(|state| *state == State::Cancelled).await;
    }

    fn change(&self, from: State, to: State) {
        self.state.send_if_modified(|state| {
            let changes = *state == from;
            if changes {
                *state = to;
            }
            changes
        });
    }
}
