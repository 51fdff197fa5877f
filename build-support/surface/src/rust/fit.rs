//! A policy without the entries that a document has no use for.

use codegen::policy::{Policy, Spanned, Table};
use contract::diagnostics::{Diagnostic, Severity};
use std::collections::BTreeSet;

/// The diagnostics that name an entry of the policy which does not fit.
const UNFIT: [&str; 2] = ["policy::matches-nothing", "policy::not-text"];

/// Takes out the entries that `found` reports, and names them. `None` when it reports
/// anything else, or of an entry that cannot be taken out.
pub(super) fn fit(policy: &mut Policy, found: &[Diagnostic]) -> Option<Vec<String>> {
    let is_error = |item: &&Diagnostic| item.severity == Severity::Error;
    let errors = found.iter().filter(is_error);
    let mut unfit = BTreeSet::new();
    for error in errors {
        let span = error.span.filter(|_| UNFIT.contains(&error.code))?;
        unfit.insert((span.start(), span.end()));
    }
    let mut gone = Gone {
        unfit,
        names: Vec::new(),
    };
    gone.table(&mut policy.transport);
    gone.table(&mut policy.types);
    gone.list(&mut policy.secrets.fields);
    gone.list(&mut policy.enums.except);
    gone.table(&mut policy.names.types);
    gone.table(&mut policy.names.operations);
    gone.table(&mut policy.names.fields);
    gone.table(&mut policy.modules);
    let all = gone.unfit.is_empty() || !gone.names.is_empty();
    all.then_some(gone.names)
}

struct Gone {
    /// Where the entries stand in the policy's text.
    unfit: BTreeSet<(usize, usize)>,
    names: Vec<String>,
}

impl Gone {
    fn table<T>(&mut self, table: &mut Table<T>) {
        table.retain(|key, _| self.keep(key));
    }

    fn list(&mut self, list: &mut Vec<Spanned<String>>) {
        list.retain(|name| self.keep(name));
    }

    fn keep(&mut self, name: &Spanned<String>) -> bool {
        let unfit = self.unfit.contains(&(name.span().start, name.span().end));
        if unfit {
            self.names.push(name.get_ref().clone());
        }
        !unfit
    }
}
