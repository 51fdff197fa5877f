//! The options of a comparison.

use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The options of a comparison.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// Which enums clients read openly.
    pub open_enums: OpenEnums,
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

impl Options {
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
