//! What is printed of deliveries.

use std::io::{self, Write as _};

use offblocks_types::WebhookId;
use offblocks_webhooks::VerifiedDelivery;
use serde_json::{Value, json};
use url::Url;

use super::forward::Response;
use super::receive::Happened;
use crate::failure::Failure;
use crate::paint::Paint;

/// How much of a receiver's response is shown.
const MOST: usize = 2000;

/// Prints what happens: for people, or as lines of JSON.
pub(super) struct Shown {
    json: bool,
    paint: Paint,
}

impl Shown {
    pub(super) fn new(json: bool, paint: Paint) -> Self {
        Self { json, paint }
    }

    /// Prints that deliveries can come.
    pub(super) fn listening(
        &self,
        callback: &Url,
        id: WebhookId,
        forward_to: Option<&Url>,
    ) -> Result<(), Failure> {
        if self.json {
            return write(&[json!({
                "event": "listening",
                "callbackUrl": callback,
                "webhookId": id,
                "forwardTo": forward_to,
            })
            .to_string()]);
        }
        let mut lines = vec![
            format!("callback    {}", self.paint.good(callback.as_str())),
            format!("webhook     {id}, removed at the end"),
        ];
        lines.extend(forward_to.map(|url| format!("forward to  {url}")));
        lines.push(self.paint.faint("Stop it with Ctrl-C."));
        write(&lines)
    }

    /// Prints one thing that happened.
    pub(super) fn show(&self, happened: &Happened) -> Result<(), Failure> {
        match happened {
            Happened::Rejected { reason, status } => {
                let status = status.as_u16();
                if self.json {
                    let value = json!({"event": "rejected", "reason": reason, "status": status});
                    return write(&[value.to_string()]);
                }
                let label = self.paint.bad("rejected");
                write(&[String::new(), format!("{label} ({status}): {reason}")])
            }
            Happened::Delivered {
                delivery,
                passed_on,
            } => self.delivery(delivery, passed_on.as_ref()),
        }
    }

    fn delivery(
        &self,
        delivery: &VerifiedDelivery,
        passed_on: Option<&Result<Response, String>>,
    ) -> Result<(), Failure> {
        // What is verified and not JSON is shown as the text that it is.
        let body: Value = serde_json::from_slice(&delivery.body)
            .unwrap_or_else(|_| String::from_utf8_lossy(&delivery.body).into());
        let key = delivery.signature.key_id.as_str();
        if self.json {
            let value = json!({
                "event": "delivery",
                "webhookType": body["webhookType"],
                "eventId": body["eventId"],
                "keyId": key,
                "body": body,
                "forwarded": passed_on.map(as_json),
            });
            return write(&[value.to_string()]);
        }
        let word = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let title = self.paint.title(&word("webhookType"));
        let (id, status) = (word("id"), word("status"));
        let mut lines = vec![String::new(), format!("{title}  {id}  {status}")];
        let pretty = format!("{body:#}");
        lines.extend(pretty.lines().map(|line| format!("  {line}")));
        let verified = self.paint.good("verified");
        lines.push(format!("  {verified}, signed with {key}"));
        lines.extend(passed_on.map(|it| self.forwarded(it)));
        write(&lines)
    }

    fn forwarded(&self, passed_on: &Result<Response, String>) -> String {
        match passed_on {
            Err(error) => format!("  {}: {error}", self.paint.bad("not forwarded")),
            Ok(response) => {
                let status = response.status.to_string();
                let status = match response.status.is_success() {
                    true => self.paint.good(&status),
                    false => self.paint.bad(&status),
                };
                let took = response.took.as_millis();
                let body = excerpt(response);
                let body = body.escape_debug();
                format!("  receiver: {status} after {took} ms  {body}")
                    .trim_end()
                    .to_owned()
            }
        }
    }
}

fn as_json(passed_on: &Result<Response, String>) -> Value {
    match passed_on {
        Ok(response) => json!({
            "status": response.status.as_u16(),
            "body": excerpt(response),
            "milliseconds": u64::try_from(response.took.as_millis()).unwrap_or(u64::MAX),
        }),
        Err(error) => json!({ "error": error }),
    }
}

fn excerpt(response: &Response) -> String {
    let length = response.body.len().min(MOST);
    String::from_utf8_lossy(&response.body[..length]).into_owned()
}

fn write(lines: &[String]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = lines.iter().try_for_each(|line| writeln!(out, "{line}"));
    let written = written.and_then(|()| out.flush());
    written.map_err(Failure::unprinted)
}
