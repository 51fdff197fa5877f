//! The command line of the operations, made of their tables.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, FromArgMatches as _};
use offblocks_types::Secret;
use uuid::Uuid;

use super::{all, examples};
use crate::arguments::OperationOptions;
use crate::exit_code;
use crate::failure::Failure;
use crate::generated::{Argument, Call, Kind, Place};
use crate::secret_file::secret_in_file;

/// The ids of the arguments that are not the contract's.
pub(super) const BODY: &str = "operation.body";
pub(super) const KEY: &str = "operation.idempotency-key";
pub(super) const LIMIT: &str = "operation.limit";
pub(super) const ALL: &str = "operation.all";

/// Adds the operations to a command. One that has a command of its own already is left out.
pub(crate) fn with_operations(command: Command) -> Command {
    let mut nouns: Vec<&str> = Vec::new();
    for call in all() {
        if !nouns.contains(&call.noun) {
            nouns.push(call.noun);
        }
    }
    nouns.into_iter().fold(command, |command, noun| {
        let known = command.find_subcommand(noun).is_some();
        match known {
            true => command.mut_subcommand(noun, |own| with_verbs(own, noun)),
            false => command.subcommand(with_verbs(new_noun(noun), noun)),
        }
    })
}

fn new_noun(noun: &'static str) -> Command {
    Command::new(noun)
        .subcommand_required(true)
        .arg_required_else_help(true)
}

fn with_verbs(command: Command, noun: &'static str) -> Command {
    let calls = all().filter(|call| call.noun == noun);
    let own = command
        .get_subcommands()
        .map(|own| own.get_name().to_owned());
    let own: Vec<_> = own.collect();
    let calls: Vec<_> = calls
        .filter(|call| !own.iter().any(|own| own == call.verb))
        .collect();
    let verbs: Vec<_> = calls.iter().map(|call| call.verb).collect();
    let api = format!("Call the API: {}", verbs.join(", "));
    let about = match command.get_about() {
        Some(about) => format!("{about}; {}", lower_first(&api)),
        None => api,
    };
    let command = command.about(about);
    let taken = taken();
    calls.into_iter().fold(command, |command, call| {
        command.subcommand(verb(call, &taken))
    })
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

fn verb(call: &'static Call, taken: &[String]) -> Command {
    let operation = call.operation;
    let sent = format!("{} {} ({})", operation.method, operation.path, operation.id);
    let arguments = call.arguments.iter();
    let arguments = arguments.filter(|argument| argument.kind != Kind::Object);
    let arguments = arguments.map(|argument| of_contract(argument, taken));
    let command = Command::new(call.verb).args(arguments).args(common(call));
    // The options bring a description of their own, so that of the operation comes behind them.
    OperationOptions::augment_args(command)
        .about(call.about)
        .long_about(format!(
            "{}\n\n{}\n\nSends {sent}.",
            call.about, call.long_about
        ))
        .after_help(format!("{}\n\n{}", examples::of(call), exit_code::HELP))
}

/// The names of the options that the command needs for itself.
fn taken() -> Vec<String> {
    let probe = OperationOptions::augment_args(Command::new("probe"));
    let options = probe.get_arguments().filter_map(Arg::get_long);
    let others = ["help", "version", "verbose", "no-colour"];
    let more = ["body", "idempotency-key", "limit", "all"];
    options
        .chain(others)
        .chain(more)
        .map(str::to_owned)
        .collect()
}

/// What depends on the kind of operation alone.
fn common(call: &Call) -> Vec<Arg> {
    let mut arguments = Vec::new();
    if call.body.is_some() {
        arguments.push(
            Arg::new(BODY)
                .long("body")
                .value_name("FILE|-|JSON")
                .help("The body as JSON: a file, - for the standard input, or the JSON itself")
                .long_help(
                    "The body as JSON: a file, - for the standard input, or the JSON itself. \
                     The options of its properties are set in it and count before it",
                )
                .help_heading("Body"),
        );
    }
    if call.keyed {
        arguments.push(
            Arg::new(KEY)
                .long("idempotency-key")
                .value_name("UUID")
                .value_parser(clap::value_parser!(Uuid))
                .help("Repeat an earlier call under its key; without it, a fresh one is made")
                .help_heading("Body"),
        );
    }
    if call.list {
        arguments.push(
            Arg::new(LIMIT)
                .long("limit")
                .value_name("NUMBER")
                .value_parser(clap::value_parser!(usize))
                .conflicts_with(ALL)
                .help("Print so many at most; a table has 100 without it, other formats have all")
                .help_heading("Output"),
        );
        arguments.push(
            Arg::new(ALL)
                .long("all")
                .action(ArgAction::SetTrue)
                .help("Print all of them, as a table too")
                .help_heading("Output"),
        );
    }
    arguments
}

/// A parameter or a property of the body.
fn of_contract(argument: &'static Argument, taken: &[String]) -> Arg {
    let flag = flag(argument, taken);
    let arg = Arg::new(id(argument)).help(argument.about);
    let arg = match argument.place {
        Place::Path => {
            let name = argument.flag.to_uppercase().replace('-', "_");
            return of_value(arg.value_name(name).required(true), argument);
        }
        Place::Body if argument.secret => {
            return arg
                .long(format!("{flag}-file"))
                .value_name("FILE")
                .value_parser(secret_in_file)
                .help(format!("A file that holds it: {}", argument.about))
                .help_heading("Body");
        }
        Place::Body => arg.help_heading("Body"),
        Place::Query | Place::Header | Place::Cookie => {
            arg.required(argument.required).help_heading("Parameters")
        }
    };
    let arg = match argument.list {
        true => arg.action(ArgAction::Append),
        false => arg,
    };
    let arg = match argument.list && !argument.values.is_empty() {
        true => arg.value_delimiter(','),
        false => arg,
    };
    of_value(arg.long(flag).value_name(value_name(argument)), argument)
}

/// The option's name. Where the command has an option of this name, the place is put before it.
fn flag(argument: &Argument, taken: &[String]) -> String {
    let flag = argument.flag.to_owned();
    let file = format!("{flag}-file");
    let clashes = |name: &String| *name == flag || (argument.secret && *name == file);
    let place = match argument.place {
        Place::Body => "body",
        Place::Query => "query",
        Place::Header | Place::Cookie | Place::Path => "parameter",
    };
    match taken.iter().any(clashes) {
        true => format!("{place}-{flag}"),
        false => flag,
    }
}

fn of_value(arg: Arg, argument: &'static Argument) -> Arg {
    if !argument.values.is_empty() {
        return arg.value_parser(PossibleValuesParser::new(argument.values));
    }
    match argument.kind {
        Kind::Uuid => arg.value_parser(uuid),
        Kind::Boolean => arg.value_parser(PossibleValuesParser::new(["true", "false"])),
        kind => arg.value_parser(move |text: &str| {
            super::body::value(kind, text).map(|_| text.to_owned())
        }),
    }
}

fn uuid(text: &str) -> Result<String, String> {
    let parsed = Uuid::try_parse(text);
    let parsed = parsed.map_err(|_| "it is not a UUID".to_owned());
    parsed.map(|uuid| uuid.to_string())
}

fn value_name(argument: &Argument) -> &'static str {
    match argument.kind {
        Kind::Uuid => "UUID",
        Kind::Integer | Kind::Number => "NUMBER",
        Kind::Decimal => "AMOUNT",
        Kind::Boolean => "BOOL",
        Kind::Date => "DATE",
        Kind::DateTime => "TIME",
        Kind::Json | Kind::Object => "JSON",
        Kind::Text => "TEXT",
    }
}

/// The id of an argument of the contract, apart from those of the command's own.
fn id(argument: &Argument) -> String {
    format!("{:?}:{}", argument.place, argument.path.join("/"))
}

/// The values of an argument of the contract; none where it is not given.
pub(super) fn given<'m>(matches: &'m ArgMatches, argument: &Argument) -> Vec<&'m str> {
    let id = id(argument);
    if argument.kind == Kind::Object {
        return Vec::new();
    }
    if argument.secret && argument.place == Place::Body {
        let secret = matches.get_one::<Secret>(&id);
        return secret.into_iter().map(Secret::expose).collect();
    }
    let values = matches.get_many::<String>(&id);
    values.into_iter().flatten().map(String::as_str).collect()
}

/// The options that every operation has.
pub(super) fn options(matches: &ArgMatches) -> Result<OperationOptions, Failure> {
    let options = OperationOptions::from_arg_matches(matches);
    options.map_err(|error| Failure::usage(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command() -> Command {
        with_operations(Command::new("offblocks"))
    }

    #[test]
    fn the_command_line_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn each_operation_of_the_client_has_a_command() {
        let command = command();
        for operation in offblocks_client::Operation::ALL {
            let call = all().find(|call| call.operation == *operation);
            let call = call.unwrap_or_else(|| panic!("{} has no command", operation.id));
            let noun = command.find_subcommand(call.noun).unwrap();
            assert!(
                noun.find_subcommand(call.verb).is_some(),
                "{}",
                operation.id
            );
        }
        assert_eq!(all().count(), offblocks_client::Operation::ALL.len());
    }

    #[test]
    fn each_help_text_has_an_example() {
        let taken = taken();
        for call in all() {
            let help = verb(call, &taken).render_help().to_string();
            assert!(help.contains("Examples:\n  offblocks "), "{help}");
        }
    }
}
