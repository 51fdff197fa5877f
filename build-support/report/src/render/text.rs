//! For a person at a terminal, in the manner of rustc: the places shown and underlined, then what
//! follows, and the verdict at the end.

use super::{RenderStyle, words};
use crate::visible::visible_excerpt;
use crate::{Covered, Detail, Entry, FailOn, Item, Level, Report, Section, Severity, Side};
use contract::diagnostics::render::{Frame, Painter, Style, line};
use contract::{Place, Sources};
use std::collections::BTreeMap;

/// The most Rust items listed below one entry or crate.
const ITEMS: usize = 12;

/// The most entries of one rule that are shown where only prose changed.
const PROSE: usize = 10;

/// The whole report.
pub(super) fn render(report: &Report, style: RenderStyle) -> String {
    if report.sections.is_empty() {
        return format!("{}\n", report.nothing);
    }
    let sections = report.sections.iter().map(|section| {
        let text = Text {
            section,
            painter: Painter {
                colour: style.colour,
            },
            fail_on: style.fail_on,
        };
        format!("{}{}", text.title(report), text.whole())
    });
    sections.collect::<Vec<_>>().join("\n")
}

struct Text<'a> {
    section: &'a Section,
    painter: Painter,
    fail_on: FailOn,
}

impl Text<'_> {
    /// What the section is about, where that is not what was asked for.
    fn title(&self, report: &Report) -> String {
        let title = &self.section.title;
        match &self.section.about {
            Some(about) => {
                let title = format!("{} of {title}", report.tool.title);
                let title = self.painter.paint(Style::Strong, &title);
                format!("{title}\nwith {about}\n\n")
            }
            None if report.is_history => {
                let title = self.painter.paint(Style::Strong, &format!("== {title}"));
                match &self.section.compared {
                    Some(compared) => format!("{title}\n{compared}\n"),
                    None => format!("{title}\n"),
                }
            }
            None => match &self.section.compared {
                Some(compared) => format!("{compared}\n\n"),
                None => String::new(),
            },
        }
    }

    fn whole(&self) -> String {
        let mut out = String::new();
        let mut after_brief = false;
        let mut prose = BTreeMap::<&str, usize>::new();
        for entry in &self.section.entries {
            if entry.is_prose {
                let seen = prose.entry(entry.rule.id).or_default();
                *seen += 1;
                if *seen > PROSE {
                    continue;
                }
            }
            let brief = is_brief(entry);
            let together = brief && after_brief;
            if !(out.is_empty() || together) {
                out.push('\n');
            }
            self.entry(&mut out, entry);
            after_brief = brief;
        }
        for (rule, count) in prose.into_iter().filter(|(_, count)| *count > PROSE) {
            let head = format!("{}[{rule}]", Severity::Compatible.as_str());
            let head = self.painter.paint(Style::Good, &head);
            let more = count - PROSE;
            let words = format!("{head}: {more} more; --format json lists them");
            line(&mut out, &words);
        }
        self.lists(&mut out);
        self.closing(&mut out);
        out
    }

    fn entry(&self, out: &mut String, entry: &Entry) {
        let (word, style) = heading(entry);
        let head = format!("{word}[{}]", entry.rule.id);
        let head = self.painter.paint(style, &head);
        let message = format!(": {}", words::one_line(&entry.message));
        let message = match is_brief(entry) {
            true => message,
            false => self.painter.paint(Style::Strong, &message),
        };
        line(out, &format!("{head}{message}"));
        if is_brief(entry) {
            self.brief(out, entry);
        } else {
            self.excerpts(out, entry, style);
            let sources = Sources::default();
            let frame = self.frame(&sources, gutter(entry));
            for detail in &entry.details {
                note(out, &frame, detail);
            }
            frame.note(out, "fingerprint", &entry.fingerprint);
        }
    }

    /// An entry in a few lines: where it is and why it is fine. Where it fails the run, its
    /// fingerprint too, by which it can be accepted.
    fn brief(&self, out: &mut String, entry: &Entry) {
        let arrow = self.painter.paint(Style::Frame, "-->");
        line(out, &format!("  {arrow} {}", words::places(entry)));
        let sources = Sources::default();
        let frame = self.frame(&sources, 1);
        if let Some(said) = words::accepted(entry) {
            frame.note(out, "accepted", &said);
        }
        for detail in entry.details.iter().filter(|it| is_shown_in_brief(it)) {
            note(out, &frame, detail);
        }
        if entry.fails(self.fail_on) {
            frame.note(out, "fingerprint", &entry.fingerprint);
        }
    }

    fn excerpts(&self, out: &mut String, entry: &Entry, style: Style) {
        let gutter = gutter(entry);
        let mut arrow = "-->";
        for side in &entry.sides {
            if let Some(place) = &side.place {
                let frame = self.frame(&side.sources, gutter);
                excerpt(out, &frame, (side, place), (arrow, style));
                arrow = ":::";
            }
        }
        let absent = match entry.sides.as_slice() {
            [first, last] if first.place.is_none() && last.place.is_some() => {
                format!("only in the {}", last.label)
            }
            [first, last] if first.place.is_some() && last.place.is_none() => {
                format!("no longer in the {}", last.label)
            }
            _ => return,
        };
        let sources = Sources::default();
        self.frame(&sources, gutter).note(out, "note", &absent);
    }

    /// Items of the generated crates that change without an entry to blame.
    fn lists(&self, out: &mut String) {
        for list in &self.section.lists {
            let head = format!("rust[{}]", list.owner);
            let head = self.painter.paint(Style::Strong, &head);
            line(out, "");
            line(out, &format!("{head}: further items change"));
            let sources = Sources::default();
            let frame = self.frame(&sources, 1);
            frame.note(out, "rust", &listed(&list.items));
        }
    }

    fn closing(&self, out: &mut String) {
        if !out.is_empty() {
            out.push('\n');
        }
        self.how_to_use_commands(out);
        self.coverage(out);
        for note in &self.section.notes {
            let head = self.painter.paint(Style::Strong, "note");
            let text = &note.text;
            let words = match note.subject.as_str() {
                "" => format!("{head}: {text}"),
                subject => format!("{head}: {subject}: {text}"),
            };
            line(out, &words);
        }
        let style = match self.section.level {
            Some(Level::Error) => Style::Error,
            Some(Level::Warning) => Style::Warning,
            _ => Style::Good,
        };
        let verdict = self.painter.paint(style, &self.section.verdict);
        line(out, &format!("{verdict}{}", self.section.verdict_end));
    }

    fn how_to_use_commands(&self, out: &mut String) {
        let has_commands = |entry: &Entry| {
            let mut details = entry.details.iter();
            !is_brief(entry) && details.any(|it| matches!(it, Detail::Commands { .. }))
        };
        if let Some(how) = self.section.commands
            && self.section.entries.iter().any(has_commands)
        {
            line(out, how);
            out.push('\n');
        }
    }

    fn coverage(&self, out: &mut String) {
        let covered = &self.section.coverage;
        if covered.is_empty() {
            return;
        }
        line(out, &self.painter.paint(Style::Strong, "Coverage"));
        let lengths = covered.iter().map(|it| it.name.chars().count());
        let width = lengths.max().unwrap_or_default();
        for each in covered {
            let words = self.covered(each);
            line(out, &format!("  {:<width$}  {words}", each.name));
        }
        out.push('\n');
    }

    fn covered(&self, covered: &Covered) -> String {
        if let Some(why) = &covered.skipped {
            return self.painter.paint(Style::Warning, why);
        }
        let seen = self.painter.paint(Style::Good, &covered.seen);
        match covered.unseen.as_str() {
            "" => seen,
            unseen => format!("{seen} not seen: {unseen}"),
        }
    }

    fn frame<'a>(&self, sources: &'a Sources, gutter: usize) -> Frame<'a> {
        Frame {
            sources,
            painter: self.painter,
            gutter,
        }
    }
}

/// Entries without a warning, and accepted ones, take a few lines; the others are shown at length.
fn is_brief(entry: &Entry) -> bool {
    entry.acceptance.is_some() || entry.severity.level() == Level::Note
}

fn is_shown_in_brief(detail: &Detail) -> bool {
    match detail {
        Detail::Items(_) => true,
        Detail::Fact { is_brief, .. } => *is_brief,
        _ => false,
    }
}

fn heading(entry: &Entry) -> (&'static str, Style) {
    match (entry.acceptance.is_some(), entry.severity.level()) {
        (true, _) => ("accepted", Style::Good),
        (_, Level::Note) => (entry.severity.as_str(), Style::Good),
        (_, Level::Warning) => (entry.severity.as_str(), Style::Warning),
        (_, Level::Error) => (entry.severity.as_str(), Style::Error),
    }
}

/// The width of the largest line number shown.
fn gutter(entry: &Entry) -> usize {
    let places = entry.sides.iter().filter_map(|side| side.place.as_ref());
    let largest = places.map(|place| place.line).max().unwrap_or(0);
    largest.to_string().len()
}

fn excerpt(
    out: &mut String,
    frame: &Frame<'_>,
    (side, place): (&Side, &Place),
    (arrow, style): (&str, Style),
) {
    let (mark, style) = match side.is_former {
        true => ('-', Style::Frame),
        false => ('^', style),
    };
    let arrow = frame.painter.paint(Style::Frame, arrow);
    let at = words::place(place);
    line(out, &format!("{:w$}{arrow} {at}", "", w = frame.gutter));
    if !frame.sources.text(place.span.file).is_empty() {
        let mut shown = String::new();
        frame.snippet(&mut shown, place.span, mark, style, side.label);
        out.push_str(&visible_excerpt(&shown));
    }
}

fn note(out: &mut String, frame: &Frame<'_>, detail: &Detail) {
    match detail {
        Detail::UsedBy { uses, more } => frame.note(out, "used by", &tree(uses, *more)),
        Detail::Witness { value, said } => {
            let value = value.as_ref().map(|value| format!("{value}\n"));
            let words = format!("{}{said}", value.unwrap_or_default());
            frame.note(out, "witness", &words);
        }
        Detail::Items(items) => frame.note(out, "rust", &listed(items)),
        Detail::Fact { label, text, .. } => frame.note(out, label, text),
        Detail::Advice(text) => frame.note(out, "help", text),
        Detail::Commands { label, text } => {
            // One line for the title alone, so that the commands can be copied.
            let sign = frame.painter.paint(Style::Frame, "=");
            let title = frame.painter.paint(Style::Strong, &format!("{label}:"));
            line(out, &format!("{:w$} {sign} {title}", "", w = frame.gutter));
            for command in text.lines() {
                line(out, &format!("{:w$} {command}", "", w = frame.gutter + 4));
            }
        }
    }
}

/// Operations and, below each, the sides of it.
fn tree(uses: &[(String, Vec<String>)], more: usize) -> String {
    let mut lines = Vec::new();
    let more = words::further_uses(more);
    for (index, (operation, sides)) in uses.iter().enumerate() {
        let is_last = index + 1 == uses.len() && more.is_none();
        let stem = if is_last { "   " } else { "│  " };
        let branch = branch(is_last);
        if let [side] = sides.as_slice() {
            lines.push(format!("{branch} {operation}: {side}"));
            continue;
        }
        lines.push(format!("{branch} {operation}"));
        for (index, side) in sides.iter().enumerate() {
            let branch = self::branch(index + 1 == sides.len());
            lines.push(format!("{stem}{branch} {side}"));
        }
    }
    lines.extend(more.map(|more| format!("{} {more}", branch(true))));
    lines.join("\n")
}

fn branch(is_last: bool) -> &'static str {
    if is_last { "└─" } else { "├─" }
}

/// One item a line, not more than [`ITEMS`].
fn listed(items: &[Item]) -> String {
    let more = items.len().saturating_sub(ITEMS);
    let mut lines: Vec<String> = items.iter().take(ITEMS).map(Item::words).collect();
    if more > 0 {
        lines.push(format!("and {more} more; --format json lists them"));
    }
    lines.join("\n")
}
