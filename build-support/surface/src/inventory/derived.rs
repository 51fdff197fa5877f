//! What the test of derived schemas says: only a compiler can derive, so that it runs in a process
//! of its own.

/// The verdict on derived schemas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DerivedSchemas {
    /// They are those of the contract.
    Agree,
    /// They are not: what the failed tests say.
    Differ(String),
    /// The tests gave no result, as where the code does not compile: why.
    Unknown(String),
}

impl DerivedSchemas {
    /// Reads the verdict from how `cargo test` ended and what it printed.
    #[must_use]
    pub fn read(is_success: bool, stdout: &str, stderr: &str) -> Self {
        if is_success {
            return Self::Agree;
        }
        if stdout.contains("test result: FAILED") {
            return Self::Differ(panics(stdout));
        }
        let why = stderr.lines().find(|line| line.starts_with("error"));
        Self::Unknown(why.unwrap_or("it ended without a result").to_owned())
    }
}

/// What the failed tests say, without the frame around it.
fn panics(stdout: &str) -> String {
    let lines = stdout
        .lines()
        .skip_while(|line| !line.contains("panicked at"));
    let lines = lines.take_while(|line| !line.starts_with("failures:"));
    let lines = lines.filter(|line| !line.starts_with("note:") && !line.contains("panicked at"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::DerivedSchemas::{self, Agree, Differ, Unknown};

    #[test]
    fn the_verdict_is_read_from_what_cargo_prints() {
        let failed = "running 1 test\nF\n---- agree stdout ----\nthread 'agree' panicked at a.rs:1:\n\
            Card.id: is a number\nnote: run with RUST_BACKTRACE\n\nfailures:\n    agree\n\n\
            test result: FAILED. 0 passed\n";
        for (is_success, stdout, stderr, verdict) in [
            (true, "", "warning: unused", Agree),
            (
                false,
                failed,
                "",
                Differ("Card.id: is a number\n".to_owned()),
            ),
            (
                false,
                "",
                "warning: a\nerror: expected an item\nerror: b",
                Unknown("error: expected an item".to_owned()),
            ),
            (
                false,
                "",
                "",
                Unknown("it ended without a result".to_owned()),
            ),
        ] {
            assert_eq!(DerivedSchemas::read(is_success, stdout, stderr), verdict);
        }
    }
}
