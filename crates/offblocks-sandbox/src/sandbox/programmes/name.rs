//! Names of programmes.

use std::fmt;
use std::str::FromStr;

/// The longest name.
const LONGEST: usize = 40;

/// What the main database is called wherever a programme can be named.
const MAIN: &str = "default";

/// The name of a programme: small letters, digits and hyphens, which have one spelling in a path and in
/// the name of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProgrammeName(String);

/// The text is not a name for a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProgrammeNameError {
    /// It has other characters, too many of them, or none.
    #[error(
        "a programme's name has 1 to {LONGEST} small letters, digits and hyphens, and begins and ends \
         with a letter or digit, such as ci-job-17"
    )]
    Form,
    /// It is what the main database is called.
    #[error("the name {MAIN} is that of the sandbox itself: choose another")]
    Main,
}

impl ProgrammeName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProgrammeName {
    type Err = ProgrammeNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let ends = text.starts_with('-') || text.ends_with('-');
        let length = (1..=LONGEST).contains(&text.len());
        if !length || ends || !text.bytes().all(known) {
            return Err(ProgrammeNameError::Form);
        }
        if text == MAIN {
            return Err(ProgrammeNameError::Main);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for ProgrammeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_spelling_and_are_safe_in_paths() {
        let longest = "x".repeat(LONGEST);
        for good in ["a", "ci-job-17", "0", &longest] {
            assert_eq!(good.parse::<ProgrammeName>().unwrap().as_str(), good);
        }
        let too_long = "x".repeat(LONGEST + 1);
        for wrong in [
            "", "-a", "a-", "A", "a b", "..", "a/b", "a.db", "ä", "a\0", "%61", &too_long,
        ] {
            assert_eq!(
                wrong.parse::<ProgrammeName>(),
                Err(ProgrammeNameError::Form),
                "{wrong}"
            );
        }
        assert_eq!(
            "default".parse::<ProgrammeName>(),
            Err(ProgrammeNameError::Main)
        );
    }
}
