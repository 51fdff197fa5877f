//! The report of a walk: for people, or as JSON lines.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::record::{Call, Recorder};
use crate::failure::Failure;
use crate::paint::Paint;

/// The fields of a response that are shown, in the order in which they are shown.
pub(crate) type Values = Vec<(&'static str, String)>;

/// How wide the names of fields are printed.
const NAME_WIDTH: usize = 15;

/// How a walk is reported.
#[derive(Debug, Clone, Copy)]
pub(super) enum Style {
    Text(Paint),
    JsonLines,
}

/// Reports a walk, step by step.
pub(super) struct Report<W> {
    out: W,
    style: Style,
    recorder: Recorder,
    steps: usize,
}

impl<W: Write> Report<W> {
    pub(super) fn new(out: W, style: Style, recorder: Recorder) -> Self {
        Self {
            out,
            style,
            recorder,
            steps: 0,
        }
    }

    /// Reports which server the walk calls.
    pub(super) fn begin(&mut self, base_url: &str, what: &str) -> Result<(), Failure> {
        let written = match self.style {
            Style::JsonLines => self.line(&json!({"event": "begin", "baseUrl": base_url})),
            Style::Text(paint) => {
                let title = paint.title("OffBlocks quickstart");
                writeln!(self.out, "{title}\n{what} {}\n", paint.good(base_url))
            }
        };
        written.map_err(unprintable)
    }

    /// Runs a step and reports it: its title, the requests, the outcome.
    pub(super) async fn step(
        &mut self,
        title: &str,
        step: impl Future<Output = Result<Values, Failure>>,
    ) -> Result<(), Failure> {
        self.steps += 1;
        let outcome = step.await;
        let calls = self.recorder.take();
        let written = match self.style {
            Style::JsonLines => self.line(&as_json(self.steps, title, &calls, &outcome)),
            Style::Text(paint) => self.print_step(paint, title, &calls, &outcome),
        };
        let values = outcome.map(drop);
        values.map_err(|failure| self.stopped(title, &failure))?;
        written.map_err(unprintable)
    }

    /// Reports that every step worked, and what can be tried next.
    pub(super) fn end(&mut self, next: &[(String, &str)]) -> Result<(), Failure> {
        let written = match self.style {
            Style::JsonLines => self.line(&json!({"event": "end", "steps": self.steps})),
            Style::Text(paint) => self.print_next(paint, next),
        };
        written.map_err(unprintable)
    }

    fn stopped(&self, title: &str, failure: &Failure) -> Failure {
        Failure::because(format!("step {} ({title}) failed: {failure}", self.steps))
    }

    fn print_step(
        &mut self,
        paint: Paint,
        title: &str,
        calls: &[Call],
        outcome: &Result<Values, Failure>,
    ) -> io::Result<()> {
        writeln!(self.out, "{:>2}  {}", self.steps, paint.title(title))?;
        for call in calls {
            writeln!(self.out, "    {}", request_line(paint, call))?;
        }
        for (name, value) in outcome.iter().flatten() {
            writeln!(
                self.out,
                "    {} {value}",
                paint.faint(&format!("{name:<NAME_WIDTH$}"))
            )?;
        }
        writeln!(self.out)?;
        self.out.flush()
    }

    fn print_next(&mut self, paint: Paint, next: &[(String, &str)]) -> io::Result<()> {
        writeln!(
            self.out,
            "{} All {} steps worked.\n",
            paint.good("✓"),
            self.steps
        )?;
        writeln!(self.out, "{}", paint.title("What to try next"))?;
        for (command, what) in next {
            writeln!(self.out, "  {}\n      {what}", paint.command(command))?;
        }
        self.out.flush()
    }

    fn line(&mut self, value: &Value) -> io::Result<()> {
        writeln!(self.out, "{value}")?;
        self.out.flush()
    }
}

fn request_line(paint: Paint, call: &Call) -> String {
    let status = match call.status {
        Some(status @ 200..300) => paint.good(&status.to_string()),
        Some(status) => paint.bad(&status.to_string()),
        None => paint.bad("no response"),
    };
    let times = match call.times {
        1 => String::new(),
        times => paint.faint(&format!(" ({times} times)")),
    };
    format!("{} {} → {status}{times}", call.method, call.path)
}

fn as_json(number: usize, title: &str, calls: &[Call], outcome: &Result<Values, Failure>) -> Value {
    let request = |call: &Call| {
        json!({
            "method": call.method, "path": call.path, "status": call.status, "times": call.times,
        })
    };
    let requests: Vec<_> = calls.iter().map(request).collect();
    let mut step = json!({"event": "step", "step": number, "title": title, "requests": requests});
    match outcome {
        Ok(values) => step["values"] = values_as_json(values),
        Err(failure) => step["error"] = Value::String(failure.to_string()),
    }
    step
}

fn values_as_json(values: &Values) -> Value {
    let members = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn unprintable(error: io::Error) -> Failure {
    Failure::unprinted(error)
}
