//! `offblocks sandbox logs`: the request log of a sandbox.

use std::io::{self, Write as _};
use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use reqwest::{Client, Response};
use serde_json::Value;

use super::arguments::Logs;
use super::events::{Event, Events};
use crate::OutputStyle;
use crate::failure::{Failure, chain};

/// How long to wait for a sandbox that is gone; twice as long after each further try, up to the
/// longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

pub(super) async fn run(logs: Logs, style: &OutputStyle) -> Result<(), Failure> {
    let client = logs.target.http()?;
    if logs.har {
        let url = logs.target.place("/requests.har")?;
        let response = get(&logs, client.get(url)).await?;
        let text = response.text().await;
        let text = text.map_err(|error| Failure::new("the log cannot be read", error))?;
        return print(&text);
    }
    if logs.follow {
        return follow(&logs, &client, style).await;
    }
    let mut url = logs.target.place("/requests")?;
    url.query_pairs_mut()
        .append_pair("limit", &logs.limit.to_string());
    let response = get(&logs, client.get(url)).await?;
    let listed: Result<Value, _> = response.json().await;
    let listed = listed.map_err(|error| Failure::new("the log cannot be read", error))?;
    for entry in listed["requests"].as_array().into_iter().flatten() {
        print(&line(&logs, entry, style))?;
    }
    Ok(())
}

/// Prints entries until it is stopped. A sandbox that was restarted is followed again.
async fn follow(logs: &Logs, client: &Client, style: &OutputStyle) -> Result<(), Failure> {
    let mut url = logs.target.place("/requests/events")?;
    url.query_pairs_mut()
        .append_pair("limit", &logs.limit.to_string());
    let mut seen: Option<HeaderValue> = None;
    let mut pause = FIRST_PAUSE;
    let mut first = true;
    loop {
        let mut request = client.get(url.clone());
        if let Some(seen) = &seen {
            request = request.header("last-event-id", seen);
        }
        match get(logs, request).await {
            Ok(response) => {
                pause = FIRST_PAUSE;
                read(logs, response, &mut seen, style).await?;
                // All that the next sandbox has is new to those who follow.
                seen = seen.or_else(|| Some(HeaderValue::from_static("none.0")));
                tracing::info!("the sandbox does not respond; waiting until it responds again");
            }
            Err(failure) if first => return Err(failure),
            Err(_) => (),
        }
        first = false;
        tokio::time::sleep(pause).await;
        pause = (2 * pause).min(LONGEST_PAUSE);
    }
}

/// Prints the entries of a stream until it ends.
async fn read(
    logs: &Logs,
    mut response: Response,
    seen: &mut Option<HeaderValue>,
    style: &OutputStyle,
) -> Result<(), Failure> {
    let mut events = Events::default();
    while let Ok(Some(chunk)) = response.chunk().await {
        for event in events.read(&chunk) {
            let Event { id, name, data } = event;
            let entry: Value = serde_json::from_str(&data).unwrap_or_default();
            if name == "missed" && !logs.target.json {
                print(&format!("({} more were not read in time)", entry["missed"]))?;
            } else {
                print(&line(logs, &entry, style))?;
            }
            if let Some(id) = id.and_then(|id| HeaderValue::try_from(id).ok()) {
                *seen = Some(id);
            }
        }
    }
    Ok(())
}

/// The response, once it is a 200.
async fn get(logs: &Logs, request: reqwest::RequestBuilder) -> Result<Response, Failure> {
    let place = logs.target.origin();
    let response = request.header(header::ACCEPT, "*/*").send().await.map_err(|error| {
        Failure::because(format!(
            "the sandbox at {place} cannot be reached: {}; start one with `offblocks sandbox`, or \
             name another with --url",
            chain(&error)
        ))
    })?;
    if response.status() == StatusCode::OK {
        return Ok(response);
    }
    let status = response.status();
    let problem: Value = response.json().await.unwrap_or_default();
    let detail = problem["detail"]
        .as_str()
        .unwrap_or("it has no request log");
    Err(Failure::because(format!(
        "{place} responds {}: {detail}",
        status.as_u16()
    )))
}

/// An entry, as JSON or for people.
fn line(logs: &Logs, entry: &Value, style: &OutputStyle) -> String {
    if logs.target.json {
        return entry.to_string();
    }
    let text = |name: &str| entry[name].as_str().unwrap_or("-");
    let time = text("receivedAt");
    let time = time.get(11..23).unwrap_or(time);
    let status = entry["status"].as_u64();
    let fault = &entry["fault"];
    let none = if fault.is_null() { "hung up" } else { "none" };
    let shown = status.map_or_else(|| none.to_owned(), |status| status.to_string());
    let shown = match status {
        Some(200..300) => style.paint.good(&shown).to_string(),
        _ => style.paint.bad(&shown).to_string(),
    };
    let millis = entry["durationMicros"].as_f64().unwrap_or_default() / 1_000.0;
    let replayed = if entry["replayed"] == true {
        "  replayed"
    } else {
        ""
    };
    let mut line = format!(
        "{time}  {shown}  {:6} {}  {}  {millis:.1} ms{replayed}",
        text("method"),
        text("path"),
        text("operation"),
    );
    if let (Some(id), Some(kind)) = (fault["id"].as_u64(), fault["kind"].as_str()) {
        line += &format!("\n              fault {id}, on purpose: {kind}");
    }
    let mut reasons = String::new();
    for (name, check) in entry["checks"].as_object().into_iter().flatten() {
        if let Some(reason) = check["reason"].as_str() {
            reasons += &format!("\n              {name}: {reason}");
        }
    }
    // A call that passed every check may be rejected because of the entity's state.
    if let (true, Some(detail)) = (reasons.is_empty(), problem(entry)) {
        reasons = format!("\n              {detail}");
    }
    line + &reasons
}

/// What the response says is wrong.
fn problem(entry: &Value) -> Option<String> {
    let failed = entry["status"].as_u64().is_some_and(|status| status >= 400);
    let body = entry["response"]["body"].as_str().filter(|_| failed)?;
    let body: Value = serde_json::from_str(body).ok()?;
    Some(body["detail"].as_str()?.to_owned())
}

fn print(line: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    written.map_err(Failure::unprinted)
}
