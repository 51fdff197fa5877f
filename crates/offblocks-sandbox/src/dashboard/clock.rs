//! The clock, the steps that wait for it, and the faults.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use maud::{Markup, html};

use super::faults;
use super::forms::{Filled, Forms, Look};
use super::layout::{Page, Rejected, Section, to};
use super::parts;
use super::state::Dashboard;
use crate::clock_control::{ClockError, ClockMode, ClockReading};
use crate::failure::Failure;
use crate::progression::WaitingStep;
use crate::store::steps::StepId;

const PAGE: &str = "/_sandbox/ui/clock";

/// How far the clock is advanced at most, in seconds.
const TEN_YEARS: u64 = 315_360_000;

/// How many steps are listed.
const STEPS: u32 = 50;

pub(super) async fn show(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
) -> Result<Page, Rejected> {
    let steps = sandbox.waiting_steps(STEPS).await;
    let steps = steps.map_err(|error| Rejected::control(Section::Clock, "/_sandbox/", error))?;
    let faults = sandbox.faults().await;
    let faults = faults.map_err(|error| Rejected::control(Section::Clock, "/_sandbox/", error))?;
    let reading = sandbox.clock();
    let content = html! {
        (parts::panel("Clock", clock(&forms, &reading)))
        (parts::panel("Steps that wait", waiting(&forms, &steps)))
        (parts::panel("Faults", faults::show(&forms, &faults)))
    };
    Ok(Page::new(Section::Clock, "Clock and faults", content))
}

fn clock(forms: &Forms, reading: &ClockReading) -> Markup {
    let button =
        |act: &str, label: &str, look: Look| forms.button(&format!("{PAGE}/{act}"), label, look);
    let mode = match reading.mode {
        ClockMode::System => "shows the machine's time",
        ClockMode::Running => "runs, and shows a time of its own",
        ClockMode::Frozen => "stands still",
    };
    let now = reading.now.to_rfc3339_opts(SecondsFormat::Secs, true);
    html! {
        (parts::facts(vec![
            ("It is", parts::moment(reading.now)),
            ("The clock", html! { (mode) }),
            ("Ahead of the machine's", html! { (ahead(reading)) }),
        ]))
        div class="buttons" {
            @if reading.mode == ClockMode::Frozen {
                (button("run", "Let it run", Look::Primary))
            } @else {
                (button("freeze", "Let it stand still", Look::Plain))
            }
            @if reading.mode != ClockMode::System {
                (button("system", "Show the machine's time", Look::Plain))
            }
        }
        (forms.form(&format!("{PAGE}/advance"), "buttons", html! {
            span class="strong" { "Advance by" }
            @for (seconds, label) in [
                ("60", "1 minute"), ("3600", "1 hour"), ("86400", "1 day"), ("2592000", "30 days"),
            ] {
                button class=(Look::Plain.class()) type="submit" name="seconds" value=(seconds) { (label) }
            }
        }))
        (forms.form(&format!("{PAGE}/set"), "fields", html! {
            div class="field" {
                label for="now" { "Or set it to" }
                input id="now" name="now" type="text" value=(now) required autocomplete="off"
                    spellcheck="false";
            }
            button class=(Look::Plain.class()) type="submit" { "Set" }
            p class="hint" { "It never goes back. Whatever falls due on the way happens before the page is shown again." }
        }))
    }
}

fn ahead(reading: &ClockReading) -> String {
    let seconds = reading.ahead.num_seconds();
    let (days, rest) = (seconds.abs() / 86_400, seconds.abs() % 86_400);
    let (hours, minutes, left) = (rest / 3_600, rest / 60 % 60, rest % 60);
    let sign = if seconds < 0 { "−" } else { "" };
    match days {
        0 => format!("{sign}{hours}:{minutes:02}:{left:02}"),
        days => format!("{sign}{days} d {hours}:{minutes:02}:{left:02}"),
    }
}

fn waiting(forms: &Forms, steps: &[WaitingStep]) -> Markup {
    let row = |step: &WaitingStep| {
        let entity = step.entity.to_string();
        let found = format!("/_sandbox/ui/find?id={entity}");
        vec![
            html! { (parts::words(step.kind.as_str())) },
            html! { a class="id" href=(found) title=(entity) { (entity[..8]) } },
            step.due_at
                .map_or_else(|| html! { "when it is run" }, parts::moment),
            forms.button(
                &format!("/_sandbox/ui/steps/{}/run", step.id),
                "Run now",
                Look::Plain,
            ),
        ]
    };
    if steps.is_empty() {
        return html! { p class="muted" { "No step waits." } };
    }
    let rows = steps.iter().map(row).collect();
    parts::table("Steps that wait", &["Step", "Of", "Happens", "Run"], rows)
}

pub(super) async fn act(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path(act): Path<String>,
    form: Filled,
) -> Result<Response, Rejected> {
    let rejected = |failure| Rejected::new(Section::Clock, PAGE, failure);
    let invalid = |reason: &str| rejected(Failure::invalid(reason));
    let changed = match act.as_str() {
        "freeze" => sandbox.set_clock(ClockMode::Frozen, None).await,
        "run" => sandbox.set_clock(ClockMode::Running, None).await,
        "system" => sandbox.set_clock(ClockMode::System, None).await,
        "advance" => {
            let seconds = form.text("seconds").parse().ok();
            let seconds = seconds.filter(|seconds| (1..=TEN_YEARS).contains(seconds));
            let seconds = seconds.ok_or_else(|| {
                invalid("write a number of seconds from 1 to 315360000, which are ten years")
            })?;
            sandbox.advance_clock(Duration::from_secs(seconds)).await
        }
        "set" => {
            let now: Result<DateTime<Utc>, _> = form.text("now").parse();
            let now = now.map_err(|_| invalid("write a time such as 2026-03-01T00:00:00Z"))?;
            let mode = match sandbox.clock().mode {
                ClockMode::Frozen => ClockMode::Frozen,
                _ => ClockMode::Running,
            };
            sandbox.set_clock(mode, Some(now)).await
        }
        other => return Err(rejected(Failure::missing("act", other))),
    };
    match changed {
        Ok(_) => Ok(to(PAGE)),
        Err(ClockError::Store(error)) => Err(rejected(error.into())),
        Err(reason) => Err(invalid(&reason.to_string())),
    }
}

pub(super) async fn run(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path(step): Path<i64>,
    _: Filled,
) -> Result<Response, Rejected> {
    let done = sandbox.run_step(StepId::new(step)).await;
    done.map_err(|error| Rejected::control(Section::Clock, PAGE, error))?;
    Ok(to(PAGE))
}
