//! The parts that the JSON documents of all reports share.

use crate::Acceptance;
use chrono::NaiveDate;
use contract::Place;
use serde::Serialize;

/// A document as text: indented, ending with a line break.
///
/// # Panics
/// Never for values whose keys are strings, as all keys of reports are.
#[must_use]
pub fn print(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value);
    let mut text = text.expect("the keys of a report are strings");
    text.push('\n');
    text
}

/// A place.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PlaceJson<'a> {
    pointer: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
}

impl<'a> From<&'a Place> for PlaceJson<'a> {
    fn from(place: &'a Place) -> Self {
        Self {
            pointer: &place.pointer,
            file: &place.file,
            line: place.line,
            column: place.column,
        }
    }
}

/// Why an entry is accepted, and until when.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct AcceptanceJson<'a> {
    reason: &'a str,
    expires: NaiveDate,
}

impl<'a> From<&'a Acceptance> for AcceptanceJson<'a> {
    fn from(acceptance: &'a Acceptance) -> Self {
        Self {
            reason: &acceptance.reason,
            expires: acceptance.expires,
        }
    }
}
