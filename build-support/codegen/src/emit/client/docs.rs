//! Documentation of calls, from the contract's words.

use super::plan::{Call, Plan};
use crate::emit::{code_span, documentation, prose};
use crate::model::{Location, Parameter, Status};

/// What the method of `Client` says.
pub(super) fn method(call: &Call<'_>, example: Option<String>) -> String {
    let operation = call.operation;
    let mut parts = vec![
        documentation(&operation.docs, &format!("Calls `{}`.", operation.id)),
        format!(
            "Sends [`{} {}`](super::operations::{}).",
            operation.method, operation.path, call.constant
        ),
    ];
    parts.extend(arguments(call));
    parts.extend(example);
    parts.join("\n\n")
}

/// What `send` says.
pub(super) fn send(plan: &Plan<'_>, call: &Call<'_>) -> String {
    let mut text = "Sends the request and reads the response.".to_owned();
    let errors: Vec<String> = call
        .operation
        .responses
        .iter()
        .filter(|response| response.alternative.is_none())
        .filter(|response| !super::responses::succeeds(plan, response.status))
        .map(|response| error_line(response.status, &response.description))
        .collect();
    text.push_str("\n\n# Errors\n\n");
    if errors.is_empty() {
        text.push_str("Fails when no success comes back.");
    } else {
        text.push_str("Fails when no success comes back. The contract documents:\n\n");
        text.push_str(&prose(&errors.join("\n")));
    }
    text
}

/// What a field or a setter says of its parameter.
pub(super) fn parameter(parameter: &Parameter) -> String {
    let place = match parameter.location {
        Location::Path => "path parameter",
        Location::Query => "query parameter",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    let fallback = format!("The {place} {}.", code_span(&parameter.wire_name));
    documentation(&parameter.docs, &fallback)
}

fn error_line(status: Status, description: &str) -> String {
    let status = match status {
        Status::Code(code) => code.to_string(),
        Status::Range(range) => format!("{range}XX"),
        Status::Default => "any other status".to_owned(),
    };
    let description = one_line(description);
    match description.is_empty() {
        true => format!("- {status}"),
        false => format!("- {status}: {description}"),
    }
}

/// The required arguments that the contract describes.
fn arguments(call: &Call<'_>) -> Option<String> {
    let described: Vec<String> = call
        .arguments()
        .iter()
        .filter(|(parameter, _)| parameter.required && is_described(parameter))
        .map(|(parameter, field)| {
            let docs = &parameter.docs;
            let text = [&docs.summary, &docs.description].into_iter().flatten();
            let text = text
                .map(|text| one_line(text))
                .collect::<Vec<_>>()
                .join(" ");
            format!("- `{field}`: {text}")
        })
        .collect();
    let list = prose(&described.join("\n"));
    (!described.is_empty()).then(|| format!("# Arguments\n\n{list}"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_described(parameter: &Parameter) -> bool {
    parameter.docs.summary.is_some() || parameter.docs.description.is_some()
}
