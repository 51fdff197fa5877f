//! The options of a comparison.

use super::report::Severity;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::str::FromStr;

/// The options of a comparison.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// Which enums clients read openly.
    pub open_enums: OpenEnums,
    /// Entries with another severity than the default, by rule.
    pub reweighed: Vec<Reweighed>,
    /// The day that sunset dates are compared with. Without one, no sunset has passed.
    pub today: Option<NaiveDate>,
}

/// Which enums clients read openly. A value they do not know does not make them fail.
#[derive(Debug, Clone, Default)]
pub struct OpenEnums {
    /// Whether enums are open as a rule.
    pub open: bool,
    /// Component schemas for which the opposite holds.
    pub except: BTreeSet<String>,
}

/// Entries with another severity than the default: a project's own policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reweighed {
    /// The name of a rule.
    pub rule: String,
    /// Which of its entries; without one, all that are not compatible.
    pub from: Option<Severity>,
    /// Their severity.
    pub to: Severity,
}

impl Reweighed {
    fn applies(&self, rule: &str, severity: Severity) -> bool {
        let is_meant = match self.from {
            Some(from) => severity == from,
            None => severity != Severity::Compatible,
        };
        self.rule == rule && is_meant
    }
}

impl FromStr for Reweighed {
    type Err = String;

    /// Reads `RULE=SEVERITY` or `RULE:SEVERITY=SEVERITY`.
    fn from_str(text: &str) -> Result<Self, String> {
        let form = "write it as RULE=SEVERITY or RULE:SEVERITY=SEVERITY";
        let (what, to) = text.split_once('=').ok_or(form)?;
        let (rule, from) = match what.split_once(':') {
            Some((rule, from)) => (rule, Some(severity(from)?)),
            None => (what, None),
        };
        if crate::rules::find(rule).is_none() {
            return Err(format!(
                "`{rule}` is not a rule; `cargo xtask drift explain` lists all"
            ));
        }
        Ok(Self {
            rule: rule.to_owned(),
            from,
            to: severity(to)?,
        })
    }
}

fn severity(word: &str) -> Result<Severity, String> {
    let all = [
        Severity::Compatible,
        Severity::Warning,
        Severity::Undecided,
        Severity::Breaking,
    ];
    let known = all.into_iter().find(|severity| severity.as_str() == word);
    let words = all.map(Severity::as_str).join(", ");
    known.ok_or_else(|| format!("`{word}` is not a severity; there are {words}"))
}

impl Options {
    /// The weight of an entry.
    pub(super) fn weight(&self, rule: &str, severity: Severity) -> Severity {
        let mut own = self.reweighed.iter().rev();
        let own = own.find(|one| one.applies(rule, severity));
        own.map_or(severity, |one| one.to)
    }

    /// The same, comparing sunset dates with a day.
    #[must_use]
    pub fn on(mut self, today: NaiveDate) -> Self {
        self.today = Some(today);
        self
    }
}

impl OpenEnums {
    /// Whether the enum at a pointer is open; what is inline follows the general rule.
    pub(super) fn is_open(&self, pointer: &str) -> bool {
        let rest = pointer.strip_prefix("/components/schemas/");
        let name = rest.and_then(|rest| rest.split('/').next());
        let excepted = name.is_some_and(|name| self.except.contains(name));
        self.open != excepted
    }
}
