//! Figures for Prometheus: what is counted as it happens, and what is read when they are asked for.

mod counted;
mod gauges;
mod remembered;

pub(crate) use counted::Metrics;
pub(crate) use gauges::Gauges;
pub(crate) use remembered::Remembered;
