//! The examples in the help of an operation, made of its table.

use crate::generated::{Argument, Call, Kind, Place};

/// Stands for every id.
const ID: &str = "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3";

/// The examples of an operation.
pub(super) fn of(call: &Call) -> String {
    let mut lines = vec![plain(call)];
    let command = format!("offblocks {} {}", call.noun, call.verb);
    if call.list {
        lines.push(format!("{}{} --output csv > all.csv", command, path(call)));
        if call.columns.contains(&"status") {
            let query = "\"[?status=='active'].id\"";
            lines.push(format!("{}{} --query {query}", command, path(call)));
        }
    } else if call.body.is_some() {
        lines.push(format!(
            "{}{} --body request.json --json",
            command,
            path(call)
        ));
    } else if call.columns.contains(&"status") {
        lines.push(format!("{}{} --query status", command, path(call)));
    } else {
        lines.push(format!("{}{} --json", command, path(call)));
    }
    let lines: Vec<_> = lines.iter().map(|line| format!("  {line}")).collect();
    format!("Examples:\n{}", lines.join("\n"))
}

/// The operation with what it requires.
fn plain(call: &Call) -> String {
    let required = call.arguments.iter().filter(|argument| {
        let inside_optional = call.arguments.iter().any(|other| {
            other.kind == Kind::Object && !other.required && argument.path.starts_with(other.path)
        });
        argument.required
            && argument.default.is_none()
            && argument.kind != Kind::Object
            && !inside_optional
    });
    let required = required.filter(|argument| argument.place == Place::Body);
    let options: String = required.map(option).collect();
    format!(
        "offblocks {} {}{}{options}",
        call.noun,
        call.verb,
        path(call)
    )
}

fn path(call: &Call) -> String {
    let path = call.arguments.iter().filter(|it| it.place == Place::Path);
    path.map(|_| format!(" {ID}")).collect()
}

fn option(argument: &Argument) -> String {
    if argument.secret {
        return format!(" --{}-file FILE", argument.flag);
    }
    let value = match (argument.values.first(), argument.kind) {
        (Some(value), _) => (*value).to_owned(),
        (None, Kind::Uuid) => ID.to_owned(),
        (None, Kind::Decimal) => "23.5".to_owned(),
        (None, Kind::Integer | Kind::Number) => "1".to_owned(),
        (None, Kind::Boolean) => "true".to_owned(),
        (None, _) => "…".to_owned(),
    };
    format!(" --{} {value}", argument.flag)
}
