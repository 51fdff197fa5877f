//! Faults: which calls of the API fail on purpose.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};
use offblocks_server::operations;

use super::forms::{Filled, Forms, Look};
use super::layout::{Rejected, Section, to};
use super::parts;
use super::state::Dashboard;
use crate::failure::Failure;
use crate::faults::{Fault, FaultId, FaultKind, FaultReport};

const PAGE: &str = "/_sandbox/ui/clock";
const FAULTS: &str = "/_sandbox/ui/faults";

/// The kinds: their name, what they do, and what their number is.
const KINDS: [(&str, &str); 11] = [
    ("status", "a status (number: the status, 400 to 599)"),
    (
        "status_after_commit",
        "a status, after the call was carried out (number: the status)",
    ),
    ("latency", "a delay (number: milliseconds)"),
    ("too_many_requests", "429 (number: seconds to wait)"),
    ("expired_token", "401, as if the token had expired"),
    ("reset_before", "a reset before the response"),
    ("reset_inside", "a reset inside the body"),
    (
        "timeout",
        "no response, after the call was carried out (number: milliseconds)",
    ),
    ("truncated_body", "half of the body"),
    ("unknown_value", "an unknown value of an enumeration"),
    ("extra_field", "a property that the contract does not have"),
];

/// The kinds that have a number.
const NUMBERED: [&str; 5] = [
    "status",
    "status_after_commit",
    "latency",
    "too_many_requests",
    "timeout",
];

/// The faults in force, and the form for another.
pub(super) fn show(forms: &Forms, faults: &[FaultReport]) -> Markup {
    html! {
        @if faults.is_empty() {
            p class="muted" { "No call fails on purpose." }
        } @else {
            (table(forms, faults))
            div class="buttons" { (forms.button(&format!("{FAULTS}/clear"), "Remove all", Look::Danger)) }
        }
        (forms.form(FAULTS, "fields", form()))
    }
}

fn table(forms: &Forms, faults: &[FaultReport]) -> Markup {
    let headings = ["Fault", "Calls", "How often", "Matched", "Failed", "Remove"];
    let row = |report: &FaultReport| {
        let fault = &report.fault;
        vec![
            html! { (described(fault.kind)) },
            html! { (fault.operation.as_deref().unwrap_or("all")) },
            html! { (often(fault)) },
            html! { (report.matched) },
            html! { (report.applied) },
            forms.button(
                &format!("{FAULTS}/{}/remove", report.id),
                "Remove",
                Look::Plain,
            ),
        ]
    };
    parts::table("Faults", &headings, faults.iter().map(row).collect())
}

pub(super) fn described(kind: FaultKind) -> String {
    match kind {
        FaultKind::Status(status) => status.to_string(),
        FaultKind::StatusAfterCommit(status) => format!("{status}, after it was carried out"),
        FaultKind::Latency(latency) => format!("{} ms later", latency.as_millis()),
        FaultKind::TooManyRequests(seconds) => format!("429, to be retried after {seconds} s"),
        FaultKind::ExpiredToken => "expired token".to_owned(),
        FaultKind::ResetBefore => "reset before the response".to_owned(),
        FaultKind::ResetInside => "reset inside the body".to_owned(),
        FaultKind::Timeout(silence) => format!("no response for {} ms", silence.as_millis()),
        FaultKind::TruncatedBody => "half of the body".to_owned(),
        FaultKind::UnknownValue => "unknown value".to_owned(),
        FaultKind::ExtraField => "extra property".to_owned(),
    }
}

fn often(fault: &Fault) -> String {
    let mut parts = Vec::new();
    if let Some(percentage) = fault.percentage {
        parts.push(format!("{percentage} %"));
    }
    if let Some(nth) = fault.nth {
        parts.push(format!("only call {nth}"));
    }
    if let Some(times) = fault.times {
        parts.push(match times {
            1 => "once at most".to_owned(),
            times => format!("{times} times at most"),
        });
    }
    match parts.is_empty() {
        true => "always".to_owned(),
        false => parts.join(", "),
    }
}

fn form() -> Markup {
    html! {
        div class="field wide" {
            label for="kind" { "What calls get" }
            select id="kind" name="kind" {
                @for (kind, text) in KINDS { option value=(kind) { (text) } }
            }
        }
        div class="field narrow" {
            label for="number" { "Number" }
            input id="number" name="number" type="text" inputmode="numeric" autocomplete="off"
                placeholder="500";
        }
        div class="field" {
            label for="operation" { "Operation" }
            select id="operation" name="operation" {
                option value="" { "all" }
                @for operation in operations::all() { option { (operation.id) } }
            }
        }
        div class="field narrow" {
            label for="percentage" { "Per cent" }
            input id="percentage" name="percentage" type="text" inputmode="decimal"
                autocomplete="off" placeholder="100";
        }
        div class="field narrow" {
            label for="times" { "At most" }
            input id="times" name="times" type="text" inputmode="numeric" autocomplete="off"
                placeholder="always";
        }
        button class=(Look::Primary.class()) type="submit" { "Let calls fail" }
    }
}

pub(super) async fn add(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    form: Filled,
) -> Result<Response, Rejected> {
    let fault = read(&form).map_err(|failure| Rejected::new(Section::Clock, PAGE, failure))?;
    let added = sandbox.add_fault(fault).await;
    added.map_err(|error| Rejected::control(Section::Clock, PAGE, error))?;
    Ok(to(PAGE))
}

fn read(form: &Filled) -> Result<Fault, Failure> {
    let number: Option<u32> = given(form, "number")?;
    let kind = form.text("kind");
    if number.is_some() && !NUMBERED.contains(&kind) {
        return Err(Failure::invalid(
            "the number has no effect on this fault: leave it out",
        ));
    }
    let milliseconds = |usual: u32| Duration::from_millis(number.unwrap_or(usual).into());
    let status = || {
        let status = u16::try_from(number.unwrap_or(500)).ok();
        let status = status.and_then(|status| StatusCode::from_u16(status).ok());
        status.ok_or_else(|| Failure::invalid("the number is not a status of HTTP"))
    };
    let mut fault = Fault::new(match kind {
        "status" => FaultKind::Status(status()?),
        "status_after_commit" => FaultKind::StatusAfterCommit(status()?),
        "latency" => FaultKind::Latency(milliseconds(1_000)),
        "too_many_requests" => FaultKind::TooManyRequests(number.unwrap_or(1)),
        "expired_token" => FaultKind::ExpiredToken,
        "reset_before" => FaultKind::ResetBefore,
        "reset_inside" => FaultKind::ResetInside,
        "timeout" => FaultKind::Timeout(milliseconds(60_000)),
        "truncated_body" => FaultKind::TruncatedBody,
        "unknown_value" => FaultKind::UnknownValue,
        "extra_field" => FaultKind::ExtraField,
        other => return Err(Failure::missing("kind of fault", other)),
    });
    let operation = form.text("operation");
    fault.operation = (!operation.is_empty()).then(|| operation.to_owned());
    fault.percentage = given(form, "percentage")?;
    fault.times = given(form, "times")?;
    Ok(fault)
}

/// A field that may be left empty.
fn given<T: std::str::FromStr>(form: &Filled, name: &str) -> Result<Option<T>, Failure> {
    match form.text(name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            Failure::invalid(format!(
                "{name} is not a number: write one, or leave it empty"
            ))
        }),
    }
}

pub(super) async fn remove(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path(fault): Path<u64>,
    _: Filled,
) -> Result<Response, Rejected> {
    let removed = sandbox.remove_fault(FaultId::new(fault)).await;
    if !removed.map_err(|error| Rejected::control(Section::Clock, PAGE, error))? {
        let failure = Failure::missing("fault", fault);
        return Err(Rejected::new(Section::Clock, PAGE, failure));
    }
    Ok(to(PAGE))
}

pub(super) async fn clear(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    _: Filled,
) -> Result<Response, Rejected> {
    let cleared = sandbox.clear_faults().await;
    cleared.map_err(|error| Rejected::control(Section::Clock, PAGE, error))?;
    Ok(to(PAGE))
}
