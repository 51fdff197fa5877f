//! `offblocks keys`.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::SystemTime;

use offblocks_signature::{KeyId, Signer, SigningKey};

use crate::arguments::Sign;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::key_file;

/// Creates a key, writes it to a file that only its owner can read, and prints the public half.
pub(crate) fn generate(out: &Path) -> Result<(), Failure> {
    let key = key_file::create()?;
    let pem = key
        .to_pkcs8_pem()
        .map_err(|error| Failure::new("the key cannot be written as PEM", error))?;
    private_file(out)
        .and_then(|mut file| file.write_all(pem.as_bytes()))
        .map_err(|error| unwritten(out, error))?;
    print_public(&key)
}

fn unwritten(out: &Path, error: io::Error) -> Failure {
    let out = out.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::because(format!(
            "{out} exists already, and a key that is overwritten is lost: choose another name"
        )),
        _ => Failure::new(&format!("cannot write {out}"), error),
    }
}

/// Prints the public half of the key in a file.
pub(crate) fn show(file: &Path) -> Result<(), Failure> {
    print_public(&key_file::read(file)?)
}

/// Prints the header lines that sign a request as it is sent now.
pub(crate) fn sign(request: &Sign) -> Result<(), Failure> {
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
    let id = KeyId::new(id.to_string());
    let id = id.map_err(|error| Failure::new("the key id cannot be used", error))?;
    let mut headers = http::HeaderMap::new();
    let (method, url, body) = (&request.method, &request.url, request.body.as_bytes());
    Signer::new(key, &id)
        .sign(method, url, &mut headers, body, now())
        .map_err(|error| Failure::new("the request cannot be signed", error))?;
    let mut out = io::stdout();
    for (name, value) in &headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        writeln!(out, "{name}: {value}").map_err(|error| Failure::new("cannot print", error))?;
    }
    Ok(())
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "a signature contains the time at which it was made"
    )]
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

fn print_public(key: &SigningKey) -> Result<(), Failure> {
    writeln!(io::stdout(), "{}", key.public_key().to_base64_pem())
        .map_err(|error| Failure::new("cannot print", error))
}

/// A new file; an existing one stays as it is.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
