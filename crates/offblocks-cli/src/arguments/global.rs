//! The options of every command, and what only the environment sets.

use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;

use clap::{Args, Parser};

use crate::paint::Paint;
use crate::program::Program;

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Log to the error stream what the program does; twice for everything
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// No colour, even on a terminal
    #[arg(long, global = true)]
    no_colour: bool,
}

impl Global {
    /// Colour for what is printed to `stream`.
    pub(crate) fn paint(&self, environment: &Environment, stream: &impl IsTerminal) -> Paint {
        match self.no_colour || environment.unwants_colour() {
            true => Paint::plain(),
            false => Paint::for_stream(stream),
        }
    }
}

/// What only the environment sets, without an option.
#[derive(Debug, Parser)]
pub(crate) struct Environment {
    /// The convention of <https://no-color.org>: any text but an empty one means no colour.
    #[arg(long, env = "NO_COLOR")]
    no_color: Option<OsString>,

    /// The package that cargo runs, when it does.
    #[arg(long, env = "CARGO_PKG_NAME")]
    cargo_package: Option<OsString>,
}

impl Environment {
    /// Reads it, and no arguments.
    pub(crate) fn read() -> Self {
        Self::parse_from(["offblocks"])
    }

    /// How to start this program again. `name` is its own name for itself.
    pub(crate) fn program(&self, name: Option<&OsStr>) -> Program {
        Program::new(self.cargo_package.as_deref().and_then(OsStr::to_str), name)
    }

    fn unwants_colour(&self) -> bool {
        self.no_color.as_ref().is_some_and(|text| !text.is_empty())
    }
}
