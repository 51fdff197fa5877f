//! Two documents become a list of classified changes.
//!
//! [`compare`] is pure: it reads no file and prints nothing. What a change is and how bad it is
//! stands in [`report`]; the texts people read are made from a report by the renderers.

pub mod report;

pub use report::{
    Change, DocumentInfo, Effect, Place, Polarity, Report, RuleId, Semver, Severity, Summary, Use,
};
