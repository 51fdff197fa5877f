//! What the passes share.

use crate::policy::Policy;
use contract::diagnostics::{Diagnostic, Diagnostics};
use contract::{Span, SpecVersion};

/// What passes know besides the contract, and where they report.
#[derive(Debug)]
pub struct Context<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The version the contract was written in.
    pub version: SpecVersion,
    /// What was said of the contract when it was read.
    pub said: &'a [Diagnostic],
    /// What was found so far.
    pub found: Diagnostics,
}

impl Context<'_> {
    /// Reports what stands in the way.
    pub fn error(&mut self, code: &'static str, message: impl Into<String>, span: Span) {
        self.found.push(Diagnostic::error(code, message, span));
    }

    /// Reports what does not stand in the way.
    pub fn warn(&mut self, code: &'static str, message: impl Into<String>, span: Span) {
        self.found.push(Diagnostic::warning(code, message, span));
    }
}
