//! Headers that are not arguments of calls.

use codegen::policy::{Policy, TransportRole};

/// The headers that the policy gives a role.
pub(super) fn headers(policy: &Policy, role: TransportRole) -> Vec<&str> {
    let rules = policy.transport.iter().filter(|(_, own)| **own == role);
    rules.map(|(name, _)| name.get_ref().as_str()).collect()
}
