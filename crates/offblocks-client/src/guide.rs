//! Pages that are about more than one item.

#[doc = include_str!("../docs/going_to_production.md")]
pub mod going_to_production {}

#[doc = include_str!("../docs/when_something_goes_wrong.md")]
pub mod when_something_goes_wrong {}
