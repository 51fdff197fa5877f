//! A response in the format that was asked for. Pure.

use serde_json::Value;

use super::{csv, human, yaml};
use crate::arguments::Format;
use crate::failure::Failure;
use crate::generated::Call;
use crate::paint::Paint;

/// How a response is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) format: Format,
    /// JSON on one line.
    pub(super) one_line: bool,
    /// Whether the value is what an expression selected.
    pub(super) selected: bool,
    pub(super) paint: Paint,
}

/// The text that shows a value, with its last line feed; nothing where there is nothing to show.
pub(super) fn render(value: &Value, call: &Call, look: Look) -> Result<String, Failure> {
    Ok(match look.format {
        Format::Json if look.one_line => format!("{value}\n"),
        Format::Json => format!("{value:#}\n"),
        Format::Yaml => yaml::yaml(value),
        Format::Csv => {
            let order = if look.selected { &[] } else { call.fields };
            let text = csv::csv(value, order);
            text.map_err(|error| Failure::new("the response cannot be written as CSV", error))?
        }
        Format::Table => {
            let lines = human::lines(value, call, look.selected, look.paint);
            lines.into_iter().map(|line| line + "\n").collect()
        }
    })
}
