//! The options of a comparison that come from the policy of this workspace.

use codegen::policy::Policy;
use drift::{OpenEnums, Options};

/// The options of a comparison that a generation policy stands for: enums that the generated types
/// read openly are open.
#[must_use]
pub fn options(policy: &Policy) -> Options {
    let except = policy.enums.except.iter();
    let mut options = Options::default();
    options.open_enums = OpenEnums {
        open: policy.enums.open,
        except: except.map(|name| name.get_ref().clone()).collect(),
    };
    options
}
