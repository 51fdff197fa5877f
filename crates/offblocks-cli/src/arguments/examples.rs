//! Examples in the help text of each subcommand, taken from that of the command above it.

use clap::Command;

use crate::help::help;

/// Gives each subcommand without a text of its own behind its options those examples of the command
/// above that call it.
pub(crate) fn with_examples(mut command: Command) -> Command {
    let above = command.get_after_help().map(ToString::to_string);
    let (above, parent) = (above.unwrap_or_default(), command.get_name().to_owned());
    let names = command.get_subcommands().map(Command::get_name);
    let names: Vec<_> = names.map(str::to_owned).collect();
    for name in names {
        command = command.mut_subcommand(&name, |inner| {
            let inner = match inner.get_after_help() {
                Some(_) => inner,
                None => {
                    let text = examples(&above, &format!("{parent} {name}"));
                    inner.after_help(text)
                }
            };
            with_examples(inner)
        });
    }
    command
}

fn examples(above: &str, call: &str) -> String {
    let calls = |line: &str| {
        let behind = line.split_once(call).map(|(_, behind)| behind);
        behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(' '))
    };
    let lines = above.lines().filter(|line| calls(line));
    let lines: Vec<_> = lines.collect();
    match lines.is_empty() {
        true => help!().to_owned(),
        false => format!("Examples:\n{}\n\n{}", lines.join("\n"), help!()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::arguments::Arguments;

    /// The help texts of all commands that do something, by their names.
    fn leaves(command: &Command, above: &str, found: &mut Vec<(String, String)>) {
        let name = format!("{above} {}", command.get_name());
        if command.has_subcommands() {
            let inner = command.get_subcommands();
            inner.for_each(|inner| leaves(inner, &name, found));
        } else {
            let help = command.get_after_help().map(ToString::to_string);
            found.push((name, help.unwrap_or_default()));
        }
    }

    #[test]
    fn each_subcommand_has_examples_and_exit_codes() {
        let mut found = Vec::new();
        let all = with_examples(Arguments::command());
        leaves(&all, "", &mut found);
        assert!(found.len() > 70, "{} commands", found.len());
        for (name, help) in found {
            for part in ["Examples:", "Exit codes:"] {
                assert!(
                    help.contains(part),
                    "add a line to the examples of the command above{name}, or a help text with \
                     `{part}`:\n{help}"
                );
            }
        }
    }
}
