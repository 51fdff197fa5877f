//! `cargo xtask drift explain`.

use crate::io::Io;
use crate::report::{Exit, Failure};
use report::{Rule, Rules};
use std::io::Write as _;

/// Describes a rule, or lists all of them.
pub fn run(id: Option<&str>, io: &mut Io) -> Result<Exit, Failure> {
    let code = surface::inventory::RULES;
    let rules: Rules = drift::rules::ALL.iter().chain(code).collect();
    match id {
        None => list(&rules, io)?,
        Some(id) => match rules.find(id) {
            Some(rule) => describe(rule, io)?,
            None => return Err(Failure::Usage(unknown(&rules, id))),
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

fn list(rules: &Rules, io: &mut Io) -> Result<(), Failure> {
    for (index, (area, rules)) in rules.by_area().into_iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        writeln!(io.out, "{gap}{area}")?;
        for rule in rules {
            writeln!(io.out, "  {:<40} {}", rule.id, rule.title)?;
        }
    }
    Ok(())
}

fn unknown(rules: &Rules, id: &str) -> String {
    let near = contract::did_you_mean(rules.nearest(id).map(|rule| rule.id));
    let help = near.unwrap_or_else(|| "`cargo xtask drift explain` lists all".to_owned());
    format!("`{id}` is not a rule; {help}")
}
