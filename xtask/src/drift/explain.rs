//! `cargo xtask drift explain`.

use crate::io::Io;
use crate::report::{Exit, Failure};
use drift::rules::{self, Rule};
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
    for (index, (area, rules)) in by_area().into_iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        writeln!(io.out, "{gap}{area}")?;
        for rule in rules {
            writeln!(io.out, "  {:<40} {}", rule.id, rule.title)?;
        }
    }
    Ok(())
}

/// Each area once, in the order in which they first come.
fn by_area() -> Vec<(&'static str, Vec<&'static Rule>)> {
    let mut areas: Vec<(&str, Vec<&Rule>)> = Vec::new();
    for rule in rules::ALL.iter() {
        match areas.iter_mut().find(|(area, _)| *area == rule.area) {
            Some((_, rules)) => rules.push(rule),
            None => areas.push((rule.area, vec![rule])),
        }
    }
    areas
}

fn unknown(id: &str) -> String {
    let near = rules::nearest(id).map(|rule| format!("; did you mean `{}`?", rule.id));
    let near = near.unwrap_or_else(|| "; `cargo xtask drift explain` lists all".to_owned());
    format!("there is no rule `{id}`{near}")
}
