//! A report, and the sections it has.

use crate::{Entry, Item, Level, Summary};
use serde_json::{Map, Value};

/// A report.
#[derive(Debug, Clone)]
pub struct Report {
    /// What made it.
    pub tool: &'static Tool,
    /// Its sections.
    pub sections: Vec<Section>,
    /// Whether it may have any number of sections, so that text says above each what it is about.
    pub is_history: bool,
    /// What a report without sections says.
    pub nothing: &'static str,
}

/// What makes reports of one kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its name: `contract drift`.
    pub name: &'static str,
    /// The same at the beginning of a title.
    pub title: &'static str,
    /// What the classes of JUnit cases begin with.
    pub class: &'static str,
    /// The name of its fingerprints in SARIF, with their version.
    pub fingerprints: &'static str,
    /// The JUnit case that passes where a section has neither entries nor coverage.
    pub passed: &'static str,
}

/// One comparison of two contracts, or one run against a server.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// What was looked at.
    pub title: String,
    /// The contract, its versions and the policy in one line, above everything else.
    pub compared: Option<String>,
    /// What it was compared with, where the title does not say it.
    pub about: Option<String>,
    /// The result in a few words, for a title.
    pub headline: String,
    /// The entries, in the order in which they are reported.
    pub entries: Vec<Entry>,
    /// Items of generated crates that no entry names.
    pub lists: Vec<ItemList>,
    /// How commands in the entries are to be used; shown where an open entry has some.
    pub commands: Option<&'static str>,
    /// What was seen of a contract.
    pub coverage: Vec<Covered>,
    /// What could not be looked at, or was left out on purpose.
    pub notes: Vec<Note>,
    /// Why there is no result, where there is none.
    pub inconclusive: Option<String>,
    /// The result in one line.
    pub verdict: String,
    /// The end of that line, which text does not colour.
    pub verdict_end: String,
    /// How bad the result is.
    pub level: Option<Level>,
    /// Whether GitHub shows the result as a warning, although no entry says it.
    pub warns: bool,
    /// What distinguishes this section's runs from others: a path and, in a history, a revision.
    pub category: Vec<String>,
    /// Further properties for SARIF.
    pub properties: Map<String, Value>,
}

/// Items of a generated crate that change without an entry as their cause.
#[derive(Debug, Clone)]
pub struct ItemList {
    /// The crate.
    pub owner: String,
    /// The items.
    pub items: Vec<Item>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about; may be empty.
    pub subject: String,
    /// The note itself.
    pub text: String,
}

/// What was seen of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The operation.
    pub name: String,
    /// What was seen: statuses.
    pub seen: String,
    /// What was not.
    pub unseen: String,
    /// Why it was not looked at, where it was not.
    pub skipped: Option<String>,
    /// Whether an entry is about it.
    pub has_entries: bool,
}

impl Section {
    /// Counts its entries.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let entries = self.entries.iter();
        Summary::of(entries.map(|it| (it.severity, it.acceptance.is_some())))
    }

    /// The result in one line.
    pub(crate) fn whole_verdict(&self) -> String {
        format!("{}{}", self.verdict, self.verdict_end)
    }
}
