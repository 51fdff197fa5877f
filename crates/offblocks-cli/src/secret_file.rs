//! Secrets in files, which other users of the machine cannot see as they see a command line.

use offblocks_types::Secret;

/// The secret in a file; white space around it is left out.
///
/// # Errors
/// When the file cannot be read or holds nothing.
pub(crate) fn secret_in_file(path: &str) -> Result<Secret, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    match text.trim() {
        "" => Err("the file is empty; write the secret into it".to_owned()),
        secret => Ok(secret.into()),
    }
}
