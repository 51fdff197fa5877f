//! A comment on a change under review: the verdicts in front, each severity folded away.

use super::words;
use crate::report::{Change, Report, Semver, Severity};
use contract::Place;
use std::fmt::Write as _;

/// What GitHub takes in one comment, with room for the end.
const MOST: usize = 64_000;

/// The comment.
pub(super) fn render(report: &Report) -> String {
    let mut out = titled(&headline(report));
    out.push('\n');
    let title = words::title(report);
    let _ = writeln!(out, "{}\n\n**{}**", code(&title), escape(&report.verdict()));
    for (name, note) in report.notes() {
        let _ = writeln!(out, "\n> {}: {}", code(&name), escape(note));
    }
    let changes = words::worst_first(report);
    for severity in Severity::WORST_FIRST {
        let open = changes.iter().filter(|it| it.accepted.is_none());
        let of_it: Vec<_> = open.filter(|it| it.severity == severity).copied().collect();
        let word = match severity {
            Severity::Warning if of_it.len() != 1 => "warnings",
            _ => severity.as_str(),
        };
        section(&mut out, word, severity != Severity::Compatible, &of_it);
    }
    let accepted: Vec<_> = changes
        .into_iter()
        .filter(|it| it.accepted.is_some())
        .collect();
    section(&mut out, "accepted", false, &accepted);
    crates(&mut out, report);
    out
}

/// A comment of one line.
pub(super) fn titled(words: &str) -> String {
    format!("### Contract drift: {words}\n")
}

/// The worst of the wire; a step that breaks whoever compiles is named where the wire is fine.
fn headline(report: &Report) -> String {
    let wire = match (report.worst(), report.accepted()) {
        (None, 0) => "none".to_owned(),
        (None, accepted) => format!("{accepted} accepted"),
        (Some(severity), _) => severity.as_str().to_owned(),
    };
    let fine = report.worst().is_none_or(|it| it == Severity::Compatible);
    match fine && report.semver() == Semver::Major {
        true => format!("{wire} on the wire, major in Rust"),
        false => wire,
    }
}

/// A list that unfolds; empty ones are left out, and what no longer fits is counted.
fn section(out: &mut String, word: &str, open: bool, changes: &[&Change]) {
    if changes.is_empty() {
        return;
    }
    let open = if open { " open" } else { "" };
    let count = changes.len();
    let _ = writeln!(
        out,
        "\n<details{open}>\n<summary>{count} {word}</summary>\n"
    );
    for (index, change) in changes.iter().enumerate() {
        let entry = entry(change);
        if out.len() + entry.len() > MOST {
            let left = count - index;
            let _ = writeln!(out, "- and {left} more, which other formats list");
            break;
        }
        out.push_str(&entry);
    }
    out.push_str("\n</details>\n");
}

fn entry(change: &Change) -> String {
    let mut out = format!("- **{}** {}\n", code(change.rule), escape(&change.message));
    let mut line = |words: String| {
        let _ = writeln!(out, "  - {words}");
    };
    let side = |side: &Option<Place>| {
        let place = side.as_ref().map(|it| code(&words::place(it)));
        place.unwrap_or("nothing".to_owned())
    };
    line(format!(
        "base {}, revision {}",
        side(&change.base),
        side(&change.revision)
    ));
    for (operation, sides) in words::uses(&change.used_by) {
        line(format!(
            "used by {}: {}",
            code(operation),
            escape(&sides.join(", "))
        ));
    }
    if let Some(witness) = &change.witness {
        let value = code(&words::value(witness));
        line(format!("witness {value}: {}", words::witness(witness)));
    } else if words::lacks_witness(change) {
        line("witness: none was found".to_owned());
    }
    for item in &change.rust {
        let (item, said, step) = (code(&item.item), code(&item.change), item.semver.as_str());
        line(format!("rust {item} {said} ({step})"));
    }
    if let Some(advice) = &change.advice {
        line(format!("what to do: {}", escape(advice)));
    }
    if let Some(reason) = &change.accepted {
        line(format!("accepted: {}", escape(reason)));
    }
    line(format!("fingerprint {}", code(&change.fingerprint)));
    out
}

/// Items of the generated crates that no change above names.
fn crates(out: &mut String, report: &Report) {
    for (name, items) in words::unclaimed(report) {
        let count = items.len();
        let items_word = if count == 1 { "item" } else { "items" };
        let summary = format!("{count} further {items_word} of {name}");
        let _ = writeln!(out, "\n<details>\n<summary>{summary}</summary>\n");
        for (index, item) in items.into_iter().enumerate() {
            let words = format!("{} {}", code(&item.item), code(&item.change));
            let line = format!("- {words} ({})\n", item.semver.as_str());
            if out.len() + line.len() > MOST {
                let left = count - index;
                let _ = writeln!(out, "- and {left} more, which other formats list");
                break;
            }
            out.push_str(&line);
        }
        out.push_str("\n</details>\n");
    }
}

/// Text as code, whatever backticks it holds.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // One space at both ends is taken away again; a span of spaces alone is left as it is.
    let ends = |sign| text.starts_with(sign) || text.ends_with(sign);
    let pad = if text.is_empty() || ends('`') || (ends(' ') && !text.trim().is_empty()) {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Prose in which nothing is taken for markup, except for code between backticks.
fn escape(text: &str) -> String {
    let text = words::one_line(text);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape_plain(&text);
    }
    let parts = parts.iter().enumerate();
    let parts = parts.map(|(index, part)| match index % 2 {
        1 => code(part),
        _ => escape_plain(part),
    });
    parts.collect()
}

fn escape_plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Nobody is to be called because a contract mentions their name.
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '\\' | '*' | '_' | '[' | ']' | '`' | '|' | '~' => {
                out.push('\\');
                out.push(character);
            }
            other => out.push(other),
        }
    }
    out
}
