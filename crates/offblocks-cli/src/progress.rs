//! A bar on a terminal that shows how far a long piece of work is.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::paint::Paint;

/// A bar for this many pieces, such as `cards`, on the error stream. Where that is not a terminal,
/// nothing is shown.
pub(crate) fn bar(length: u64, pieces: &str, paint: Paint) -> ProgressBar {
    let counted = format!("{{human_pos}} of {{human_len}} {pieces}, {{eta}} left");
    styled(Some(length), &counted, paint)
}

/// A bar for a stretch of time that is passed through.
pub(crate) fn time(paint: Paint) -> ProgressBar {
    styled(Some(0), "{percent} % of the way, {eta} left", paint)
}

/// A count of pieces whose number is not known.
pub(crate) fn counter(pieces: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    match ProgressStyle::with_template(&format!("{{spinner}} {{human_pos}} {pieces}, {{elapsed}}"))
    {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn styled(length: Option<u64>, text: &str, paint: Paint) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
    let template = match paint.is_coloured() {
        true => format!("{{bar:40.green/white}} {text}"),
        false => format!("{{bar:40}} {text}"),
    };
    match ProgressStyle::with_template(&template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
