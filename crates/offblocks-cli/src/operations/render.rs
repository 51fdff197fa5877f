//! A response in the format that was asked for. Pure.

use serde_json::Value;

use super::{csv, human};
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
        Format::Yaml => serde_saphyr::to_string(value)
            .map_err(|error| Failure::new("the response cannot be written as YAML", error))?,
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn yaml_is_read_back_as_it_was() {
        let awkward = [
            "",
            " a",
            "a: b",
            "- a",
            "# a",
            "1e3",
            "0x1F",
            "~",
            "é\n\t\"\\",
            "Null",
            "12:30:45",
            "2024-03-05",
            "a #b",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "{a",
            "[a",
            "a,b",
            "\u{85}\u{2028}",
        ];
        // The reader takes contracts, so this is one.
        let value = json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {},
            "x-awkward": awkward, "x-nested": [[], [[1.5, {"x": [{}]}]], {"": "key"}]
        });
        let read = contract::read_str("t.yaml", &serde_saphyr::to_string(&value).unwrap()).unwrap();
        assert_eq!(read.root.to_json(), value);
    }
}
