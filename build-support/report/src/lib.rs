#![doc = include_str!("../README.md")]
//!
//! # The parts
//! A [`Report`] has [`Section`]s (one comparison of two contracts, or one run against a server), and
//! a section has [`Entry`]s. An entry carries all that a format shows: its [`Rule`], [`Severity`],
//! message, places, details, fingerprint and acceptance. [`render`] writes a report as text,
//! Markdown, GitHub annotations, SARIF, JUnit XML or a page for a browser. There is one implementation of each format.
//!
//! JSON is the exception. The JSON documents of drift and of conformance are published formats with
//! shapes of their own, so each crate serialises its own types; [`json`] has the parts they share.
//!
//! Three more things exist once for all reports: [`fingerprint`], the file of accepted entries
//! ([`Accepted`]), and the level at which a run fails ([`FailOn`]).
//!
//! Texts in a report come from contracts and servers that anyone may control. Every format makes
//! control and bidirectional characters visible with one function, [`visible`].

mod accepted;
mod entry;
mod fingerprint;
pub mod json;
mod output;
mod render;
mod rule;
mod section;
mod severity;
mod source_texts;
mod visible;

pub use accepted::{Acceptable, Acceptance, Accepted, Unmatched};
pub use entry::{Detail, Entry, Item, Side};
pub use fingerprint::fingerprint;
pub use output::{is_standard_output, write};
pub use render::{Format, RenderStyle, render};
pub use rule::{Rule, Rules};
pub use section::{Covered, ItemList, Note, Report, Section, Tool};
pub use severity::{FailOn, Level, Severity, Summary};
pub use source_texts::SourceTexts;
pub use visible::visible;
