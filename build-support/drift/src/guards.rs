//! What lowers the severity of a change.

use super::report::Severity;
use chrono::NaiveDate;

/// The severity of removing something deprecated: nothing was promised after its sunset, and
/// without a sunset it is not known whether the date has passed.
pub(super) fn removal(
    otherwise: Severity,
    sunset: Option<&str>,
    today: Option<NaiveDate>,
) -> Severity {
    let Some(text) = sunset else {
        return otherwise.min(Severity::Warning);
    };
    match (day(text), today) {
        (Some(day), Some(today)) if day <= today => Severity::Compatible,
        (Some(_), None) => otherwise.min(Severity::Warning),
        _ => otherwise,
    }
}

/// A day, as a date or the date of a point in time.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let date = text.get(..10).unwrap_or(text);
    NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()
}
