//! The progress of a job, on a terminal.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use offblocks_cards::bulk::{JobProgress, Progress};

/// A bar on the error stream, where that is a terminal.
pub(super) fn bar(total: u64, ended_before: u64) -> ProgressBar {
    let target = match std::io::stderr().is_terminal() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(Some(total), target);
    let style = ProgressStyle::with_template(
        "{wide_bar} {human_pos}/{human_len} cards, {per_sec}, {eta} left{msg}",
    );
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_position(ended_before);
    bar.reset_eta();
    bar
}

/// Shows how far the run is.
pub(super) fn show(bar: &ProgressBar, ended_before: u64, progress: Progress) {
    bar.set_position(ended_before + progress.ended());
    if progress.failed > 0 {
        bar.set_message(format!(", {} failed", progress.failed));
    }
}

/// Shows how far all workers of a job are.
pub(super) fn show_job(bar: &ProgressBar, progress: JobProgress) {
    bar.set_position(progress.ended());
    let workers = progress.workers;
    let mut message = format!(", {workers} workers");
    if progress.failed > 0 {
        message.push_str(&format!(", {} failed", progress.failed));
    }
    bar.set_message(message);
}
