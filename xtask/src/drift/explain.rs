//! `cargo xtask drift explain`.

use crate::io::Io;
use crate::report::{Exit, Failure};
use build_support::drift::rules::{self, Rule};
use std::io::Write as _;

/// Describes a rule, or lists all of them.
pub fn run(id: Option<&str>, io: &mut Io) -> Result<Exit, Failure> {
    match id {
        None => list(io)?,
        Some(id) => match rules::find(id) {
            Some(rule) => describe(rule, io)?,
            None => return Err(Failure::Usage(unknown(id))),
        },
    }
    Ok(Exit::Fine)
}

fn describe(rule: &Rule, io: &mut Io) -> Result<(), Failure> {
    writeln!(io.out, "{} ({})", rule.id, rule.area)?;
    writeln!(io.out, "{}", rule.title)?;
    writeln!(io.out, "\n{}", rule.explanation)?;
    writeln!(io.out, "\nExample:\n  {}", rule.example)?;
    Ok(())
}

fn list(io: &mut Io) -> Result<(), Failure> {
    let mut area = "";
    for rule in rules::ALL.iter() {
        if rule.area != area {
            let gap = if area.is_empty() { "" } else { "\n" };
            writeln!(io.out, "{gap}{}", rule.area)?;
            area = rule.area;
        }
        writeln!(io.out, "  {:<40} {}", rule.id, rule.title)?;
    }
    Ok(())
}

fn unknown(id: &str) -> String {
    let near = rules::nearest(id).map(|rule| format!("; did you mean `{}`?", rule.id));
    let near = near.unwrap_or_else(|| "; `cargo xtask drift explain` lists all".to_owned());
    format!("there is no rule `{id}`{near}")
}
