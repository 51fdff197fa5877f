//! Texts that a regular expression matches.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

/// Texts that match a pattern, the shortest first; none where the pattern is beyond what can be
/// followed (look-around, back-references).
pub(super) fn samples(pattern: &str) -> Vec<String> {
    let Ok(hir) = regex_syntax::parse(pattern) else {
        return Vec::new();
    };
    let turns = [(0, 0), (1, 0), (1, 1), (9, 2)];
    let mut texts: Vec<String> = Vec::new();
    for (extra, choice) in turns {
        let text = Writer::new(extra, choice, 0).write(&hir);
        texts.extend(text.filter(|text| !texts.contains(text)));
    }
    // More may stand before and after what a pattern without an anchor matches.
    let longer = texts
        .first()
        .map(|text| [format!("x{text}"), format!("{text}x")]);
    let longer = longer.into_iter().flatten();
    let matching: Vec<String> = longer.filter(|text| matches(pattern, text)).collect();
    for text in matching {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// A text of this many characters that matches a pattern, where one is found.
pub(super) fn of_length(pattern: &str, length: usize) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let spare = length.checked_sub(least(&hir))?;
    let text = Writer::new(0, 0, spare).write(&hir)?;
    (text.chars().count() == length).then_some(text)
}

/// Whether a text matches a pattern; it does not where the pattern cannot be followed.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    crate::regexes::is_match(pattern, text) == Some(true)
}

/// Writes one of the many texts.
struct Writer {
    /// How often to repeat beyond what must be.
    extra: u32,
    /// Which alternative to take, counted around.
    choice: usize,
    /// How many characters to add wherever more are allowed.
    spare: usize,
    out: String,
}

/// A longer one would not be a useful example.
const LONGEST: usize = 12_000;

impl Writer {
    fn new(extra: u32, choice: usize, spare: usize) -> Self {
        let out = String::new();
        Self {
            extra,
            choice,
            spare,
            out,
        }
    }

    fn write(mut self, hir: &Hir) -> Option<String> {
        self.part(hir)?;
        Some(self.out)
    }

    fn part(&mut self, hir: &Hir) -> Option<()> {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.out.push_str(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.ranges().iter();
                let ranges: Vec<_> = ranges.map(|range| (range.start(), range.end())).collect();
                self.out.push(pick(&ranges, self.choice)?);
            }
            HirKind::Class(Class::Bytes(_)) => return None,
            HirKind::Repetition(repetition) => self.repeat(repetition)?,
            HirKind::Capture(capture) => self.part(&capture.sub)?,
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.part(part))?,
            HirKind::Alternation(parts) => self.part(&parts[self.choice % parts.len()])?,
        }
        (self.out.len() <= LONGEST).then_some(())
    }

    fn repeat(&mut self, repetition: &Repetition) -> Option<()> {
        let most = repetition.max.unwrap_or(u32::MAX);
        let each = least(&repetition.sub).max(1);
        let room = (most - repetition.min) as usize;
        let more = (self.spare / each).min(room);
        self.spare -= more * each;
        let times = repetition.min.saturating_add(self.extra).min(most) as usize + more;
        (0..times).try_for_each(|_| self.part(&repetition.sub))
    }
}

/// The fewest characters a match has; a character of more bytes is counted as such.
fn least(hir: &Hir) -> usize {
    hir.properties().minimum_len().unwrap_or(0)
}

/// A character people read easily, where the class has one.
fn pick(ranges: &[(char, char)], choice: usize) -> Option<char> {
    let easy = [['a', '0', 'A'], ['b', '1', 'B'], ['z', '9', 'Z']];
    let holds = |wanted: &char| {
        ranges
            .iter()
            .any(|(from, to)| (from..=to).contains(&wanted))
    };
    let easy = easy[choice % 3].iter().chain(easy[0].iter()).copied();
    easy.chain(['-', ' ', '!']).find(holds).or_else(|| {
        let readable = ranges.iter().find(|(from, _)| *from >= ' ');
        readable.or(ranges.first()).map(|(from, _)| *from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_their_pattern() {
        let patterns = [
            "^[a-z]{3,8}$",
            "^(cat|dog|[0-9]+)-x?$",
            r"^\d{4}-\d{2}$",
            r"^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$",
            r"^\S+@\S+\.[a-z]{2,}$",
            "[^/]+",
        ];
        for pattern in patterns {
            let texts = samples(pattern);
            assert!(!texts.is_empty(), "nothing for {pattern}");
            let schema = serde_json::json!({ "pattern": pattern });
            let validator = jsonschema::validator_for(&schema).unwrap();
            for text in texts {
                assert!(
                    validator.is_valid(&text.clone().into()),
                    "{text:?} should match {pattern}"
                );
            }
        }
    }

    #[test]
    fn texts_have_the_length_that_is_asked_for() {
        assert_eq!(of_length("^[a-z]{3,8}$", 8).as_deref(), Some("aaaaaaaa"));
        assert_eq!(of_length("^x[0-9]+$", 5).as_deref(), Some("x0000"));
        assert_eq!(of_length("^[a-z]{3,8}$", 9), None);
    }

    #[test]
    fn what_cannot_be_followed_gives_nothing() {
        for pattern in ["(?=a)b", "(", r"(a)\1"] {
            assert_eq!(samples(pattern), Vec::<String>::new(), "for {pattern}");
        }
    }
}
