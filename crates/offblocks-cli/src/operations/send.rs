//! Sends a call, and prints what comes back.

use std::io::{self, Write as _};
use std::path::Path;

use clap::ArgMatches;
use offblocks_client::Client;
use serde_json::Value;

use super::grammar::{ALL, LIMIT};
use super::render::{self, Look};
use super::{query, request, secrets};
use crate::arguments::{Format, OperationOptions};
use crate::failure::Failure;
use crate::generated::Call;
use crate::paint::Paint;
use crate::private_file;

/// How many items a table has unless more are asked for.
const TABLE: usize = 100;

pub(super) async fn run(
    call: &'static Call,
    matches: &ArgMatches,
    options: &OperationOptions,
    paint: Paint,
) -> Result<(), Failure> {
    let client = client(call, options)?;
    let request = request::request(&client, call, matches)?;
    let response = request.send().await;
    let response = response.map_err(|error| Failure::of_call(&error))?;
    let status = response.status();
    let Some(value) = response.into_inner() else {
        return done(options, paint, &status.to_string());
    };
    if let Some(file) = &options.secrets_to {
        return keep(file, &value);
    }
    let value = secrets::hidden(value, call.secrets);
    let (format, one_line) = options.format();
    let value = limited(value, most(call, matches, format));
    let look = Look {
        format,
        one_line,
        selected: options.query.is_some(),
        paint,
    };
    let value = match &options.query {
        Some(expression) => query::select(expression, &value).map_err(Failure::usage)?,
        None => value,
    };
    print(&render::render(&value, call, look)?)
}

fn client(call: &Call, options: &OperationOptions) -> Result<Client, Failure> {
    let connection = options.connection.resolve()?;
    connection.client(call.operation.signed, options.allow_plain_http)
}

/// How many items are printed at most.
fn most(call: &Call, matches: &ArgMatches, format: Format) -> Option<usize> {
    if !call.list || matches.get_flag(ALL) {
        return None;
    }
    let given = matches.get_one::<usize>(LIMIT).copied();
    given.or((format == Format::Table).then_some(TABLE))
}

fn limited(mut value: Value, most: Option<usize>) -> Value {
    if let (Value::Array(items), Some(most)) = (&mut value, most)
        && items.len() > most
    {
        let (shown, all) = (most, items.len());
        // Where the error stream is closed, the message is lost.
        let _ = writeln!(io::stderr(), "{shown} of {all} are shown; --all shows all");
        items.truncate(most);
    }
    value
}

/// A success without a body.
fn done(options: &OperationOptions, paint: Paint, status: &str) -> Result<(), Failure> {
    match options.format().0 {
        Format::Table => print(&format!("{}\n", paint.good(status))),
        Format::Json => print("null\n"),
        Format::Yaml | Format::Csv => Ok(()),
    }
}

fn keep(file: &Path, value: &Value) -> Result<(), Failure> {
    let written = private_file::create(file, format!("{value:#}\n").as_bytes());
    written.map_err(|error| private_file::unwritten(file, error))
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(Failure::unprinted)
}
