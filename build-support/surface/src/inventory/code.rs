//! What the generated code has.

use super::fact::Facts;
use super::source::Code;
use super::{client, server, types};
use codegen::policy::Policy;

/// Every fact of the three crates.
pub(super) fn facts(code: &Code, policy: &Policy) -> Facts {
    let mut facts = Facts::new();
    types::facts(code, &mut facts);
    client::facts(code, policy, &mut facts);
    server::facts(code, policy, &mut facts);
    facts
}
