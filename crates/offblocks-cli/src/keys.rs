//! `offblocks keys`.

use std::io::{self, Write as _};
use std::path::Path;

use offblocks_signature::{Signer, SigningKey};

use crate::arguments::Sign;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::key_file;
use crate::system::now;

/// Creates a key, writes it to a file that only its owner can read, and prints the public half.
pub(crate) fn create(out: &Path) -> Result<(), Failure> {
    let key = key_file::create()?;
    key_file::write(&key, out)?;
    print_public(&key)
}

/// Prints the public half of the key in a file.
pub(crate) fn show(file: &Path) -> Result<(), Failure> {
    print_public(&key_file::read(file)?)
}

/// Prints the header lines that sign a request as it is sent now.
pub(crate) fn sign(request: &Sign) -> Result<(), Failure> {
    let headers = signed_headers(request)?;
    let mut out = io::stdout();
    for (name, value) in &headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        writeln!(out, "{name}: {value}").map_err(Failure::unprinted)?;
    }
    Ok(())
}

/// The headers that sign a request as it is sent now.
pub(crate) fn signed_headers(request: &Sign) -> Result<http::HeaderMap, Failure> {
    let Connection {
        signing_key: Some(key),
        key_id: Some(id),
        ..
    } = request.key.resolve(request.profile.as_deref())?
    else {
        return Err(Failure::because(
            "a signing key and its id are needed: give --signing-key and --key-id, a --profile, or \
             set OFFBLOCKS_SIGNING_KEY_FILE and OFFBLOCKS_SIGNING_KEY_ID",
        ));
    };
    let mut headers = http::HeaderMap::new();
    let (method, url, body) = (&request.method, &request.url, request.body.as_bytes());
    Signer::new(key, &key_file::key_id(id))
        .sign(method, url, &mut headers, body, now()?)
        .map_err(|error| Failure::new("the request cannot be signed", error))?;
    Ok(headers)
}

fn print_public(key: &SigningKey) -> Result<(), Failure> {
    writeln!(io::stdout(), "{}", key.public_key().to_base64_pem()).map_err(Failure::unprinted)
}
