//! `offblocks keys`.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use offblocks_signature::SigningKey;

use crate::failure::Failure;

/// Makes a key, writes it to a file that only its owner reads, and prints the public half.
pub(crate) fn generate(out: &Path) -> Result<(), Failure> {
    let key = SigningKey::generate().map_err(|error| Failure::new("no key was made", error))?;
    let pem = key
        .to_pkcs8_pem()
        .map_err(|error| Failure::new("the key has no text", error))?;
    private_file(out)
        .and_then(|mut file| file.write_all(pem.as_bytes()))
        .map_err(|error| unwritten(out, error))?;
    print_public(&key)
}

fn unwritten(out: &Path, error: io::Error) -> Failure {
    let out = out.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::because(format!(
            "{out} is there already, and a key that is overwritten is lost: choose another name"
        )),
        _ => Failure::new(&format!("cannot write {out}"), error),
    }
}

/// Prints the public half of the key in a file.
pub(crate) fn show(file: &Path) -> Result<(), Failure> {
    print_public(&read(file)?)
}

/// The private key in a PEM file.
pub(crate) fn read(file: &Path) -> Result<SigningKey, Failure> {
    let pem = std::fs::read_to_string(file)
        .map_err(|error| Failure::new(&format!("cannot read {}", file.display()), error))?;
    SigningKey::from_pem(&pem)
        .map_err(|error| Failure::new(&format!("{} is refused", file.display()), error))
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
