//! For a person at a terminal, in the manner of rustc: both places shown and underlined, then what
//! follows, and both verdicts at the end.

use super::words;
use crate::report::{Change, DocumentInfo, Report, RustChange, Semver, Severity};
use crate::verdict::FailOn;
use contract::Place;
use contract::diagnostics::render::{Frame, Painter, Style, line};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The most Rust items listed below one change or crate.
const ITEMS: usize = 12;

/// The most changes of one rule that are shown where only people notice.
const PROSE: usize = 10;

/// The whole report.
pub(super) fn render(report: &Report, style: super::Style) -> String {
    let text = Text {
        report,
        painter: Painter {
            colour: style.colour,
        },
        fail_on: style.fail_on,
    };
    text.whole()
}

/// The whole report below the names of the two documents.
pub(super) fn titled(report: &Report, style: super::Style) -> String {
    let painter = Painter {
        colour: style.colour,
    };
    let title = painter.paint(Style::Strong, &format!("== {}", words::title(report)));
    format!("{title}\n{}", render(report, style))
}

struct Text<'a> {
    report: &'a Report,
    painter: Painter,
    fail_on: FailOn,
}

impl Text<'_> {
    fn whole(&self) -> String {
        let mut out = String::new();
        let mut after_brief = false;
        let mut prose = BTreeMap::<&str, usize>::new();
        for change in words::worst_first(self.report) {
            if is_prose(change) {
                let seen = prose.entry(change.rule).or_default();
                *seen += 1;
                if *seen > PROSE {
                    continue;
                }
            }
            let brief = is_brief(change);
            let together = brief && after_brief;
            if !(out.is_empty() || together) {
                out.push('\n');
            }
            self.change(&mut out, change);
            after_brief = brief;
        }
        for (rule, count) in prose.into_iter().filter(|(_, count)| *count > PROSE) {
            let head = self
                .painter
                .paint(Style::Good, &format!("compatible[{rule}]"));
            let more = count - PROSE;
            line(
                &mut out,
                &format!("{head}: {more} more; --format json lists them"),
            );
        }
        self.unclaimed(&mut out);
        self.closing(&mut out);
        out
    }

    fn change(&self, out: &mut String, change: &Change) {
        let (word, style) = heading(change);
        let head = self
            .painter
            .paint(style, &format!("{word}[{}]", change.rule));
        let message = words::one_line(&change.message);
        let message = match is_brief(change) {
            true => format!(": {message}"),
            false => self.painter.paint(Style::Strong, &format!(": {message}")),
        };
        line(out, &format!("{head}{message}"));
        if is_brief(change) {
            self.brief(out, change);
        } else {
            self.excerpts(out, change, style);
            self.notes(out, change);
        }
    }

    /// What is known to harm nobody, or was looked at before: where, and why it is fine. Where it
    /// fails the run all the same, what it can be accepted by.
    fn brief(&self, out: &mut String, change: &Change) {
        let arrow = self.painter.paint(Style::Frame, "-->");
        line(out, &format!("  {arrow} {}", words::places(change)));
        let frame = self.frame(&self.report.revision, 1);
        if let Some(reason) = &change.accepted {
            frame.note(out, "accepted", reason);
        }
        self.rust(out, &frame, &change.rust);
        if change.fails(self.fail_on) {
            frame.note(out, "fingerprint", &change.fingerprint);
        }
    }

    fn excerpts(&self, out: &mut String, change: &Change, style: Style) {
        let gutter = gutter(change);
        let sides = [
            (&self.report.base, &change.base, "base", Style::Frame),
            (&self.report.revision, &change.revision, "revision", style),
        ];
        let mut arrow = "-->";
        for (document, side, label, style) in sides {
            if let Some(place) = side {
                let frame = self.frame(document, gutter);
                excerpt(out, &frame, place, (arrow, label, style));
                arrow = ":::";
            }
        }
        let absent = match (&change.base, &change.revision) {
            (None, Some(_)) => "only in the revision",
            (Some(_), None) => "no longer in the revision",
            _ => return,
        };
        let frame = self.frame(&self.report.revision, gutter);
        frame.note(out, "note", absent);
    }

    fn notes(&self, out: &mut String, change: &Change) {
        let frame = self.frame(&self.report.revision, gutter(change));
        if !change.used_by.is_empty() {
            frame.note(out, "used by", &tree(change));
        }
        if let Some(witness) = &change.witness {
            let said = format!("{}\n{}", words::value(witness), words::witness(witness));
            frame.note(out, "witness", &said);
        } else if words::lacks_witness(change) {
            frame.note(out, "witness", "none was found");
        }
        self.rust(out, &frame, &change.rust);
        if let Some(advice) = &change.advice {
            frame.note(out, "help", advice);
        }
        frame.note(out, "fingerprint", &change.fingerprint);
    }

    fn rust(&self, out: &mut String, frame: &Frame<'_>, items: &[RustChange]) {
        if !items.is_empty() {
            frame.note(out, "rust", &listed(items.iter()));
        }
    }

    /// Items of the generated crates that change without a change of the contract to blame.
    fn unclaimed(&self, out: &mut String) {
        for (name, items) in words::unclaimed(self.report) {
            let head = self.painter.paint(Style::Strong, &format!("rust[{name}]"));
            let _ = write!(out, "\n{head}: further items change\n");
            self.rust(out, &self.frame(&self.report.revision, 1), &owned(items));
        }
    }

    fn closing(&self, out: &mut String) {
        if !out.is_empty() {
            out.push('\n');
        }
        for (name, note) in self.report.notes() {
            let note = format!(
                "{}: {name}: {note}",
                self.painter.paint(Style::Strong, "note")
            );
            line(out, &note);
        }
        let style = match self.report.worst() {
            Some(Severity::Breaking | Severity::Undecided) => Style::Error,
            Some(Severity::Warning) => Style::Warning,
            _ if self.report.semver() == Semver::Major => Style::Warning,
            _ => Style::Good,
        };
        let (wire, rust) = self.report.verdicts();
        line(out, &format!("{}{rust}", self.painter.paint(style, &wire)));
    }

    fn frame<'a>(&self, document: &'a DocumentInfo, gutter: usize) -> Frame<'a> {
        Frame {
            sources: &document.sources.0,
            painter: self.painter,
            gutter,
        }
    }
}

fn owned(items: Vec<&RustChange>) -> Vec<RustChange> {
    items.into_iter().cloned().collect()
}

/// Compatible and accepted changes take a few lines; the others are shown at length.
fn is_brief(change: &Change) -> bool {
    change.accepted.is_some() || change.severity == Severity::Compatible
}

/// Whether a change is one of words alone.
fn is_prose(change: &Change) -> bool {
    change.accepted.is_none()
        && change.severity == Severity::Compatible
        && change.polarity.is_none()
        && change.effect.is_none()
        && change.rust.is_empty()
}

fn heading(change: &Change) -> (&'static str, Style) {
    match (change.accepted.is_some(), change.severity) {
        (true, _) => ("accepted", Style::Good),
        (_, Severity::Compatible) => ("compatible", Style::Good),
        (_, Severity::Warning) => ("warning", Style::Warning),
        (_, severity) => (severity.as_str(), Style::Error),
    }
}

/// The width of the largest line number shown.
fn gutter(change: &Change) -> usize {
    let places = change.base.iter().chain(&change.revision);
    let largest = places.map(|place| place.line).max().unwrap_or(0);
    largest.to_string().len()
}

fn excerpt(out: &mut String, frame: &Frame<'_>, place: &Place, said: (&str, &str, Style)) {
    let (arrow, label, style) = said;
    let mark = if label == "base" { '-' } else { '^' };
    let arrow = frame.painter.paint(Style::Frame, arrow);
    let at = words::place(place);
    line(out, &format!("{:w$}{arrow} {at}", "", w = frame.gutter));
    if !frame.sources.text(place.span.file).is_empty() {
        frame.snippet(out, place.span, mark, style, label);
    }
}

/// Operations and, below each, the sides of it.
fn tree(change: &Change) -> String {
    let uses = words::uses(&change.used_by);
    let mut lines = Vec::new();
    for (index, (operation, sides)) in uses.iter().enumerate() {
        let last = index + 1 == uses.len();
        let (branch, stem) = if last {
            ("└─", "   ")
        } else {
            ("├─", "│  ")
        };
        if let [side] = sides[..] {
            lines.push(format!("{branch} {operation}: {side}"));
            continue;
        }
        lines.push(format!("{branch} {operation}"));
        for (index, side) in sides.iter().enumerate() {
            let branch = if index + 1 == sides.len() {
                "└─"
            } else {
                "├─"
            };
            lines.push(format!("{stem}{branch} {side}"));
        }
    }
    lines.join("\n")
}

/// One item a line, not more than [`ITEMS`].
fn listed<'a>(items: impl ExactSizeIterator<Item = &'a RustChange>) -> String {
    let more = items.len().saturating_sub(ITEMS);
    let mut lines: Vec<String> = items.take(ITEMS).map(words::rust).collect();
    if more > 0 {
        lines.push(format!("and {more} more; --format json lists them"));
    }
    lines.join("\n")
}
