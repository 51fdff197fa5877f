//! How bad an entry is, and from which level on a run fails.

use serde::Serialize;

/// How bad an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A change that does not affect clients and servers that keep to the old contract.
    Compatible,
    /// Good to know.
    Note,
    /// A client or server may be affected.
    Warning,
    /// It could not be decided; counts as breaking for the exit code.
    Undecided,
    /// A client or server that keeps to the contract fails.
    Breaking,
}

/// The scale that output formats have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Information.
    Note,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

/// From which level on an entry fails a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum FailOn {
    /// Breaking entries and undecided ones.
    #[default]
    Breaking,
    /// Warnings too.
    Warning,
    /// Any entry at all.
    Any,
}

/// How many entries there are of each severity. Accepted entries are counted apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Breaking entries.
    pub breaking: usize,
    /// Undecided entries.
    pub undecided: usize,
    /// Warnings.
    pub warning: usize,
    /// Notes.
    pub note: usize,
    /// Compatible changes.
    pub compatible: usize,
    /// Entries that are accepted, whatever their severity.
    pub accepted: usize,
}

impl Severity {
    /// Every severity, the worst first.
    pub const WORST_FIRST: [Self; 5] = [
        Self::Breaking,
        Self::Undecided,
        Self::Warning,
        Self::Note,
        Self::Compatible,
    ];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Undecided => "undecided",
            Self::Breaking => "breaking",
        }
    }

    /// A count of it in words: `2 breaking`, `1 warning`, `2 warnings`.
    #[must_use]
    pub fn counted(self, count: usize) -> String {
        let is_noun = matches!(self, Self::Warning | Self::Note);
        let ending = if is_noun && count != 1 { "s" } else { "" };
        format!("{count} {}{ending}", self.as_str())
    }

    /// Its level in formats that know three.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Breaking | Self::Undecided => Level::Error,
            Self::Warning => Level::Warning,
            Self::Note | Self::Compatible => Level::Note,
        }
    }
}

impl FailOn {
    /// Whether an entry of this severity fails the run, unless it is accepted.
    #[must_use]
    pub fn includes(self, severity: Severity) -> bool {
        let least = match self {
            Self::Breaking => Level::Error,
            Self::Warning => Level::Warning,
            Self::Any => Level::Note,
        };
        severity.level() >= least
    }
}

impl Summary {
    /// Counts entries, given as severity and whether each is accepted.
    #[must_use]
    pub fn of(entries: impl Iterator<Item = (Severity, bool)>) -> Self {
        let mut sum = Self::default();
        for (severity, accepted) in entries {
            *match (accepted, severity) {
                (true, _) => &mut sum.accepted,
                (_, Severity::Breaking) => &mut sum.breaking,
                (_, Severity::Undecided) => &mut sum.undecided,
                (_, Severity::Warning) => &mut sum.warning,
                (_, Severity::Note) => &mut sum.note,
                (_, Severity::Compatible) => &mut sum.compatible,
            } += 1;
        }
        sum
    }

    /// How many entries there are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        match severity {
            Severity::Breaking => self.breaking,
            Severity::Undecided => self.undecided,
            Severity::Warning => self.warning,
            Severity::Note => self.note,
            Severity::Compatible => self.compatible,
        }
    }

    /// The worst severity that an open entry has.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        let mut severities = Severity::WORST_FIRST.into_iter();
        severities.find(|severity| self.count(*severity) > 0)
    }

    /// The counts that are not zero, the worst first: `2 breaking`; accepted ones at the end.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let counts = Severity::WORST_FIRST.map(|severity| (severity, self.count(severity)));
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        let mut words: Vec<String> = counts
            .map(|(severity, count)| severity.counted(count))
            .collect();
        if self.accepted > 0 {
            words.push(format!("{} accepted", self.accepted));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_includes_what_is_worse() {
        for (fail_on, included) in [
            (FailOn::Breaking, &Severity::WORST_FIRST[..2]),
            (FailOn::Warning, &Severity::WORST_FIRST[..3]),
            (FailOn::Any, &Severity::WORST_FIRST[..]),
        ] {
            for severity in Severity::WORST_FIRST {
                let expected = included.contains(&severity);
                assert_eq!(
                    fail_on.includes(severity),
                    expected,
                    "{fail_on:?} {severity:?}"
                );
            }
        }
    }

    #[test]
    fn a_summary_counts_in_words() {
        use Severity::{Breaking, Note, Warning};
        let entries = [
            (Breaking, false),
            (Warning, false),
            (Warning, false),
            (Note, false),
        ];
        let sum = Summary::of(entries.into_iter().chain([(Breaking, true)]));
        let words = sum.words().join(", ");
        assert_eq!(words, "1 breaking, 2 warnings, 1 note, 1 accepted");
        assert_eq!(sum.worst(), Some(Breaking));
        assert_eq!(Summary::of([(Breaking, true)].into_iter()).worst(), None);
    }
}
