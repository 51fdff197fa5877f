//! Patterns as sets of texts: which of two includes the other.
//!
//! Both are turned into automata, and the texts of one are walked through the other. What a
//! pattern may say beyond regular languages, and what grows too large, is undecided.

use super::ecma::translated;
use crate::regexes;
use crate::report::Effect;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Look};
use std::cell::Cell;
use std::collections::{BTreeSet, HashSet};

/// Whether a pattern matches somewhere in a text; one that cannot be read is taken to.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    found(pattern, text) != Some(false)
}

/// Whether a pattern matches somewhere in a text; one that cannot be read is taken not to.
pub(super) fn surely_matches(pattern: &str, text: &str) -> bool {
    found(pattern, text) == Some(true)
}

fn found(pattern: &str, text: &str) -> Option<bool> {
    regexes::is_match(&translated(pattern)?, text)
}

/// Whether a pattern can be read at all.
pub(super) fn is_readable(pattern: &str) -> bool {
    translated(pattern).is_some_and(|pattern| regexes::is_readable(&pattern))
}

/// The text with which everything begins that a pattern matches; empty where there is none, or where
/// that is not easy to see.
pub(super) fn beginning(pattern: &str) -> String {
    let Some(hir) = parsed(pattern) else {
        return String::new();
    };
    let HirKind::Concat(parts) = hir.kind() else {
        return String::new();
    };
    match parts.iter().map(Hir::kind).take(2).collect::<Vec<_>>()[..] {
        [HirKind::Look(Look::Start), HirKind::Literal(literal)] => {
            String::from_utf8(literal.0.to_vec()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The fewest and the most characters of a text that a pattern describes from its beginning to
/// its end; `None` where it does not.
pub(super) fn lengths(pattern: &str) -> Option<(usize, Option<usize>)> {
    let hir = parsed(pattern)?;
    let properties = hir.properties();
    let whole = properties.look_set_prefix().contains(Look::Start)
        && properties.look_set_suffix().contains(Look::End);
    whole.then(|| characters(&hir))
}

/// How many texts of a pattern are written out.
const MOST_TEXTS: usize = 200;

/// All texts that a pattern describes from beginning to end, where there are few; `None` where there
/// are more, or where it matches within a text.
pub(super) fn texts(pattern: &str) -> Option<Vec<String>> {
    lengths(pattern)?.1?;
    written_out(&parsed(pattern)?)
}

fn written_out(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(vec![String::new()]),
        HirKind::Literal(literal) => Some(vec![String::from_utf8_lossy(&literal.0).into_owned()]),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges().iter();
            let characters = ranges.flat_map(|range| range.start()..=range.end());
            let found: Vec<String> = characters.take(MOST_TEXTS + 1).map(String::from).collect();
            (found.len() <= MOST_TEXTS).then_some(found)
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Capture(capture) => written_out(&capture.sub),
        HirKind::Repetition(repetition) => {
            let part = written_out(&repetition.sub)?;
            let (least, most) = (repetition.min as usize, repetition.max? as usize);
            let mut found = Vec::new();
            let mut texts = vec![String::new()];
            for times in 0..=most.min(MOST_TEXTS) {
                if times >= least {
                    found.extend(texts.iter().cloned());
                }
                texts = product(&texts, &part)?;
            }
            Some(found)
        }
        HirKind::Concat(parts) => parts.iter().try_fold(vec![String::new()], |texts, part| {
            product(&texts, &written_out(part)?)
        }),
        HirKind::Alternation(parts) => {
            let each = parts.iter().map(written_out);
            let found = each.collect::<Option<Vec<_>>>()?.concat();
            (found.len() <= MOST_TEXTS).then_some(found)
        }
    }
}

fn product(beginnings: &[String], ends: &[String]) -> Option<Vec<String>> {
    if beginnings.len() * ends.len() > MOST_TEXTS {
        return None;
    }
    let each = beginnings.iter();
    let each = each.flat_map(|begin| ends.iter().map(move |end| format!("{begin}{end}")));
    Some(each.collect())
}

/// The fewest characters of a text in which a pattern matches somewhere.
pub(super) fn least(pattern: &str) -> usize {
    parsed(pattern).map_or(0, |hir| characters(&hir).0)
}

/// The fewest and the most characters. The parser's own counts are of bytes.
fn characters(hir: &Hir) -> (usize, Option<usize>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (0, Some(0)),
        HirKind::Literal(literal) => {
            let count = String::from_utf8_lossy(&literal.0).chars().count();
            (count, Some(count))
        }
        HirKind::Class(_) => (1, Some(1)),
        HirKind::Capture(capture) => characters(&capture.sub),
        HirKind::Repetition(repetition) => {
            let (least, most) = characters(&repetition.sub);
            let times = repetition.max.map(|max| max as usize);
            let most = match most {
                Some(0) => Some(0),
                most => most
                    .zip(times)
                    .and_then(|(most, max)| most.checked_mul(max)),
            };
            (least.saturating_mul(repetition.min as usize), most)
        }
        HirKind::Concat(parts) => parts.iter().map(characters).fold((0, Some(0)), |sum, one| {
            let most = sum.1.zip(one.1).and_then(|(sum, one)| sum.checked_add(one));
            (sum.0.saturating_add(one.0), most)
        }),
        HirKind::Alternation(parts) => {
            let each = || parts.iter().map(characters);
            let least = each().map(|one| one.0).min().unwrap_or(0);
            let most = each().map(|one| one.1).collect::<Option<Vec<usize>>>();
            (least, most.and_then(|most| most.into_iter().max()))
        }
    }
}

fn parsed(pattern: &str) -> Option<Hir> {
    let pattern = translated(pattern)?;
    ParserBuilder::new().build().parse(&pattern).ok()
}

/// Whether a pattern matches every text.
pub(super) fn is_idle(pattern: &str) -> bool {
    const EASY: [&str; 9] = [
        "",
        ".*",
        "^.*$",
        "^.*",
        ".*$",
        "^",
        "$",
        r"[\s\S]*",
        r"^[\s\S]*$",
    ];
    EASY.contains(&pattern)
}

/// How many steps are walked in one comparison. It runs on a thread of its own.
const MOST_STEPS: usize = 12_000_000;

/// How many steps are walked in the time in which one state is made.
const MAKING: usize = 4;

thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// Counts some steps; `None` where no more are walked.
fn walk(steps: usize) -> Option<()> {
    let walked = STEPS.get().saturating_add(steps);
    STEPS.set(walked);
    (walked <= MOST_STEPS).then_some(())
}

/// What a change of pattern does to the accepted texts.
pub(super) fn effect(base: &str, revision: &str) -> Effect {
    let (Some(base), Some(revision)) = (Automaton::of(base), Automaton::of(revision)) else {
        return Effect::Undecided;
    };
    match (includes(&revision, &base), includes(&base, &revision)) {
        (Some(true), Some(true)) => Effect::Equal,
        (Some(true), Some(false)) => Effect::Widened,
        (Some(false), Some(true)) => Effect::Narrowed,
        (Some(false), Some(false)) => Effect::Both,
        _ => Effect::Undecided,
    }
}

/// How large automata and walks may grow.
const MOST_STATES: usize = 4_000;

/// What is read before a text and after it, so that anchors are characters like others.
const BEGIN: char = '\u{10fffe}';
const END: char = '\u{10ffff}';
const LAST: char = '\u{10fffd}';

/// A nondeterministic automaton over characters.
#[derive(Default)]
struct Automaton {
    /// Steps without a character.
    free: Vec<Vec<usize>>,
    /// Steps over characters from the first to the last.
    steps: Vec<Vec<(char, char, usize)>>,
    accepting: usize,
    start: usize,
}

impl Automaton {
    /// The automaton of all texts in which a pattern is found.
    fn of(pattern: &str) -> Option<Self> {
        walk(1)?;
        let hir = parsed(pattern)?;
        let mut automaton = Self::default();
        let [start, before, entry] = [(); 3].map(|()| automaton.state());
        automaton.start = start;
        // Either the pattern itself begins at the beginning, or any text may stand before it.
        automaton.free[start].push(entry);
        automaton.steps[start].push((BEGIN, BEGIN, before));
        automaton.steps[before].push(('\0', LAST, before));
        automaton.free[before].push(entry);
        let exit = automaton.add(&hir, entry)?;
        let [after, end] = [(); 2].map(|()| automaton.state());
        automaton.free[exit].extend([after, end]);
        automaton.steps[after].extend([('\0', LAST, after), (END, END, end)]);
        automaton.accepting = end;
        walk(MAKING * automaton.free.len())?;
        Some(automaton)
    }

    fn state(&mut self) -> usize {
        self.free.push(Vec::new());
        self.steps.push(Vec::new());
        self.free.len() - 1
    }

    /// Adds a part after a state; gives the state after it.
    fn add(&mut self, hir: &Hir, from: usize) -> Option<usize> {
        if self.free.len() > MOST_STATES {
            return None;
        }
        match hir.kind() {
            HirKind::Empty => Some(from),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).ok()?;
                Some(text.chars().fold(from, |at, c| self.step(at, &[(c, c)])))
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.ranges().iter();
                let ranges: Vec<_> = ranges
                    .map(|range| (range.start(), range.end().min(LAST)))
                    .collect();
                Some(self.step(from, &ranges))
            }
            HirKind::Look(Look::Start) => Some(self.step(from, &[(BEGIN, BEGIN)])),
            HirKind::Look(Look::End) => Some(self.step(from, &[(END, END)])),
            HirKind::Class(Class::Bytes(_)) | HirKind::Look(_) => None,
            HirKind::Capture(capture) => self.add(&capture.sub, from),
            HirKind::Concat(parts) => parts.iter().try_fold(from, |at, part| self.add(part, at)),
            HirKind::Alternation(choices) => {
                let end = self.state();
                for choice in choices {
                    let begin = self.state();
                    self.free[from].push(begin);
                    let at = self.add(choice, begin)?;
                    self.free[at].push(end);
                }
                Some(end)
            }
            HirKind::Repetition(repetition) => {
                self.repeat(&repetition.sub, repetition.min, repetition.max, from)
            }
        }
    }

    fn step(&mut self, from: usize, ranges: &[(char, char)]) -> usize {
        let to = self.state();
        self.steps[from].extend(ranges.iter().map(|(first, last)| (*first, *last, to)));
        to
    }

    fn repeat(&mut self, part: &Hir, min: u32, max: Option<u32>, from: usize) -> Option<usize> {
        let mut at = from;
        for _ in 0..min {
            at = self.add(part, at)?;
        }
        let end = self.state();
        match max {
            None => {
                let again = self.state();
                self.free[at].push(again);
                let after = self.add(part, again)?;
                self.free[after].push(again);
                self.free[again].push(end);
            }
            Some(max) => {
                for _ in min..max {
                    self.free[at].push(end);
                    let begin = self.state();
                    self.free[at].push(begin);
                    at = self.add(part, begin)?;
                }
                self.free[at].push(end);
            }
        }
        Some(end)
    }

    fn closure(&self, mut open: Vec<usize>) -> BTreeSet<usize> {
        let mut reached: BTreeSet<usize> = open.iter().copied().collect();
        while let Some(state) = open.pop() {
            open.extend(
                self.free[state]
                    .iter()
                    .copied()
                    .filter(|&next| reached.insert(next)),
            );
        }
        reached
    }

    fn after(&self, states: &BTreeSet<usize>, c: char) -> BTreeSet<usize> {
        let steps = states.iter().flat_map(|&state| &self.steps[state]);
        let next = steps.filter(|(first, last, _)| (*first..=*last).contains(&c));
        self.closure(next.map(|(.., to)| *to).collect())
    }

    /// The characters where steps begin to differ.
    fn borders(&self, states: &BTreeSet<usize>, borders: &mut BTreeSet<char>) {
        for (first, last, _) in states.iter().flat_map(|&state| &self.steps[state]) {
            borders.insert(*first);
            borders.extend(next_char(*last));
        }
    }
}

fn next_char(c: char) -> Option<char> {
    match c {
        '\u{d7ff}' => Some('\u{e000}'),
        _ => char::from_u32(c as u32 + 1),
    }
}

/// Whether every text of one automaton is one of the other; `None` where that takes too long.
fn includes(wide: &Automaton, narrow: &Automaton) -> Option<bool> {
    let begin = |of: &Automaton| of.after(&of.closure(vec![of.start]), BEGIN);
    let ends =
        |of: &Automaton, states: &BTreeSet<usize>| of.after(states, END).contains(&of.accepting);
    let start = (begin(narrow), begin(wide));
    let mut seen = HashSet::from([start.clone()]);
    let mut open = vec![start];
    while let Some((one, other)) = open.pop() {
        if ends(narrow, &one) && !ends(wide, &other) {
            return Some(false);
        }
        let mut borders = BTreeSet::from(['\0']);
        narrow.borders(&one, &mut borders);
        wide.borders(&other, &mut borders);
        for c in borders.into_iter().filter(|c| *c <= LAST) {
            walk(1 + one.len() + other.len())?;
            let next = (narrow.after(&one, c), wide.after(&other, c));
            if !next.0.is_empty() && seen.insert(next.clone()) {
                open.push(next);
            }
        }
        if seen.len() > MOST_STATES {
            return None;
        }
    }
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects() {
        let table = [
            ("^[a-z]+$", "^[a-z0-9]+$", Effect::Widened),
            ("^[a-z]+$", "^[a-z]*$", Effect::Widened),
            ("^[a-z]+$", "^[0-9]+$", Effect::Both),
            ("^[a-z]{1,5}$", "^[a-z]{2,3}$", Effect::Narrowed),
            ("^(a|b)$", "^[ab]$", Effect::Equal),
            ("^a$|^b$", "^(a|b)$", Effect::Equal),
            ("a", "^a", Effect::Narrowed),
            ("^a", r"^[\s\S]*a", Effect::Widened),
            ("^a", r"^a[\s\S]*$", Effect::Equal),
            ("^a", "^a.*$", Effect::Narrowed),
            (r"^\d+$", "^[0-9]+$", Effect::Equal),
            (r"[\w-]", "[A-Za-z0-9_-]", Effect::Equal),
            ("^[a&&b]$", "^[ab&]$", Effect::Equal),
            (r"^\Aa$", "^Aa$", Effect::Undecided),
            ("^(?=a)", "^a", Effect::Undecided),
            ("^$", "^a?$", Effect::Widened),
        ];
        for (base, revision, expected) in table {
            assert_eq!(effect(base, revision), expected, "{base} → {revision}");
        }
    }

    #[test]
    fn texts_of_finite_patterns() {
        let table: [(&str, Option<&[&str]>); 6] = [
            ("^(cat|dog)$", Some(&["cat", "dog"])),
            ("^[ab]c?$", Some(&["a", "ac", "b", "bc"])),
            ("^a{1,2}$", Some(&["a", "aa"])),
            ("cat", None),
            ("^a*$", None),
            ("^.$", None),
        ];
        for (pattern, expected) in table {
            let found = texts(pattern).map(|mut texts| {
                texts.sort_unstable();
                texts
            });
            let found: Option<Vec<&str>> = found
                .as_ref()
                .map(|texts| texts.iter().map(String::as_str).collect());
            assert_eq!(found.as_deref(), expected, "{pattern}");
        }
    }

    #[test]
    fn lengths_of_whole_texts() {
        let table = [
            ("^[a-z]{1,5}$", Some((1, Some(5)))),
            ("^(a|bc)+$", Some((1, None))),
            ("[a-z]{1,5}", None),
            ("^é$", Some((1, Some(1)))),
            ("^.{2}$", Some((2, Some(2)))),
        ];
        for (pattern, expected) in table {
            assert_eq!(lengths(pattern), expected, "{pattern}");
        }
    }
}
