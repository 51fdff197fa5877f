//! What several formats say in the same words.

use crate::{Detail, Entry, Side};
use contract::Place;

/// `file:line:col`.
pub(super) fn place(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}

/// The places on all sides in one line; an absent one is said to be absent.
pub(super) fn places(entry: &Entry) -> String {
    if entry.sides.iter().all(|side| side.place.is_none()) {
        return "the document as a whole".to_owned();
    }
    let side = |side: &Side| {
        let place = side.place.as_ref().map_or("nothing".to_owned(), place);
        format!("{} {place}", side.label)
    };
    let sides: Vec<String> = entry.sides.iter().map(side).collect();
    sides.join(", ")
}

/// One line of what may be several; spaces in a line are kept, since a name may have them.
pub(super) fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// All that is known beside the message, a line each: for formats that show no excerpts.
pub(super) fn details(entry: &Entry) -> Vec<String> {
    let mut lines = vec![places(entry)];
    lines.extend(entry.details.iter().flat_map(detail));
    lines.extend(accepted(entry).map(|said| format!("accepted: {said}")));
    lines
}

/// Why an entry is accepted, and until when.
pub(super) fn accepted(entry: &Entry) -> Option<String> {
    let accepted = entry.acceptance.as_ref()?;
    Some(format!("{} (until {})", accepted.reason, accepted.expires))
}

/// How many uses are not listed.
pub(super) fn further_uses(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 further place".to_owned()),
        count => Some(format!("{count} further places")),
    }
}

fn detail(detail: &Detail) -> Vec<String> {
    match detail {
        Detail::UsedBy { uses, more } => {
            let line = |(operation, sides): &(String, Vec<String>)| {
                format!("used by {operation}: {}", sides.join(", "))
            };
            let more = further_uses(*more).map(|more| format!("used by {more}"));
            uses.iter().map(line).chain(more).collect()
        }
        Detail::Witness { value, said } => vec![match value {
            Some(value) => format!("witness: {value} ({said})"),
            None => format!("witness: {said}"),
        }],
        Detail::Items(items) => {
            let lines = items.iter().map(|item| format!("rust: {}", item.words()));
            lines.collect()
        }
        Detail::Fact { label, text, .. } => vec![format!("{label}: {text}")],
        Detail::Advice(text) => vec![format!("help: {text}")],
        Detail::Commands { label, text } => {
            let head = std::iter::once(format!("{label}:"));
            let lines = text.lines().map(|line| format!("  {line}"));
            head.chain(lines).collect()
        }
    }
}
