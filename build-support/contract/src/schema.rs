//! Schemas of contracts as JSON Schema 2020-12, and validators made from them.
//!
//! There is one converter. Its [`Options`] say in which version a schema is written, in which direction its
//! values are sent, and which keywords are kept that accept and reject nothing. There is one table of
//! formats ([`FORMATS`]) and one way to make a validator.
//!
//! A schema holds schemas, so conversion calls itself. No other module here is in a circle.

mod convert;
mod direction;
mod document;
mod formats;
mod numbers;
mod older;
mod options;
mod prose;
mod types;
mod union;
mod validator;

pub use convert::{Beyond, convert};
pub use document::document;
pub use formats::{FORMATS, Format};
pub use options::{Absent, Direction, Options, Rest, Unions, World};
pub use prose::without_prose;
pub use validator::{Unusable, validator};

#[cfg(test)]
mod tests;
