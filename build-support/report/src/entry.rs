//! One entry of a report.

use crate::{Acceptance, FailOn, Rule, Severity};
use contract::{Place, Sources};
use serde_json::{Map, Value};

/// One entry of a report: one cause, with everything that any format shows of it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The rule that names it.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What happened, in one line.
    pub message: String,
    /// The documents it is about, in the order in which they are reported. A format with only one place
    /// shows the last document that has a place.
    pub sides: Vec<Side>,
    /// Further details, in the order in which they are reported.
    pub details: Vec<Detail>,
    /// Sixteen hexadecimal digits, see [`fingerprint`](crate::fingerprint).
    pub fingerprint: String,
    /// Why it does not fail a run, where it was accepted.
    pub acceptance: Option<Acceptance>,
    /// Whether only prose changed. Of many such entries text shows the first and counts the rest.
    pub is_prose: bool,
    /// How often it was seen, where that is known.
    pub occurrences: Option<usize>,
    /// Further properties for SARIF.
    pub properties: Map<String, Value>,
}

/// One document that an entry is about.
#[derive(Debug, Clone)]
pub struct Side {
    /// What people call it: `base`, `revision`, `contract`.
    pub label: &'static str,
    /// The place in it; `None` where it has nothing of the kind.
    pub place: Option<Place>,
    /// The texts that the place is in, for excerpts.
    pub sources: Sources,
    /// Whether this is an earlier text, which is shown for comparison.
    pub is_former: bool,
    /// For a text that only git has: the file that stands there now, in which the lines of the
    /// place may be others.
    pub stands_in: Option<String>,
}

/// Something that is known of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// The operations that use what changed.
    UsedBy {
        /// The operations, each with its sides (`response 200`).
        uses: Vec<(String, Vec<String>)>,
        /// How many uses are not listed, because the report would be too long.
        more: usize,
    },
    /// A JSON value that shows the entry; without a value, why there is none.
    Witness {
        /// The value as JSON.
        value: Option<String>,
        /// What it shows.
        said: String,
    },
    /// Items of the generated Rust that change with it.
    Items(Vec<Item>),
    /// A line below a label of its own.
    Fact {
        /// The label.
        label: &'static str,
        /// The line.
        text: String,
        /// Whether it is shown where an entry takes a few lines only.
        is_brief: bool,
    },
    /// What to do about it.
    Advice(String),
    /// Commands for a shell.
    Commands {
        /// What they do.
        label: &'static str,
        /// The commands, in lines.
        text: String,
    },
}

/// An item of the generated Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its path.
    pub name: String,
    /// What happens to it.
    pub change: String,
    /// The step of semantic versioning that this asks for.
    pub step: &'static str,
}

impl Entry {
    /// Whether it fails a run. An accepted entry never does.
    #[must_use]
    pub fn fails(&self, fail_on: FailOn) -> bool {
        self.acceptance.is_none() && fail_on.includes(self.severity)
    }

    /// The operations that it is about.
    pub(crate) fn operations(&self) -> Vec<&str> {
        let used = self.details.iter().filter_map(|detail| match detail {
            Detail::UsedBy { uses, .. } => {
                Some(uses.iter().map(|(operation, _)| operation.as_str()))
            }
            _ => None,
        });
        let named = self.properties.get("operations").and_then(Value::as_array);
        let named = named.into_iter().flatten().filter_map(Value::as_str);
        used.flatten().chain(named).collect()
    }

    /// Whether it is about more operations than it lists.
    pub(crate) fn has_more_operations(&self) -> bool {
        let mut details = self.details.iter();
        details.any(|detail| matches!(detail, Detail::UsedBy { more, .. } if *more > 0))
    }

    /// The side to point at, with its place.
    pub(crate) fn main_side(&self) -> Option<(&Side, &Place)> {
        let mut sides = self.sides.iter().rev();
        sides.find_map(|side| Some((side, side.place.as_ref()?)))
    }

    /// The place for formats that show only one: file, line and column. Text that was removed from a file
    /// has no line in it any more, so the top of the file is shown.
    pub(crate) fn pointed_at(&self) -> Option<(&str, usize, usize)> {
        let (side, place) = self.main_side()?;
        match &side.stands_in {
            Some(file) => Some((path(file), 1, 1)),
            None => Some((path(&place.file), place.line, place.column)),
        }
    }
}

impl Item {
    /// `offblocks_types::Card::name removed (major)`.
    pub(crate) fn words(&self) -> String {
        format!("{} {} ({})", self.name, self.change, self.step)
    }
}

/// A source's name as a path that a reader can open: without the revision of `git:REV:PATH`.
pub(crate) fn path(file: &str) -> &str {
    let git = file.strip_prefix("git:").and_then(|it| it.split_once(':'));
    git.map_or(file, |(_, path)| path)
}
