//! Names come from documents that anybody may have written. What could steer a terminal, hide itself
//! or end a line is written out before people are shown it.

use crate::report::{Change, Report, RustChange};

/// The report with every text made visible; values stay as they are.
pub(super) fn report(report: &Report) -> Report {
    let mut shown = report.clone();
    one_line(&mut shown.base.name);
    one_line(&mut shown.revision.name);
    shown.changes.iter_mut().for_each(change);
    for verdict in &mut shown.crates {
        one_line(&mut verdict.name);
        verdict.note.iter_mut().for_each(one_line);
        verdict.items.iter_mut().for_each(rust);
    }
    shown
}

/// One text with nothing hidden in it.
pub(super) fn text(text: &str) -> String {
    let mut text = text.to_owned();
    one_line(&mut text);
    text
}

fn change(change: &mut Change) {
    one_line(&mut change.message);
    for place in change.base.iter_mut().chain(&mut change.revision) {
        one_line(&mut place.file);
        one_line(&mut place.pointer);
    }
    for used in &mut change.used_by {
        one_line(&mut used.operation);
        one_line(&mut used.side);
    }
    change.rust.iter_mut().for_each(rust);
    // What was written for people may have several lines.
    let said = change.advice.iter_mut().chain(&mut change.accepted);
    said.for_each(|text| write_out(text, |it| it != '\n' && is_hidden(it)));
}

fn rust(change: &mut RustChange) {
    one_line(&mut change.item);
    one_line(&mut change.change);
}

fn one_line(text: &mut String) {
    write_out(text, is_hidden);
}

fn write_out(text: &mut String, hidden: impl Fn(char) -> bool) {
    if !text.contains(&hidden) {
        return;
    }
    let shown = text.chars().map(|it| match hidden(it) {
        true => it.escape_default().to_string(),
        false => it.to_string(),
    });
    *text = shown.collect();
}

/// Control characters, what breaks a line, and what changes the direction of writing.
fn is_hidden(it: char) -> bool {
    let marks = [
        '\u{61c}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{feff}',
    ];
    it.is_control()
        || marks.contains(&it)
        || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn what_hides_is_written_out_and_letters_are_not() {
        for (hidden, shown) in [
            ("a\u{1b}[31mb\u{7}", "a\\u{1b}[31mb\\u{7}"),
            ("a\r\n\tb", "a\\r\\n\\tb"),
            ("\u{202e}x\u{9b}", "\\u{202e}x\\u{9b}"),
            ("Größe  \\ \"q\" 日本", "Größe  \\ \"q\" 日本"),
        ] {
            assert_eq!(text(hidden), shown);
        }
    }
}
