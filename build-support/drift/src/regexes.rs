//! Regular expressions, each built once for as long as it is asked for often.
//!
//! A comparison runs on a thread of its own, so that what is kept here is kept for one comparison.

use regex::Regex;
use std::cell::RefCell;
use std::collections::HashMap;

/// How many are kept. They can be large.
const MOST: usize = 2_000;

thread_local! {
    static KNOWN: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
}

/// Whether an expression matches somewhere in a text; `None` where it cannot be read.
pub(crate) fn is_match(expression: &str, text: &str) -> Option<bool> {
    with(expression, |regex| regex.map(|regex| regex.is_match(text)))
}

/// Whether an expression can be read.
pub(crate) fn is_readable(expression: &str) -> bool {
    with(expression, |regex| regex.is_some())
}

fn with<T>(expression: &str, ask: impl FnOnce(Option<&Regex>) -> T) -> T {
    KNOWN.with_borrow_mut(|known| {
        if !known.contains_key(expression) {
            if known.len() >= MOST {
                known.clear();
            }
            known.insert(expression.to_owned(), Regex::new(expression).ok());
        }
        ask(known.get(expression).and_then(Option::as_ref))
    })
}
