//! The input of the emitters, made from a document that may have faults.

use super::fit::fit;
use codegen::lower::{Lowered, lower_apart, replaces_any};
use codegen::model::{self, Api};
use codegen::policy::Policy;
use contract::Document;
use contract::diagnostics::{Diagnostic, Diagnostics, Severity};
use drift::Contract;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many policy entries are named one by one.
const NAMED: usize = 5;

/// A document that code can be written from, and what had to be left out for that.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) api: Api,
    pub(super) lowered: Lowered,
    /// The policy, as far as it fits.
    pub(super) policy: Policy,
    pub(super) note: Option<String>,
}

/// Makes a document ready, without what does not fit it.
pub(super) fn ready(contract: &Contract, policy: &Policy) -> Result<Ready, String> {
    let (document, fixed) = sound(contract.document())?;
    let mut notes: Vec<String> = fixed.into_iter().collect();
    let understood = || understood(&document, policy);
    let understood = catch_unwind(AssertUnwindSafe(understood));
    let understood = understood.map_err(|_| "the generator failed".to_owned())?;
    let (lowered, api, policy, unfit) = understood.map_err(|found| first_error(&found))?;
    if !unfit.is_empty() {
        let name = &contract.document().path;
        let entries = listed(&unfit);
        notes.push(format!(
            "{name}: policy entries that match nothing were left out: {entries}"
        ));
    }
    Ok(Ready {
        api,
        lowered,
        policy,
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    })
}

/// Lowers a document and builds its model, without the entries of the policy that do not fit.
fn understood(
    document: &Document,
    policy: &Policy,
) -> Result<(Lowered, Api, Policy, Vec<String>), Diagnostics> {
    let (lowered, found) = lower_apart(document, policy)?;
    let mut policy = policy.clone();
    let Some(unfit) = fit(&mut policy, &found) else {
        let mut rejected = lowered.warnings;
        rejected.items = found;
        return Err(rejected);
    };
    let api = model::build(document, &lowered, &policy)?;
    Ok((lowered, api, policy, unfit))
}

fn listed(names: &[String]) -> String {
    let quoted = names.iter().take(NAMED).map(|name| format!("`{name}`"));
    let mut text = quoted.collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        text.push_str(&format!(" and {} more", names.len() - NAMED));
    }
    text
}

/// The document, with references that lead nowhere replaced by values that can be anything, and
/// what was done.
fn sound(document: &Document) -> Result<(Cow<'_, Document>, Option<String>), String> {
    let found = contract::faults(document);
    let plain = !replaces_any(&found.items);
    if !found.has_errors() && plain {
        return Ok((Cow::Borrowed(document), None));
    }
    let mut fixed = document.clone();
    if !found.has_errors() {
        fixed.warnings = found;
        return Ok((Cow::Owned(fixed), None));
    }
    let replaced = contract::complete(&mut fixed, &found).len();
    let rest = contract::faults(&fixed);
    if rest.has_errors() {
        return Err(first_error(&rest));
    }
    fixed.warnings = rest;
    let note = format!(
        "{}: {replaced} references that lead nowhere were read as values that can be anything",
        document.path
    );
    Ok((Cow::Owned(fixed), Some(note)))
}

fn first_error(found: &Diagnostics) -> String {
    let is_error = |item: &&Diagnostic| item.severity == Severity::Error;
    let mut errors = found.items.iter().filter(is_error);
    let Some(first) = errors.next() else {
        return found.to_string();
    };
    let place = first
        .span
        .map(|span| format!("{}: ", found.sources.locate(span)));
    let more = errors.count();
    let more = if more > 0 {
        format!(" (and {more} more)")
    } else {
        String::new()
    };
    format!("{}{}{more}", place.unwrap_or_default(), first.message)
}
