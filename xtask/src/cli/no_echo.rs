//! Arguments that may hold a secret are not repeated when they are wrong.

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};
use codegen::vendor::{Source, SourceError};
use std::ffi::OsStr;
use std::marker::PhantomData;
use std::str::FromStr;

/// Reads a source.
pub fn source() -> NoEcho<Source> {
    NoEcho::default()
}

/// Reads a value and says what is wrong with it without showing it: the usual parser would repeat
/// the password of a URL.
#[derive(Debug, Clone)]
pub struct NoEcho<T>(PhantomData<fn() -> T>);

impl<T> Default for NoEcho<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T> TypedValueParser for NoEcho<T>
where
    T: FromStr<Err = SourceError> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        word: &OsStr,
    ) -> Result<Self::Value, Error> {
        let fault = match word.to_str().map(T::from_str) {
            Some(Ok(value)) => return Ok(value),
            Some(Err(error)) => error.to_string(),
            None => "a source has to be UTF-8".to_owned(),
        };
        let name = arg.map(ToString::to_string).unwrap_or_default();
        let message = format!("invalid value for '{name}': {fault}\n");
        Err(Error::raw(ErrorKind::ValueValidation, message).with_cmd(command))
    }
}
