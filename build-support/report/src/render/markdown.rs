//! A comment on a change under review: the verdict in front, each severity folded away.

use super::words;
use crate::visible::visible_lines;
use crate::{Detail, Entry, Item, Level, Report, Section, Severity, Side};
use std::fmt::Write as _;

/// What GitHub takes in one comment, with room for the end.
const MOST: usize = 64_000;

/// The comment, or one for each section of a history. Writing to a string cannot fail.
pub(super) fn render(report: &Report) -> String {
    if report.sections.is_empty() {
        return headed(report, report.nothing);
    }
    let comments = report.sections.iter().map(|it| comment(report, it));
    comments.collect::<Vec<_>>().join("\n")
}

fn headed(report: &Report, words: &str) -> String {
    format!("### {}: {words}\n", report.tool.title)
}

fn comment(report: &Report, section: &Section) -> String {
    let mut out = headed(report, &section.headline);
    let about = section.about.as_ref();
    let about = about.map(|it| format!(" with {}", escape(it)));
    let title = format!("{}{}", code(&section.title), about.unwrap_or_default());
    let verdict = escape(&section.whole_verdict());
    let compared = section
        .compared
        .as_ref()
        .map(|it| format!("{}\n\n", escape(it)));
    let compared = compared.unwrap_or_default();
    let _ = writeln!(out, "\n{compared}{title}\n\n**{verdict}**");
    for note in &section.notes {
        let text = escape(&note.text);
        let _ = match note.subject.as_str() {
            "" => writeln!(out, "\n> {text}"),
            subject => writeln!(out, "\n> {}: {text}", code(subject)),
        };
    }
    for severity in Severity::WORST_FIRST {
        let open = section.entries.iter().filter(|it| it.acceptance.is_none());
        let of_it: Vec<_> = open.filter(|it| it.severity == severity).collect();
        let title = severity.counted(of_it.len());
        folded(&mut out, &title, severity.level() > Level::Note, &of_it);
    }
    let accepted = section.entries.iter().filter(|it| it.acceptance.is_some());
    let accepted: Vec<_> = accepted.collect();
    folded(
        &mut out,
        &format!("{} accepted", accepted.len()),
        false,
        &accepted,
    );
    lists(&mut out, section);
    uncovered(&mut out, section);
    out
}

/// A list that unfolds; empty ones are left out, and what no longer fits is counted.
fn folded(out: &mut String, title: &str, open: bool, entries: &[&Entry]) {
    if entries.is_empty() {
        return;
    }
    let open = if open { " open" } else { "" };
    let _ = writeln!(out, "\n<details{open}>\n<summary>{title}</summary>\n");
    for (index, each) in entries.iter().enumerate() {
        let entry = entry(each);
        if out.len() + entry.len() > MOST {
            let left = entries.len() - index;
            let _ = writeln!(out, "- and {left} more, which other formats list");
            break;
        }
        out.push_str(&entry);
    }
    out.push_str("\n</details>\n");
}

fn entry(entry: &Entry) -> String {
    let head = format!("**{}** {}", code(entry.rule.id), escape(&entry.message));
    let side = |side: &Side| {
        let place = side.place.as_ref().map(|it| code(&words::place(it)));
        format!("{} {}", side.label, place.unwrap_or("nothing".to_owned()))
    };
    let sides: Vec<String> = entry.sides.iter().map(side).collect();
    let mut lines = vec![match sides.is_empty() {
        true => words::places(entry),
        false => sides.join(", "),
    }];
    lines.extend(entry.details.iter().flat_map(detail));
    lines.extend(words::accepted(entry).map(|said| format!("accepted: {}", escape(&said))));
    lines.push(format!("fingerprint {}", code(&entry.fingerprint)));
    let lines = lines.iter().map(|line| format!("  - {line}\n"));
    format!("- {head}\n{}", lines.collect::<String>())
}

fn detail(detail: &Detail) -> Vec<String> {
    match detail {
        Detail::UsedBy { uses, more } => {
            let line = |(operation, sides): &(String, Vec<String>)| {
                format!("used by {}: {}", code(operation), escape(&sides.join(", ")))
            };
            let more = words::further_uses(*more).map(|more| format!("used by {more}"));
            uses.iter().map(line).chain(more).collect()
        }
        Detail::Witness { value, said } => vec![match value {
            Some(value) => format!("witness {}: {said}", code(value)),
            None => format!("witness: {said}"),
        }],
        Detail::Items(items) => items
            .iter()
            .map(|it| format!("rust {}", item(it)))
            .collect(),
        Detail::Fact { label, text, .. } => vec![format!("{label}: {}", escape(text))],
        Detail::Advice(text) => vec![format!("what to do: {}", escape(text))],
        Detail::Commands { label, text } => vec![format!("{label}:\n{}", block(text))],
    }
}

fn item(item: &Item) -> String {
    format!(
        "{} {} ({})",
        code(&item.name),
        code(&item.change),
        item.step
    )
}

/// Commands in a fence that nothing in them closes, indented like the line above.
fn block(text: &str) -> String {
    let text = visible_lines(text);
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    let lines = [format!("{fence}bash")].into_iter();
    let lines = lines.chain(text.lines().map(str::to_owned)).chain([fence]);
    let lines: Vec<String> = lines.map(|line| format!("    {line}")).collect();
    lines.join("\n")
}

/// Items of the generated crates that no entry above names.
fn lists(out: &mut String, section: &Section) {
    for list in &section.lists {
        let count = list.items.len();
        let items_word = if count == 1 { "item" } else { "items" };
        let title = format!("{count} further {items_word} of {}", escape(&list.owner));
        let _ = writeln!(out, "\n<details>\n<summary>{title}</summary>\n");
        for (index, each) in list.items.iter().enumerate() {
            let line = format!("- {}\n", item(each));
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

/// The operations that were not looked at, and why.
fn uncovered(out: &mut String, section: &Section) {
    let skipped = section.coverage.iter().filter_map(|it| {
        let why = it.skipped.as_ref()?;
        Some(format!("{} ({})", code(&it.name), escape(why)))
    });
    let skipped: Vec<String> = skipped.collect();
    if !skipped.is_empty() {
        let _ = writeln!(out, "\nNot covered: {}", skipped.join(", "));
    }
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`');
    runs.map(str::len).max().unwrap_or(0)
}

/// Text as code, whatever backticks it holds.
fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
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
            // A name in a contract must not notify the account of that name.
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
