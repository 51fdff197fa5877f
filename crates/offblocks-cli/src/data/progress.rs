//! A bar on a terminal that shows how far a long piece of work is.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::paint::Paint;

/// A bar for this many pieces on the error stream. Where that is not a terminal, nothing is shown.
pub(super) fn bar(length: u64, paint: Paint) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    let template = match paint.is_coloured() {
        true => "{bar:40.green/white} {human_pos} of {human_len} cards, {eta} left",
        false => "{bar:40} {human_pos} of {human_len} cards, {eta} left",
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
