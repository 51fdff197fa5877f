//! What is wrong with a contract or a policy, with the place and the fix.

pub mod render;

use crate::span::{Sources, Span};
use std::collections::BTreeMap;

/// A value is missing, or its kind has no meaning there; it is ignored.
pub const IGNORED: &str = "read::ignored";
/// A schema is missing; it is read as a schema that accepts any value.
pub const ANY: &str = "read::any-value";
/// A number, `true` or `false` is read as a string.
pub const WRITTEN: &str = "read::written";
/// A string is read as the number or boolean in it.
pub const UNQUOTED: &str = "read::unquoted";
/// A word is not one of those that the specification has here; it is ignored.
pub const UNKNOWN_WORD: &str = "read::value";
/// A number cannot be written in JSON or held by a double; generation ignores it.
pub const NUMBER: &str = "read::number";

/// The codes of findings that say how the value at their place is replaced. A generator replaces these
/// values before anything else.
pub const REPLACED: [&str; 6] = [IGNORED, ANY, WRITTEN, UNQUOTED, UNKNOWN_WORD, NUMBER];

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing can be generated until it is fixed.
    Error,
    /// Generation continues.
    Warning,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its severity.
    pub severity: Severity,
    /// A stable name, stage first: `read::dangling-ref`.
    pub code: &'static str,
    /// What is wrong, a lowercase fragment without a full stop.
    pub message: String,
    /// What stands beside the marked place; may be empty.
    pub label: String,
    /// The marked place.
    pub span: Option<Span>,
    /// Further places, each with its relation to the finding.
    pub related: Vec<(Span, String)>,
    /// How to fix it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self::new(Severity::Error, code, message.into(), Some(span))
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self::new(Severity::Warning, code, message.into(), Some(span))
    }

    /// An error that has no place in a text, such as a file that cannot be read.
    pub fn error_without_place(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into(), None)
    }

    fn new(severity: Severity, code: &'static str, message: String, span: Option<Span>) -> Self {
        Self {
            severity,
            code,
            message,
            label: String::new(),
            span,
            related: Vec::new(),
            help: None,
        }
    }

    /// The same with words beside the marked place.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same with how to fix it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with one more place.
    #[must_use]
    pub fn with_related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }
}

/// Findings and the texts they are about. As an error it displays all of them, each with its
/// source line, without colour.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    /// The findings.
    pub items: Vec<Diagnostic>,
    /// The texts.
    pub sources: Sources,
}

impl Diagnostics {
    /// No findings yet about these texts.
    #[must_use]
    pub fn new(sources: Sources) -> Self {
        Self {
            items: Vec::new(),
            sources,
        }
    }

    /// A single finding.
    #[must_use]
    pub fn one(diagnostic: Diagnostic, sources: Sources) -> Self {
        Self {
            items: vec![diagnostic],
            sources,
        }
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether there are more than so many findings of one severity and code.
    #[must_use]
    pub fn has_more_than(&self, most: usize) -> bool {
        let mut counts = BTreeMap::new();
        self.items.iter().any(|item| {
            let count = counts.entry((item.severity, item.code)).or_insert(0);
            *count += 1;
            *count > most
        })
    }

    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.items
            .iter()
            .any(|item| item.severity == Severity::Error)
    }

    /// `Err` with every finding, sorted, when one of them is an error; else the warnings, sorted.
    ///
    /// # Errors
    /// When [`Diagnostics::has_errors`].
    pub fn into_result(mut self) -> Result<Self, Self> {
        self.sort();
        if self.has_errors() {
            Err(self)
        } else {
            Ok(self)
        }
    }

    /// Orders the findings by file and position, those without a place first; of several at one
    /// place by code and words, and drops what is said twice.
    pub fn sort(&mut self) {
        self.items
            .sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
        self.items.dedup();
    }
}

impl std::error::Error for Diagnostics {}
