//! Standard output and error, and questions to the user.

use crate::cli::{Colour, Global};
use crate::report::{Exit, Failure};
use chrono::{DateTime, NaiveDate, Utc};
use contract::diagnostics::Diagnostics;
use std::io::{self, BufRead as _, IsTerminal as _, Write};
use std::time::SystemTime;

/// The writers of a run.
pub struct Io {
    /// Results.
    pub out: Box<dyn Write>,
    /// Everything except results: warnings, errors, questions.
    pub err: Box<dyn Write>,
    /// Whether results may be coloured.
    pub colour_out: bool,
    /// Whether warnings and errors may be.
    pub colour_err: bool,
    /// Whether a person can be asked.
    pub interactive: bool,
    /// Whether results are JSON, and so are failures.
    pub json: bool,
    /// How many findings of a kind are shown.
    most: usize,
}

/// How many findings of a kind are shown unless all are asked for. A document of thousands of like
/// warnings would otherwise hide the others.
const MOST: usize = 10;

impl Io {
    /// The standard streams of this process.
    pub fn terminal(global: &Global) -> Self {
        let silenced = global
            .no_color
            .as_ref()
            .is_some_and(|value| !value.is_empty());
        let colour = |terminal: bool| match global.colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !silenced,
        };
        Self {
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            colour_out: colour(io::stdout().is_terminal()),
            colour_err: colour(io::stderr().is_terminal()),
            interactive: io::stdin().is_terminal(),
            json: false,
            most: match global.all_findings {
                true => usize::MAX,
                false => MOST,
            },
        }
    }

    /// Asks a person for yes or no; anything but yes is no.
    pub fn confirm(&mut self, question: &str) -> io::Result<bool> {
        write!(self.err, "{question} [y/N] ")?;
        self.err.flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// Reports why a task failed, unless the reader of the output has closed it.
    pub fn failure(&mut self, failure: &Failure) -> Exit {
        if failure.is_reader_gone() {
            return failure.exit();
        }
        let _ = if self.json {
            writeln!(self.out, "{:#}", failure.to_json())
        } else {
            self.explain(failure)
        };
        failure.exit()
    }

    /// Says to a person why something failed.
    pub fn explain(&mut self, failure: &Failure) -> io::Result<()> {
        match failure.diagnostics() {
            Some(found) => self.findings(found),
            None => writeln!(self.err, "error: {failure}"),
        }
    }

    /// Shows findings to a person, and says where there are more than are shown.
    pub fn findings(&mut self, found: &Diagnostics) -> io::Result<()> {
        let text = found.render_most(self.most, self.colour_err);
        self.err.write_all(text.as_bytes())?;
        let is_cut = found.has_more_than(self.most);
        if is_cut {
            writeln!(self.err, "\n--all-findings shows every one of them")?;
        }
        Ok(())
    }
}

/// The current date, in UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock; everything else receives the date"
)]
pub fn today() -> NaiveDate {
    DateTime::<Utc>::from(SystemTime::now()).date_naive()
}

impl Io {
    /// Prints a unified diff, in the usual colours where colour is allowed.
    pub fn print_diff(&mut self, diff: &str) -> io::Result<()> {
        if !self.colour_out {
            return self.out.write_all(diff.as_bytes());
        }
        for line in diff.lines() {
            let code = match line.as_bytes().first() {
                Some(b'+') => "32",
                Some(b'-') => "31",
                Some(b'@') => "36",
                _ => "0",
            };
            writeln!(self.out, "\u{1b}[{code}m{line}\u{1b}[0m")?;
        }
        Ok(())
    }
}
