//! Says what differs, as a unified diff.

use super::{Change, Verdict};
use similar::{ChangeTag, TextDiff};

/// The lines of one file's diff that are shown at most.
const LIMIT: usize = 200;

/// Describes the way from `old` on disk to `new` in the set.
pub(super) fn change(path: &str, verdict: Verdict, old: &[u8], new: &str) -> Change {
    let old = String::from_utf8_lossy(old);
    let diff = TextDiff::from_lines(old.as_ref(), new);
    let count = |tag| {
        diff.iter_all_changes()
            .filter(|line| line.tag() == tag)
            .count()
    };
    Change {
        path: path.to_owned(),
        verdict,
        added: count(ChangeTag::Insert),
        removed: count(ChangeTag::Delete),
        conflicted: has_conflict(&old),
        diff: render(path, verdict, &old, new),
    }
}

fn render(path: &str, verdict: Verdict, old: &str, new: &str) -> String {
    let (from, to) = match verdict {
        Verdict::Missing => ("/dev/null".to_owned(), format!("b/{path}")),
        Verdict::Stale => (format!("a/{path}"), format!("b/{path}")),
        Verdict::Extra => (format!("a/{path}"), "/dev/null".to_owned()),
    };
    if verdict == Verdict::Stale && old.replace("\r\n", "\n") == new {
        return format!("--- {from}\n+++ {to}\n(only the line endings differ: LF belongs here)\n");
    }
    let diff = TextDiff::from_lines(old, new);
    let text = diff
        .unified_diff()
        .context_radius(3)
        .header(&from, &to)
        .to_string();
    if text.is_empty() {
        return format!("--- {from}\n+++ {to}\n(an empty file)\n");
    }
    shorten(&text)
}

fn shorten(text: &str) -> String {
    let lines = text.lines().count();
    if lines <= LIMIT {
        return text.to_owned();
    }
    let mut kept: String = text.split_inclusive('\n').take(LIMIT).collect();
    kept.push_str(&format!("({} more lines)\n", lines - LIMIT));
    kept
}

/// Whether a merge was left unfinished: a marker of each side, in their order.
fn has_conflict(text: &str) -> bool {
    let mut lines = text.lines();
    lines.any(|line| line.starts_with("<<<<<<<"))
        && lines.any(|line| line.starts_with("======="))
        && lines.any(|line| line.starts_with(">>>>>>>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_file_is_shown_as_a_unified_diff() {
        let change = change("x/a.rs", Verdict::Stale, b"one\ntwo\n", "one\nthree\n");
        assert_eq!(
            change.diff,
            "--- a/x/a.rs\n+++ b/x/a.rs\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"
        );
        assert_eq!(
            (change.added, change.removed, change.conflicted),
            (1, 1, false)
        );
    }

    #[test]
    fn line_endings_alone_are_one_line() {
        let change = change("a", Verdict::Stale, b"one\r\ntwo\r\n", "one\ntwo\n");
        assert!(
            change
                .diff
                .ends_with("(only the line endings differ: LF belongs here)\n")
        );
    }

    #[test]
    fn a_long_diff_is_cut_short() {
        let text: String = (0..1000).map(|line| format!("{line}\n")).collect();
        let change = change("a", Verdict::Missing, &[], &text);
        assert_eq!(change.diff.lines().count(), LIMIT + 1);
        assert!(
            change.diff.ends_with("(803 more lines)\n"),
            "{}",
            change.diff
        );
        assert_eq!((change.added, change.removed), (1000, 0));
    }

    #[test]
    fn an_unfinished_merge_is_noticed() {
        let merge = b"a\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n";
        assert!(change("a", Verdict::Stale, merge, "a\nb\n").conflicted);
        assert!(!change("a", Verdict::Stale, b"======= a heading\n", "a\n").conflicted);
    }
}
