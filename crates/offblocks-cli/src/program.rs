//! How this command was started, so that the commands it prints work as they are typed.

use std::ffi::OsStr;

/// The package that `cargo run -p` starts.
const PACKAGE: &str = env!("CARGO_PKG_NAME");

/// What to type before the arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program(String);

impl Program {
    /// Started by cargo as `package`, if by cargo; otherwise as `name`, the program's own name for
    /// itself.
    pub(crate) fn new(package: Option<&str>, name: Option<&OsStr>) -> Self {
        if package == Some(PACKAGE) {
            return Self(format!("cargo run -p {PACKAGE} --"));
        }
        let path = name
            .and_then(OsStr::to_str)
            .filter(|name| name.contains(std::path::is_separator));
        // A program that was found on the PATH is found there again.
        Self(path.map_or_else(|| "offblocks".to_owned(), quoted))
    }

    /// The command line with these arguments.
    pub(crate) fn with(&self, arguments: &str) -> String {
        format!("{} {arguments}", self.0)
    }
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/\\:._-+".contains(c);
    if word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_begin_as_this_one_did() {
        for (package, name, expected) in [
            (None, "offblocks", "offblocks keys"),
            (None, "/opt/bin/offblocks", "/opt/bin/offblocks keys"),
            (None, "./my tools/offblocks", "'./my tools/offblocks' keys"),
            (None, "./it's/offblocks", r"'./it'\''s/offblocks' keys"),
            (
                Some("offblocks-cli"),
                "target/debug/offblocks",
                "cargo run -p offblocks-cli -- keys",
            ),
            (Some("another"), "offblocks", "offblocks keys"),
        ] {
            let program = Program::new(package, Some(OsStr::new(name)));
            assert_eq!(program.with("keys"), expected, "{package:?} {name}");
        }
        assert_eq!(Program::new(None, None).with("keys"), "offblocks keys");
    }
}
